import ChatProtocol

/// Finds links in a text.
enum LinkFinder {
  private static let schemes: [[Unicode.Scalar]] = [
    "https://", "http://", "gemini://", "ftp://", "ssh://", "swiftchat://",
  ]
  .map { Array($0.unicodeScalars) }

  /// The links of a text, in order.
  static func addresses(in text: String) -> [String] {
    guard mayHoldLinks(text) else { return [] }
    let scalars = Array(text.unicodeScalars)
    return links(in: scalars).map { String(String.UnicodeScalarView(scalars[$0])) }
  }

  /// A quick test that almost every text without links fails.
  static func mayHoldLinks(_ text: String) -> Bool {
    text.utf8.contains(UInt8(ascii: ":")) && text.contains("://")
  }

  /// The links as ranges of scalars, in order. Takes time in proportion to the length of the text.
  static func links(in scalars: some ScalarArray) -> [Range<Int>] {
    var links: [Range<Int>] = []
    var index = 0
    while index + 2 < scalars.count {
      guard scalars[index] == ":", scalars[index + 1] == "/", scalars[index + 2] == "/",
        let start = start(ofSchemeBefore: index, in: scalars), start >= (links.last?.upperBound ?? 0)
      else {
        index += 1
        continue
      }
      let end = end(ofLinkFrom: index + 3, in: scalars)
      if end > index + 3 { links.append(start..<end) }
      index = max(end, index + 3)
    }
    return links
  }

  private static func start(ofSchemeBefore colon: Int, in scalars: some ScalarArray) -> Int? {
    let behind = colon + 3
    for scheme in schemes where behind >= scheme.count {
      let start = behind - scheme.count
      guard zip(scalars[start..<behind], scheme).allSatisfy({ $0.properties.lowercaseMapping == String($1) }) else {
        continue
      }
      if isWordBeginning(start, in: scalars) { return start }
    }
    return nil
  }

  /// Whether no word reaches into the scheme. An underscore that no word precedes is the sign of a format.
  private static func isWordBeginning(_ start: Int, in scalars: some ScalarArray) -> Bool {
    var end = start
    while end > 0, scalars[end - 1] == "_" { end -= 1 }
    guard let left = WordBoundary.base(before: end, in: scalars) else { return true }
    return WordBoundary.isBetween(Character(left), Character(scalars[start]))
  }

  /// A link ends at white space, brackets and quotation marks. Punctuation at its end belongs to the sentence.
  private static func end(ofLinkFrom start: Int, in scalars: some ScalarArray) -> Int {
    var end = start
    var parentheses = 0
    while end < scalars.count, isPart(scalars[end]) {
      if scalars[end] == "(" { parentheses += 1 }
      if scalars[end] == ")" { parentheses -= 1 }
      end += 1
    }
    while end > start {
      let last = scalars[end - 1]
      if last == ")", parentheses < 0 {
        parentheses += 1
      } else if last == ")" || !Punctuation.closing.contains(Character(last)) && !"*_~`".unicodeScalars.contains(last) {
        break
      }
      end -= 1
    }
    return end
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "<", ">", "\"", "`", "|", "«", "»", "“", "”": return false
    default: break
    }
    if scalar.value < 0x80 { return scalar.value > 0x20 && scalar.value != 0x7f }
    // Chinese and Japanese punctuation and full-width signs end a link.
    return !scalar.properties.isWhitespace && !(0x3000...0x303f).contains(scalar.value)
      && !(0xff00...0xff0f).contains(scalar.value) && !(0xff1a...0xff20).contains(scalar.value)
  }
}
