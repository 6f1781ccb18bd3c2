import ChatProtocol
import TestSupport
import Testing

@Suite struct SearchQueryTests {
  private static func day(_ text: String) -> Timestamp? { Timestamp("\(text)T00:00:00Z") }

  @Test(
    arguments: [
      ("disk", ["disk"]), ("  disk \t full ", ["disk", "full"]), ("\"no space  left\"", ["no space  left"]),
      ("a\"b c\"d", ["a\"b", "c\"d"]), ("\"a\"b", ["a", "b"]), ("\"open end", ["open end"]),
      ("DISK Full", ["DISK", "Full"]),
      ("http://x", ["http://x"]), ("to:neha", ["to:neha"]), (":x", [":x"]), ("日本語", ["日本語"]), ("👍", ["👍"]),
      ("a . b", ["a", "b"]), ("disk\u{3000}full", ["disk", "full"]), ("“no space” x", ["no space", "x"]),
      ("e\u{301}", ["e\u{301}"]), ("\"\" x", ["x"]),
    ] as [(String, [String])])
  func phrases(_ text: String, _ expected: [String]) throws {
    let query = try #require(SearchQuery(text))
    #expect(query.phrases == expected)
  }

  @Test func filters() throws {
    let neha = Nickname(testing: "neha")
    #expect(SearchQuery("from:neha") == SearchQuery(author: neha))
    #expect(
      SearchQuery("disk FROM:@NEHA full") == SearchQuery(phrases: ["disk", "full"], endsInPrefix: true, author: neha))
    #expect(SearchQuery("ｆｒｏｍ：ｎｅｈａ") == SearchQuery(author: neha))
    for spelling in ["from:Zoë", "from:ZOE\u{308}", "from:ｚｏë"] {
      #expect(SearchQuery(spelling)?.author == Nickname(testing: "zoë"), "\(spelling)")
    }
    for spelling in ["from:\u{301}a", "from:@\u{301}a", "from：\u{301}A"] {
      #expect(SearchQuery(spelling)?.author == Nickname(testing: "\u{301}a"), "\(spelling)")
    }
    let (first, second) = (Self.day("2026-11-01"), Self.day("2026-11-22"))
    #expect(
      SearchQuery("after:2026-11-01 before:2026-11-22 x")
        == SearchQuery(phrases: ["x"], endsInPrefix: true, from: first, until: second))
    #expect(SearchQuery("since:2026-11-01") == SearchQuery(from: first))
    let on = try #require(SearchQuery("on:2026-02-28"))
    #expect(on.from == Self.day("2026-02-28") && on.until == Self.day("2026-03-01"))
    #expect(SearchQuery("on:2026-12-31")?.until == Self.day("2027-01-01"))
  }

  @Test(
    arguments: [
      ("dis", true), ("disk dis", true), ("\"disk full\"", false), ("\"disk ful", true), ("\"a b\" c", true),
      ("a \"b c\"", false), ("dis from:neha", true), ("dis .", true), ("from:neha", false),
      ("\"disk\" +", false), ("disk \"+\"", true), ("\"disk\" ~ ^", false), ("disk + \"<\"", true),
      ("\"disk\" + fu", true), ("+ \"disk\"", false), ("\"+\" disk", true),
    ])
  func `the last word is a prefix unless it is quoted`(_ text: String, _ isPrefix: Bool) {
    #expect(SearchQuery(text)?.endsInPrefix == isPrefix)
  }

  @Test(arguments: [
    "", " ", "\"", "\"\"", ".", "- -", "from:", "from:@", "from:a\u{ad}", "x from:", "after:", "after:yesterday",
    "after:2026-1-1", "before:2026-02-30", "on:2026-11-2２", "on:2026-11-22T10:00:00Z", "before:20261122",
    "after:99999-01-01", "on:-001-01-01", "x on:2026-13-01",
  ])
  func `an empty query`(_ text: String) { #expect(SearchQuery(text) == nil) }

  @Test func `reading a search query never traps`() {
    var random = SeededGenerator()
    let parts = ["from:", "after:", "before:", "on:", "\"", " ", "2026-11-22", "9999-12-31", "0000-01-01", ":", "@"]
    for _ in 0..<3000 {
      var text = ""
      for _ in 0..<random.number(0...8) { text += random.flip() ? random.pick(parts) : random.text(upTo: 4) }
      guard let query = SearchQuery(text) else { continue }
      let isAsked = !query.phrases.isEmpty || query.author != nil || query.from != nil || query.until != nil
      #expect(isAsked, "\(text.debugDescription) \(random)")
    }
  }
}
