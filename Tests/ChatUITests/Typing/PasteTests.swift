import Testing

@testable import ChatUI

@Suite
struct PasteTests {
  @Test
  func `a paste never sends`() {
    var harness = InterfaceHarness.online(80, 10, capabilities: .singleLines)
    harness.paste("one\ntwo\r\nthree\rfour\n\n")
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.input == "one\ntwo\nthree\nfour\n\n")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["one", "two", "three", "four"])
    harness.paste("/quit\n")
    #expect(harness.takeCommands().isEmpty)
  }

  @Test
  func `a paste contains no control characters except tabs and newlines`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.paste("a\u{1b}[31mb\u{7}\u{0}\u{9b}c\td\u{7f}")
    #expect(harness.input == "a[31mbc\td")
  }

  @Test
  func `a paste is undone as one`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.type("ab")
    harness.paste("c d")
    harness.press("Ctrl+_")
    #expect(harness.input == "ab")
  }

  @Test
  func `a paste reports that it was too long`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.paste(String(repeating: "x", count: LineEditor.maximumCharacters + 1))
    #expect(harness.input.count == LineEditor.maximumCharacters)
    #expect(harness.pane.last?.hasSuffix("the paste was too long: its end is missing") == true)
  }

  @Test
  func `a paste of few characters with many bytes reports that it was too long too`() {
    for text in [
      String(repeating: "👨‍👩‍👧‍👦", count: 20_000), "a" + String(repeating: "\u{301}", count: 300_000) + "b",
    ] {
      var harness = InterfaceHarness.online(80, 10)
      harness.paste(text)
      #expect(harness.input.utf8.count <= LineEditor.maximumBytes)
      #expect(harness.pane.last?.hasSuffix("the paste was too long: its end is missing") == true)
    }
  }

  @Test
  func `a paste goes to the input while a list or help is open`() {
    var harness = InterfaceHarness.online(80, 10, with: ["zoe"])
    harness.press("F6")
    harness.paste("x")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.input == "x")
    harness.press("F1")
    harness.paste("y")
    #expect(harness.input == "xy", "a paste goes to the input and closes help")
  }
}
