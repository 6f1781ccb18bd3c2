import ChatProtocol
import Testing

@testable import ChatUI

/// Terminal focus.
@Suite
struct FocusTests {
  @Test
  func `the bell rings for mentions and direct messages that are out of view`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.receiveMessage(from: "zoe", "hi")
    harness.receiveMessage(from: "zoe", "neha, hi")
    #expect(harness.takeBells() == 0)
    harness.receiveDirectMessage(from: "zoe", "psst")
    #expect(harness.takeBells() == 1)
    harness.focus(false)
    harness.advanceClock(by: 5)
    harness.receiveMessage(from: "zoe", "hi")
    #expect(harness.takeBells() == 0)
    harness.receiveMessage(from: "zoe", "neha, hi")
    #expect(harness.takeBells() == 1)
    harness.advanceClock(by: 5)
    harness.receiveMessage(from: "neha", "neha, hi")
    #expect(harness.takeBells() == 0)
    harness.focus(true)
    harness.press("Alt+2")
    harness.receiveDirectMessage(from: "zoe", "psst")
    #expect(harness.takeBells() == 0)
    harness.receiveMessage(from: "zoe", "neha")
    #expect(harness.takeBells() == 1)
  }

  @Test
  func `nothing is marked as read while the focus is lost`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.focus(false)
    harness.receiveMessage(from: "zoe", "one")
    harness.receiveDirectMessage(from: "akash", "psst")
    harness.press("Alt+2")
    #expect(harness.tabBar == " 1 #lobby•1  2 @akash•1")
    harness.press("Alt+1")
    #expect(harness.tabBar == " 1 #lobby•1  2 @akash•1")
    harness.focus(true)
    #expect(harness.tabBar == " 1 #lobby  2 @akash•1")
    #expect(harness.pane.contains { $0.contains(" new ") })
  }

  @Test
  func `a line is drawn above messages since the focus was lost`() {
    var harness = InterfaceHarness.online(80, 14)
    let above = { (harness: InterfaceHarness) -> String? in
      let pane = harness.pane
      return pane.firstIndex { $0.contains(" new ") }.map { String(pane[$0 + 1].suffix(3)) }
    }
    harness.receiveMessage(from: "zoe", "one")
    #expect(above(harness) == nil)
    harness.focus(false)
    harness.receiveMessage(from: "zoe", "two")
    harness.receiveMessage(from: "zoe", "3rd")
    #expect(above(harness) == "two")
    harness.focus(true)
    #expect(above(harness) == "two")
    harness.receiveMessage(from: "zoe", "4th")
    harness.focus(false)
    harness.receiveMessage(from: "zoe", "5th")
    #expect(above(harness) == "5th")
    harness.focus(true)
    harness.enter("/dm zoe")
    harness.press("Alt+1")
    #expect(above(harness) == nil)
    harness.press("Alt+U")
    #expect(harness.statusRow == " nothing is unread here")
  }

  @Test
  func `Alt+U jumps to the first unread message`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.enter("/dm zoe")
    for number in 1...50 { harness.receiveMessage(from: "zoe", "\(number)") }
    harness.press("Alt+1", "Alt+U")
    #expect(harness.pane.first?.contains(" new ") == true)
    #expect(harness.pane[1].hasSuffix(" zoe   ▶ 1"))
    #expect(harness.statusRow.hasPrefix(" ▼ 44 below "))
  }

  @Test
  func `the focus follows from recent keys while the terminal has reported nothing`() {
    var harness = InterfaceHarness.online(80, 10, with: ["zoe"], reportsFocus: false)
    harness.receiveHead(head: 0)
    // No key has been pressed yet.
    harness.receiveMessage(from: "zoe", "neha, one", sequence: 1)
    #expect(harness.takeBells() == 1)
    #expect(harness.tabBar == " 1 #lobby!1")
    harness.press("a")
    #expect(harness.takeCommands().contains(.client(.markRead(.room(.lobby), 1))))
    harness.advanceClock(by: 14)
    harness.receiveMessage(from: "zoe", "neha, two", sequence: 2)
    var commands = harness.takeCommands()
    #expect(!commands.contains(.bell) && commands.contains(.client(.markRead(.room(.lobby), 2))))
    harness.advanceClock(by: 1)
    harness.receiveMessage(from: "zoe", "neha, three", sequence: 3)
    commands = harness.takeCommands()
    #expect(commands == [.bell])
    #expect(harness.tabBar == " 1 #lobby!1")
    // A paste counts as a key, and a clock that is set back does not.
    harness.paste("b")
    #expect(harness.takeCommands().contains(.client(.markRead(.room(.lobby), 3))))
    harness.advanceClock(by: -3600)
    harness.receiveMessage(from: "zoe", "neha, four", sequence: 4)
    #expect(!harness.takeCommands().contains { if case .client(.markRead) = $0 { true } else { false } })
    // From the first report on, only reports count.
    harness.focus(true)
    harness.advanceClock(by: 3600)
    harness.receiveMessage(from: "zoe", "neha, five", sequence: 5)
    commands = harness.takeCommands()
    #expect(!commands.contains(.bell) && commands.contains(.client(.markRead(.room(.lobby), 5))))
    harness.focus(false)
    harness.press("c")
    harness.receiveMessage(from: "zoe", "neha, six", sequence: 6)
    #expect(harness.takeCommands() == [.bell])
  }
}
