/// What was sent from one tab, to be called back with Up and Down. The draft waits at its end.
struct InputHistory: Hashable, Sendable {
  private var entries: [String] = []
  /// Which entry is shown; nil: the draft.
  private var position: Int?
  private var draft = ""

  private static let maximumEntries = 500

  mutating func append(_ text: String) {
    position = nil
    draft = ""
    guard !text.isEmpty, text != entries.last else { return }
    entries.append(text)
    if entries.count > Self.maximumEntries { entries.removeFirst() }
  }

  /// - Parameter current: what stands in the input; kept where it is the draft.
  /// - Returns: what shall stand there now, or nil at the oldest entry.
  mutating func previous(current: String) -> String? {
    if position == nil { draft = current }
    let next = (position ?? entries.count) - 1
    guard entries.indices.contains(next) else { return nil }
    position = next
    return entries[next]
  }

  mutating func next() -> String? {
    guard let current = position else { return nil }
    guard current + 1 < entries.count else {
      position = nil
      return draft
    }
    position = current + 1
    return entries[current + 1]
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

  /// The newest ones.
  func last(_ count: Int) -> [String] { Array(entries.suffix(count)) }

  init() {}

  init(_ entries: [String]) { self.entries = Array(entries.suffix(Self.maximumEntries)) }
}
