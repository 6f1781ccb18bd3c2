/// Incremental search in the input history of a tab, newest first, as in a shell.
struct HistorySearch: Hashable, Sendable {
  var needle = ""
  private(set) var found: String?
  private var position: Int?

  static let maximumCharacters = 200

  mutating func look(through history: InputHistory) {
    (position, found) = (nil, nil)
    guard !needle.isEmpty else { return }
    _ = step(through: history, older: true)
  }

  /// - Returns: false if there is no further match.
  mutating func step(through history: InputHistory, older: Bool) -> Bool {
    guard let needle = Needle(needle), let next = history.search(needle, from: position, older: older) else {
      return false
    }
    (position, found) = (next.position, next.text)
    return true
  }
}
