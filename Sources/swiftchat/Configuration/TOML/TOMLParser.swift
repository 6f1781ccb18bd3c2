import ChatProtocol

/// Parses a text entry by entry.
///
///     line    = blank [ header | key blank "=" blank value ] blank [ comment ] ( LF | end )
///     header  = "[" blank key blank "]"
///     key     = name *( blank "." blank name )
///     value   = string | array | word
struct TOMLParser {
  var bytes: ArraySlice<UInt8>
  /// The line of the next byte, from 1.
  var line = 1

  /// No setting needs more, and each name costs time.
  static let maximumNames = 4

  init(_ text: String) { bytes = ArraySlice(text.utf8) }

  /// - Returns: nil at the end. The path is as written, without the table that it belongs to.
  mutating func next() throws(TOMLError) -> TOMLDocument.Entry? {
    while true {
      skipBlank()
      switch bytes.first {
      case nil: return nil
      case UInt8(ascii: "#"), UInt8(ascii: "\n"): try endLine(after: "a value")
      case UInt8(ascii: "["): return try header()
      default: return try assignment()
      }
    }
  }

  private mutating func header() throws(TOMLError) -> TOMLDocument.Entry {
    let line = line
    bytes.removeFirst()
    guard bytes.first != UInt8(ascii: "[") else {
      throw error("an array of tables, [[…]], is not supported; write [table]")
    }
    let path = try key()
    guard take("]") else { throw error("the ] after the name of the table is missing; found \(found)") }
    try endLine(after: "a table's name")
    return TOMLDocument.Entry(path: path, value: nil, line: line)
  }

  private mutating func assignment() throws(TOMLError) -> TOMLDocument.Entry {
    let line = line
    let path = try key()
    let name = ConfigurationValue.text(path.joined(separator: "."))
    guard take("=") else { throw error("there is no = after \(name); found \(found)") }
    skipBlank()
    let value = try value(of: name)
    try endLine(after: "the value of \(name)")
    return TOMLDocument.Entry(path: path, value: value, line: line)
  }

  // MARK: Keys

  private mutating func key() throws(TOMLError) -> [String] {
    var names: [String] = []
    repeat {
      skipBlank()
      guard names.count < Self.maximumNames else { throw error("a key has more than \(Self.maximumNames) names") }
      names.append(try name())
      skipBlank()
    } while take(".")
    return names
  }

  private mutating func name() throws(TOMLError) -> String {
    switch bytes.first {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      guard !isMultilineString else { throw error("a key cannot be a string of several lines") }
      return try string()
    default:
      let name = bytes.prefix(while: Self.isBare)
      guard !name.isEmpty else { throw error("expected a key; found \(found)") }
      bytes = bytes.dropFirst(name.count)
      return String(decoding: name, as: UTF8.self)
    }
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  // MARK: Values

  private mutating func value(of name: ConfigurationValue) throws(TOMLError) -> ConfigurationValue {
    guard take("[") else { return try single(of: name) }
    let start = line
    var values: [ConfigurationValue] = []
    while true {
      try skipLines()
      if take("]") { return .list(values) }
      guard !bytes.isEmpty else { throw TOMLError(line: start, reason: "the ] after the list of \(name) is missing") }
      guard bytes.first != UInt8(ascii: "[") else {
        throw error("\(name): a list within a list is not supported")
      }
      values.append(try single(of: name))
      try skipLines()
      if take(",") { continue }
      if take("]") { return .list(values) }
      if bytes.isEmpty { continue }
      throw error("expected a comma or ] in the list of \(name); found \(found)")
    }
  }

  /// Reads a value other than an array.
  private mutating func single(of name: ConfigurationValue) throws(TOMLError) -> ConfigurationValue {
    switch bytes.first {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
    case UInt8(ascii: "{"): throw error("\(name): an inline table, {…}, is not supported; write [table]")
    default:
      let word = bytes.prefix(while: TOMLWord.isPart)
      guard !word.isEmpty else { throw error("\(name) has no value; found \(found); text stands in quotes") }
      bytes = bytes.dropFirst(word.count)
      switch TOMLWord.read(word) {
      case .success(let value): return value
      case .failure(let problem): throw error("\(name): \(problem.reason)")
      }
    }
  }

  // MARK: Blanks and comments

  mutating func skipBlank() {
    bytes = bytes.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  /// Skips blanks, comments and line ends.
  private mutating func skipLines() throws(TOMLError) {
    while true {
      skipBlank()
      if bytes.first == UInt8(ascii: "#") { try skipComment() }
      guard take("\n") else { return }
      line += 1
    }
  }

  private mutating func endLine(after what: String) throws(TOMLError) {
    skipBlank()
    if bytes.first == UInt8(ascii: "#") { try skipComment() }
    if bytes.isEmpty { return }
    guard take("\n") else { throw error("expected the end of the line after \(what); found \(found)") }
    line += 1
  }

  private mutating func skipComment() throws(TOMLError) {
    bytes = bytes.drop { $0 >= 0x20 && $0 != 0x7f || $0 == UInt8(ascii: "\t") }
    guard bytes.isEmpty || bytes.first == UInt8(ascii: "\n") else {
      throw error("a comment has no control characters; found \(found)")
    }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard bytes.first == UInt8(ascii: character) else { return false }
    bytes.removeFirst()
    return true
  }

  // MARK: Errors

  func error(_ reason: String) -> TOMLError { TOMLError(line: line, reason: reason) }

  /// A description of the next bytes, for errors.
  var found: String {
    let text = String(decoding: bytes.prefix(4), as: UTF8.self)
    guard let scalar = text.unicodeScalars.first else { return "the end of the file" }
    if scalar == "\n" { return "the end of the line" }
    let character = String(Character(scalar))
    return EditedText.invisible(in: character).map { "the invisible character \($0)" } ?? "'\(character)'"
  }
}
