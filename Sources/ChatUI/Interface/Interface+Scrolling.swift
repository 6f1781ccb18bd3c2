import ChatProtocol

extension Interface {
  func walk(in pane: Layout.Area) -> TranscriptWalk {
    var layout = TranscriptLayout(
      width: pane.columns, offset: settings.localOffset, hidesPresence: hidesPresence,
      firstUnread: tabs.current.firstUnread, found: tabs.current.found, heading: tabs.current.heading,
      needles: shownNeedles, isOnline: connection.isOnline)
    if let width = layout.nameWidth {
      layout.abbreviations = Abbreviations(names(near: tabs.current.scroll), width: width)
    }
    return TranscriptWalk(tabs.current.transcript, layout: layout, height: pane.rows, author: name)
  }

  /// Those of the authors around what is in view, and of who is here.
  private func names(near scroll: Tab.Scroll) -> some Sequence<String> {
    let entries = tabs.current.transcript.entries
    var last = entries.count
    if case .row(_, let entry) = scroll { last = min(tabs.current.transcript.place(of: entry) + 100, last) }
    let authors = entries[max(last - 400, 0)..<last].reversed().lazy.compactMap(\.author?.text)
    return [AnySequence(authors), AnySequence(roster.people.lazy.map(\.name.text))].joined()
  }

  private var shownNeedles: [SearchPhrase] {
    if case .searching(let search) = mode { search.terms?.phrases ?? [] } else { needles }
  }

  /// - Parameter pages: negative towards the oldest. A row stays in view, to read on from.
  mutating func scroll(byPages pages: Int) {
    scroll { $0.scroll(from: $1, by: pages * max($0.height - 1, 1)) }
  }

  mutating func scrollToTop() { scroll { walk, _ in walk.top } }
  mutating func scrollToBottom() {
    scroll { _, _ in .bottom }
    needles = []
    pursuit = nil
    tabs.current.found = nil
  }

  /// An entry, with what stands around it.
  mutating func scroll(to entry: Int) {
    scroll { walk, _ in walk.scroll(around: entry) }
    tabs.current.found = entry
  }

  mutating func scrollToFirstUnread() -> [InterfaceCommand] {
    if let entry = tabs.current.firstUnread {
      scroll { walk, _ in walk.scroll(toShow: entry) }
      return []
    }
    if let place = tabs.current.unread > 0 ? tabs.current.reading.mark : tabs.current.newAfter {
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
    // Nobody reads above any more.
    if tabs.current.scroll == .bottom { trim(tabs.currentIndex) }
  }

  /// Lets the oldest go where there are too many; while somebody reads above, later.
  mutating func trim(_ index: Int) {
    let maximum = tabs[index].scroll == .bottom ? Transcript.maximumEntries : Transcript.maximumEntriesAbove
    if tabs[index].transcript.trim(to: maximum), tabs[index].epoch != nil { tabs[index].older = .unknown }
  }

  private mutating func scroll(_ change: (TranscriptWalk, Tab.Scroll) -> Tab.Scroll) {
    let walk = walk(in: layout.pane)
    tabs.current.scroll = walk.settled(change(walk, tabs.current.scroll))
    tabs.current.foundMention = nil
  }
}
