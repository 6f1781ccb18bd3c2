import Testing

@testable import ChatUI

/// Drafts and history.
@Suite
struct HistoryTests {
  @Test
  func `sent lines are recalled with the arrows, the draft last`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.enter("one")
    harness.enter("two")
    harness.enter("two")
    harness.type("draft")
    for expected in ["two", "one", "one"] {
      harness.press("↑")
      #expect(harness.input == expected)
    }
    for expected in ["two", "draft", "draft"] {
      harness.press("↓")
      #expect(harness.input == expected)
    }
    harness.press("↑")
    harness.type("!")
    harness.press("Enter", "↑")
    #expect(harness.input == "two!")
    // Cleared text is recalled first.
    harness.press("Ctrl+C", "↑")
    #expect(harness.input == "two!")
    harness.press("↑", "↑")
    #expect(harness.input == "two")
  }

  @Test
  func `sent lines are separate for each tab, and cut text is shared`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.enter("lobby")
    harness.type("half a thought")
    harness.press("Ctrl+W")
    harness.receiveDirectMessage(from: "zoe", "hi")
    harness.press("Alt+2")
    #expect(harness.input.isEmpty)
    harness.press("↑", "Ctrl+Y")
    #expect(harness.input == "thought")
    harness.press("Ctrl+P")
    #expect(harness.input == "half a ")
    harness.press("Ctrl+C", "↑", "↑")
    #expect(harness.input == "lobby")
  }

  @Test
  func `sent lines are reached by arrows only from the first or last line`() {
    var harness = InterfaceHarness.online(80, 20)
    harness.enter("before")
    harness.paste("one\ntwo")
    harness.press("↑")
    #expect(harness.input == "one\ntwo")
    harness.press("↑")
    #expect(harness.input == "before")
    harness.press("↓")
    #expect(harness.input == "one\ntwo")
  }

  @Test
  func `sent lines are bounded`() {
    var history = InputHistory()
    for number in 0..<2000 { history.append("\(number)") }
    var count = 0
    while history.previous(current: "") != nil { count += 1 }
    #expect(count == 500)
  }
}
