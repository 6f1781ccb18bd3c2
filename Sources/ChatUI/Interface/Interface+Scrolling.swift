import ChatProtocol

extension Interface {
  func walk(in pane: Layout.Area) -> TranscriptWalk {
    var layout = TranscriptLayout(
      width: pane.columns, offset: settings.localOffset, hidesPresence: view.hidesPresence,
      firstUnread: tabs.current.firstUnread, found: tabs.current.found, heading: tabs.current.heading(rosters.guests),
      needles: shownNeedles, isOnline: connection.isOnline, guests: rosters.guests)
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
    jump = nil
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
  }

  // MARK: What is unread above

  /// How many messages that were unread when the tab was opened stand above what is shown, until the first of them was
  /// in view; nil where there are none.
  func unreadAbove(_ page: TranscriptWalk.Page) -> Int? {
    let tab = tabs.current
    guard !tab.hidesUnreadSign, let top = page.first else { return nil }
    let entries = tab.transcript.entries
    var count = 0
    if let firstUnread = tab.firstUnread {
      let index = tab.transcript.place(of: firstUnread)
      guard index < top, entries.indices.contains(top) else { return nil }
      count = entries[top - 1].messageCount - entries[index].messageCount + entries[index].body.messageCount
    } else if let newAfter = tab.newAfter, let first = entries[top...].lazy.compactMap(\.sequence).first {
      count = first - newAfter - 1
    }
    return count > 0 ? count : nil
  }

  /// Once the first unread message is in view, there is nothing to point at.
  mutating func noteUnreadInView() {
    guard !tabs.current.hidesUnreadSign, let firstUnread = tabs.current.firstUnread, isFocused, mode.showsPane,
      let top = walk(in: layout.pane).page(at: tabs.current.scroll).first
    else { return }
    if tabs.current.transcript.place(of: firstUnread) >= top { tabs.current.hidesUnreadSign = true }
  }

  // MARK: Bounds

  /// Lets the oldest entries go where there are too many. Here, after everything that happens, and nowhere else: no way
  /// in which lines come can be without a bound.
  mutating func trimTranscripts() {
    var bytes = 0
    for index in tabs.tabs.indices {
      // Not by the list's own subscript, which would copy the tab.
      let isAtBottom = tabs.tabs[index].scroll == .bottom
      let maximum = isAtBottom ? Transcript.maximumEntries : Transcript.maximumEntriesAbove
      if tabs.tabs[index].transcript.exceeds(maximum, bytes: Transcript.maximumBytes) {
        trim(index, to: maximum, bytes: Transcript.maximumBytes)
      }
      bytes += tabs.tabs[index].transcript.bytes
    }
    while bytes > Transcript.maximumBytesOfAll {
      // The largest; what is looked at last of all.
      let largest = tabs.tabs.indices.max { left, right in
        (left != tabs.currentIndex ? 1 : 0, tabs[left].transcript.bytes)
          < (right != tabs.currentIndex ? 1 : 0, tabs[right].transcript.bytes)
      }
      guard let largest, tabs[largest].transcript.entries.count > 1 else { return }
      let before = tabs[largest].transcript.bytes
      trim(largest, to: Transcript.maximumEntries, bytes: before / 2)
      bytes -= before - tabs[largest].transcript.bytes
      guard tabs[largest].transcript.bytes < before else { return }
    }
  }

  private mutating func trim(_ index: Int, to maximum: Int, bytes: Int) {
    guard tabs[index].transcript.trim(to: maximum, bytes: bytes), tabs[index].epoch != nil else { return }
    tabs[index].older = .unknown
  }

  private mutating func scroll(_ change: (TranscriptWalk, Tab.Scroll) -> Tab.Scroll) {
    let walk = walk(in: layout.pane)
    tabs.current.scroll = walk.settled(change(walk, tabs.current.scroll))
    tabs.current.foundMention = nil
  }
}
