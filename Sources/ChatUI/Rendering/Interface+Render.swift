import ChatProtocol
import TerminalTypes

extension Interface {
  var layout: Layout { layout(for: inputLayout) }

  private func layout(for input: InputLayout) -> Layout {
    Layout(size, inputRows: input.rowCount, showsSidebar: view.showsSidebar)
  }

  /// Draws the whole screen.
  public func render() -> Frame {
    var frame = Frame(screen: Screen(size: size), mouseTargets: MouseTargets(of: servers.shown.endpoint))
    guard size.rows >= Layout.smallestRows, size.columns >= Layout.smallestColumns else {
      frame.screen.put("too small", row: 0, column: 0)
      return frame
    }
    let input = inputLayout
    let layout = layout(for: input)
    let overlay = overlays.top
    drawTop(on: &frame, in: layout)
    if overlay?.coversTabs == true { frame.mouseTargets.removeAll() }
    if overlay?.coversPane != true {
      let page = drawPane(on: &frame, in: layout.pane)
      if let area = layout.sidebar { sidebar.draw(on: &frame, in: area) }
      drawStatus(on: &frame.screen, in: layout, page)
    }
    overlay?.draw(on: &frame, in: layout, of: self)
    candidatePopup?.draw(on: &frame, in: layout)
    if overlay?.takesClicks == false { frame.mouseTargets.removeAll() }
    let typing = drawInput(input, on: &frame.screen, in: layout.input)
    // The cursor is where the user types, or on the selected item: screen readers and braille displays follow it.
    let isTyping = overlay == nil || overlay?.input(width: size.columns) != nil
    if isTyping || frame.screen.cursor == nil { frame.screen.cursor = typing }
    return frame
  }

  /// Draws the tab bar and the heading.
  private func drawTop(on frame: inout Frame, in layout: Layout) {
    let help = layout.heading == nil ? "" : helpHint
    let texts = tabBar.texts(in: layout.tabBar, room: tabBarRoom(in: layout))
    let end = TabBar.draw(texts, on: &frame.screen, in: layout.tabBar)
    let places = servers.allTabs.map(servers.place)
    for text in texts {
      guard let tab = text.tab, text.columns > 0 else { continue }
      frame.mouseTargets.add(
        .tab(places[tab]),
        in: Layout.Area(row: layout.tabBar.row, column: text.column, rows: 1, columns: text.columns))
    }
    guard let area = layout.heading else {
      return heading.draw(on: &frame.screen, in: layout.tabBar, from: end)
    }
    frame.screen.put(help, row: layout.tabBar.row, column: layout.tabBar.columns - help.count - 1, style: .dim)
    heading.draw(on: &frame.screen, in: area, list: layout.sidebar?.column)
  }

  /// The number of columns for the tabs.
  func tabBarRoom(in layout: Layout) -> Int {
    layout.tabBar.columns - (layout.heading == nil ? 0 : helpHint.count + 2)
  }

  /// At the end of the tab bar if there is a heading, otherwise at the end of the status line.
  var helpHint: String { "\(keyMap.shortcut(.help) ?? "/help") help" }

  // MARK: Pane

  /// - Returns: the page that is shown.
  private func drawPane(on frame: inout Frame, in area: Layout.Area) -> TranscriptWalk.PaneContent {
    let page = walk(in: area).page(at: tabs.current.scroll)
    // A short conversation is at the bottom of the pane, next to the input.
    let first = area.row + area.rows - min(page.rows.count, area.rows)
    for (index, row) in page.rows.prefix(area.rows).enumerated() {
      for piece in row.pieces {
        frame.screen.put(
          piece.text, row: first + index, column: area.column + piece.column, style: piece.style,
          end: area.column + area.columns)
      }
      for anchor in row.anchors {
        let columns = anchor.columns.clamped(to: 0..<area.columns)
        guard !columns.isEmpty else { continue }
        let place = Layout.Area(
          row: first + index, column: area.column + columns.lowerBound, rows: 1, columns: columns.count)
        switch anchor.subject {
        case .author(let name): frame.mouseTargets.add(.author(name: name), in: place)
        case .link(let address):
          frame.mouseTargets.add(.link(address), in: place)
          frame.screen.links.append(
            Screen.Link(row: place.row, columns: place.column..<place.column + place.columns, address: address))
        }
      }
    }
    return page
  }

  // MARK: Input

  /// - Returns: the place of the cursor.
  private func drawInput(
    _ layout: InputLayout, on screen: inout Screen, in area: Layout.Area
  ) -> Screen.Position {
    let (prompt, _) = input
    let isOwn = overlays.top?.input(width: size.columns) == nil
    let indent = screen.put(
      prompt, row: area.row, column: area.column, style: isOwn ? Style(.own) : Style(.highlight, .bold))
    // The row with the cursor is always in view.
    let first = max(layout.cursorRow - area.rows + 1, 0)
    for row in first..<min(first + area.rows, layout.rowCount) {
      screen.put(layout[row], row: area.row + row - first, column: indent)
    }
    return Screen.Position(
      row: area.row + layout.cursorRow - first, column: min(indent + layout.cursorColumn, area.columns - 1))
  }
}
