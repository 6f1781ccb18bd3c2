import ChatModel
import ChatProtocol
import Testing

@testable import ChatUI

/// Unread messages above the visible rows.
@Suite
struct UnreadAboveTests {
  private let sign = "▲ "

  /// A tab that received messages while another one was open.
  private func stage(_ count: Int, _ columns: Int = 80, _ rows: Int = 12) -> Stage {
    var stage = Stage.online(columns, rows, with: ["zoe"])
    stage.enter("/dm zoe")
    for number in 1...count { stage.say("zoe", "line \(number)") }
    stage.press("Alt+1")
    return stage
  }

  @Test(arguments: [80, 40])
  func `are counted in the status line until they are in view`(columns: Int) {
    var stage = stage(60, columns)
    let shown = stage.pane.count
    #expect(stage.statusRow.hasPrefix(" ▲ \(60 - shown) new above: Alt+U"))
    stage.say("zoe", "one more")
    #expect(stage.statusRow.hasPrefix(" ▲ \(61 - shown) new above"))
    stage.press("Alt+U")
    #expect(!stage.statusRow.contains(sign))
    #expect(stage.pane.contains { $0.contains("line 1") })
    stage.press("Esc")
    #expect(!stage.statusRow.contains(sign), "it was seen")
  }

  @Test
  func `are not counted when all are in view or the line is dismissed`() {
    #expect(!stage(3).statusRow.contains(sign))
    var stage = stage(60)
    stage.press("Esc")
    #expect(!stage.statusRow.contains(sign))
    stage = self.stage(60)
    stage.enter("who answers has read it")
    stage.say("neha", "who answers has read it", answering: SendID(1))
    #expect(!stage.statusRow.contains(sign))
    stage = self.stage(60)
    stage.press("Ctrl+N", "Ctrl+P")
    #expect(!stage.statusRow.contains(sign), "another visit")
  }

  @Test
  func `are also found by scrolling`() {
    var stage = stage(30)
    for _ in 1...10 where stage.statusRow.contains(sign) { stage.press("PgUp") }
    #expect(!stage.statusRow.contains(sign))
    #expect(stage.pane.contains { $0.hasSuffix("line 1") || $0.contains(" new ") })
  }

  @Test
  func `are counted if they arrived while the window had no focus`() {
    var stage = Stage.online(80, 12, with: ["zoe"])
    stage.focus(false)
    for number in 1...40 { stage.say("zoe", "line \(number)") }
    stage.focus(true)
    #expect(stage.statusRow.contains("new above: Alt+U"))
  }

  @Test
  func `are counted by the server's numbers when not all are loaded`() {
    var stage = Stage.online(80, 12, with: ["zoe"])
    stage.sync(head: 300, mark: 100)
    stage.page(201...300)
    let shown = stage.pane.count
    #expect(stage.statusRow.contains("▲ \(200 - shown) new above") || stage.statusRow.contains("▲ \(201 - shown) new"))
  }
}
