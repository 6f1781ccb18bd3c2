/// Where the characters of an input stand on the screen: rows of at most so many columns, broken anywhere, and the
/// cursor in one of them.
struct InputLayout {
  private(set) var rows: [String] = [""]
  private(set) var cursorRow = 0
  private(set) var cursorColumn = 0

  init(_ editor: LineEditor, width: Int) {
    let width = max(width, 2)
    var column = 0
    for (index, character) in editor.characters.enumerated() {
      let columns = character == "\n" ? 0 : Self.shown(character).cellWidth
      // The cursor needs a column, too: a full row continues below.
      if column + columns > width || (column == width && character != "\n") {
        rows.append("")
        column = 0
      }
      if index == editor.cursor { (cursorRow, cursorColumn) = (rows.count - 1, column) }
      if character == "\n" {
        rows.append("")
        column = 0
      } else {
        rows[rows.count - 1].append(Self.shown(character))
        column += columns
      }
    }
    if editor.cursor == editor.characters.count {
      if column >= width {
        rows.append("")
        column = 0
      }
      (cursorRow, cursorColumn) = (rows.count - 1, column)
    }
  }

  /// Something to see for each character, so that the cursor never stands in front of nothing.
  private static func shown(_ character: Character) -> Character {
    if character == "\t" { return " " }
    let drawable = character.drawable
    return drawable.cellWidth > 0 ? drawable : "\u{fffd}"
  }
}
