import ChatProtocol
import TestSupport
import Testing

/// What a person types into a search.
@Suite struct SearchQueryTests {
  private static let day: Int64 = 86_400_000
  /// 2026-11-22.
  private static let start = Timestamp(milliseconds: 20_779 * day)
  private static let end = Timestamp(milliseconds: 20_780 * day)
  private static let neha = Nickname(trusted: "neha")

  @Test(
    arguments: [
      ("disk", SearchQuery(phrases: ["disk"])), ("  disk \t full ", SearchQuery(phrases: ["disk", "full"])),
      ("\"no space left\" disk", SearchQuery(phrases: ["no space left", "disk"])),
      ("\"no end", SearchQuery(phrases: ["no end"])), ("\"\" x", SearchQuery(phrases: ["x"])),
      ("from:neha", SearchQuery(author: neha)), ("FROM:@neha x", SearchQuery(phrases: ["x"], author: neha)),
      ("after:2026-11-22", SearchQuery(from: start)),
      ("before:2026-11-22 x", SearchQuery(phrases: ["x"], until: start)),
      ("on:2026-11-22", SearchQuery(from: start, until: end)),
      ("https://example.com", SearchQuery(phrases: ["https://example.com"])), ("a:b", SearchQuery(phrases: ["a:b"])),
      ("👍", SearchQuery(phrases: ["👍"])),
    ] as [(String, SearchQuery)])
  func read(_ text: String, _ expected: SearchQuery) {
    #expect(SearchQuery(text) == expected)
  }

  @Test(arguments: [
    "", "  ", "\"\"", "...", "from:", "from:a\u{200b}", "after:yesterday", "before:2026-02-30", "on:2026-1-1",
    "x from:", "after:2026-11-22T10:00:00Z",
  ])
  func senseless(_ text: String) {
    #expect(SearchQuery(text) == nil)
  }

  @Test func neverTraps() {
    var random = SeededGenerator()
    let pieces = ["from:", "after:", "before:", "on:", "\"", " ", ":", "2026-11-22", "9999-12-31", "x"]
    for _ in 0..<2000 {
      let text = (0..<random.number(0...8)).map { _ in random.flip() ? random.pick(pieces) : random.text() }.joined()
      _ = SearchQuery(text)
    }
  }
}
