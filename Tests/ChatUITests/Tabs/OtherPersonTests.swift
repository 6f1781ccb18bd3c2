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
  private func stage(_ columns: Int = 80, typing text: String = "", _ rows: Int = 12) -> Stage {
    var stage = Stage.online(columns, rows, with: ["bob"])
    stage.enter("/dm bob")
    stage.type(text)
    stage.leave("bob")
    change(&stage)
    return stage
  }

  private func change(_ stage: inout Stage) {
    stage.hear(.otherPerson(bob))
    stage.join("bob")
    _ = stage.takeCommands()
  }

  private static let line = "bob is another person now, not the bob from before"

  @Test
  func `is reported once in the conversation and in the lobby`() {
    var stage = stage()
    stage.write("bob", "hi, do I know you?")
    stage.expectScreen(
      """
       1 #lobby  2 @bob
                                                                      │ 2 here
                                                                      │ bob
                                                                      │ neha
      ────────────────── Sunday, 22 November 2026 ─────────────────── │
      12:01        <-- │ bob left (said goodbye)                      │
      12:01         !! │ bob is another person now, not the bob from  │
                       │ before                                       │
      12:01        --> │ bob joined                                   │
      12:01        bob │ hi, do I know you?                           │
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    for target in [Target.lobby, .person(bob)] {
      let tab = stage.interface.tabs.tabs.first { $0.target == target }
      #expect(tab?.transcript.entries.count { $0.body == .alert(Self.line) } == 1)
    }
    #expect(!stage.screen.rows.joined().contains("rejoined"))
  }

  @Test(arguments: ["our secret", "/me nods"])
  func `does not receive a draft by an Enter that was already pressed`(text: String) {
    var stage = stage(typing: text)
    #expect(stage.input == text)
    stage.press("Enter")
    #expect(stage.takeSends().isEmpty)
    #expect(stage.input == text)
    #expect(stage.statusRow.hasPrefix(" bob is another person now: Enter once more sends it to them"))
    // A second Enter sends the draft deliberately.
    stage.press("Enter")
    #expect(stage.takeSends().map(\.text) == [text])
    stage.enter("and this")
    #expect(stage.takeSends().map(\.text) == ["and this"], "it is asked once")
  }

  @Test
  func `receives a new draft; drafts for others are not affected`() {
    var stage = stage()
    stage.enter("who are you?")
    #expect(stage.takeSends().map(\.text) == ["who are you?"])
    stage.press("Alt+1")
    stage.type("hello, all of you")
    change(&stage)
    stage.press("Enter")
    #expect(stage.takeSends().map(\.to) == [.lobby])
    stage.type("/dm akash hi")
    change(&stage)
    stage.press("Enter")
    #expect(stage.takeSends().map(\.to) == [.person(Nickname(testing: "akash"))])
  }

  @Test(arguments: ["/dm bob psst", "/dm @BOB psst"])
  func `does not receive a message that is being typed with /dm`(text: String) {
    var stage = Stage.online(80, 12, with: ["bob"])
    stage.type(text)
    change(&stage)
    stage.press("Enter")
    #expect(stage.takeSends().isEmpty && stage.input == text)
    stage.press("Enter")
    #expect(stage.takeSends().map(\.to) == [.person(bob)])
  }

  @Test(arguments: [80, 40])
  func `does not receive text that was typed in another tab; the text is kept`(columns: Int) {
    var stage = Stage.online(columns, 12, with: ["bob"])
    stage.enter("/dm bob")
    stage.type("half a sec")
    stage.press("Alt+1")
    change(&stage)
    stage.press("Alt+2", "Enter")
    #expect(stage.takeSends().isEmpty)
    #expect(stage.input == "half a sec")
    #expect(stage.pane.joined(separator: " ").contains("bob is another person now"))
    #expect(stage.memory.tabs.last?.draft == "half a sec")
  }

  @Test
  func `does not receive messages that waited for a connection; they return with one line`() {
    var stage = Stage.online(80, 24, with: ["bob"])
    stage.enter("/dm bob")
    stage.hear(.offline(Outage(reason: "gone", retryIn: nil)))
    stage.enter("one")
    stage.enter("two")
    let sent = stage.takeSends()
    stage.connect()
    stage.hear(.otherPerson(bob))
    let before = stage.pane.count
    for (id, _, _) in sent { stage.hear(.sendFailed(id, reason: ErrorCode.recipientChanged.explanation)) }
    #expect(stage.takeSends().isEmpty)
    #expect(stage.input == "one\ntwo")
    let alerts = stage.interface.tabs.current.transcript.entries.filter {
      if case .alert(let text) = $0.body { text.contains("Not sent") } else { false }
    }
    #expect(alerts.count == 1)
    #expect(stage.pane.count > before - sent.count)
    #expect(stage.pane.joined().contains("The name is another person's now"))
  }

  @Test
  func `leaves the addressee saved with each message, even when the tab is closed`() {
    let epoch = Epoch(testing: "e1.m")
    var stage = Stage.online(80, 24, with: ["bob"])
    stage.hear(.offline(Outage(reason: "gone", retryIn: nil)))
    stage.enter("/dm bob one")
    stage.enter("two")
    let sent = stage.takeSends()
    for (id, _, _) in sent { stage.hear(.addressed(id, epoch)) }
    stage.hear(.addressed(SendID(99), epoch))
    #expect(stage.memory.unconfirmed.map(\.epoch) == ["e1.m", "e1.m"])
    stage.enter("/close")
    let memory = stage.memory
    #expect(memory.unconfirmed.map(\.epoch) == ["e1.m", "e1.m"])
    #expect(memory.checked == memory)
    var other = Stage.online(80, 24)
    other.happen(.recovered(memory.unconfirmed.compactMap(\.message)))
    #expect(other.memory.unconfirmed == memory.unconfirmed)
  }
}
