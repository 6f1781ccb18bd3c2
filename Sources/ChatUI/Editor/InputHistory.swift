/// What was sent from one tab, to be called back with Up and Down. The draft waits at its end. Text that was typed and not
/// sent is never dropped: what an entry was changed to stays with the entry, and becomes one of its own with the next
/// `append`, as does the draft.
struct InputHistory: Hashable, Sendable {
  private var entries: [String] = []
  /// Which entry is shown; nil: the draft.
  private var position: Int?
  private var draft = ""
  /// What shown entries were changed to.
  private var edits: [Int: String] = [:]

  private static let maximumEntries = 500
  /// Of all entries together; the newest stays in any case.
  private static let maximumBytes = 1 << 20

  mutating func append(_ text: String) {
    for unsent in unsent where unsent != text { insert(unsent) }
    position = nil
    draft = ""
    edits = [:]
    insert(text)
  }

  private mutating func insert(_ text: String) {
    guard !text.isEmpty, text != entries.last else { return }
    entries.append(text)
    var bytes = entries.reduce(0) { $0 + $1.utf8.count }
    while entries.count > 1, entries.count > Self.maximumEntries || bytes > Self.maximumBytes {
      bytes -= entries.removeFirst().utf8.count
    }
  }

  /// - Parameter current: what stands in the input; kept.
  /// - Returns: what shall stand there now, or nil at the oldest entry.
  mutating func previous(current: String) -> String? {
    let next = (position ?? entries.count) - 1
    guard entries.indices.contains(next) else { return nil }
    keep(current)
    position = next
    return text(at: next)
  }

  /// - Parameter current: what stands in the input; kept.
  mutating func next(current: String) -> String? {
    guard let shown = position else { return nil }
    keep(current)
    guard shown + 1 < entries.count else {
      position = nil
      return draft
    }
    position = shown + 1
    return text(at: shown + 1)
  }

  private mutating func keep(_ current: String) {
    guard let position else { return draft = current }
    edits[position] = current == entries[position] ? nil : current
  }

  private func text(at position: Int) -> String { edits[position] ?? entries[position] }

  /// What was typed, is not shown, and would be gone with this history.
  var unsent: [String] {
    let changed = edits.filter { $0.key != position }.sorted { $0.key < $1.key }.map(\.value)
    return (changed + (position == nil ? [] : [draft])).filter { !$0.trimmingSpaces.isEmpty }
  }

  /// - Parameters:
  ///   - position: where one looked the last time; nil: behind the newest.
  ///   - older: which way to go on.
  /// - Returns: the next entry that holds the text.
  func search(_ needle: Needle, from position: Int?, older: Bool) -> (position: Int, text: String)? {
    let here = min(position ?? entries.count, entries.count)
    let indices = older ? Array((0..<here).reversed()) : Array(entries.indices.dropFirst(here + 1))
    return indices.first { needle.isFound(in: entries[$0]) }.map { ($0, entries[$0]) }
  }

  /// The newest ones, with what was typed and is not shown.
  func last(_ count: Int) -> [String] { Array((entries + unsent).suffix(count)) }

  init() {}

  init(_ entries: [String]) { self.entries = Array(entries.suffix(Self.maximumEntries)) }
}
