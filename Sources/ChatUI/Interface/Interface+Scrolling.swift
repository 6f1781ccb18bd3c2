import ChatProtocol
import TerminalTypes

extension Interface {
  func walk(in pane: Layout.Area) -> TranscriptWalk {
    var layout = TranscriptLayout(
      width: pane.columns, offset: settings.localOffset, names: nameColumn.width, style: preferences.layout,
      timeFormat: preferences.timeFormat, isWide: Layout.isWide(size))
    layout.filter = filter
    layout.firstUnread = tabs.current.firstUnread
    layout.newMessages = tabs.current.newMessages
    layout.found = tabs.current.found
    layout.heading = tabs.current.heading(rosters.guests)
    layout.needles = overlays.top?.highlights ?? search.phrases
    layout.isOnline = connection.isOnline
    layout.guests = rosters.guests
    if layout.columns.hasNameColumn {
      let width = layout.columns.nameWidth
      layout.abbreviations = roster.abbreviations(for: wideAuthors(width, in: pane), width: width)
    }
    return TranscriptWalk(tabs.current.transcript, layout: layout, height: pane.rows, author: name)
  }

  /// The authors of the visible entries whose names may be wider than a column, the latest first.
  private func wideAuthors(_ width: Int, in pane: Layout.Area) -> [Nickname] {
    // A character never takes more columns than bytes.
    tabs.current.transcript.authors(in: entriesInView(in: pane), withNamesAbove: width, filter).reversed()
  }

  /// - Parameter pages: negative scrolls up. One row stays in view.
  mutating func scroll(byPages pages: Int) {
    scroll { $0.scroll(from: $1, by: pages * max($0.height - 1, 1)) }
  }

  /// - Parameter rows: negative scrolls up.
  mutating func scroll(byRows rows: Int) { scroll { $0.scroll(from: $1, by: rows) } }

  mutating func scrollToTop() { scroll { walk, _ in walk.top } }
  mutating func scrollToBottom() {
    scroll { _, _ in .bottom }
    search.end()
    tabs.current.found = nil
  }

  /// Scrolls to an entry, with its context.
  mutating func scroll(to entry: Int) {
    scroll { walk, _ in walk.scroll(around: entry) }
    tabs.current.found = entry
  }

  mutating func scrollToFirstUnread() -> [InterfaceCommand] {
    if let entry = tabs.current.firstUnread {
      scroll { walk, _ in walk.scroll(toShow: entry) }
      tabs.current.found = entry
      return []
    }
    if let place = tabs.current.unread > 0 ? tabs.current.readState.mark : tabs.current.newAfter {
      return pursue(place + 1, in: tabs.current.target)
    }
    hint = "nothing is unread here"
    return []
  }

  mutating func scrollToMention(backward: Bool) {
    let transcript = tabs.current.transcript
    let entries = transcript.entries
    let from: Int? =
      switch (tabs.current.foundMention, tabs.current.scroll) {
      case (.some(let id), _), (nil, .row(_, let id)): transcript.index(of: id)
      case (nil, .bottom): nil
      }
    let here = from ?? entries.count
    let filter = filter
    let isMention: (Int) -> Bool = { entries[$0].message?.isMention == true && !filter.hides(entries[$0]) }
    let found =
      backward ? (0..<here).last(where: isMention) : entries.indices.dropFirst(here + 1).first(where: isMention)
    guard let found, let message = entries[found].message else {
      hint = backward ? "no mention before" : "no mention after"
      return
    }
    scroll { _, _ in .row(.max, ofEntry: entries[found].id) }
    (tabs.current.found, tabs.current.foundMention) = (entries[found].id, entries[found].id)
    // If the mention was in view already, nothing moves: the hint tells which one it is.
    hint = "\(message.author) mentioned you at \(clock(entries[found].time))"
  }

  /// Follows new messages if the newest one is in view.
  mutating func settleScroll() {
    if tabs.current.scroll != .bottom { tabs.current.scroll = walk(in: layout.pane).settled(tabs.current.scroll) }
  }

  // MARK: Unread messages above

  /// Hides the unread sign once the first unread message is in view.
  mutating func noteUnreadInView() {
    guard !tabs.current.hidesUnreadSign, let firstUnread = tabs.current.firstUnread, isFocused, overlays.showsPane,
      let top = walk(in: layout.pane).page(at: tabs.current.scroll).first
    else { return }
    if tabs.current.transcript.place(of: firstUnread) >= top { tabs.current.hidesUnreadSign = true }
  }

  private mutating func scroll(_ change: (TranscriptWalk, Tab.Scroll) -> Tab.Scroll) {
    let walk = walk(in: layout.pane)
    tabs.current.scroll = walk.settled(change(walk, tabs.current.scroll))
    tabs.current.foundMention = nil
  }
}
