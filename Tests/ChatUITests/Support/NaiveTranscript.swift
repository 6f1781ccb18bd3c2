import ChatProtocol

@testable import ChatUI

/// The expected contents of a pane, computed in the simplest way: all entries are laid out, and a window moves over
/// them.
struct NaiveTranscript {
  struct Line: Equatable {
    var row: TranscriptLayout.Row
    /// The entry, and the row within the entry.
    var entry: Int
    var number: Int
  }

  private(set) var lines: [Line] = []
  private let unconfirmed: [TranscriptLayout.Row]
  private let height: Int

  init(_ transcript: Transcript, layout: TranscriptLayout, height: Int, author: Nickname) {
    self.height = height
    var previous: TranscriptEntry?
    for entry in transcript.entries {
      let block = layout.block(of: entry, after: previous)
      for (index, row) in block.rows.enumerated() {
        lines.append(Line(row: row, entry: entry.id, number: index - block.rules))
      }
      previous = entry
    }
    unconfirmed = transcript.unconfirmed.flatMap { layout.rows(of: $0, author: author) }
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
    let index = index(of: scroll)
    // All entries may be hidden now.
    if lines.isEmpty || scroll == .bottom || isNewest(index) {
      return (lines.map(\.row) + unconfirmed).suffix(height)
    }
    return lines[...index].suffix(height).map(\.row)
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
