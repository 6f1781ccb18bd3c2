extension Interface {
  private static let helpColumn = 31

  /// The help, generated from the key map and the list of commands, so that it is always accurate.
  func helpRows(width: Int) -> [(text: String, style: Style)] {
    var rows: [(String, Style)] = []
    func add(_ left: String, _ right: String) {
      let column = min(Self.helpColumn, width / 2)
      if left.cellWidth < column {
        let indent = String(repeating: " ", count: column)
        for (index, line) in right.wrapped(to: width - column - 1).enumerated() {
          let label = index == 0 ? left + String(repeating: " ", count: column - left.cellWidth) : indent
          rows.append((" " + label + line, .plain))
        }
      } else {
        for line in left.wrapped(to: width - 2) { rows.append((" " + line, .plain)) }
        for line in right.wrapped(to: width - 4) { rows.append(("   " + line, .plain)) }
      }
    }
    for group in keyMap.groups {
      if !rows.isEmpty { rows.append(("", .plain)) }
      rows.append((group.title, .bold))
      for binding in group.bindings {
        guard let help = binding.help else { continue }
        add(binding.label ?? binding.keys.map(\.description).joined(separator: " "), help)
      }
    }
    for group in SlashCommand.groups {
      rows += [("", .plain), (group.title, .bold)]
      for command in group.commands { add("/\(command.name) \(command.parameters)", command.help) }
      for note in group.notes { add(note.input, note.help) }
    }
    return rows
  }

  func drawHelp(on screen: inout Screen, in layout: Layout, scroll: Int) {
    let rows = helpRows(width: size.columns)
    let height = layout.pane.rows
    let first = min(scroll, max(rows.count - height, 0))
    for (index, row) in rows.dropFirst(first).prefix(height).enumerated() {
      screen.put(row.text, row: layout.pane.row + index, column: 0, style: row.style)
    }
    screen.cursor = Screen.Position(row: layout.pane.row, column: 0)
    screen.fill(layout.status, style: .reversed)
    let isMore = first + height < rows.count
    let choices = (isMore ? ["PgDn: more · any other key: back", "PgDn: more"] : []) + ["any other key: back"]
    let text = choices.first { $0.cellWidth < size.columns } ?? ""
    screen.put(" " + text, row: layout.status.row, column: 0, style: .reversed)
  }
}
