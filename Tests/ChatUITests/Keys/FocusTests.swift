import ChatProtocol
import Testing

@testable import ChatUI

/// Terminal focus.
@Suite
struct FocusTests {
  private func bells(_ stage: inout Stage) -> Int { stage.takeCommands().count { $0 == .bell } }

  @Test
  func `rings for mentions and direct messages that are out of view`() {
    var stage = Stage.online(80, 10)
    stage.say("zoe", "hi")
    stage.say("zoe", "neha, hi")
    #expect(bells(&stage) == 0)
    stage.write("zoe", "psst")
    #expect(bells(&stage) == 1)
    stage.focus(false)
    stage.wait(5)
    stage.say("zoe", "hi")
    #expect(bells(&stage) == 0)
    stage.say("zoe", "neha, hi")
    #expect(bells(&stage) == 1)
    stage.wait(5)
    stage.say("neha", "neha, hi")
    #expect(bells(&stage) == 0)
    stage.focus(true)
    stage.press("Alt+2")
    stage.write("zoe", "psst")
    #expect(bells(&stage) == 0)
    stage.say("zoe", "neha")
    #expect(bells(&stage) == 1)
  }

  @Test
  func `marks nothing as read while it is lost`() {
    var stage = Stage.online(80, 10)
    stage.focus(false)
    stage.say("zoe", "one")
    stage.write("akash", "psst")
    stage.press("Alt+2")
    #expect(stage.screen.rows[0] == " 1 #lobby•1  2 @akash•1")
    stage.press("Alt+1")
    #expect(stage.screen.rows[0] == " 1 #lobby•1  2 @akash•1")
    stage.focus(true)
    #expect(stage.screen.rows[0] == " 1 #lobby  2 @akash•1")
    #expect(stage.pane.contains { $0.contains(" new ") })
  }

  @Test
  func `draws the line above messages since it was lost`() {
    var stage = Stage.online(80, 14)
    let above = { (stage: Stage) -> String? in
      let pane = stage.pane
      return pane.firstIndex { $0.contains(" new ") }.map { String(pane[$0 + 1].suffix(3)) }
    }
    stage.say("zoe", "one")
    #expect(above(stage) == nil)
    stage.focus(false)
    stage.say("zoe", "two")
    stage.say("zoe", "3rd")
    #expect(above(stage) == "two")
    stage.focus(true)
    #expect(above(stage) == "two")
    stage.say("zoe", "4th")
    stage.focus(false)
    stage.say("zoe", "5th")
    #expect(above(stage) == "5th")
    stage.focus(true)
    stage.enter("/dm zoe")
    stage.press("Alt+1")
    #expect(above(stage) == nil)
    stage.press("Alt+U")
    #expect(stage.statusRow == " nothing is unread here")
  }

  @Test
  func `jumps to the first unread message`() {
    var stage = Stage.online(80, 10)
    stage.enter("/dm zoe")
    for number in 1...50 { stage.say("zoe", "\(number)") }
    stage.press("Alt+1", "Alt+U")
    #expect(stage.pane.first?.contains(" new ") == true)
    #expect(stage.pane[1].hasSuffix("│ 1"))
    #expect(stage.statusRow.hasPrefix(" ▼ 44 below "))
  }

  @Test
  func `follows from recent keys while the terminal has reported nothing`() {
    var stage = Stage.online(80, 10, with: ["zoe"], reportsFocus: false)
    stage.sync(head: 0)
    // No key has been pressed yet.
    stage.say("zoe", "neha, one", sequence: 1)
    #expect(bells(&stage) == 1)
    #expect(stage.screen.rows[0] == " 1 #lobby!1")
    stage.press("a")
    #expect(stage.takeCommands().contains(.client(.markRead(.room(.lobby), 1))))
    stage.wait(14)
    stage.say("zoe", "neha, two", sequence: 2)
    var commands = stage.takeCommands()
    #expect(!commands.contains(.bell) && commands.contains(.client(.markRead(.room(.lobby), 2))))
    stage.wait(1)
    stage.say("zoe", "neha, three", sequence: 3)
    commands = stage.takeCommands()
    #expect(commands == [.bell])
    #expect(stage.screen.rows[0] == " 1 #lobby!1")
    // A paste counts as a key, and a clock that is set back does not.
    stage.paste("b")
    #expect(stage.takeCommands().contains(.client(.markRead(.room(.lobby), 3))))
    stage.wait(-3600)
    stage.say("zoe", "neha, four", sequence: 4)
    #expect(!stage.takeCommands().contains { if case .client(.markRead) = $0 { true } else { false } })
    // From the first report on, only reports count.
    stage.focus(true)
    stage.wait(3600)
    stage.say("zoe", "neha, five", sequence: 5)
    commands = stage.takeCommands()
    #expect(!commands.contains(.bell) && commands.contains(.client(.markRead(.room(.lobby), 5))))
    stage.focus(false)
    stage.press("c")
    stage.say("zoe", "neha, six", sequence: 6)
    #expect(stage.takeCommands() == [.bell])
  }

  @Test
  func `limits the number of bells`() {
    var stage = Stage.online(80, 10, with: ["zoe", "akash"])
    stage.focus(false)
    var heard = 0
    for second in 0..<600 {
      for _ in 0..<20 {
        stage.write(second.isMultiple(of: 2) ? "zoe" : "akash", "psst")
        stage.say("zoe", "neha!")
      }
      heard += bells(&stage)
      stage.wait(1)
    }
    #expect((5...16).contains(heard), "\(heard)")
    // After typing, the bell rings again soon, but not with every key.
    for _ in 0..<20 {
      stage.press("a")
      stage.write("zoe", "psst")
    }
    #expect(bells(&stage) <= 1)
    stage.wait(2)
    stage.write("zoe", "psst")
    #expect(bells(&stage) == 1)
    // A clock that is set back does not silence the bell.
    stage.wait(-3600)
    stage.write("zoe", "psst")
    #expect(bells(&stage) == 1)
  }
}
