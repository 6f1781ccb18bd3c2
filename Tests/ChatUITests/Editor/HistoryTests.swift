import Testing

@testable import ChatUI

/// Drafts and history.
@Suite
struct HistoryTests {
  @Test
  func `are recalled with the arrows, the draft last`() {
    var stage = Stage.online(80, 10)
    stage.enter("one")
    stage.enter("two")
    stage.enter("two")
    stage.type("draft")
    for expected in ["two", "one", "one"] {
      stage.press("↑")
      #expect(stage.input == expected)
    }
    for expected in ["two", "draft", "draft"] {
      stage.press("↓")
      #expect(stage.input == expected)
    }
    stage.press("↑")
    stage.type("!")
    stage.press("Enter", "↑")
    #expect(stage.input == "two!")
    // Cleared text is recalled first.
    stage.press("Ctrl+C", "↑")
    #expect(stage.input == "two!")
    stage.press("↑", "↑")
    #expect(stage.input == "two")
  }

  @Test
  func `are separate for each tab, and cut text is shared`() {
    var stage = Stage.online(80, 10)
    stage.enter("lobby")
    stage.type("half a thought")
    stage.press("Ctrl+W")
    stage.write("zoe", "hi")
    stage.press("Alt+2")
    #expect(stage.input.isEmpty)
    stage.press("↑", "Ctrl+Y")
    #expect(stage.input == "thought")
    stage.press("Ctrl+P")
    #expect(stage.input == "half a ")
    stage.press("Ctrl+C", "↑", "↑")
    #expect(stage.input == "lobby")
  }

  @Test
  func `are reached by arrows only from the first or last line`() {
    var stage = Stage.online(80, 20)
    stage.enter("before")
    stage.paste("one\ntwo")
    stage.press("↑")
    #expect(stage.input == "one\ntwo")
    stage.press("↑")
    #expect(stage.input == "before")
    stage.press("↓")
    #expect(stage.input == "one\ntwo")
  }

  @Test
  func `are bounded`() {
    var history = InputHistory()
    for number in 0..<2000 { history.append("\(number)") }
    var count = 0
    while history.previous(current: "") != nil { count += 1 }
    #expect(count == 500)
  }
}
