import TerminalTypes

/// The layout of an input: rows of at most `width` columns, broken anywhere, and the row and column of the cursor.
struct InputLayout {
  private let characters: [Character]
  private let width: Int
  /// The range of characters in each row.
  private var rows: [Range<Int>] = []
  private(set) var cursorRow = 0
  private(set) var cursorColumn = 0

  init(_ editor: LineEditor, width: Int) {
    characters = editor.characters
    self.width = max(width, 2)
    var start = 0
    var column = 0
    for (index, character) in characters.enumerated() {
      let isNewline = character == "\n"
      let columns = isNewline ? 0 : columns(of: character)
      // The cursor needs a column too: a full row continues below.
      if column + columns > self.width || (column == self.width && !isNewline) {
        rows.append(start..<index)
        (start, column) = (index, 0)
      }
      if index == editor.cursor { (cursorRow, cursorColumn) = (rows.count, column) }
      column += columns
      if isNewline {
        rows.append(start..<index)
        (start, column) = (index + 1, 0)
      }
    }
    if editor.cursor == characters.count {
      if column >= self.width {
        rows.append(start..<characters.count)
        (start, column) = (characters.count, 0)
      }
      (cursorRow, cursorColumn) = (rows.count, column)
    }
    rows.append(start..<characters.count)
  }

  var rowCount: Int { rows.count }

  /// The characters of a row, as drawn.
  subscript(row: Int) -> [Character] { characters[rows[row]].map(shown) }

  private func columns(of character: Character) -> Int {
    character.utf8.count == 1 ? 1 : shown(character).cellWidth
  }

  /// A visible character for each character of the input, so that the cursor always stands on a cell.
  private func shown(_ character: Character) -> Character {
    if character == "\t" { return " " }
    let drawable = character.drawable
    return (1...width).contains(drawable.cellWidth) ? drawable : "\u{fffd}"
  }
}
