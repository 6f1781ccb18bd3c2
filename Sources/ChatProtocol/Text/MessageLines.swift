/// The lines of a message's text. A line feed separates them; each dialect decides how it writes them.
public enum MessageLines {
  /// The maximum number of lines in one message, blank ones included. At the default rate limit such a message delays
  /// the next request by ten seconds, which is less than clients wait for an answer.
  public static let maximum = 50

  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let backslash = UInt8(ascii: "\\")

  /// Whether the text has more than one line.
  public static func areSeveral(in text: String) -> Bool {
    let hasLineFeed = text.utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0).hasLineFeed }
    // A bridged string may have no contiguous storage.
    return hasLineFeed ?? text.utf8.contains(lineFeed)
  }

  /// All lines, blank ones included.
  public static func all(of text: String) -> [String] {
    text.utf8.split(separator: lineFeed, omittingEmptySubsequences: false).map { String(Substring($0)) }
  }

  /// The lines that are not blank: the messages of dialects in which a message is one line. At least one.
  public static func nonBlank(of text: String) -> [String] {
    let lines = all(of: text).filter { !isBlank($0) }
    return lines.isEmpty ? [""] : lines
  }

  /// The number of `nonBlank` lines.
  public static func nonBlankCount(of text: String) -> Int {
    guard areSeveral(in: text) else { return 1 }
    return max(text.utf8.split(separator: lineFeed).count { !$0.allSatisfy(Words.isSpace) }, 1)
  }

  /// The number of all lines.
  public static func count(of text: String) -> Int { text.utf8.count { $0 == lineFeed } + 1 }

  /// The text with a line feed for every end of a line (LF, CR LF, or CR alone), and without blank lines at the
  /// beginning and at the end. Empty if no line has text.
  public static func normalized(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == lineFeed || $0 == carriageReturn }) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var isBehindReturn = false
    for byte in text.utf8 {
      if byte != lineFeed || !isBehindReturn { bytes.append(byte == carriageReturn ? lineFeed : byte) }
      isBehindReturn = byte == carriageReturn
    }
    var lines = bytes.split(separator: lineFeed, omittingEmptySubsequences: false)[...]
    while let last = lines.last, last.allSatisfy(Words.isSpace) { lines.removeLast() }
    lines = lines.drop { $0.allSatisfy(Words.isSpace) }
    return String(decoding: Array(lines.joined(separator: [lineFeed])), as: UTF8.self)
  }

  /// The text for places that show one line: `one ⏎ two`. Not for transport.
  public static func onOneLine(_ text: String) -> String {
    areSeveral(in: text) ? text.replacing("\n", with: " ⏎ ") : text
  }

  /// Normalizes a text from a server that need not keep the limit: lines beyond it are joined by spaces.
  static func limited(_ text: String) -> String {
    let text = normalized(text)
    guard count(of: text) > maximum else { return text }
    let lines = all(of: text)
    return (lines.prefix(maximum - 1) + [lines.dropFirst(maximum - 1).joined(separator: " ")]).joined(separator: "\n")
  }

  private static func isBlank(_ line: String) -> Bool { line.utf8.allSatisfy(Words.isSpace) }

  // MARK: Escaping

  /// The text in one line: `\n` for a line feed, `\\` for a backslash.
  static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 {
      switch byte {
      case lineFeed: bytes += [backslash, UInt8(ascii: "n")]
      case backslash: bytes += [backslash, backslash]
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads `escaped` text. A backslash before any other character, and at the end, stands for itself.
  static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(backslash) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var isEscaped = false
    for byte in text.utf8 {
      switch (isEscaped, byte) {
      case (false, backslash):
        isEscaped = true
        continue
      case (true, UInt8(ascii: "n")): bytes.append(lineFeed)
      case (true, backslash): bytes.append(backslash)
      case (true, _): bytes += [backslash, byte]
      case (false, _): bytes.append(byte)
      }
      isEscaped = false
    }
    if isEscaped { bytes.append(backslash) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension UnsafeRawBufferPointer {
  /// Every text is searched several times on its way, and hardly any has a line feed.
  fileprivate var hasLineFeed: Bool {
    let lineFeed = UInt8(ascii: "\n")
    guard count >= ByteWord.bytes else { return contains(lineFeed) }
    // The last word overlaps the previous one.
    return stride(from: 0, to: count - ByteWord.bytes, by: ByteWord.bytes).contains {
      ByteWord(self, at: $0).contains(lineFeed)
    } || ByteWord(self, at: count - ByteWord.bytes).contains(lineFeed)
  }
}
