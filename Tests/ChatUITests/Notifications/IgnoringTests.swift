import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Hiding a person's messages.
@Suite
struct IgnoringTests {
  private func ignoring() -> InterfaceHarness {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe", "mallory"])
    harness.receiveMessage(from: "mallory", "before")
    harness.enter("/ignore Mallory")
    return harness
  }

  private func shows(_ text: String, _ harness: InterfaceHarness) -> Bool {
    harness.screen.rows.contains { $0.contains(text) }
  }

  @Test
  func `an ignored person's messages are hidden, those before too, until unignored`() {
    var harness = ignoring()
    harness.receiveMessage(from: "mallory", "spam")
    harness.receiveMessage(from: "zoe", "hello")
    #expect(!shows("before", harness) && !shows("spam", harness) && shows("hello", harness))
    harness.enter("/unignore mallory")
    #expect(shows("before", harness) && shows("spam", harness))
    harness.enter("/unignore mallory")
    #expect(shows("you do not ignore mallory", harness))
    harness.enter("/ignore neha")
    #expect(shows("that is you", harness))
  }

  @Test
  func `an ignored person neither rings, nor counts, nor opens a tab`() {
    var harness = ignoring()
    harness.focus(false)
    _ = harness.takeCommands()
    harness.receiveMessage(from: "mallory", "neha!", sequence: 1)
    harness.receiveDirectMessage(from: "mallory", "psst")
    #expect(harness.interface.tabs.tabs.count == 1)
    #expect(harness.interface.tabs.current.unread == 0 && harness.interface.tabs.current.mentions == 0)
    #expect(!harness.takeCommands().contains(.bell))
    // An earlier unread message stays unread.
    harness.receiveMessage(from: "zoe", "hello", sequence: 2)
    harness.receiveMessage(from: "mallory", "more", sequence: 3)
    #expect(harness.interface.tabs.current.unread > 0)
    #expect(harness.interface.title != "swiftchat")
  }

  @Test
  func `ignored people survive a restart and a merge`() {
    let memory = ignoring().memory
    #expect(memory.ignored == ["mallory"], "in the spelling of its owner")
    var next = InterfaceHarness(80, 24, memory: memory)
    next.goOnline()
    next.receiveMessage(from: "mallory", "spam")
    #expect(!shows("spam", next))
    #expect(InterfaceMemory().merging(memory, isSamePerson: true).ignored == memory.ignored)
    #expect(memory.merging(memory, isSamePerson: true).ignored == memory.ignored)
    // The newer memory has the list: a name that was removed from it does not come back.
    var later = ignoring()
    later.enter("/unignore mallory")
    #expect(later.memory.ignored == [])
    #expect(later.memory.merging(memory, isSamePerson: true).ignored == [])
    let large = InterfaceMemory(ignored: (0..<20_000).map { "P\($0)" })
    #expect(memory.merging(large, isSamePerson: true).ignored == ["mallory"])
    #expect(large.merging(large, isSamePerson: true).checked.ignored?.count == IgnoredPeople.maximum)
    let many = InterfaceMemory(ignored: (0..<10_000).map { "p\($0)" } + ["", "\u{1b}"])
    #expect((many.checked.ignored?.count ?? 0) <= IgnoredPeople.maximum)
  }

  @Test
  func `another person under an ignored name is not ignored`() {
    var harness = ignoring()
    harness.receive(.otherPerson(Nickname(testing: "mallory")))
    harness.receiveMessage(from: "mallory", "I am new here")
    #expect(shows("I am new here", harness))
    #expect(!harness.interface.ignored.contains(Nickname(testing: "mallory")))
  }

  @Test
  func `an ignored person's messages are found nowhere else`() {
    var harness = InterfaceHarness.online(80, 10, with: ["zoe", "mallory"], isOperator: true)
    harness.receiveMessage(from: "zoe", "neha: good https://good.example", sequence: 1)
    harness.receiveMessage(from: "mallory", "neha: evil https://evil.example", sequence: 2)
    harness.receiveMessage(from: "mallory", "neha: evil again", sequence: 3)
    for number in 4...20 { harness.receiveMessage(from: "zoe", "\(number)", sequence: number) }
    harness.enter("/ignore mallory")
    func open(_ keys: String...) {
      for key in keys { harness.press(key) }
      #expect(!shows("evil", harness), "\(keys)")
    }
    // The text to copy, and the links.
    open("Alt+L", "Home")
    #expect(shows("good", harness))
    harness.press("End", "Esc")
    open("Ctrl+O")
    #expect(shows("https://good.example", harness))
    harness.press("Esc")
    // Matches of a search.
    harness.press("Ctrl+S")
    harness.type("evil")
    #expect(harness.statusRow.contains("not found here"))
    for _ in 1...4 { harness.press("Backspace") }
    harness.type("neha")
    #expect(harness.statusRow.contains("1 of 1"))
    harness.press("Esc", "Esc")
    // Mentions.
    open("Alt+P")
    #expect(harness.statusRow.contains("zoe mentioned you"))
    open("Alt+P")
    #expect(harness.statusRow.contains("no mention before"))
    open("Alt+N")
    #expect(harness.statusRow.contains("no mention after"))
    harness.press("Esc")
    // Messages to remove.
    harness.enter("/remove")
    for _ in 1...20 { open("↓") }
    #expect(shows("good", harness))
  }

  @Test
  func `an ignored person's redacted messages and away messages are hidden, and none count as below`() {
    var harness = InterfaceHarness.online(80, 10, with: ["zoe", "mallory"])
    for number in 1...20 { harness.receiveMessage(from: "zoe", "\(number)", sequence: number) }
    harness.enter("/ignore mallory")
    harness.press("PgUp")
    #expect(harness.statusRow.contains("▼ "))
    let below = harness.statusRow
    for number in 21...30 { harness.receiveMessage(from: "mallory", "spam", sequence: number) }
    #expect(harness.statusRow == below)
    harness.press("Esc")
    for number in 21...30 { harness.receive(.redacted(.lobby, number, by: Nickname(testing: "zoe"))) }
    harness.receive(.away(Nickname(testing: "mallory"), text: "spam"), .back(Nickname(testing: "mallory")))
    #expect(!shows("removed", harness) && !shows("mallory is", harness))
    harness.enter("/unignore mallory")
    #expect(shows("removed", harness))
  }

  @Test
  func `an ignored person's name does not widen the column of names`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe", "marianne"])
    harness.receiveMessage(from: "zoe", "hello")
    harness.receiveMessage(from: "marianne", "hi")
    harness.enter("/ignore marianne")
    #expect(harness.interface.walk(in: harness.interface.layout.pane).layout.columns.nameWidth == 6)
  }

  @Test
  func `an ignored person's direct messages open no tab on a reconnect, and none are missing later`() {
    var harness = ignoring()
    harness.receiveHead("@mallory", head: 3, mark: 1)
    #expect(harness.interface.tabs.tabs.count == 1)
    harness.receiveDirectMessage(from: "mallory", "psst", sequence: 4)
    harness.receiveDirectMessage(from: "mallory", "psst again", sequence: 5)
    #expect(harness.interface.tabs.tabs.count == 1)
    harness.enter("/unignore mallory")
    _ = harness.takeCommands()
    harness.enter("/dm mallory")
    #expect(harness.interface.tabs.current.readState.head == 5)
    #expect(
      harness.takeCommands().contains(.client(.showOlder(.person(Nickname(testing: "mallory")), before: 6))))
    // For everybody else a tab opens.
    harness.receiveHead("@zoe", head: 3, mark: 1)
    #expect(harness.interface.tabs.tabs.count == 3)
  }

  @Test
  func `an ignored person's unread direct messages have a tab after /unignore, and read ones have none`() {
    for (head, bar) in [(4, " 1 #lobby  2 @mallory•1"), (3, " 1 #lobby")] {
      var harness = ignoring()
      harness.receiveHead("@mallory", head: 3, mark: 3)
      if head == 4 { harness.receiveDirectMessage(from: "mallory", "psst", sequence: 4) }
      #expect(harness.tabBar == " 1 #lobby")
      harness.enter("/unignore mallory")
      #expect(harness.tabBar == bar)
    }
  }

  @Test
  func `an ignored person's open tab does not become unread on a reconnect`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe", "mallory"])
    harness.enter("/dm mallory")
    harness.receiveHead("@mallory", head: 2, mark: 2)
    harness.press("Alt+1")
    harness.enter("/ignore mallory")
    harness.receive(.offline(Outage(reason: "gone", retryIn: nil)))
    harness.goOnline()
    harness.receiveHead("@mallory", head: 4, mark: 2)
    harness.receiveMissed(3...4, in: "@mallory", by: "mallory")
    #expect(harness.interface.tabs.tabs[1].unread == 0)
    #expect(harness.interface.title == "swiftchat")
    // Messages that were unread before stay unread.
    harness.receiveHead("@zoe", head: 2, mark: 1)
    harness.enter("/ignore zoe")
    harness.receiveHead("@zoe", head: 3, mark: 1)
    #expect(harness.interface.tabs.tabs[2].unread == 2)
  }

  @Test
  func `/ignore and /unignore accept names of several words, and refuse extra words`() throws {
    let oldMan = try #require(Nickname(spaced: "Old Man"))
    var harness = InterfaceHarness.online(80, 24, with: ["old", "zoe"])
    harness.receive(
      .roster(.lobby, [Person(oldMan), Person(Nickname(testing: "old")), Person(Nickname(testing: "zoe"))]))
    harness.enter("/ignore old man")
    #expect(harness.interface.ignored.names == [oldMan])
    harness.enter("/ignore old")
    #expect(harness.interface.ignored.names == [oldMan, Nickname(testing: "old")])
    // The person may have left.
    harness.receive(.roster(.lobby, [Person(Nickname(testing: "zoe"))]))
    harness.enter("/unignore old man")
    #expect(harness.interface.ignored.names == [Nickname(testing: "old")])
    harness.enter("/unignore @OLD")
    #expect(harness.interface.ignored.names == [])
    harness.enter("/unignore")
    #expect(harness.pane.last?.contains("write it as: /unignore NAME") == true)
    for wrong in [
      "/ignore old man", "/ignore zoe please", "/unignore zoe please", "/dnd on x", "/dnd off 2", "/whois zoe please",
    ] {
      harness.enter(wrong)
      #expect(harness.statusRow.hasPrefix(" write it as: /") && harness.input == wrong, "\(wrong)")
      harness.press("Ctrl+C")
    }
    #expect(harness.interface.ignored.names == [] && harness.interface.silence == nil)
  }

  @Test(.computing)
  func `a transcript of hidden messages can be scrolled`() {
    var harness = ignoring()
    for number in 0..<300 { harness.receiveMessage(from: "mallory", "\(number)") }
    for _ in 0..<5 {
      harness.press("PgUp", "Alt+Home", "PgDn", "Alt+End")
      #expect(!harness.screen.rows.contains { $0.contains("299") })
    }
    harness.receiveMessage(from: "zoe", "the end")
    #expect(shows("the end", harness))
  }
}
