import ChatProtocol

// Lists that replace the pane: a title, items of one or two rows, and the keys.

extension Interface {
  /// Rows per search result: target and text side by side, or one below the other.
  var resultRows: Int { size.columns >= 60 ? 1 : 2 }

  func draw(_ results: SearchResults, on screen: inout Screen, in layout: Layout) {
    let place = results.target.map { " in \($0)" } ?? ""
    let count = results.found.count
    let query = DisplayText.sanitize(results.text)
    let items = self.items(results.found, highlighting: results.phrases)
    let (state, isMore): (String, Bool) =
      switch results.state {
      case .waiting: (count == 0 ? "asking the server…" : "asking for more…", false)
      case .answered(let hasMore): (count == 0 ? "nothing was found" : "\(count)\(hasMore ? "+" : "") found", hasMore)
      case .stopped: ("\(count == 0 ? "nothing" : "\(count)") found so far; the search took too long", true)
      case .failed(let reason): (reason, false)
      }
    let keys =
      count == 0
      ? isMore ? "PgDn: search on · Esc: back" : "Esc: back"
      : isMore ? "Enter: go there · PgDn: more · Esc" : "Enter: go there · Esc"
    draw(
      items, itemRows: resultRows, choice: results.choice, title: "“\(query)”\(place)", state: state, keys: keys,
      on: &screen, in: layout)
  }

  func draw(_ list: RoomList, on screen: inout Screen, in layout: Layout) {
    let width = min(list.rooms.map(\.name.text.cellWidth).max() ?? 0, max(size.columns / 3, 8))
    let digits = list.rooms.map { String($0.people).count }.max() ?? 1
    let names = Abbreviations(list.rooms.lazy.map(\.name.text), width: width)
    let items = list.rooms.map { room in
      let people = String(repeating: " ", count: digits - String(room.people).count) + String(room.people)
      let isOpen = tabs.index(of: .room(room.name)) != nil
      return Item(rows: [
        [
          Piece(column: 1, text: names.form(of: room.name.text, width: width), style: isOpen ? .bold : .plain),
          Piece(column: width + 2, text: people, style: .dim),
          Piece(column: width + 3 + digits, text: DisplayText.sanitize(room.topic), style: .dim),
        ]
      ])
    }
    draw(
      items, itemRows: 1, choice: list.choice, title: "Rooms",
      state: items.isEmpty ? "there are none" : "\(items.count) with people and topic",
      keys: items.isEmpty ? "Esc: back" : "Enter: go in · Esc", on: &screen, in: layout)
  }

  func draw(_ switcher: Switcher, on screen: inout Screen, in layout: Layout) {
    let height = layout.pane.rows
    let first = switcher.choice.first(count: switcher.matches.count, page: height - 1)
    // There can be far more names than rows.
    let shown = switcher.matches.dropFirst(first).prefix(height)
    let items = shown.map { target in
      let tab = tabs.index(of: target).map { tabs[$0] }
      let unread = tab.map { $0.unread > 0 ? " •\($0.unread)" : "" } ?? ""
      let style: Style = tab == nil ? .dim : unread.isEmpty ? .plain : .bold
      return Item(rows: [[Piece(column: 1, text: rosters.guests.shown(target) + unread, style: style)]])
    }
    draw(
      items, itemRows: 1, choice: Choice(switcher.choice.index - first), title: "Go to",
      state: switcher.matches.isEmpty ? "nothing is called so" : "\(switcher.matches.count)",
      keys: switcher.matches.isEmpty ? "Esc: back" : "↑ ↓ choose · Enter: go there · Esc", on: &screen, in: layout)
  }

  func draw(_ list: RemovalList, on screen: inout Screen, in layout: Layout) {
    let isNarrow = size.columns < 40
    draw(
      items(list.messages), itemRows: resultRows, choice: list.choice,
      title: isNarrow ? "Remove which?" : "Remove which message?", state: isNarrow ? "" : "newest first",
      keys: "Enter: remove it · Esc: none", on: &screen, in: layout)
  }

  // MARK: Drawing

  private typealias Piece = TranscriptLayout.Row.Piece

  private struct Item {
    var rows: [[Piece]]
  }

  private func draw(
    _ items: [Item], itemRows: Int, choice: Choice, title: String, state: String, keys: String,
    on screen: inout Screen, in layout: Layout
  ) {
    let (top, height, width) = (layout.pane.row, layout.pane.rows, size.columns)
    // With a single row, the item takes it.
    let hasTitle = height > 1
    if hasTitle {
      let room = width - state.cellWidth - 4
      let end = screen.put(title.truncated(to: max(room, width / 2)), row: top, column: 1, style: .bold)
      screen.put(state, row: top, column: end + 2, style: .dim)
    }
    let page = max((height - (hasTitle ? 1 : 0)) / itemRows, 1)
    let first = choice.first(count: items.count, page: page)
    screen.cursor = Screen.Position(
      row: min(top + (hasTitle ? 1 : 0) + max(choice.index - first, 0) * itemRows, top + height - 1), column: 0)
    for (index, item) in items.dropFirst(first).prefix(page).enumerated() {
      let isChosen = first + index == choice.index
      for (offset, row) in item.rows.prefix(itemRows).enumerated() {
        let place = top + (hasTitle ? 1 : 0) + index * itemRows + offset
        guard place < top + height else { break }
        if isChosen {
          screen.fill(Layout.Area(row: place, column: 0, rows: 1, columns: width), style: .reversed)
        }
        for piece in row {
          let text = piece.text.truncated(to: width - piece.column - 1)
          // A match in the chosen row stands out by not being reversed.
          let isMatch = piece.style.attributes.contains(.reversed)
          let chosenStyle: Style = isMatch ? .bold : .reversed
          screen.put(text, row: place, column: piece.column, style: isChosen ? chosenStyle : piece.style, end: width)
        }
      }
    }
    screen.fill(layout.status, style: .reversed)
    let choices = [keys, keys.split(separator: "·").first.map(String.init) ?? keys]
    let text = hint ?? choices.first { $0.cellWidth < width } ?? ""
    screen.put(" " + text, row: layout.status.row, column: 0, style: .reversed)
  }

  private func items(_ messages: [Said], highlighting phrases: [SearchPhrase] = []) -> [Item] {
    let guests = rosters.guests
    let rooms = Abbreviations(messages.lazy.map { guests.shown($0.target) }, width: Self.placeWidth)
    let authors = Abbreviations(messages.lazy.map { guests.shown($0.author) }, width: Self.placeWidth)
    return messages.map { Item(rows: rows(of: $0, rooms, authors, phrases)) }
  }

  /// The columns for the target, and for the author.
  private static let placeWidth = 12

  private func rows(
    of said: Said, _ rooms: Abbreviations, _ authors: Abbreviations, _ phrases: [SearchPhrase]
  ) -> [[Piece]] {
    let local = LocalTime(said.time, offset: settings.localOffset(said.time))
    let today = LocalTime(now, offset: settings.localOffset(now)).date
    let when = "\(local.date.year == today.year ? local.dayOfYear : local.isoDay) \(local.clock)"
    let text =
      switch said.kind {
      case .text: DisplayText.sanitize(said.text)
      case .topic: "topic: " + DisplayText.sanitize(said.text)
      case .removed: "(removed)"
      }
    let guests = rosters.guests
    guard resultRows == 1 else {
      let place = Piece(column: 1, text: "\(when) \(guests.shown(said.target))", style: .dim)
      let author = Piece(column: 3, text: "\(guests.shown(said.author)): ", style: .plain)
      let words = Piece(column: 3 + author.text.cellWidth, text: text, style: .plain)
      return [[place], [author] + words.highlighting(phrases)]
    }
    let room = rooms.form(of: guests.shown(said.target), width: Self.placeWidth)
    let author = authors.form(of: guests.shown(said.author), width: Self.placeWidth)
    let column = 1 + when.cellWidth + 1
    return [
      [
        Piece(column: 1, text: when, style: .dim), Piece(column: column, text: room, style: .plain),
        Piece(column: column + 13, text: author, style: said.author.style),
      ] + Piece(column: column + 26, text: text, style: .plain).highlighting(phrases)
    ]
  }
}
