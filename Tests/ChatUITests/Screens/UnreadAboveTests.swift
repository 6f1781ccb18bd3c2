import ChatModel
import ChatProtocol
import Testing

@testable import ChatUI

/// What is unread above.
@Suite
struct UnreadAboveTests {
  private let sign = "▲ "

  /// A tab in which something was said while another one was looked at.
  private func stage(_ count: Int, _ columns: Int = 80, _ rows: Int = 12) -> Stage {
    var stage = Stage.online(columns, rows, with: ["zoe"])
    stage.enter("/dm zoe")
    for number in 1...count { stage.say("zoe", "line \(number)") }
    stage.press("Alt+1")
    return stage
  }

  @Test(arguments: [80, 40])
  func `is counted in the status line, until it is in view`(columns: Int) {
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
  func `is no news where all of it is in view, or is not wanted`() {
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
  func `is found by scrolling, too`() {
    var stage = stage(30)
    for _ in 1...10 where stage.statusRow.contains(sign) { stage.press("PgUp") }
    #expect(!stage.statusRow.contains(sign))
    #expect(stage.pane.contains { $0.hasSuffix("line 1") || $0.contains(" new ") })
  }

  @Test
  func `is counted where it came while nobody looked at the window`() {
    var stage = Stage.online(80, 12, with: ["zoe"])
    stage.focus(false)
    for number in 1...40 { stage.say("zoe", "line \(number)") }
    stage.focus(true)
    #expect(stage.statusRow.contains("new above: Alt+U"))
  }

  @Test
  func `is counted where the server counts, and not all of it is loaded`() {
    var stage = Stage.online(80, 12, with: ["zoe"])
    stage.sync(head: 300, mark: 100)
    stage.page(201...300)
    let shown = stage.pane.count
    #expect(stage.statusRow.contains("▲ \(200 - shown) new above") || stage.statusRow.contains("▲ \(201 - shown) new"))
  }
}
