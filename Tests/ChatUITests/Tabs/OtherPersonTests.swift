import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// A name that passes to another user during a direct conversation.
@Suite
struct OtherPersonTests {
  private let bob = Nickname(testing: "bob")

  /// A conversation with bob, who leaves; then another user logs in under the name.
  private func harness(_ columns: Int = 80, typing text: String = "", _ rows: Int = 12) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["bob"])
    harness.enter("/dm bob")
    harness.type(text)
    harness.receiveLeave("bob")
    change(&harness)
    return harness
  }

  private func change(_ harness: inout InterfaceHarness) {
    harness.receive(.otherPerson(bob))
    harness.receiveJoin("bob")
    _ = harness.takeCommands()
  }

  private static let line = "bob is another person now, not the bob from before"

  @Test
  func `another person of the same name is reported once, in the conversation and in the lobby`() {
    var harness = harness()
    harness.receiveDirectMessage(from: "bob", "hi, do I know you?")
    harness.expectScreen(
      """
       1 #lobby  2 @bob




      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  ·       bob left (said goodbye)
              !!      bob is another person now, not the bob from before
              ·       bob joined
              bob     hi, do I know you?
       neha · localhost:4000                                                  F1 help
       @bob›
      """)
    for target in [Target.lobby, .person(bob)] {
      let tab = harness.interface.tabs.tabs.first { $0.target == target }
      #expect(tab?.transcript.entries.count { $0.body == .alert(Self.line) } == 1)
    }
    #expect(!harness.screen.rows.joined().contains("rejoined"))
  }

  @Test(arguments: ["our secret", "/me nods"])
  func `another person of the same name does not receive a draft by an Enter that was already pressed`(text: String) {
    var harness = harness(typing: text)
    #expect(harness.input == text)
    harness.press("Enter")
    #expect(harness.takeSends().isEmpty)
    #expect(harness.input == text)
    #expect(harness.statusRow.hasPrefix(" bob is another person now: Enter once more sends it to them"))
    // A second Enter sends the draft deliberately.
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == [text])
    harness.enter("and this")
    #expect(harness.takeSends().map(\.text) == ["and this"], "only the first Enter asks")
  }

  @Test
  func `another person of the same name receives a new draft; drafts for others are not affected`() {
    var harness = harness()
    harness.enter("who are you?")
    #expect(harness.takeSends().map(\.text) == ["who are you?"])
    harness.press("Alt+1")
    harness.type("hello, all of you")
    change(&harness)
    harness.press("Enter")
    #expect(harness.takeSends().map(\.to) == [.lobby])
    harness.type("/dm akash hi")
    change(&harness)
    harness.press("Enter")
    #expect(harness.takeSends().map(\.to) == [.person(Nickname(testing: "akash"))])
  }

  @Test(arguments: ["/dm bob psst", "/dm @BOB psst"])
  func `another person of the same name does not receive a message that is being typed with /dm`(text: String) {
    var harness = InterfaceHarness.online(80, 12, with: ["bob"])
    harness.type(text)
    change(&harness)
    harness.press("Enter")
    #expect(harness.takeSends().isEmpty && harness.input == text)
    harness.press("Enter")
    #expect(harness.takeSends().map(\.to) == [.person(bob)])
  }

  @Test(arguments: ["/dm bob psst", "/msg @BOB psst", "our secret"])
  func `another person of the same name does not receive a message from an editor that was open`(text: String) {
    var harness = InterfaceHarness.online(80, 12, with: ["bob", "zoe"])
    if !text.hasPrefix("/") { harness.enter("/dm bob") }
    harness.press("Alt+E")
    _ = harness.textToCompose()
    change(&harness)
    harness.receive(.otherPerson(Nickname(testing: "zoe")))
    harness.update(.composed(.text(text, problem: nil)))
    harness.advanceClock(by: 5)
    harness.press("Enter")
    #expect(harness.takeSends().isEmpty && harness.input == text)
    harness.press("Enter")
    #expect(harness.takeSends().map(\.to) == [.person(bob)])
  }

  @Test
  func `the names that changed their owner are limited, and the newest ones are kept`() {
    var names = FormerRecipients()
    for number in 0...10_000 { names.insert(Nickname(testing: "bob\(number)")) }
    names.insert(Nickname(testing: "bob10000"))
    #expect(!names.contains(Nickname(testing: "bob1")))
    #expect(names.contains(Nickname(testing: "bob\(10_001 - FormerRecipients.maximum)")))
    #expect(names.remove(Nickname(testing: "bob10000")) && !names.remove(Nickname(testing: "bob10000")))
  }

  @Test(arguments: [80, 40])
  func `another person of the same name does not receive text typed in another tab; the text is kept`(columns: Int) {
    var harness = InterfaceHarness.online(columns, 12, with: ["bob"])
    harness.enter("/dm bob")
    harness.type("half a sec")
    harness.press("Alt+1")
    change(&harness)
    harness.press("Alt+2", "Enter")
    #expect(harness.takeSends().isEmpty)
    #expect(harness.input == "half a sec")
    #expect(harness.pane.joined(separator: " ").contains("bob is another person now"))
    #expect(harness.memory.tabs.last?.draft == "half a sec")
  }

  @Test
  func `another person of the same name does not receive waiting messages; they return with one line`() {
    var harness = InterfaceHarness.online(80, 24, with: ["bob"])
    harness.enter("/dm bob")
    harness.receive(.offline(Outage(reason: "gone", retryIn: nil)))
    harness.enter("one")
    harness.enter("two")
    let sent = harness.takeSends()
    harness.goOnline()
    harness.receive(.otherPerson(bob))
    let before = harness.pane.count
    for (id, _, _) in sent { harness.receive(.sendFailed(id, reason: ErrorCode.recipientChanged.explanation)) }
    #expect(harness.takeSends().isEmpty)
    #expect(harness.input == "one\ntwo")
    let alerts = harness.interface.tabs.current.transcript.entries.filter {
      if case .alert(let text) = $0.body { text.contains("Not sent") } else { false }
    }
    #expect(alerts.count == 1)
    #expect(harness.pane.count > before - sent.count)
    #expect(harness.pane.joined().contains("The name is another person's now"))
  }

  @Test
  func `the addressee is saved with each message, even when the tab is closed`() {
    let epoch = Epoch(testing: "e1.m")
    var harness = InterfaceHarness.online(80, 24, with: ["bob"])
    harness.receive(.offline(Outage(reason: "gone", retryIn: nil)))
    harness.enter("/dm bob one")
    harness.enter("two")
    let sent = harness.takeSends()
    for (id, _, _) in sent { harness.receive(.addressed(id, epoch)) }
    harness.receive(.addressed(SendID(99), epoch))
    #expect(harness.memory.unconfirmed.map(\.epoch) == ["e1.m", "e1.m"])
    harness.enter("/close")
    let memory = harness.memory
    #expect(memory.unconfirmed.map(\.epoch) == ["e1.m", "e1.m"])
    #expect(memory.checked == memory)
    var other = InterfaceHarness.online(80, 24)
    other.update(.recovered(memory.unconfirmed.compactMap(\.message)))
    #expect(other.memory.unconfirmed == memory.unconfirmed)
  }
}
