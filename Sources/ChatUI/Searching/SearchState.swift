import ChatProtocol

/// The jump to a search result, the highlighted phrases, and the list of results.
struct SearchState: Equatable, Sendable {
  /// The message that older pages are being loaded to reach.
  var jump: JumpToMessage?
  /// The search phrases to highlight in the transcript.
  var phrases: [SearchPhrase] = []
  /// The list of results while it is closed. It stays until Esc or another search, also in other tabs.
  var results: SearchResults?
  private var last = 0

  /// The number of a new search on the server.
  mutating func nextNumber() -> Int {
    last += 1
    return last
  }

  /// Removes and returns the list of results.
  mutating func takeResults() -> SearchResults? {
    defer { results = nil }
    return results
  }

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
