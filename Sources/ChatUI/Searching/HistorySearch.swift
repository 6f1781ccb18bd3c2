/// Looks through what was sent from a tab, the newest first, as a shell does.
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

  /// - Returns: false where nothing further on holds the text.
  mutating func step(through history: InputHistory, older: Bool) -> Bool {
    guard let needle = Needle(needle), let next = history.search(needle, from: position, older: older) else {
      return false
    }
    (position, found) = (next.position, next.text)
    return true
  }
}
