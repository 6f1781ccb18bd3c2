extension Tab {
  /// The number of messages above the view that were unread when the tab was opened; nil if there are none, or once the
  /// first of them was in view.
  func unreadAbove(_ page: TranscriptWalk.PaneContent) -> Int? {
    guard !hidesUnreadSign, let top = page.first else { return nil }
    let entries = transcript.entries
    var count = 0
    if let firstUnread {
      let index = transcript.place(of: firstUnread)
      guard index < top, entries.indices.contains(top) else { return nil }
      count = entries[top - 1].messageCount - entries[index].messageCount + entries[index].body.messageCount
    } else if let newAfter, let first = entries[top...].lazy.compactMap(\.sequence).first {
      count = first - newAfter - 1
    }
    return count > 0 ? count : nil
  }

  /// The number of unread messages below the view that mention the user.
  func unreadMentions(below page: TranscriptWalk.PaneContent, _ filter: EntryFilter) -> Int {
    guard mentions > 0, let last = page.last else { return 0 }
    var count = 0
    for entry in transcript.entries[(last + 1)...].reversed()
    where entry.message?.isMention == true && !filter.hides(entry) {
      count += 1
      if count == mentions { break }
    }
    return count
  }
}
