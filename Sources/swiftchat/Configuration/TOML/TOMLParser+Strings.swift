extension TOMLParser {
  /// Whether the next three bytes are quotes.
  var isMultilineString: Bool {
    guard let quote = bytes.first, bytes.count >= 3 else { return false }
    return bytes.prefix(3).allSatisfy { $0 == quote }
  }

  /// A string of any of the four kinds; the next byte is its first quote.
  mutating func string() throws(TOMLError) -> String {
    let start = line
    let isMultiline = isMultilineString
    guard let quote = bytes.first else { throw error("expected a string; found \(found)") }
    bytes = bytes.dropFirst(isMultiline ? 3 : 1)
    // A line end directly after the opening quotes is not part of the string.
    if isMultiline, take("\n") { line += 1 }
    var content: [UInt8] = []
    while let byte = bytes.first {
      switch byte {
      case quote:
        guard isMultiline else {
          bytes.removeFirst()
          return String(decoding: content, as: UTF8.self)
        }
        // Up to two quotes may precede the closing three.
        let count = bytes.prefix(5).prefix { $0 == quote }.count
        bytes = bytes.dropFirst(count)
        content += Array(repeating: quote, count: count < 3 ? count : count - 3)
        if count >= 3 { return String(decoding: content, as: UTF8.self) }
      case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""):
        bytes.removeFirst()
        try escape(into: &content, isMultiline: isMultiline)
      case UInt8(ascii: "\n"):
        guard isMultiline else { throw TOMLError(line: start, reason: "the string has no end in its line") }
        bytes.removeFirst()
        line += 1
        content.append(byte)
      case 0x00...0x08, 0x0b...0x1f, 0x7f:
        throw error("a string has no control characters; found \(found)")
      default:
        bytes.removeFirst()
        content.append(byte)
      }
    }
    throw TOMLError(line: start, reason: "the string has no end")
  }

  /// Reads the characters after a backslash.
  private mutating func escape(into content: inout [UInt8], isMultiline: Bool) throws(TOMLError) {
    guard let byte = bytes.first else { throw error("the string has no end") }
    if isMultiline, try skipLineEnd() { return }
    bytes.removeFirst()
    switch byte {
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "n"): content.append(0x0a)
    case UInt8(ascii: "f"): content.append(0x0c)
    case UInt8(ascii: "r"): content.append(0x0d)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): content.append(byte)
    case UInt8(ascii: "u"): try scalar(digits: 4, into: &content)
    case UInt8(ascii: "U"): try scalar(digits: 8, into: &content)
    default:
      throw error(
        "\\ and what follows it mean nothing in a string; write \\\\ for a backslash, or put the text in single quotes")
    }
  }

  /// Skips the line end and all following white space after a backslash at the end of a line.
  /// - Returns: whether there was one.
  private mutating func skipLineEnd() throws(TOMLError) -> Bool {
    let rest = bytes.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard rest.first == UInt8(ascii: "\n") else { return false }
    bytes = rest
    while true {
      skipBlank()
      guard take("\n") else { return true }
      line += 1
    }
  }

  private mutating func scalar(digits: Int, into content: inout [UInt8]) throws(TOMLError) {
    let text = bytes.prefix(digits)
    let isHexadecimal = text.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    guard text.count == digits, isHexadecimal, let value = UInt32(String(decoding: text, as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw error("\\u takes four and \\U eight hexadecimal digits of a Unicode character") }
    bytes = bytes.dropFirst(digits)
    content += Array(String(Character(scalar)).utf8)
  }
}
