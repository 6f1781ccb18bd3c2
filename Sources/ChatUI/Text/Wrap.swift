extension String {
  /// The text in rows of at most `width` columns: broken at spaces, inside a word only where it is longer than a row.
  /// Newlines begin a row. There is at least one row, and every row but an empty text's makes progress, whatever the
  /// text is made of.
  func wrapped(to width: Int) -> [String] {
    let width = max(width, 2)
    var rows: [String] = []
    for paragraph in split(separator: "\n", omittingEmptySubsequences: false) {
      Self.wrap(paragraph, to: width, into: &rows)
    }
    return rows
  }

  private static func wrap(_ paragraph: Substring, to width: Int, into rows: inout [String]) {
    if paragraph.utf8.count <= width, paragraph.cellWidth <= width { return rows.append(String(paragraph)) }
    var row = ""
    var rowWidth = 0
    /// Where the row can be broken: behind its last space.
    var lastBreak: (index: String.Index, width: Int)?
    for character in paragraph {
      let columns = character.cellWidth
      if rowWidth + columns > width, rowWidth > 0 {
        if character == " " {
          rows.append(row)
          (row, rowWidth, lastBreak) = ("", 0, nil)
          continue
        }
        let rest = lastBreak.map { String(row[$0.index...]) } ?? ""
        let restWidth = lastBreak.map { rowWidth - $0.width } ?? 0
        if let lastBreak { row = String(row[..<lastBreak.index]) }
        rows.append(row.trimmingTrailingSpaces)
        (row, rowWidth, lastBreak) = (rest, restWidth, nil)
      }
      row.append(character)
      rowWidth += columns
      if character == " " { lastBreak = (row.endIndex, rowWidth) }
    }
    rows.append(row)
  }

  private var trimmingTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// The text itself where it fits, or else as much of it as leaves a column for `…`.
  func truncated(to width: Int) -> String {
    guard cellWidth > width else { return self }
    guard width > 0 else { return "" }
    var result = ""
    var used = 1
    for character in self {
      used += character.cellWidth
      if used > width { break }
      result.append(character)
    }
    return result + "…"
  }
}
