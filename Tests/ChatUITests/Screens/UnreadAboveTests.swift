import ChatModel
import ChatProtocol
import Testing

@testable import ChatUI

/// Unread messages above the visible rows.
@Suite
struct UnreadAboveTests {
  private let sign = "▲ "

  /// A tab that received messages while another one was open.
  private func harness(_ count: Int, _ columns: Int = 80, _ rows: Int = 12) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["zoe"])
    harness.enter("/dm zoe")
    for number in 1...count { harness.receiveMessage(from: "zoe", "line \(number)") }
    harness.press("Alt+1")
    return harness
  }

  @Test(arguments: [80, 40])
  func `unread messages above are counted in the status line until they are in view`(columns: Int) {
    var harness = harness(60, columns)
    let shown = harness.pane.count
    #expect(harness.statusRow.hasPrefix(" ▲ \(60 - shown) new above, Alt+U"))
    harness.receiveMessage(from: "zoe", "one more")
    #expect(harness.statusRow.hasPrefix(" ▲ \(61 - shown) new above"))
    harness.press("Alt+U")
    #expect(!harness.statusRow.contains(sign))
    #expect(harness.pane.contains { $0.contains("line 1") })
    harness.press("Esc")
    #expect(!harness.statusRow.contains(sign), "it was seen")
  }

  @Test
  func `unread messages above are not counted when all are in view or the line is dismissed`() {
    #expect(!harness(3).statusRow.contains(sign))
    var harness = harness(60)
    harness.press("Esc")
    #expect(!harness.statusRow.contains(sign))
    harness = self.harness(60)
    harness.enter("who answers has read it")
    harness.receiveMessage(from: "neha", "who answers has read it", answering: SendID(1))
    #expect(!harness.statusRow.contains(sign))
    harness = self.harness(60)
    harness.press("Ctrl+N", "Ctrl+P")
    #expect(!harness.statusRow.contains(sign), "another visit")
  }

  @Test
  func `unread messages above are also found by scrolling`() {
    var harness = harness(30)
    for _ in 1...10 where harness.statusRow.contains(sign) { harness.press("PgUp") }
    #expect(!harness.statusRow.contains(sign))
    #expect(harness.pane.contains { $0.hasSuffix("line 1") || $0.contains(" new ") })
  }

  @Test
  func `unread messages above are counted if they arrived while the window had no focus`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.focus(false)
    for number in 1...40 { harness.receiveMessage(from: "zoe", "line \(number)") }
    harness.focus(true)
    #expect(harness.statusRow.contains("new above, Alt+U"))
  }

  @Test
  func `unread messages above are counted by the server's numbers when not all are loaded`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.receiveHead(head: 300, mark: 100)
    harness.receivePage(201...300)
    let shown = harness.pane.count
    #expect(
      harness.statusRow.contains("▲ \(200 - shown) new above") || harness.statusRow.contains("▲ \(201 - shown) new"))
  }
}
