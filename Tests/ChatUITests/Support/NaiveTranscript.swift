import ChatProtocol

@testable import ChatUI

/// The expected contents of a pane, computed in the simplest way: all entries are laid out, and a window moves over
/// them.
struct NaiveTranscript {
  struct DrawnLine: Equatable {
    var row: TranscriptLayout.Row
    /// The entry, and the row within the entry.
    var entry: Int
    var number: Int
  }

  private(set) var lines: [DrawnLine] = []
  private let transcript: Transcript
  private let layout: TranscriptLayout
  private let unconfirmed: [TranscriptLayout.Row]
  private let height: Int

  init(_ transcript: Transcript, layout: TranscriptLayout, height: Int, author: Nickname) {
    self.height = height
    (self.transcript, self.layout) = (transcript, layout)
    var previous: TranscriptEntry?
    for (index, entry) in transcript.entries.enumerated() {
      let block = layout.block(of: entry, after: previous, isFirst: index == 0)
      for (index, row) in block.rows.enumerated() {
        lines.append(DrawnLine(row: row, entry: entry.id, number: index - block.rules))
      }
      if !layout.filter.hides(entry) { previous = entry }
    }
    unconfirmed = transcript.unconfirmed.suffix(height).enumerated().flatMap { index, message in
      layout.rows(of: message, author: author, showsName: index == 0)
    }
  }

  /// The last line of the first page.
  private var topmost: Int { min(height, lines.count) - 1 }

  /// The index of a line; a removed or hidden line counts as the nearest line before it.
  func index(of scroll: Tab.Scroll) -> Int {
    guard case .row(let row, let id) = scroll else { return lines.count - 1 }
    let index = lines.lastIndex { ($0.entry, $0.number) <= (id, row) } ?? 0
    return max(index, topmost)
  }

  private func isNewest(_ index: Int) -> Bool {
    index == lines.count - 1 && (unconfirmed.isEmpty || min(lines.count, height) + unconfirmed.count <= height)
  }

  func page(at scroll: Tab.Scroll) -> [TranscriptLayout.Row] {
    var page = TranscriptWalk.PaneContent(rows: rows(at: scroll))
    page.numberLinks()
    return page.rows
  }

  private func rows(at scroll: Tab.Scroll) -> [TranscriptLayout.Row] {
    let index = index(of: scroll)
    // All entries may be hidden now.
    if lines.isEmpty || scroll == .bottom || isNewest(index) {
      return rows(lines, height: max(height - unconfirmed.count, 0)) + unconfirmed.suffix(height)
    }
    return rows(Array(lines[...index]), height: height)
  }

  /// The last rows. The first of them has the time and the name of its entry.
  private func rows(_ lines: [DrawnLine], height: Int) -> [TranscriptLayout.Row] {
    let shown = lines.suffix(height)
    guard let first = shown.first, first.number >= 0, let index = transcript.index(of: first.entry) else {
      return shown.map(\.row)
    }
    let top = layout.labelled(first.row, of: transcript.entries[index], isFirst: first.number == 0)
    return [top] + shown.dropFirst().map(\.row)
  }

  /// The last line of the pane after scrolling by so many rows; nil for the newest.
  func scrolled(_ scroll: Tab.Scroll, by distance: Int) -> Int? {
    guard !lines.isEmpty else { return nil }
    let index = index(of: scroll)
    if distance >= 0 {
      if scroll == .bottom || index + distance >= lines.count { return nil }
      return isNewest(index + distance) ? nil : index + distance
    }
    let covered = scroll == .bottom ? min(unconfirmed.count, height, -distance) : 0
    let target = max(index + distance + covered, topmost)
    return isNewest(target) ? nil : target
  }
}
