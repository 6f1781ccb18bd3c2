import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// A message that is written in an editor.
@Suite
struct ComposingTests {
  /// The editor runs, having begun with the input.
  private func composing(_ text: String = "draft", people: [String] = ["zoe"]) -> InterfaceHarness {
    var harness = InterfaceHarness.online(80, 12, with: people)
    harness.type(text)
    harness.press("Alt+E")
    #expect(harness.takeCommands().contains(.compose))
    #expect(harness.textToCompose() == text)
    return harness
  }

  @Test
  func `the text of the editor replaces the input, is not sent, and can be undone`() {
    var harness = composing()
    harness.update(.composed(.text("one\r\ntwo \u{1b}[31mred\u{7}\n\n", problem: nil)))
    #expect(harness.input == "one\ntwo [31mred")
    harness.press("Ctrl+_")
    #expect(harness.input == "draft")
    harness.press("Alt+_")
    #expect(harness.takeSends().isEmpty)
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["one\ntwo [31mred"])
  }

  @Test
  func `an Enter that was meant for the editor sends nothing`() {
    var harness = composing()
    harness.update(.composed(.text("text", problem: nil)))
    harness.press("Enter")
    #expect(harness.takeSends().isEmpty)
    #expect(harness.statusRow == " the text is from your editor: Enter again sends it")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["text"])
    // Neither later, nor after another key.
    harness = composing()
    harness.update(.composed(.text("text", problem: nil)))
    harness.advanceClock(by: 1)
    harness.press("Enter")
    #expect(harness.takeSends().count == 1)
    harness = composing()
    harness.update(.composed(.text("text", problem: nil)))
    harness.press("!", "Enter")
    #expect(harness.takeSends().map(\.text) == ["text!"])
  }

  @Test
  func `keys that come together with the one for the editor do not act on the chat`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.type("a")
    harness.press("Alt+E")
    harness.type("bc")
    harness.press("Enter", "Ctrl+Q", "Alt+2", "F1")
    harness.paste("d")
    #expect(harness.takeCommands().filter { $0 != .compose } == [])
    #expect(harness.textToCompose() == "abcd")
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test
  func `messages that arrive while the editor runs are unread, and appear afterwards`() {
    var harness = composing()
    harness.receiveHead(head: 0)
    _ = harness.takeCommands()
    harness.receiveMessage(from: "zoe", "neha: are you there?", sequence: 1)
    #expect(!harness.takeCommands().contains(.client(.markRead(.lobby, 1))))
    #expect(harness.interface.tabs.current.unread == 1)
    harness.update(.composed(.unchanged(problem: nil)))
    #expect(harness.takeCommands().contains(.client(.markRead(.lobby, 1))))
    #expect(harness.pane.contains { $0.contains(" 1 new ") })
    #expect(harness.input == "draft")
  }

  @Test
  func `a failure is told and leaves the input`() {
    var harness = composing()
    harness.update(.composed(.unchanged(problem: "your editor \"vim\" ended with status 1")))
    #expect(harness.pane.last?.hasSuffix("!!      your editor \"vim\" ended with status 1") == true)
    #expect(harness.input == "draft")
    harness.press("Alt+E")
    #expect(harness.textToCompose() == "draft")
    harness.update(.composed(.text("saved", problem: "your editor \"vim\" was ended by signal 9")))
    #expect(harness.pane.last?.hasSuffix("was ended by signal 9") == true)
    #expect(harness.input == "saved")
  }

  @Test
  func `a message that comes back meanwhile is not overwritten`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.enter("refused")
    harness.press("Alt+E")
    #expect(harness.textToCompose().isEmpty)
    harness.receive(.sendFailed(SendID(1), reason: "too fast"))
    #expect(harness.input == "refused")
    harness.update(.composed(.text("new", problem: nil)))
    #expect(harness.input == "new")
    harness.press("↑")
    #expect(harness.input == "refused")
  }

  @Test
  func `the text goes to the conversation it was written for, or is kept`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.enter("/dm zoe")
    harness.press("Alt+E")
    #expect(harness.textToCompose().isEmpty)
    var beside = harness
    beside.open("other:4000")
    beside.update(.composed(.text("for zoe alone", problem: nil)))
    #expect(beside.input.isEmpty, "the conversation of another server")
    beside.press("Alt+2")
    #expect(beside.input == "for zoe alone")
    harness.open("other:4000")
    harness.close("localhost:4000")
    harness.update(.composed(.text("for zoe alone", problem: nil)))
    #expect(harness.input.isEmpty)
    #expect(harness.pane.last?.contains("your text for @zoe can be called back here with ↑") == true)
    harness.press("↑")
    #expect(harness.input == "for zoe alone")
  }

  @Test
  func `a text for a name that changes its owner meanwhile is held back once`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.enter("/dm zoe")
    harness.press("Alt+E")
    #expect(harness.textToCompose().isEmpty)
    harness.receive(.otherPerson(Nickname(testing: "zoe")))
    harness.update(.composed(.text("a secret", problem: nil)))
    harness.advanceClock(by: 5)
    _ = harness.takeCommands()
    harness.press("Enter")
    #expect(harness.takeSends().isEmpty)
    #expect(harness.statusRow.contains("another person now"))
  }

  @Test
  func `a question waits until the editor has ended`() {
    var harness = composing("")
    harness.receive(.nameRefused(Nickname(testing: "neha"), .taken, suggestion: nil))
    harness.advanceClock(by: 60)
    #expect(harness.interface.overlays.isEmpty)
    harness.update(.composed(.text("y", problem: nil)))
    #expect(harness.interface.overlays.isEmpty)
    harness.advanceClock(by: 1)
    #expect(!harness.interface.overlays.isEmpty)
  }

  @Test
  func `an editor of the input holds as much as is checked`() {
    for text in ["", "x", String(repeating: "é", count: 65_536), String(repeating: "e\u{301}\u{302}", count: 50_000)] {
      var editor = LineEditor("before")
      editor.replaceAll(with: text)
      #expect((editor.text == text) == LineEditor.canHold(text), "\(text.count)")
    }
    #expect(!LineEditor.canHold(String(repeating: "x", count: 65_537)))
    #expect(!LineEditor.canHold("x" + String(repeating: "\u{301}", count: 140_000)))
  }
}
