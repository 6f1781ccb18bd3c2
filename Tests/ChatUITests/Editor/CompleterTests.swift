import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Completion with Tab.
@Suite
struct CompleterTests {
  /// The input after each press of Tab, one press for each expected result.
  private func completions(
    of text: String, _ count: Int = 1, isOperator: Bool = false, people: [String] = ["zoe", "zack", "neha"]
  ) -> [String] {
    var tab = Tab(.lobby)
    tab.editor.insert(text)
    let roster = SortedRoster(people.map { Person(Nickname(testing: $0)) })
    let completer = Completer(
      tab: tab, name: Nickname(testing: "neha"), roster: roster, lobby: roster,
      rooms: ["#lobby", "#swift"].map(RoomName.init(testing:)), administration: Administration(),
      isOperator: isOperator, servers: ["work", "home"], openServers: ["home", "localhost"], ignored: ["mallory"])
    guard var completion = completer.completion(backward: false) else { return [] }
    var results: [String] = []
    for _ in 0..<count {
      completion.apply(to: &tab.editor)
      results.append(tab.editor.text)
      completion.step(backward: false)
    }
    return results
  }

  @Test
  func `completion of a colon and the beginning of a name offers emoji`() {
    #expect(completions(of: ":rocke") == ["🚀 "])
    #expect(completions(of: "go :ROCKET:") == ["go 🚀 "])
    #expect(completions(of: "(:tada") == ["(🎉 "])
    #expect(completions(of: "好:tada") == ["好🎉 "])
    #expect(completions(of: "_:tada") == ["_🎉 "])
    // The exact name comes first.
    #expect(completions(of: ":star", 2) == ["⭐ ", "🌟 "])
    for text in ["10:30", "http:zo", ":", ":)", ":-", ":z", "a:tada", "a_:tada", "e\u{301}:tada", ":ta-da"] {
      #expect(!completions(of: text).contains { $0.unicodeScalars.contains { $0.value > 0x2000 } }, "\(text)")
    }
    // Another completion of the same word still works.
    #expect(completions(of: ":zo").first?.hasPrefix(":zoe") == true)
    #expect(completions(of: ":" + String(repeating: "x", count: 10_000)).isEmpty)
    for (name, emoji) in EmojiNames.all {
      #expect(emoji.count == 1 && emoji.cellWidth == 2, "\(name)")
      #expect(completions(of: ":\(name):").first == "\(emoji) ", "\(name)")
    }
    #expect(Set(EmojiNames.all.map(\.name)).count == EmojiNames.all.count)
  }

  @Test
  func `the completer completes names of servers`() {
    #expect(completions(of: "/connect w") == ["/connect work "])
    #expect(completions(of: "/connect ", 2) == ["/connect work ", "/connect home "])
  }

  @Test
  func `the completer completes commands by prefix, operator commands only for operators, and no aliases`() {
    #expect(completions(of: "/se") == ["/search "])
    #expect(completions(of: "/KI").isEmpty)
    #expect(completions(of: "/KI", isOperator: true) == ["/kick "])
    #expect(completions(of: "/nic").isEmpty)
    #expect(completions(of: "//se").isEmpty)
  }

  @Test
  func `the completer completes parameters by their kind`() {
    #expect(completions(of: "/dm z", 2) == ["/dm zack ", "/dm zoe "])
    #expect(completions(of: "/msg zo") == ["/msg zoe "])
    #expect(completions(of: "/join sw") == ["/join #swift "])
    #expect(completions(of: "/mute zoe 1") == ["/mute zoe 12h "])
    #expect(completions(of: "/key a") == ["/key add "])
    #expect(completions(of: "/ping z") == ["/ping zack "])
  }

  @Test
  func `the completer completes names and rooms in a message, but not the user's own name`() {
    #expect(completions(of: "zo") == ["zoe: "])
    #expect(completions(of: "hello zo") == ["hello zoe "])
    #expect(completions(of: "see #sw") == ["see #swift "])
    #expect(completions(of: "ne").isEmpty)
  }
}
