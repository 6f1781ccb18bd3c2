import ChatProtocol

/// The jump to a search result, the highlighted phrases, and the results of searches on the server.
struct SearchState: Equatable, Sendable {
  /// The message that older pages are being loaded to reach.
  var jump: JumpToMessage?
  /// The search phrases to highlight in the transcript.
  var phrases: [SearchPhrase] = []
  /// The results of the present search. They stay until Esc or another search, also in other tabs; a client that prints
  /// lines removes them once they are printed.
  var results: SearchResults?
  /// The searches that wait for the answer of the present one, in a client that prints lines: the session answers only
  /// the last search that it was asked for.
  private var waiting: [SearchResults] = []
  private var last = 0

  /// The limit for searches that wait.
  static let maximumWaiting = 100

  /// The number of a new search on the server.
  mutating func nextNumber() -> Int {
    last += 1
    return last
  }

  /// Whether the present search waits for an answer.
  var isWaiting: Bool { results?.state == .waiting }

  /// Removes and returns the results.
  mutating func takeResults() -> SearchResults? {
    defer { results = nil }
    return results
  }

  /// Adds a search that begins after the present one.
  /// - Returns: false if there are too many.
  mutating func append(_ search: SearchResults) -> Bool {
    guard waiting.count < Self.maximumWaiting else { return false }
    waiting.append(search)
    return true
  }

  /// Removes and returns the search that begins next.
  mutating func takeNext() -> SearchResults? { waiting.isEmpty ? nil : waiting.removeFirst() }

  /// Ends the jump and the highlighting.
  mutating func end() {
    jump = nil
    phrases = []
  }

  /// Stops a jump in a conversation that was reset.
  mutating func end(in target: Target) {
    if jump?.target == target { jump = nil }
  }
}
