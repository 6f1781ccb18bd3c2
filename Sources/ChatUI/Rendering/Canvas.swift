import TerminalTypes

extension Screen {
  /// Writes a text from a cell on, clipped at a column.
  /// - Parameter end: the column to clip at; nil clips at the edge of the screen.
  /// - Returns: the column behind the text.
  @discardableResult
  mutating func put(
    _ text: some Sequence<Character>, row: Int, column: Int, style: Style = .plain, end: Int? = nil
  ) -> Int {
    let end = min(end ?? size.columns, size.columns)
    var column = column
    for character in text {
      let drawable = character.drawable
      let columns = drawable.cellWidth
      guard columns > 0 else { continue }
      guard column + columns <= end else { break }
      clear(row: row, columns: column..<column + columns)
      self[row, column] = Cell(drawable, style)
      for extra in 1..<max(columns, 1) where columns > 1 { self[row, column + extra] = Cell(nil, style) }
      column += columns
    }
    return column
  }

  mutating func fill(_ area: Layout.Area, style: Style = .plain) {
    for row in area.row..<(area.row + area.rows) {
      clear(row: row, columns: area.column..<area.column + area.columns)
      for column in area.column..<(area.column + area.columns) { self[row, column] = Cell(" ", style) }
    }
  }

  /// Clears wide characters that writing into these columns would cut in half.
  private mutating func clear(row: Int, columns: Range<Int>) {
    var first = columns.lowerBound
    while first > 0, self[row, first].character == nil { first -= 1 }
    for column in first..<columns.lowerBound { self[row, column].character = " " }
    var behind = columns.upperBound
    while behind < size.columns, self[row, behind].character == nil {
      self[row, behind].character = " "
      behind += 1
    }
  }
}
