import ChatProtocol
import TerminalTypes

/// The wanted width of the column of names: that of the longest name in view. `TranscriptColumns` applies its limits.
/// The width grows when a longer name comes into view. It shrinks only after an action of the user, so that it does not
/// change back and forth as messages arrive.
struct NameColumn: Hashable, Sendable {
  private(set) var width = 0
  /// The view that the width was determined for.
  private var view: View?

  /// The state that only the user changes.
  struct View: Hashable, Sendable {
    var place: TabPlace
    var scroll: Tab.Scroll
    var size: Screen.Size
  }

  /// - Parameter longest: the width of the longest name in view.
  mutating func settle(_ longest: Int, in view: View) {
    let isSame = self.view == view
    self.view = view
    width = isSame ? max(width, longest) : longest
  }

  /// Lets the next `settle` make the column narrower.
  mutating func loosen() { view = nil }
}

extension Interface {
  /// Fits the column of names to what is in view.
  mutating func settleNameColumn() {
    let view = NameColumn.View(place: servers.shownPlace, scroll: tabs.current.scroll, size: size)
    nameColumn.settle(longestName(in: entriesInView(in: layout.pane)), in: view)
  }

  /// The entries that can be in view, and possibly more, because `smallestHeight` is a lower bound.
  func entriesInView(in pane: Layout.Area) -> Range<Int> {
    let (transcript, filter) = (tabs.current.transcript, filter)
    var end = transcript.entries.count
    if case .row(_, let entry) = tabs.current.scroll { end = min(transcript.place(of: entry) + 1, end) }
    var (first, rows) = (end, 0)
    while first > 0, rows < pane.rows, end - first < Self.mostInView {
      first -= 1
      let entry = transcript.entries[first]
      if !filter.hides(entry) { rows += entry.body.smallestHeight(width: pane.columns) }
    }
    return first..<end
  }

  /// The limit for entries, because some may be hidden.
  private static let mostInView = 2000

  private func longestName(in range: Range<Int>) -> Int {
    let (tab, filter) = (tabs.current, filter)
    var longest = 0
    func note(_ author: Nickname) {
      // A character never takes more columns than bytes; a name without letters gets brackets.
      guard author.text.utf8.count + 3 > longest else { return }
      longest = max(longest, (rosters.guests.contains(author) ? 1 : 0) + author.asAuthor.cellWidth)
    }
    for entry in tab.transcript.entries[range] {
      if let author = entry.author, !filter.hides(entry) { note(author) }
    }
    if tab.scroll == .bottom, !tab.transcript.unconfirmed.isEmpty { note(name) }
    return longest
  }
}

extension TranscriptEntry.Body {
  /// A lower bound for the number of rows in a pane.
  fileprivate func smallestHeight(width: Int) -> Int {
    guard case .message(let message) = self, message.text.utf8.count > width,
      message.text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f })
    else { return 1 }
    return message.text.utf8.count / width
  }
}
