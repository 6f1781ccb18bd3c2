import TerminalTypes

/// A list in place of the pane: a title, items of one or two rows, and the keys in the status line.
protocol ListOverlay: Overlay {
  func content(in interface: Interface) -> ListContent
  /// Selects an item.
  mutating func choose(_ item: Int) -> OverlayResponse
  /// Whether a click on the selected item is like Enter.
  var isClickEnter: Bool { get }
}

/// A list that holds its selection.
protocol ChoiceList: ListOverlay {
  var choice: Choice { get set }
}

extension ChoiceList {
  mutating func choose(_ item: Int) -> OverlayResponse {
    choice = Choice(item)
    return .handled
  }
}

/// The rows of a list.
struct ListContent {
  typealias Piece = TranscriptLayout.Row.Piece

  let title: String
  /// Shown beside the title.
  let state: String
  /// The keys with their effects, separated by `·`; only the first one if there is no space for all.
  let keys: String
  /// The rows of each item, as pieces.
  let items: [[[Piece]]]
  /// The selected item, counted from the start of the list.
  let choice: Choice
  var itemRows = 1
  /// The number of items before `items` that the list leaves out because they are not in view.
  var skipped = 0
}

extension ListOverlay {
  var lifetime: OverlayLifetime { .untilTabChanges }
  var coversPane: Bool { true }
  var wheel: WheelEffect { .movesChoice }
  var isClickEnter: Bool { true }

  /// Selects the item; a click on the selected item is like Enter.
  mutating func click(item: Int, in context: OverlayContext) -> OverlayResponse {
    let content = content(in: context.interface)
    // The click may be on an earlier list, or on one of a recording.
    guard (content.skipped..<content.skipped + content.items.count).contains(item) else { return .handled }
    return content.choice.index == item && isClickEnter ? press(Key(.enter), in: context) : choose(item)
  }

  func draw(on frame: inout Frame, in layout: Layout, of interface: Interface) {
    let content = content(in: interface)
    for place in content.draw(on: &frame.screen, in: layout.pane) {
      frame.mouseTargets.add(
        .item(content.skipped + place.item),
        in: Layout.Area(row: place.row, column: 0, rows: place.rows, columns: layout.tabBar.columns))
    }
    let keys = content.keys
    let choices = [keys, keys.split(separator: "·").first.map(String.init) ?? keys]
    // A hint is cut at the edge.
    guard let hint = interface.hint else { return frame.screen.putStatus(choices, in: layout) }
    frame.screen.fill(layout.status)
    frame.screen.put(" " + hint, row: layout.status.row, column: 0)
  }
}

extension Layout {
  /// The number of items of a list that fit below its title.
  func listPage(itemRows: Int = 1) -> Int { max((pane.rows - 1) / itemRows, 1) }
}

extension ListContent {
  /// The rows of an item in view.
  struct ItemPlace {
    /// The index in `items`.
    let item: Int
    let row: Int
    let rows: Int
  }

  /// The index of the selected item in `items`.
  private var chosen: Int { choice.index - skipped }

  /// The items in view; the selected one is among them.
  fileprivate func places(in pane: Layout.Area) -> [ItemPlace] {
    let title = pane.rows > 1 ? 1 : 0
    let page = max((pane.rows - title) / itemRows, 1)
    let first = Choice(chosen).first(count: items.count, page: page)
    return items.indices.dropFirst(first).prefix(page).enumerated().compactMap { index, item in
      let row = pane.row + title + index * itemRows
      let rows = min(itemRows, items[item].count, pane.row + pane.rows - row)
      return rows > 0 ? ItemPlace(item: item, row: row, rows: rows) : nil
    }
  }

  /// - Returns: the rows of the items in view.
  fileprivate func draw(on screen: inout Screen, in pane: Layout.Area) -> [ItemPlace] {
    let (top, height, width) = (pane.row, pane.rows, screen.size.columns)
    // With a single row, the item takes it.
    let hasTitle = height > 1
    if hasTitle {
      let room = width - state.cellWidth - 4
      let end = screen.put(title.truncated(to: max(room, width / 2)), row: top, column: 1, style: .bold)
      screen.put(state, row: top, column: end + 2, style: .dim)
    }
    let places = places(in: pane)
    screen.cursor = Screen.Position(
      row: places.first { $0.item == chosen }?.row ?? min(top + (hasTitle ? 1 : 0), top + height - 1), column: 0)
    for itemPlace in places {
      let isChosen = itemPlace.item == chosen
      for (offset, row) in items[itemPlace.item].prefix(itemPlace.rows).enumerated() {
        let place = itemPlace.row + offset
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
    return places
  }
}
