import ChatProtocol
import Testing

@testable import ChatUI

@Suite("Who looks")
struct FocusTests {
  private func bells(_ stage: inout Stage) -> Int { stage.takeCommands().count { $0 == .bell } }

  @Test("rings for what is meant for the reader and is not looked at")
  func bell() {
    var stage = Stage.online(80, 10)
    stage.say("zoe", "hi")
    stage.say("zoe", "neha, hi")
    #expect(bells(&stage) == 0)
    stage.write("zoe", "psst")
    #expect(bells(&stage) == 1)
    stage.focus(false)
    stage.say("zoe", "hi")
    #expect(bells(&stage) == 0)
    stage.say("zoe", "neha, hi")
    #expect(bells(&stage) == 1)
    stage.say("neha", "neha, hi")
    #expect(bells(&stage) == 0)
    stage.focus(true)
    stage.press("Alt+2")
    stage.write("zoe", "psst")
    #expect(bells(&stage) == 0)
    stage.say("zoe", "neha")
    #expect(bells(&stage) == 1)
  }

  @Test("reads nothing while nobody does")
  func unfocused() {
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

  @Test("draws the line above what is new since the last look")
  func line() {
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

  @Test("goes to the first that is unread")
  func firstUnread() {
    var stage = Stage.online(80, 10)
    stage.enter("/dm zoe")
    for number in 1...50 { stage.say("zoe", "\(number)") }
    stage.press("Alt+1", "Alt+U")
    #expect(stage.pane.first?.contains(" new ") == true)
    #expect(stage.pane[1].hasSuffix("│ 1"))
    #expect(stage.statusRow.hasPrefix(" ▼ 44 below "))
  }
}
