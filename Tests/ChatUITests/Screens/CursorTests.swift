import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// The terminal cursor, which screen readers and braille displays follow.
@Suite
struct CursorTests {
  private func text(at cursor: Screen.Position?, in harness: InterfaceHarness) -> String? {
    guard let cursor else { return nil }
    let screen = harness.screen
    var text = ""
    for column in cursor.column..<screen.size.columns { text.append(screen[cursor.row, column].character ?? " ") }
    return text.split(separator: " ").first.map(String.init)
  }

  @Test
  func `the cursor is on the selected row of each list`() {
    var harness = InterfaceHarness.online(80, 12, with: ["akash", "zoe"])
    let rooms = ["#swift", "#go", "#rust"].map {
      RoomListing(name: RoomName(testing: $0), people: 1, topic: "")
    }
    harness.enter("/rooms")
    harness.receive(.rooms(rooms))
    #expect(text(at: harness.screen.cursor, in: harness) == "#go")
    harness.press("↓")
    #expect(text(at: harness.screen.cursor, in: harness) == "#rust")
    harness.press("Esc", "F6")
    #expect(text(at: harness.screen.cursor, in: harness) == "akash")
    harness.press("↓", "↓")
    #expect(text(at: harness.screen.cursor, in: harness) == "zoe")
    harness.press("Esc")
    #expect(harness.screen.cursor == Screen.Position(row: 11, column: 9))
  }

  @Test
  func `the cursor is in the input of the switcher, and at the top of help`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.press("Ctrl+G")
    harness.type("zo")
    #expect(harness.screen.cursor == Screen.Position(row: 11, column: 10))
    harness.press("Esc", "F1")
    #expect(harness.screen.cursor == Screen.Position(row: 1, column: 0))
  }

  @Test(arguments: [(80, 12), (20, 5)])
  func `the cursor is on the question, framed or brief`(columns: Int, rows: Int) {
    var harness = InterfaceHarness.online(columns, rows)
    harness.paste((1...9).map { "\($0)" }.joined(separator: "\n"))
    harness.press("Enter")
    #expect(text(at: harness.screen.cursor, in: harness) == "Send")
  }
}
