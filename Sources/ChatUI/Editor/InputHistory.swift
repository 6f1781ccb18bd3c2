/// The texts sent from one tab, recalled with Up and Down; the draft is the last entry. Typed text that was not sent is
/// never dropped: an edit to an entry stays with the entry, and the next `append` turns edits and the draft into
/// entries of their own.
struct InputHistory: Hashable, Sendable {
  private var entries: [String] = []
  /// The index of the shown entry; nil for the draft.
  private var position: Int?
  private var draft = ""
  /// Edits to entries, by index.
  private var edits: [Int: String] = [:]

  private static let maximumEntries = 500
  /// The limit for all entries together; the newest entry always stays.
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

  /// - Parameter current: the text in the input, which is kept.
  /// - Returns: the new text for the input; nil at the oldest entry.
  mutating func previous(current: String) -> String? {
    let next = (position ?? entries.count) - 1
    guard entries.indices.contains(next) else { return nil }
    keep(current)
    position = next
    return text(at: next)
  }

  /// - Parameter current: the text in the input, which is kept.
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

  /// Typed text that is not shown and would be lost with this history.
  var unsent: [String] {
    let changed = edits.filter { $0.key != position }.sorted { $0.key < $1.key }.map(\.value)
    return (changed + (position == nil ? [] : [draft])).filter { !$0.trimmingSpaces.isEmpty }
  }

  /// - Parameters:
  ///   - position: the position of the previous match; nil starts after the newest entry.
  ///   - older: the direction.
  /// - Returns: the next entry that contains the text.
  func search(_ needle: Needle, from position: Int?, older: Bool) -> (position: Int, text: String)? {
    let here = min(position ?? entries.count, entries.count)
    let indices = older ? Array((0..<here).reversed()) : Array(entries.indices.dropFirst(here + 1))
    return indices.first { needle.isFound(in: entries[$0]) }.map { ($0, entries[$0]) }
  }

  /// The newest entries, including typed text that is not shown.
  func last(_ count: Int) -> [String] { Array((entries + unsent).suffix(count)) }

  init() {}

  init(_ entries: [String]) { self.entries = Array(entries.suffix(Self.maximumEntries)) }
}
