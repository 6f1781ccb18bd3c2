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

  private func harness(_ columns: Int = 80, _ rows: Int = 12, isOperator: Bool = false) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["zoe"], isOperator: isOperator)
    harness.receiveHead(head: 0)
    harness.receiveMessage(from: "zoe", "hello neha", sequence: 1)
    harness.receiveMessage(from: "neha", "good morning", sequence: 2)
    harness.receiveMessage(from: "zoe", "nonsense", sequence: 3)
    _ = harness.takeCommands()
    return harness
  }

  @Test
  func `messages to redact are chosen from a list of one's own`() {
    var harness = harness()
    harness.type("a draft")
    harness.press("Ctrl+U")
    harness.enter("/remove sorry")
    harness.expectScreen(
      """
       1 #lobby                                                                   2 ☺
       Remove which message?  newest first
       22 Nov 12:01 #lobby       neha         good morning







       Enter: remove it · Esc: none
       #lobby›
      """)
    #expect(harness.screen.cursor == Screen.Position(row: 2, column: 0))
    harness.press("x", "Tab")
    #expect(harness.takeCommands().isEmpty)
    harness.press("Enter")
    #expect(harness.takeCommands() == [.client(.admin(.redact(.lobby, sequence: 2, reason: "sorry")))])
    harness.receive(.redacted(.lobby, 2, by: Nickname(testing: "neha")))
    harness.receive(.administered(.redact(.lobby, sequence: 2, reason: "sorry"), .done(code: nil)))
    harness.expectScreen(
      """
       1 #lobby                                                                   2 ☺



      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  --      connected to localhost:4000 as neha
              zoe   ▌ hello neha
              neha    (removed)
              zoe     nonsense
              --      what neha said at 12:01 was removed
       neha · localhost:4000                                                  F1 help
       #lobby›
      """)
    #expect(harness.style(of: "(removed)") == .dim)
    harness.enter("/remove")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.pane.joined().contains("nothing of yours is shown here"), "\(harness.pane)")
  }

  @Test
  func `operators choose from all messages; later messages do not change the choice`() {
    var harness = harness(40, 10, isOperator: true)
    harness.enter("/remove")
    harness.receiveMessage(from: "zoe", "meanwhile", sequence: 4)
    harness.press("↓", "↓")
    harness.expectScreen(
      """
       1 #lobby•1                         2 ☺
       Remove which message?  newest first
       22 Nov 12:01 #lobby
         zoe: nonsense
       22 Nov 12:01 #lobby
         neha: good morning
       22 Nov 12:01 #lobby
         zoe: hello neha
       Enter: remove it · Esc: none
       #lobby›
      """)
    harness.press("Enter")
    #expect(harness.takeCommands().contains(.client(.admin(.redact(.lobby, sequence: 1, reason: "")))))
    harness.enter("/remove")
    harness.press("Esc")
    #expect(harness.interface.overlays.isEmpty)
    harness.receive(.redacted(.lobby, 1, by: Nickname(testing: "akash")))
    #expect(harness.pane.contains("       zoe: (removed by akash)"), "\(harness.pane)")
    harness.resize(24, 10)
    #expect(harness.pane.contains(" zoe: (removed by akash)"), "\(harness.pane)")
    harness.resize(20, 5)
    harness.enter("/remove")
    harness.expectScreen(
      """
       1 #lobby       2 ☺
       Remove which?
       22 Nov 12:01 #lob…
       Enter: remove it
      ›
      """)
  }

  @Test
  func `redacted messages do not move the transcript or change the counts`() {
    var harness = InterfaceHarness.online(40, 10, with: ["zoe"])
    harness.receiveHead(head: 0)
    for number in 1...30 { harness.receiveMessage(from: "zoe", "message \(number)", sequence: number) }
    harness.press("PgUp")
    let (before, status) = (harness.pane, harness.statusRow)
    #expect(status.hasPrefix(" ▼ 6 below"))
    harness.receive(.redacted(.lobby, 2, by: zoe), .redacted(.lobby, 30, by: zoe), .redacted(.lobby, 31, by: zoe))
    #expect(harness.pane == before)
    #expect(harness.statusRow == status)
    harness.receive(.redacted(.lobby, 20, by: zoe))
    #expect(harness.pane.count == before.count)
    #expect(harness.pane.last == before.last)
    #expect(harness.pane.contains("       zoe: (removed)"))
  }

  @Test
  func `redacted messages stay unread without counting as mentions`() {
    var harness = harness()
    harness.enter("/dm kim")
    harness.receiveMessage(from: "zoe", "neha, look", sequence: 4)
    harness.receiveMessage(from: "zoe", "neha, here", sequence: 5)
    #expect(harness.tabBar == " 1 #lobby!2  2 @kim")
    harness.receive(.redacted(.lobby, 5, by: zoe), .redacted(.lobby, 5, by: zoe))
    #expect(harness.tabBar == " 1 #lobby!2  2 @kim")
    #expect(harness.interface.tabs.lobby.mentions == 1)
    harness.receive(.redacted(.lobby, 4, by: zoe), .redacted(.lobby, 1, by: zoe))
    #expect(harness.tabBar == " 1 #lobby•2  2 @kim")
    #expect(harness.interface.tabs.lobby.mentions == 0)
  }

  @Test
  func `redacted messages do not get their text back from a delayed line`() {
    var harness = InterfaceHarness.online(80, 12)
    harness.receiveHead(head: 9)
    harness.receive(.redacted(.lobby, 8, by: zoe), .redacted(.lobby, 11, by: zoe))
    harness.receivePage(5...9, hasMore: false)
    harness.receiveMessage(from: "zoe", "late", sequence: 10)
    harness.receiveMessage(from: "zoe", "neha: later", sequence: 11)
    #expect(
      harness.pane.suffix(6) == [
        "                7", "                (removed)", "                9",
        " 12:01  --      connected to localhost:4000 as neha", "        zoe     late", "                (removed)",
      ])
    // Another log has other messages under these numbers.
    harness.receive(.reset(.lobby))
    harness.receiveHead(epoch: "e2", head: 8)
    harness.receivePage(1...8, hasMore: false)
    #expect(harness.pane.last == "                8")
  }

  @Test
  func `redacted messages are marked in history and search, and may be topics`() {
    var harness = harness(80, 12)
    harness.receiveMessage(from: "zoe", "", sequence: 4, kind: .redacted)
    #expect(harness.pane.last == "                (removed)")
    harness.receiveMessage(from: "zoe", "bad topic", sequence: 5, kind: .topic)
    harness.receive(.redacted(.lobby, 5, by: Nickname(testing: "akash")))
    #expect(harness.pane.last == "                (removed by akash)")
    harness.enter("/search o")
    let found = [ChatMessage.numbered(3), .numbered(2), .numbered(7)]
    harness.receive(.found(1, found, hasMore: false))
    harness.receive(.redacted(.lobby, 2, by: zoe), .redacted(Target(testing: "@zoe"), 3, by: zoe))
    #expect(harness.screen.rows[2] == " 22 Nov 11:01 #lobby       zoe          3")
    #expect(harness.screen.rows[3] == " 22 Nov 11:01 #lobby       zoe          (removed)")
    harness.press("F1")
    harness.receive(.redacted(.lobby, 7, by: zoe))
    harness.press("Esc")
    #expect(!harness.screen.rows[4].hasSuffix(" 7"))
    harness.press("Esc")
    harness.enter("/search o")
    harness.receive(.found(2, [.numbered(2)], hasMore: false))
    #expect(harness.screen.rows[2].hasSuffix("(removed)"))
  }

  @Test
  func `redacted messages keep an earlier redaction when the message arrives again`() {
    var harness = harness()
    harness.receiveMessage(from: "zoe", "", sequence: 3, kind: .redacted)
    #expect(harness.pane.suffix(2) == ["        neha    good morning", "        zoe     (removed)"])
    var first = ChatMessage.numbered(1)
    first.redact()
    harness.receive(.older(.lobby, [first, .numbered(2, by: "neha")], hasMore: false))
    #expect(
      harness.pane.suffix(3) == [
        "        zoe     (removed)", "        neha    good morning", "        zoe     (removed)",
      ])
  }

  @Test
  func `redacted messages that were redacted while offline are updated when they are in view`() {
    var harness = InterfaceHarness(40, 8, memory: harness().memory)
    harness.goOnline()
    _ = harness.takeCommands()
    harness.receiveHead(head: 3)
    #expect(harness.pane.contains { $0.hasSuffix("nonsense") })
    #expect(harness.takeCommands().contains(.client(.showOlder(.lobby, before: 4))))
    var last = ChatMessage.numbered(3)
    last.redact()
    harness.receive(.older(.lobby, [.numbered(1), .numbered(2, by: "neha"), last], hasMore: false))
    #expect(!harness.pane.contains { $0.hasSuffix("nonsense") })
    #expect(harness.pane.contains("       zoe: (removed)"))
    // The page is requested once.
    harness.press("x")
    #expect(!harness.takeCommands().contains { if case .client(.showOlder) = $0 { true } else { false } })
    // Another tab is updated when it is opened.
    harness.receiveHead(head: 3)
    _ = harness.takeCommands()
    harness.receiveDirectMessage(from: "akash", "psst", sequence: 1)
    harness.receiveHead("@akash", head: 1)
    #expect(!harness.takeCommands().contains { if case .client(.showOlder) = $0 { true } else { false } })
    harness.press("Alt+2")
    #expect(harness.takeCommands().contains(.client(.showOlder(Target(testing: "@akash"), before: 2))))
  }

  @Test
  func `redactions need a connection at the time of the choice too`() {
    var harness = harness()
    harness.enter("/remove")
    harness.receive(.offline(Outage(reason: "gone", retryIn: nil)))
    harness.press("Enter")
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.pane.last?.hasSuffix("not connected: nothing was asked") == true)
  }

  @Test
  func `redacted messages are not saved, and are marked again after a restart`() {
    var harness = harness(80, 12)
    harness.receive(.redacted(.lobby, 3, by: zoe))
    let memory = harness.memory
    #expect(!memory.tabs[0].messages.contains { $0.text.contains("nonsense") })
    #expect(memory.checked == memory)
    let again = InterfaceHarness(80, 12, memory: memory)
    #expect(again.pane.last == "        zoe     (removed)")
  }

  @Test
  func `redactions need a sequence number from the server`() {
    var harness = InterfaceHarness.online(80, 12, isOperator: true)
    harness.receiveMessage(from: "zoe", "hi")
    harness.enter("/remove")
    #expect(harness.pane.last == "        --      nothing is shown here that can be removed")
    #expect(harness.interface.overlays.isEmpty)
    for sequence in [Int.min, -1, 0, .max] { harness.receive(.redacted(.lobby, sequence, by: zoe)) }
    harness.receive(.redacted(Target(testing: "#nowhere"), 1, by: zoe))
    harness.enter("/remove \(String(repeating: "x", count: 300))")
    #expect(harness.pane.joined().contains("a reason or label has at most 256 bytes"))
  }
}
