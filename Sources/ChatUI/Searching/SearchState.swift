import ChatProtocol

/// The jump to a search result, and the highlighted phrases.
struct SearchState: Hashable, Sendable {
  /// The message that older pages are being loaded to reach.
  var jump: JumpToMessage?
  /// The search phrases to highlight in the transcript.
  var phrases: [SearchPhrase] = []
  private var last = 0

  /// The number of a new search on the server.
  mutating func nextNumber() -> Int {
    last += 1
    return last
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
