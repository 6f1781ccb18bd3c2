/// The text of a file that users edit, as any editor may save it: UTF-8 with or without a byte order mark, and with
/// lines that end in LF, CR LF or CR.
///
/// Reading is linear in the size of the file. All readers of such files use this type, so that they agree on the lines.
public struct EditedText: Hashable, Sendable {
  /// The lines without terminators, and without the empty one after the last terminator.
  public let lines: [Substring]

  /// - Throws: `TextFlaw` with the line and the reason.
  public init(_ bytes: some Collection<UInt8>) throws(TextFlaw) {
    let bytes = Array(bytes)
    // Byte order marks of UTF-16 and UTF-32, with which no UTF-8 text begins.
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0, 0, 0xfe, 0xff]) {
      throw TextFlaw(line: 1, reason: "the file is UTF-16; save it as UTF-8")
    }
    var lines: [Substring] = []
    var start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == 0x0a || $0 == 0x0d } ?? bytes.count
      let line = bytes[start..<end]
      guard !line.contains(0) else { throw TextFlaw(line: lines.count + 1, reason: "there is a zero byte in it") }
      guard let text = String(validating: line, as: UTF8.self) else {
        throw TextFlaw(line: lines.count + 1, reason: "it is not UTF-8")
      }
      lines.append(Substring(text))
      let isPair = end + 1 < bytes.count && bytes[end] == 0x0d && bytes[end + 1] == 0x0a
      start = end + (isPair ? 2 : 1)
    }
    self.lines = lines
  }

  /// The whole text, with LF between the lines.
  public var text: String { lines.joined(separator: "\n") }

  /// The reason why a text cannot be read.
  public struct TextFlaw: Error, Hashable, Sendable {
    /// Line number, from 1.
    public let line: Int
    /// As in "line 3: it is not UTF-8".
    public let reason: String
  }
}

extension EditedText {
  /// The words of a line, between spaces and tabs; nothing for an empty line or a comment, which begins with `#`.
  ///
  /// No other character separates words: one that only looks like a space stays part of its word, so that `invisible`
  /// finds it.
  public static func words(of line: Substring) -> [Substring] {
    let words = line.split { $0 == " " || $0 == "\t" }
    return words.first?.unicodeScalars.first == "#" ? [] : words
  }

  /// Names the first character of a text that is invisible or only looks like a space: `U+00A0`.
  /// - Returns: nil if there is none.
  public static func invisible(in text: some StringProtocol) -> String? {
    let scalar = text.unicodeScalars.first { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: scalar != "\t"
      case .spaceSeparator: scalar != " "
      default: false
      }
    }
    guard let scalar else { return nil }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
