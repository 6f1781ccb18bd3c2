extension Interface {
  func walk(in pane: Layout.Area) -> TranscriptWalk {
    let layout = TranscriptLayout(
      width: pane.columns, offset: settings.localOffset, hidesPresence: hidesPresence,
      firstUnread: tabs.current.firstUnread)
    return TranscriptWalk(tabs.current.transcript, layout: layout, height: pane.rows, author: name)
  }

  /// - Parameter pages: negative towards the oldest. A row stays in view, to read on from.
  mutating func scroll(byPages pages: Int) {
    scroll { $0.scroll(from: $1, by: pages * max($0.height - 1, 1)) }
  }

  mutating func scrollToTop() { scroll { walk, _ in walk.top } }
  mutating func scrollToBottom() { scroll { _, _ in .bottom } }

  mutating func scrollToFirstUnread() {
    guard let entry = tabs.current.firstUnread else {
      hint = "nothing is unread here"
      return
    }
    scroll { walk, _ in walk.scroll(toShow: entry) }
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
    let isMention: (Int) -> Bool = { entries[$0].message?.isMention == true }
    let found =
      backward ? (0..<here).last(where: isMention) : entries.indices.dropFirst(here + 1).first(where: isMention)
    guard let found, let message = entries[found].message else {
      hint = backward ? "no mention before" : "no mention after"
      return
    }
    scroll { _, _ in .row(.max, ofEntry: entries[found].id) }
    tabs.current.foundMention = entries[found].id
    // Where it was in view already, nothing moves.
    let time = LocalTime(entries[found].time, offset: settings.localOffset(entries[found].time))
    hint = "\(message.author) mentioned you at \(time.clock)"
  }

  /// Follows what comes, where the newest is in view.
  mutating func settleScroll() {
    if tabs.current.scroll != .bottom { tabs.current.scroll = walk(in: layout.pane).settled(tabs.current.scroll) }
  }

  private mutating func scroll(_ change: (TranscriptWalk, Tab.Scroll) -> Tab.Scroll) {
    let walk = walk(in: layout.pane)
    tabs.current.scroll = walk.settled(change(walk, tabs.current.scroll))
    tabs.current.foundMention = nil
  }
}
