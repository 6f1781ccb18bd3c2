import ChatProtocol
import Testing

@testable import ChatUI

/// Keys for tabs.
@Suite
struct TabKeyTests {
  private var stage: Stage = {
    var stage = Stage.online(80, 10)
    for name in ["akash", "zoe", "kim"] { stage.enter("/dm \(name)") }
    stage.press("Alt+1")
    return stage
  }()

  private func index(_ stage: Stage) -> Int { stage.interface.tabs.currentIndex + 1 }

  @Test
  func `by number, on a French keyboard too`() {
    var stage = stage
    for (key, tab) in [
      ("Alt+3", 3), ("Alt+9", 3), ("Alt+0", 3), ("Alt+é", 2), ("Alt+'", 4), ("Alt+&", 1), ("Alt+\"", 3),
    ] {
      stage.press(key)
      #expect(index(stage) == tab, "\(key)")
    }
    for number in 5...10 { stage.enter("/dm p\(number)") }
    stage.press("Alt+1", "Alt+0")
    #expect(index(stage) == 10)
  }

  @Test
  func `next and previous, wrapping around`() {
    var stage = stage
    for (key, tab) in [
      ("Ctrl+N", 2), ("Alt+→", 3), ("Ctrl+N", 4), ("Ctrl+N", 1), ("Ctrl+P", 4), ("Alt+←", 3), ("Ctrl+P", 2),
      ("Ctrl+P", 1),
    ] {
      stage.press(key)
      #expect(index(stage) == tab, "\(key)")
    }
  }

  @Test
  func `to the previously used tab`() {
    var stage = stage
    stage.press("Alt+3", "Alt+/")
    #expect(index(stage) == 1)
    stage.press("Alt+/")
    #expect(index(stage) == 3)
    stage.enter("/close")
    #expect(index(stage) == 1)
    stage.press("Alt+/")
    #expect(index(stage) == 1)
  }

  @Test
  func `to tabs with news: mentions, then direct messages, then the rest, then the lobby`() {
    var stage = stage
    stage.press("Alt+4")
    stage.say("x", "hi")
    stage.write("zoe", "psst")
    stage.write("akash", "psst")
    stage.write("zoe", "neha!")
    var seen: [Int] = []
    for _ in 0..<5 {
      stage.press("Alt+A")
      seen.append(index(stage))
    }
    #expect(seen == [3, 2, 1, 1, 1])
    stage.press("Alt+3", "Alt+A")
    #expect(index(stage) == 1)
  }

  @Test
  func `Ctrl+C clears, and then shows how to quit`() {
    var stage = stage
    stage.type("x")
    stage.press("Ctrl+C")
    #expect(stage.input.isEmpty)
    #expect(!stage.statusRow.contains("Ctrl+Q quits"))
    stage.press("Ctrl+C")
    #expect(stage.statusRow == " Ctrl+Q quits")
    stage.press("Ctrl+_")
    #expect(stage.input == "x")
    #expect(stage.takeCommands().isEmpty)
  }

  @Test
  func `redraw and suspend, whatever overlay is open`() {
    var stage = stage
    stage.press("Ctrl+L", "F1", "Ctrl+L", "Ctrl+Z")
    #expect(stage.takeCommands() == [.redraw, .redraw, .suspend])
    #expect(stage.interface.overlays.top as? HelpPage == HelpPage())
  }
}
