import Testing

@testable import ChatUI

/// Pasting.
@Suite
struct PasteTests {
  @Test
  func `never sends`() {
    var stage = Stage.online(80, 10)
    stage.paste("one\ntwo\r\nthree\rfour\n\n")
    #expect(stage.takeCommands().isEmpty)
    #expect(stage.input == "one\ntwo\nthree\nfour\n\n")
    stage.press("Enter")
    #expect(stage.takeSends().map(\.text) == ["one", "two", "three", "four"])
    stage.paste("/quit\n")
    #expect(stage.takeCommands().isEmpty)
  }

  @Test
  func `contains no control characters except tabs and newlines`() {
    var stage = Stage.online(80, 10)
    stage.paste("a\u{1b}[31mb\u{7}\u{0}\u{9b}c\td\u{7f}")
    #expect(stage.input == "a[31mbc\td")
  }

  @Test
  func `is undone as one`() {
    var stage = Stage.online(80, 10)
    stage.type("ab")
    stage.paste("c d")
    stage.press("Ctrl+_")
    #expect(stage.input == "ab")
  }

  @Test
  func `reports that it was too long`() {
    var stage = Stage.online(80, 10)
    stage.paste(String(repeating: "x", count: LineEditor.maximumCharacters + 1))
    #expect(stage.input.count == LineEditor.maximumCharacters)
    #expect(stage.pane.last?.hasSuffix("the paste was too long: its end is missing") == true)
  }

  @Test
  func `of few characters with many bytes reports that it was too long too`() {
    for text in [
      String(repeating: "👨‍👩‍👧‍👦", count: 20_000), "a" + String(repeating: "\u{301}", count: 300_000) + "b",
    ] {
      var stage = Stage.online(80, 10)
      stage.paste(text)
      #expect(stage.input.utf8.count <= LineEditor.maximumBytes)
      #expect(stage.pane.last?.hasSuffix("the paste was too long: its end is missing") == true)
    }
  }

  @Test
  func `goes to the input while a list or help is open`() {
    var stage = Stage.online(80, 10, with: ["zoe"])
    stage.press("F6")
    stage.paste("x")
    #expect(stage.interface.overlays.isEmpty)
    #expect(stage.input == "x")
    stage.press("F1")
    stage.paste("y")
    #expect(stage.input == "xy", "what is pasted is taken, and help closed")
  }
}
