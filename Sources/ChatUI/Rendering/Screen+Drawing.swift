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
      guard column + columns <= end || columns == 0 else { break }
      put(drawable, columns: columns, row: row, column: column, style: style)
      column += columns
    }
    return column
  }

  /// The same for a string, whose ASCII is written without taking it apart into clusters: most of a screen is ASCII.
  @discardableResult
  mutating func put(_ text: String, row: Int, column: Int, style: Style = .plain, end: Int? = nil) -> Int {
    let end = min(end ?? size.columns, size.columns)
    let behind = text.utf8.withContiguousStorageIfAvailable { bytes in
      var column = column
      var offset = 0
      while offset < bytes.count {
        let run = Self.printableRun(in: bytes, from: offset)
        if run > 0 {
          let fitting = min(run, max(end - column, 0))
          put(printable: bytes[offset..<offset + fitting], row: row, column: column, style: style)
          column += fitting
          guard fitting == run else { break }
          offset += run
        } else {
          let character = text[text.utf8.index(text.startIndex, offsetBy: offset)]
          let drawable = character.drawable
          let columns = drawable.cellWidth
          guard column + columns <= end || columns == 0 else { break }
          put(drawable, columns: columns, row: row, column: column, style: style)
          column += columns
          offset += character.utf8.count
        }
      }
      return column
    }
    return behind ?? put(Array(text), row: row, column: column, style: style, end: end)
  }

  /// The number of printable ASCII characters from an offset on that are clusters of their own. The last one before
  /// other characters may be the base of a cluster, and is left out.
  private static func printableRun(in bytes: UnsafeBufferPointer<UInt8>, from offset: Int) -> Int {
    var end = offset
    while end < bytes.count, bytes[end] >= 0x20, bytes[end] < 0x7f { end += 1 }
    return end < bytes.count && bytes[end] >= 0x80 && end > offset ? end - 1 - offset : end - offset
  }

  private mutating func put(_ drawable: Character, columns: Int, row: Int, column: Int, style: Style) {
    guard columns > 0 else { return }
    clear(row: row, columns: column..<column + columns)
    self[row, column] = Cell(drawable, style)
    if columns > 1 { for extra in 1..<columns { self[row, column + extra] = Cell(nil, style) } }
  }

  private mutating func put(printable bytes: Slice<UnsafeBufferPointer<UInt8>>, row: Int, column: Int, style: Style) {
    guard !bytes.isEmpty else { return }
    clear(row: row, columns: column..<column + bytes.count)
    var column = column
    for byte in bytes {
      self[row, column] = Cell(Character(Unicode.Scalar(byte)), style)
      column += 1
    }
  }

  /// Covers an area with blanks, and the links in it.
  mutating func fill(_ area: Layout.Area, style: Style = .plain) {
    links.removeAll { link in
      (area.row..<area.row + area.rows).contains(link.row)
        && link.columns.overlaps(area.column..<area.column + area.columns)
    }
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
