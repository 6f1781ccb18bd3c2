import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// The terminal cursor, which screen readers and braille displays follow.
@Suite
struct CursorTests {
  private func text(at cursor: Screen.Position?, in stage: Stage) -> String? {
    guard let cursor else { return nil }
    let screen = stage.screen
    var text = ""
    for column in cursor.column..<screen.size.columns { text.append(screen[cursor.row, column].character ?? " ") }
    return text.split(separator: " ").first.map(String.init)
  }

  @Test
  func `is on the selected row of each list`() {
    var stage = Stage.online(80, 12, with: ["akash", "zoe"])
    let rooms = ["#swift", "#go", "#rust"].map {
      RoomListing(name: RoomName(testing: $0), people: 1, topic: "")
    }
    stage.enter("/rooms")
    stage.hear(.rooms(rooms))
    #expect(text(at: stage.screen.cursor, in: stage) == "#go")
    stage.press("↓")
    #expect(text(at: stage.screen.cursor, in: stage) == "#rust")
    stage.press("Esc", "F6")
    #expect(text(at: stage.screen.cursor, in: stage) == "akash")
    stage.press("↓", "↓")
    #expect(text(at: stage.screen.cursor, in: stage) == "zoe")
    stage.press("Esc")
    #expect(stage.screen.cursor == Screen.Position(row: 11, column: 2))
  }

  @Test
  func `is in the input of the switcher, and at the top of help`() {
    var stage = Stage.online(80, 12, with: ["zoe"])
    stage.press("Ctrl+G")
    stage.type("zo")
    #expect(stage.screen.cursor == Screen.Position(row: 11, column: 9))
    stage.press("Esc", "F1")
    #expect(stage.screen.cursor == Screen.Position(row: 1, column: 0))
  }

  @Test(arguments: [(80, 12), (20, 5)])
  func `is on the question, framed or brief`(columns: Int, rows: Int) {
    var stage = Stage.online(columns, rows)
    stage.paste((1...9).map { "\($0)" }.joined(separator: "\n"))
    stage.press("Enter")
    #expect(text(at: stage.screen.cursor, in: stage) == "Send")
  }
}
