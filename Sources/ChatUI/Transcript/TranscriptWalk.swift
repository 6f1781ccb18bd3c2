/// Walks over a transcript row by row, laying out no more entries than it passes.
struct TranscriptWalk {
  let transcript: Transcript
  let layout: TranscriptLayout

  /// What a pane shows.
  struct Page {
    var rows: [TranscriptLayout.Row]
    /// How many messages stand below, unseen.
    var messagesBelow: Int
  }

  private var entries: [TranscriptEntry] { transcript.entries }

  private func rows(at index: Int) -> [TranscriptLayout.Row] {
    layout.rows(of: entries[index], after: index > 0 ? entries[index - 1] : nil)
  }

  /// - Parameter unconfirmed: rows that stand below all entries.
  func page(at scroll: Tab.Scroll, height: Int, unconfirmed: [TranscriptLayout.Row]) -> Page {
    var below: [TranscriptLayout.Row] = []
    guard case .row(let row, let id) = scroll, let index = place(of: id) else {
      let rows = collect(upwardsFrom: entries.count - 1, height: height - min(unconfirmed.count, height))
      return Page(rows: rows + unconfirmed.suffix(height), messagesBelow: 0)
    }
    let last = rows(at: index)
    let shown = last.prefix(row == .max ? last.count : row + 1)
    var above = collect(upwardsFrom: index - 1, height: height - min(shown.count, height)) + shown.suffix(height)
    // At the top there may be room below what is scrolled to.
    below = Array(last.dropFirst(shown.count))
    var next = index + 1
    while above.count + below.count < height, next < entries.count {
      below += rows(at: next)
      next += 1
    }
    above += below.prefix(height - above.count)
    return Page(rows: above, messagesBelow: entries[next...].count { $0.message != nil })
  }

  private func collect(upwardsFrom index: Int, height: Int) -> [TranscriptLayout.Row] {
    var blocks: [[TranscriptLayout.Row]] = []
    var count = 0
    var index = index
    while count < height, index >= 0 {
      let block = rows(at: index)
      blocks.append(block)
      count += block.count
      index -= 1
    }
    return Array(blocks.reversed().joined().suffix(max(height, 0)))
  }

  // MARK: Scrolling

  /// Where the pane's last row is after so many rows, within what there is.
  func scroll(from scroll: Tab.Scroll, by rows: Int, height: Int) -> Tab.Scroll {
    guard !entries.isEmpty else { return .bottom }
    return rows < 0 ? up(from: scroll, by: rows == .min ? .max : -rows, height: height) : down(from: scroll, by: rows)
  }

  private func up(from scroll: Tab.Scroll, by distance: Int, height: Int) -> Tab.Scroll {
    var (index, row) = position(of: scroll)
    var left = distance
    // The topmost last row still fills the pane.
    let (topIndex, topRow) = topmost(height: height)
    while left > 0, (index, row) > (topIndex, topRow) {
      if row > 0 {
        let step = min(row, left)
        row -= step
        left -= step
      } else {
        index -= 1
        row = rows(at: index).count - 1
        // An entry may have no rows at all.
        if row >= 0 { left -= 1 }
      }
    }
    if (index, row) < (topIndex, topRow) { (index, row) = (topIndex, topRow) }
    return isBottom(index, row) ? .bottom : .row(max(row, 0), ofEntry: entries[index].id)
  }

  private func down(from scroll: Tab.Scroll, by distance: Int) -> Tab.Scroll {
    guard case .row = scroll else { return .bottom }
    var (index, row) = position(of: scroll)
    var left = distance
    while left > 0 {
      let count = rows(at: index).count
      if row + left < count {
        row += left
        left = 0
      } else {
        left -= max(count - 1 - row, 0) + 1
        index += 1
        row = 0
        guard index < entries.count else { return .bottom }
        while rows(at: index).isEmpty {
          index += 1
          guard index < entries.count else { return .bottom }
        }
        if left < 0 { left = 0 }
      }
    }
    return isBottom(index, row) ? .bottom : .row(row, ofEntry: entries[index].id)
  }

  private func isBottom(_ index: Int, _ row: Int) -> Bool {
    index >= entries.count - 1 && row >= rows(at: entries.count - 1).count - 1
  }

  private func position(of scroll: Tab.Scroll) -> (index: Int, row: Int) {
    guard case .row(let row, let id) = scroll, let index = place(of: id) else {
      return (entries.count - 1, max(rows(at: entries.count - 1).count - 1, 0))
    }
    return (index, min(row, max(rows(at: index).count - 1, 0)))
  }

  /// The last row of the first page.
  private func topmost(height: Int) -> (index: Int, row: Int) {
    var left = height
    for index in entries.indices {
      let count = rows(at: index).count
      if count >= left { return (index, max(left - 1, 0)) }
      left -= count
    }
    return (entries.count - 1, max(rows(at: entries.count - 1).count - 1, 0))
  }

  /// The entry, or the oldest where it is gone; nil where there is none.
  private func place(of id: Int) -> Int? {
    transcript.index(of: id) ?? (entries.isEmpty ? nil : 0)
  }
}
