import TestSupport
import Testing

@testable import ChatProtocol

@Suite struct MessageLinesTests {
  @Test(arguments: [
    ("a", "a"), ("a\nb", "a\nb"), ("a\r\nb\r\n", "a\nb"), ("\n \t\na\n\n b\n\n", "a\n\n b"), ("  a\nb  ", "  a\nb  "),
    ("\r", ""), ("\n", ""), (" \n\t\n", ""), ("", ""), ("a\rb", "a\nb"), ("a\r\r\nb\n\rc\r", "a\n\nb\n\nc"),
    ("\u{a0}\na", "\u{a0}\na"),
  ])
  func `every end of a line becomes a line feed, and blank lines at either end are removed`(
    text: String, expected: String
  ) {
    #expect(MessageLines.normalized(text).exactly == expected.exactly)
  }

  @Test(arguments: [
    ("a", ["a"], 1), ("a\n\nb", ["a", "b"], 3), ("a\n \t \nb\n", ["a", "b"], 4), ("", [""], 1), ("\n", [""], 2),
  ])
  func `blank lines are left out, and at least one line is left`(text: String, nonBlank: [String], all: Int) {
    #expect(MessageLines.nonBlank(of: text) == nonBlank)
    #expect(MessageLines.nonBlankCount(of: text) == nonBlank.count)
    #expect(MessageLines.count(of: text) == all)
    #expect(MessageLines.all(of: text).count == all)
  }

  @Test func `a line feed is found in every place of texts of every length`() {
    for count in 0..<40 {
      let text = String(repeating: "é", count: count / 2) + String(repeating: "x", count: count % 2)
      #expect(!MessageLines.areSeveral(in: text))
      for place in 0...text.count {
        var characters = Array(text)
        characters.insert("\n", at: place)
        #expect(MessageLines.areSeveral(in: String(characters)), "\(count) \(place)")
      }
    }
  }

  @Test(arguments: [
    ("a\nb", "a\\nb"), ("a\\nb", "a\\\\nb"), ("\\", "\\\\"), ("\n\\\n", "\\n\\\\\\n"), ("é\n日本", "é\\n日本"),
  ])
  func `line feeds and backslashes are escaped`(text: String, escaped: String) {
    #expect(MessageLines.escaped(text) == escaped)
    #expect(MessageLines.unescaped(escaped) == text)
  }

  @Test(arguments: [("\\d+", "\\d+"), ("a\\", "a\\"), ("\\\\\\", "\\\\"), ("\\r\\s", "\\r\\s"), ("\\é", "\\é")])
  func `a backslash before any other character stands for itself`(escaped: String, text: String) {
    #expect(MessageLines.unescaped(escaped) == text)
  }

  @Test func `any text is the same after escaping and unescaping`() throws {
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let text = random.severalLines()
      let escaped = MessageLines.escaped(text)
      try #require(!escaped.utf8.contains(0x0a), "\(random)")
      try #require(MessageLines.unescaped(escaped).exactly == text.exactly, "\(random)")
      let normalized = MessageLines.normalized(text)
      try #require(MessageLines.normalized(normalized).exactly == normalized.exactly, "\(random)")
    }
  }

  @Test func `lines of a server beyond the limit are joined, and nothing is lost`() {
    let numbers = (1...250).map(String.init)
    let lines = MessageLines.all(of: MessageLines.limited(numbers.joined(separator: "\n")))
    #expect(lines.count == MessageLines.maximum)
    #expect(lines.prefix(49).elementsEqual(numbers.prefix(49)))
    #expect(lines.last == numbers.dropFirst(49).joined(separator: " "))
  }

  @Test(arguments: [
    ("a\tb\u{1b}", "a b\u{fffd}"), ("a\n\tb\tc", "a\n    b c"), ("a\n  \tb", "a\n    b"), ("a\n\t\t", "a\n        "),
    ("a\r\nb\u{85}", "a\u{fffd}\nb\u{fffd}"), ("a\n\u{301}", "a\n\u{25cc}\u{301}"), ("\ta", " a"),
  ])
  func `each line is safe to display, and tabs indent`(text: String, shown: String) {
    #expect(DisplayText.sanitizeLines(text).exactly == shown.exactly)
    #expect(DisplayText.sanitizeLines(shown).exactly == shown.exactly)
  }
}

extension SeededGenerator {
  /// A normalized text of one line or of several, some of them blank.
  mutating func severalLines() -> String {
    let inner = (0..<number(0...4)).map { _ in flip() ? message() : pick(["", " ", "\\", "\\n", "```"]) }
    return ([message()] + inner + [message()]).joined(separator: "\n")
  }
}
