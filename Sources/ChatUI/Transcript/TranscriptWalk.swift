import ChatProtocol

/// Scrolls through a transcript row by row, and lays out only the entries that it passes.
struct TranscriptWalk {
  let transcript: Transcript
  let layout: TranscriptLayout
  /// The height of the pane in rows.
  let height: Int
  /// The rows of unconfirmed messages, below all entries.
  let unconfirmed: [TranscriptLayout.Row]
  let visible: VisibleEntries

  init(_ transcript: Transcript, layout: TranscriptLayout, height: Int, author: Nickname) {
    self.transcript = transcript
    self.layout = layout
    self.height = height
    visible = VisibleEntries(transcript.entries, layout.filter)
    unconfirmed = transcript.unconfirmed.suffix(height).enumerated().flatMap { index, message in
      layout.rows(of: message, author: author, showsName: index == 0)
    }
  }

  /// The content of a pane.
  struct PaneContent {
    var rows: [TranscriptLayout.Row]
    /// The number of messages below the view; nil if the newest is in view.
    var messagesBelow: Int?
    /// The index of the first entry that is at least partly in view; nil if there is none.
    var first: Int?
    /// The index of the last entry in view, if `messagesBelow` is not nil.
    var last: Int?
    /// The links that begin in the page, in order; the first nine have a number.
    var links: [String] = []

    /// Numbers the links.
    mutating func numberLinks() {
      for index in rows.indices where !rows[index].links.isEmpty {
        for link in rows[index].links {
          links.append(link.address)
          guard links.count <= Self.numbers.count, rows[index].pieces.indices.contains(link.piece) else { continue }
          rows[index].pieces[link.piece].text = Self.numbers[links.count - 1]
        }
      }
    }

    private static let numbers = "¹²³⁴⁵⁶⁷⁸⁹".map(String.init)
  }

  /// A row of the transcript: the index of its entry, and the index within the rows of the entry.
  private struct RowPosition: Comparable {
    var index: Int
    var row: Int

    static func < (left: RowPosition, right: RowPosition) -> Bool { (left.index, left.row) < (right.index, right.row) }
  }

  private var count: Int { transcript.entries.count }

  private func block(_ index: Int) -> TranscriptLayout.Block {
    // There may be thousands of hidden entries: none of them may search for the entry above it.
    let previous = visible.isHidden(index) ? nil : visible.last(before: index)
    return layout.block(
      of: transcript.entries[index], after: previous.map { transcript.entries[$0] }, isFirst: index == 0)
  }

  func page(at scroll: Tab.Scroll) -> PaneContent {
    var page = contentWithoutNumbers(at: scroll)
    page.numberLinks()
    return page
  }

  private func contentWithoutNumbers(at scroll: Tab.Scroll) -> PaneContent {
    if case .row = scroll, let end = place(of: scroll), !showsNewest(at: end) {
      let below = visible.messages(after: end.index) + transcript.unconfirmed.count
      let (rows, first) = stretch(upTo: end, height: height)
      return PaneContent(rows: rows, messagesBelow: below, first: first, last: end.index)
    }
    let room = height - min(unconfirmed.count, height)
    guard let end = last(before: count) else {
      return PaneContent(rows: Array(layout.headingRows.prefix(room)) + unconfirmed.suffix(height))
    }
    let (rows, first) = stretch(upTo: end, height: room)
    return PaneContent(rows: rows + unconfirmed.suffix(height), first: room > 0 ? first : nil)
  }

  /// The position, replaced by `.bottom` if the newest message is in view: then the view follows new messages.
  func settled(_ scroll: Tab.Scroll) -> Tab.Scroll {
    guard case .row = scroll, let end = place(of: scroll), !showsNewest(at: end) else { return .bottom }
    return scroll
  }

  /// The number of rows above the view, counted up to one page.
  func rowsAbove(_ scroll: Tab.Scroll) -> Int {
    guard let end = place(of: scroll) else { return 0 }
    let shown = scroll == .bottom ? height - min(unconfirmed.count, height) : height
    return max(rows(upTo: end, height: height + shown).count - shown, 0)
  }

  /// Whether the transcript fills the pane.
  var isFull: Bool { last(before: count).map { rows(upTo: $0, height: height).count >= height } ?? false }

  // MARK: Scrolling

  /// Moves the position by a number of rows, within the transcript.
  /// - Parameter distance: negative scrolls up.
  func scroll(from scroll: Tab.Scroll, by distance: Int) -> Tab.Scroll {
    guard let here = place(of: scroll) else { return .bottom }
    if distance < 0 {
      // Unconfirmed messages are below the last entry.
      let covered = scroll == .bottom ? min(unconfirmed.count, height) : 0
      return self.scroll(at: withinReach(place(above: here, by: max(-max(distance, -.max) - covered, 0))))
    }
    if scroll == .bottom { return .bottom }
    return place(below: here, by: distance).map(self.scroll(at:)) ?? .bottom
  }

  /// The position at the oldest entry.
  var top: Tab.Scroll { topmost.map(scroll(at:)) ?? .bottom }

  /// Shows the entry at the top with the rules before it, if enough follows it.
  func scroll(toShow id: Int) -> Tab.Scroll {
    guard let place = first(from: transcript.place(of: id)) else { return .bottom }
    return self.place(below: place, by: height - 1).map(scroll(at:)) ?? .bottom
  }

  /// Shows the entry in the middle of the pane where possible.
  func scroll(around id: Int) -> Tab.Scroll {
    guard let place = first(from: transcript.place(of: id)) else { return .bottom }
    let below = max((height - 1) / 2, 1)
    return self.place(below: place, by: below).map { scroll(at: withinReach($0)) } ?? .bottom
  }

  private func scroll(at place: RowPosition) -> Tab.Scroll {
    .row(place.row - block(place.index).rules, ofEntry: transcript.entries[place.index].id)
  }

  /// - Returns: nil if there are no rows.
  private func place(of scroll: Tab.Scroll) -> RowPosition? {
    guard case .row(let row, let id) = scroll else { return last(before: count) }
    // A removed entry is replaced by the next one.
    let index = min(transcript.place(of: id), count - 1)
    guard index >= 0 else { return nil }
    let block = block(index)
    // A hidden entry, or a rule that is not drawn any more, is replaced by the row before it.
    guard !block.rows.isEmpty, row >= -block.rules else {
      return (last(before: index) ?? first(from: index)).map(withinReach)
    }
    let own = min(row, block.rows.count - block.rules - 1)
    return withinReach(RowPosition(index: index, row: own + block.rules))
  }

  /// The last row of the first page.
  private var topmost: RowPosition? {
    first(from: 0).flatMap { place(below: $0, by: height - 1) } ?? last(before: count)
  }

  /// The place, or the last row of the first page if that is below it.
  private func withinReach(_ place: RowPosition) -> RowPosition {
    // Each visible entry has at least one row: below so many of them, the place is not on the first page.
    var (above, index) = (0, place.index)
    while above < height, let next = visible.last(before: index) { (above, index) = (above + 1, next) }
    if above == height { return place }
    return topmost.map { max(place, $0) } ?? place
  }

  private func showsNewest(at end: RowPosition) -> Bool {
    guard end == last(before: count) else { return false }
    return unconfirmed.isEmpty || rows(upTo: end, height: height).count + unconfirmed.count <= height
  }

  // MARK: Steps

  /// Whether the first entry has a row even if it is hidden.
  private var hasHeading: Bool { layout.heading != nil && count > 0 }

  private func first(from index: Int) -> RowPosition? {
    let found = index == 0 && hasHeading ? 0 : visible.first(from: index)
    return found.map { RowPosition(index: $0, row: 0) }
  }

  private func last(before index: Int) -> RowPosition? {
    self.index(before: index).map { RowPosition(index: $0, row: block($0).rows.count - 1) }
  }

  /// The last entry with rows before an index.
  private func index(before index: Int) -> Int? { visible.last(before: index) ?? (index > 0 && hasHeading ? 0 : nil) }

  /// - Returns: the first place if the distance is larger.
  private func place(above place: RowPosition, by distance: Int) -> RowPosition {
    var place = place
    var left = distance
    while left > place.row {
      guard let next = last(before: place.index) else { return RowPosition(index: place.index, row: 0) }
      left -= place.row + 1
      place = next
    }
    place.row -= left
    return place
  }

  /// - Returns: nil if there are not enough rows.
  private func place(below place: RowPosition, by distance: Int) -> RowPosition? {
    var place = place
    var left = distance
    while true {
      let rest = block(place.index).rows.count - 1 - place.row
      if left <= rest { return RowPosition(index: place.index, row: place.row + left) }
      guard let next = first(from: place.index + 1) else { return nil }
      left -= rest + 1
      place = next
    }
  }

  private func rows(upTo end: RowPosition, height: Int) -> [TranscriptLayout.Row] {
    stretch(upTo: end, height: height).rows
  }

  /// - Returns: the rows, and the index of the entry that the first row belongs to. The first row has a time and a
  ///   name, even if they are above the view.
  private func stretch(upTo end: RowPosition, height: Int) -> (rows: [TranscriptLayout.Row], first: Int) {
    var top = (block: block(end.index), index: end.index)
    var blocks = [Array(top.block.rows.prefix(end.row + 1))]
    var count = blocks[0].count
    while count < height, let index = index(before: top.index) {
      top = (block(index), index)
      blocks.append(top.block.rows)
      count += top.block.rows.count
    }
    var rows = Array(blocks.reversed().joined().suffix(height))
    let row = max(count - height, 0) - top.block.rules
    if row >= 0, let first = rows.first {
      rows[0] = layout.labelled(first, of: transcript.entries[top.index], isFirst: row == 0)
    }
    // If the rows do not fill the pane, all entries above them are hidden.
    return (rows, count < height ? 0 : top.index)
  }
}
