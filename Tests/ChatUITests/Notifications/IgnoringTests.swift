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
    #expect(memory.ignored == ["mallory"] || memory.ignored == ["Mallory"])
    var next = InterfaceHarness(80, 24, memory: memory)
    next.goOnline()
    next.receiveMessage(from: "mallory", "spam")
    #expect(!shows("spam", next))
    #expect(InterfaceMemory().merging(memory, isSamePerson: true).ignored == memory.ignored)
    #expect(memory.merging(memory, isSamePerson: true).ignored == memory.ignored)
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
