extension Interface {
  var transcriptLayout: TranscriptLayout {
    TranscriptLayout(
      width: layout.pane.columns, offset: settings.localOffset, hidesPresence: hidesPresence,
      firstUnread: tabs.current.firstUnread)
  }

  /// - Parameter rows: negative towards the oldest; any number, the ends hold.
  mutating func scroll(by rows: Int) {
    let walk = TranscriptWalk(transcript: tabs.current.transcript, layout: transcriptLayout)
    tabs.current.scroll = walk.scroll(from: tabs.current.scroll, by: rows, height: layout.pane.rows)
  }

  mutating func scrollToFirstUnread() {
    guard let entry = tabs.current.firstUnread else {
      hint = "nothing is unread here"
      return
    }
    show(entry: entry)
  }

  mutating func scrollToMention(backward: Bool) {
    let entries = tabs.current.transcript.entries
    let here: Int =
      switch tabs.current.scroll {
      case .bottom: entries.count
      case .row(_, let id): tabs.current.transcript.index(of: id) ?? entries.count
      }
    let isMention: (Int) -> Bool = { entries[$0].message?.isMention == true }
    let found =
      backward ? (0..<here).last(where: isMention) : entries.indices.dropFirst(here + 1).first(where: isMention)
    guard let found else {
      hint = backward ? "no mention before" : "no mention after"
      return
    }
    tabs.current.scroll = .row(.max, ofEntry: entries[found].id)
  }

  /// Scrolls so that the entry is the pane's first, where enough comes after it.
  private mutating func show(entry: Int) {
    let walk = TranscriptWalk(transcript: tabs.current.transcript, layout: transcriptLayout)
    tabs.current.scroll = walk.scroll(from: .row(0, ofEntry: entry), by: layout.pane.rows - 1, height: layout.pane.rows)
  }
}
