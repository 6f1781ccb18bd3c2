import ChatProtocol

@testable import ChatUI

/// What a pane shows, found the slow and obvious way: everything is laid out, and a window moves over it.
struct NaiveTranscript {
  struct Line: Equatable {
    var row: TranscriptLayout.Row
    /// Which entry, and which of its rows.
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

  /// Where a line stands; what is gone or hidden counts as what is left before it.
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
    // All that there was may be hidden by now.
    if lines.isEmpty || scroll == .bottom || isNewest(index) {
      return (lines.map(\.row) + unconfirmed).suffix(height)
    }
    return lines[...index].suffix(height).map(\.row)
  }

  /// The line that is the pane's last after so many rows; nil for the newest.
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
