/// Finds the entries of a transcript that are not hidden. It asks the filter at most once for each entry, and only for
/// entries that a search passes. A search backwards is not repeated, because it may pass thousands of hidden entries. A
/// class, because it remembers the answers.
final class VisibleEntries {
  private let entries: [TranscriptEntry]
  private let filter: EntryFilter
  /// The answers so far; empty if the filter hides nothing.
  private var answers: [Answer]
  /// The results of searches backwards that passed hidden entries, by the index they began at; -1 if there was none.
  private var found: [Int: Int] = [:]
  /// The number of entries that searches have passed so far, including repetitions: tests limit the work by it.
  private(set) var passed = 0

  private enum Answer: UInt8 { case unknown, visible, hidden }

  init(_ entries: [TranscriptEntry], _ filter: EntryFilter) {
    self.entries = entries
    self.filter = filter
    answers = filter.isEmpty ? [] : [Answer](repeating: .unknown, count: entries.count)
  }

  func isHidden(_ index: Int) -> Bool {
    passed += 1
    guard !answers.isEmpty else { return false }
    if answers[index] == .unknown { answers[index] = filter.hides(entries[index]) ? .hidden : .visible }
    return answers[index] == .hidden
  }

  /// The last visible entry before an index.
  func last(before index: Int) -> Int? {
    guard index > 0 else { return nil }
    guard isHidden(index - 1) else { return index - 1 }
    if let known = found[index] { return known < 0 ? nil : known }
    var last = index - 2
    while last >= 0, isHidden(last) { last -= 1 }
    found[index] = last
    return last < 0 ? nil : last
  }

  /// The first visible entry at or after an index.
  func first(from index: Int) -> Int? {
    var index = index
    while index < entries.count {
      if !isHidden(index) { return index }
      index += 1
    }
    return nil
  }

  /// The number of visible messages after an entry.
  func messages(after index: Int) -> Int {
    guard !answers.isEmpty else { return entries[entries.count - 1].messageCount - entries[index].messageCount }
    return (index + 1..<entries.count).reduce(0) { $0 + (isHidden($1) ? 0 : entries[$1].body.messageCount) }
  }
}
