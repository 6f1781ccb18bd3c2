import ChatProtocol

/// Walks over a transcript row by row, laying out no more entries than it passes.
struct TranscriptWalk {
  let transcript: Transcript
  let layout: TranscriptLayout
  /// How many rows the pane has.
  let height: Int
  /// The rows of what was sent and not confirmed, below all entries.
  let unconfirmed: [TranscriptLayout.Row]

  init(_ transcript: Transcript, layout: TranscriptLayout, height: Int, author: Nickname) {
    self.transcript = transcript
    self.layout = layout
    self.height = height
    unconfirmed = transcript.unconfirmed.suffix(height).flatMap { layout.rows(of: $0, author: author) }
  }

  /// What a pane shows.
  struct Page {
    var rows: [TranscriptLayout.Row]
    /// How many messages stand below, unseen; nil where the newest is in view.
    var messagesBelow: Int?
    /// Where the first entry stands that is in view, be it in part; nil where none is.
    var first: Int?
  }

  /// One row of one entry that has any.
  private struct Place: Comparable {
    var index: Int
    var row: Int

    static func < (left: Place, right: Place) -> Bool { (left.index, left.row) < (right.index, right.row) }
  }

  private var count: Int { transcript.entries.count }

  private func block(_ index: Int) -> TranscriptLayout.Block {
    layout.block(of: transcript.entries[index], after: index > 0 ? transcript.entries[index - 1] : nil)
  }

  func page(at scroll: Tab.Scroll) -> Page {
    if case .row = scroll, let end = place(of: scroll), !showsNewest(at: end) {
      let below = transcript.messages(after: end.index) + transcript.unconfirmed.count
      let (rows, first) = stretch(upTo: end, height: height)
      return Page(rows: rows, messagesBelow: below, first: first)
    }
    let room = height - min(unconfirmed.count, height)
    guard let end = last(before: count) else {
      return Page(rows: Array(layout.headingRows.prefix(room)) + unconfirmed.suffix(height))
    }
    let (rows, first) = stretch(upTo: end, height: room)
    return Page(rows: rows + unconfirmed.suffix(height), first: room > 0 ? first : nil)
  }

  /// The same, but `.bottom` where the newest is in view: then what comes shall be.
  func settled(_ scroll: Tab.Scroll) -> Tab.Scroll {
    guard case .row = scroll, let end = place(of: scroll), !showsNewest(at: end) else { return .bottom }
    return scroll
  }

  /// How many rows stand above what is shown, as far as it matters: no more than one more page is counted.
  func rowsAbove(_ scroll: Tab.Scroll) -> Int {
    guard let end = place(of: scroll) else { return 0 }
    let shown = scroll == .bottom ? height - min(unconfirmed.count, height) : height
    return max(rows(upTo: end, height: height + shown).count - shown, 0)
  }

  /// Whether there is more than the pane has room for, or as much.
  var isFull: Bool { last(before: count).map { rows(upTo: $0, height: height).count >= height } ?? false }

  // MARK: Scrolling

  /// Where the pane's last row is after so many rows, within what there is.
  /// - Parameter distance: negative towards the oldest.
  func scroll(from scroll: Tab.Scroll, by distance: Int) -> Tab.Scroll {
    guard let here = place(of: scroll) else { return .bottom }
    if distance < 0 {
      // Below the last entry stand those that are not confirmed.
      let covered = scroll == .bottom ? min(unconfirmed.count, height) : 0
      return self.scroll(at: withinReach(place(above: here, by: max(-max(distance, -.max) - covered, 0))))
    }
    if scroll == .bottom { return .bottom }
    return place(below: here, by: distance).map(self.scroll(at:)) ?? .bottom
  }

  /// As far up as it goes.
  var top: Tab.Scroll { topmost.map(scroll(at:)) ?? .bottom }

  /// The entry first, with the lines before it, where enough comes after it.
  func scroll(toShow id: Int) -> Tab.Scroll {
    guard let place = first(from: transcript.place(of: id)) else { return .bottom }
    return self.place(below: place, by: height - 1).map(scroll(at:)) ?? .bottom
  }

  /// The entry with as much around it as there is room for.
  func scroll(around id: Int) -> Tab.Scroll {
    guard let place = first(from: transcript.place(of: id)) else { return .bottom }
    let below = max((height - 1) / 2, 1)
    return self.place(below: place, by: below).map { scroll(at: withinReach($0)) } ?? .bottom
  }

  private func scroll(at place: Place) -> Tab.Scroll {
    .row(place.row - block(place.index).rules, ofEntry: transcript.entries[place.index].id)
  }

  /// - Returns: nil where there are no rows at all.
  private func place(of scroll: Tab.Scroll) -> Place? {
    guard case .row(let row, let id) = scroll else { return last(before: count) }
    // Where it is gone, what came next is meant.
    let index = min(transcript.place(of: id), count - 1)
    guard index >= 0 else { return nil }
    let block = block(index)
    // What is hidden, or no longer drawn, had its place behind what comes before it.
    guard !block.rows.isEmpty, row >= -block.rules else {
      return (last(before: index) ?? first(from: index)).map(withinReach)
    }
    let own = min(row, block.rows.count - block.rules - 1)
    return withinReach(Place(index: index, row: own + block.rules))
  }

  /// The last row of the first page.
  private var topmost: Place? {
    first(from: 0).flatMap { place(below: $0, by: height - 1) } ?? last(before: count)
  }

  /// The place itself, or the last row of the first page where that is below it.
  private func withinReach(_ place: Place) -> Place {
    // Each entry that is not hidden has a row: so far down the first page has ended.
    if !layout.hidesPresence, place.index >= height { return place }
    return topmost.map { max(place, $0) } ?? place
  }

  private func showsNewest(at end: Place) -> Bool {
    guard end == last(before: count) else { return false }
    return unconfirmed.isEmpty || rows(upTo: end, height: height).count + unconfirmed.count <= height
  }

  // MARK: Steps

  private func first(from index: Int) -> Place? {
    var index = index
    while index < count {
      if !block(index).rows.isEmpty { return Place(index: index, row: 0) }
      index += 1
    }
    return nil
  }

  private func last(before index: Int) -> Place? {
    var index = index
    while index > 0 {
      index -= 1
      let rows = block(index).rows.count
      if rows > 0 { return Place(index: index, row: rows - 1) }
    }
    return nil
  }

  /// - Returns: the very first where it is not so far.
  private func place(above place: Place, by distance: Int) -> Place {
    var place = place
    var left = distance
    while left > place.row {
      guard let next = last(before: place.index) else { return Place(index: place.index, row: 0) }
      left -= place.row + 1
      place = next
    }
    place.row -= left
    return place
  }

  /// - Returns: nil where there are not so many.
  private func place(below place: Place, by distance: Int) -> Place? {
    var place = place
    var left = distance
    while true {
      let rest = block(place.index).rows.count - 1 - place.row
      if left <= rest { return Place(index: place.index, row: place.row + left) }
      guard let next = first(from: place.index + 1) else { return nil }
      left -= rest + 1
      place = next
    }
  }

  private func rows(upTo end: Place, height: Int) -> [TranscriptLayout.Row] { stretch(upTo: end, height: height).rows }

  /// - Returns: also which entry the first of the rows is of.
  private func stretch(upTo end: Place, height: Int) -> (rows: [TranscriptLayout.Row], first: Int) {
    var blocks = [Array(block(end.index).rows.prefix(end.row + 1))]
    var rows = blocks[0].count
    var index = end.index
    while rows < height, index > 0 {
      index -= 1
      blocks.append(block(index).rows)
      rows += blocks[blocks.count - 1].count
    }
    return (Array(blocks.reversed().joined().suffix(height)), index)
  }
}
