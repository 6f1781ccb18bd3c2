import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Redacted messages.
@Suite
struct RedactionScreenTests {
  private let zoe = Nickname(testing: "zoe")

  private func stage(_ columns: Int = 80, _ rows: Int = 12, isOperator: Bool = false) -> Stage {
    var stage = Stage.online(columns, rows, with: ["zoe"], isOperator: isOperator)
    stage.sync(head: 0)
    stage.say("zoe", "hello neha", sequence: 1)
    stage.say("neha", "good morning", sequence: 2)
    stage.say("zoe", "nonsense", sequence: 3)
    _ = stage.takeCommands()
    return stage
  }

  @Test
  func `are chosen from a list of one's own`() {
    var stage = stage()
    stage.type("a draft")
    stage.press("Ctrl+U")
    stage.enter("/remove sorry")
    stage.expectScreen(
      """
       1 #lobby
       Remove which message?  newest first
       22 Nov 12:01 #lobby       neha         good morning







       Enter: remove it · Esc: none
      ›
      """)
    #expect(stage.screen.cursor == Screen.Position(row: 2, column: 0))
    stage.press("x", "Tab")
    #expect(stage.takeCommands().isEmpty)
    stage.press("Enter")
    #expect(stage.takeCommands() == [.client(.admin(.redact(.lobby, sequence: 2, reason: "sorry")))])
    stage.hear(.redacted(.lobby, 2, by: Nickname(testing: "neha")))
    stage.hear(.administered(.redact(.lobby, sequence: 2, reason: "sorry"), .done(code: nil)))
    stage.expectScreen(
      """
       1 #lobby
                                                                      │ 2 here
                                                                      │ neha
                                                                      │ zoe
      ────────────────── Sunday, 22 November 2026 ─────────────────── │
      12:01         -- │ connected to localhost:4000 as neha          │
      12:01        zoe │ hello neha                                   │
      12:01       neha │ (removed)                                    │
      12:01        zoe │ nonsense                                     │
      12:01         -- │ what neha said at 12:01 was removed          │
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    #expect(stage.style(of: "(removed)") == .dim)
    stage.enter("/remove")
    #expect(stage.interface.overlays.isEmpty)
    #expect(stage.pane.joined().contains("nothing of yours is shown here"), "\(stage.pane)")
  }

  @Test
  func `operators choose from all messages; later messages do not change the choice`() {
    var stage = stage(40, 10, isOperator: true)
    stage.enter("/remove")
    stage.say("zoe", "meanwhile", sequence: 4)
    stage.press("↓", "↓")
    stage.expectScreen(
      """
       1 #lobby•1
       Remove which message?  newest first
       22 Nov 12:01 #lobby
         zoe: nonsense
       22 Nov 12:01 #lobby
         neha: good morning
       22 Nov 12:01 #lobby
         zoe: hello neha
       Enter: remove it · Esc: none
      ›
      """)
    stage.press("Enter")
    #expect(stage.takeCommands().contains(.client(.admin(.redact(.lobby, sequence: 1, reason: "")))))
    stage.enter("/remove")
    stage.press("Esc")
    #expect(stage.interface.overlays.isEmpty)
    stage.hear(.redacted(.lobby, 1, by: Nickname(testing: "akash")))
    #expect(stage.pane.contains("12:01 zoe: (removed by akash)"), "\(stage.pane)")
    stage.resize(24, 10)
    #expect(stage.pane.contains("zoe: (removed by akash)"), "\(stage.pane)")
    stage.resize(20, 5)
    stage.enter("/remove")
    stage.expectScreen(
      """
       1 #lobby
       Remove which?
       22 Nov 12:01 #lob…
       Enter: remove it
      ›
      """)
  }

  @Test
  func `do not move the transcript or change the counts`() {
    var stage = Stage.online(40, 10, with: ["zoe"])
    stage.sync(head: 0)
    for number in 1...30 { stage.say("zoe", "message \(number)", sequence: number) }
    stage.press("PgUp")
    let (before, status) = (stage.pane, stage.statusRow)
    #expect(status.hasPrefix(" ▼ 6 below"))
    stage.hear(.redacted(.lobby, 2, by: zoe), .redacted(.lobby, 30, by: zoe), .redacted(.lobby, 31, by: zoe))
    #expect(stage.pane == before)
    #expect(stage.statusRow == status)
    stage.hear(.redacted(.lobby, 20, by: zoe))
    #expect(stage.pane.count == before.count)
    #expect(stage.pane.last == before.last)
    #expect(stage.pane.contains("12:01 zoe: (removed)"))
  }

  @Test
  func `stay unread without counting as mentions`() {
    var stage = stage()
    stage.enter("/dm kim")
    stage.say("zoe", "neha, look", sequence: 4)
    stage.say("zoe", "neha, here", sequence: 5)
    #expect(stage.screen.rows[0] == " 1 #lobby!2  2 @kim")
    stage.hear(.redacted(.lobby, 5, by: zoe), .redacted(.lobby, 5, by: zoe))
    #expect(stage.screen.rows[0] == " 1 #lobby!2  2 @kim")
    #expect(stage.interface.tabs.lobby.mentions == 1)
    stage.hear(.redacted(.lobby, 4, by: zoe), .redacted(.lobby, 1, by: zoe))
    #expect(stage.screen.rows[0] == " 1 #lobby•2  2 @kim")
    #expect(stage.interface.tabs.lobby.mentions == 0)
  }

  @Test
  func `do not get their text back from a delayed line`() {
    var stage = Stage.online(80, 12)
    stage.sync(head: 9)
    stage.hear(.redacted(.lobby, 8, by: zoe), .redacted(.lobby, 11, by: zoe))
    stage.page(5...9, hasMore: false)
    stage.say("zoe", "late", sequence: 10)
    stage.say("zoe", "neha: later", sequence: 11)
    #expect(
      stage.pane.suffix(6) == [
        "11:01        zoe │ 7", "11:01        zoe │ (removed)", "11:01        zoe │ 9",
        "12:01         -- │ connected to localhost:4000 as neha", "12:01        zoe │ late",
        "12:01        zoe │ (removed)",
      ])
    // Another log has other messages under these numbers.
    stage.hear(.reset(.lobby))
    stage.sync(epoch: "e2", head: 8)
    stage.page(1...8, hasMore: false)
    #expect(stage.pane.last == "11:01        zoe │ 8")
  }

  @Test
  func `are marked in history and search, and may be topics`() {
    var stage = stage(80, 12)
    stage.say("zoe", "", sequence: 4, kind: .redacted)
    #expect(stage.pane.last == "12:01        zoe │ (removed)")
    stage.say("zoe", "bad topic", sequence: 5, kind: .topic)
    stage.hear(.redacted(.lobby, 5, by: Nickname(testing: "akash")))
    #expect(stage.pane.last == "12:01        zoe │ (removed by akash)")
    stage.enter("/search o")
    let found = [ChatMessage.numbered(3), .numbered(2), .numbered(7)]
    stage.hear(.found(1, found, hasMore: false))
    stage.hear(.redacted(.lobby, 2, by: zoe), .redacted(Target(testing: "@zoe"), 3, by: zoe))
    #expect(stage.screen.rows[2] == " 22 Nov 11:01 #lobby       zoe          3")
    #expect(stage.screen.rows[3] == " 22 Nov 11:01 #lobby       zoe          (removed)")
    stage.press("F1")
    stage.hear(.redacted(.lobby, 7, by: zoe))
    stage.press("Esc")
    #expect(!stage.screen.rows[4].hasSuffix(" 7"))
    stage.press("Esc")
    stage.enter("/search o")
    stage.hear(.found(2, [.numbered(2)], hasMore: false))
    #expect(stage.screen.rows[2].hasSuffix("(removed)"))
  }

  @Test
  func `keep an earlier redaction when the message arrives again`() {
    var stage = stage()
    stage.say("zoe", "", sequence: 3, kind: .redacted)
    #expect(stage.pane.suffix(2) == ["12:01       neha │ good morning", "12:01        zoe │ (removed)"])
    var first = ChatMessage.numbered(1)
    first.redact()
    stage.hear(.older(.lobby, [first, .numbered(2, by: "neha")], hasMore: false))
    #expect(
      stage.pane.suffix(3) == [
        "12:01        zoe │ (removed)", "12:01       neha │ good morning", "12:01        zoe │ (removed)",
      ])
  }

  @Test
  func `that were redacted while offline are updated when they are in view`() {
    var stage = Stage(40, 8, memory: stage().memory)
    stage.connect()
    _ = stage.takeCommands()
    stage.sync(head: 3)
    #expect(stage.pane.contains { $0.hasSuffix("nonsense") })
    #expect(stage.takeCommands().contains(.client(.showOlder(.lobby, before: 4))))
    var last = ChatMessage.numbered(3)
    last.redact()
    stage.hear(.older(.lobby, [.numbered(1), .numbered(2, by: "neha"), last], hasMore: false))
    #expect(!stage.pane.contains { $0.hasSuffix("nonsense") })
    #expect(stage.pane.contains("12:01 zoe: (removed)"))
    // Requested once.
    stage.press("x")
    #expect(!stage.takeCommands().contains { if case .client(.showOlder) = $0 { true } else { false } })
    // Another tab is updated when it is opened.
    stage.sync(head: 3)
    _ = stage.takeCommands()
    stage.write("akash", "psst", sequence: 1)
    stage.sync("@akash", head: 1)
    #expect(!stage.takeCommands().contains { if case .client(.showOlder) = $0 { true } else { false } })
    stage.press("Alt+2")
    #expect(stage.takeCommands().contains(.client(.showOlder(Target(testing: "@akash"), before: 2))))
  }

  @Test
  func `need a connection at the time of the choice too`() {
    var stage = stage()
    stage.enter("/remove")
    stage.hear(.offline(Outage(reason: "gone", retryIn: nil)))
    stage.press("Enter")
    #expect(stage.takeCommands().isEmpty)
    #expect(stage.pane.last?.hasSuffix("not connected: nothing was asked") == true)
  }

  @Test
  func `are not saved, and are marked again after a restart`() {
    var stage = stage(80, 12)
    stage.hear(.redacted(.lobby, 3, by: zoe))
    let memory = stage.memory
    #expect(!memory.tabs[0].messages.contains { $0.text.contains("nonsense") })
    #expect(memory.checked == memory)
    let again = Stage(80, 12, memory: memory)
    #expect(again.pane.last == "12:01        zoe │ (removed)")
  }

  @Test
  func `need a sequence number from the server`() {
    var stage = Stage.online(80, 12, isOperator: true)
    stage.say("zoe", "hi")
    stage.enter("/remove")
    #expect(stage.pane.last == "12:01         -- │ nothing is shown here that can be removed")
    #expect(stage.interface.overlays.isEmpty)
    for sequence in [Int.min, -1, 0, .max] { stage.hear(.redacted(.lobby, sequence, by: zoe)) }
    stage.hear(.redacted(Target(testing: "#nowhere"), 1, by: zoe))
    stage.enter("/remove \(String(repeating: "x", count: 300))")
    #expect(stage.pane.joined().contains("a reason or label has at most 256 bytes"))
  }
}
