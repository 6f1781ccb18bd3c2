import ChatProtocol

/// The way to a search result, beyond the list that it was chosen from.
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

  /// The user has turned to something else.
  mutating func end() {
    jump = nil
    phrases = []
  }

  /// Stops a jump in a conversation that is another one now.
  mutating func end(in target: Target) {
    if jump?.target == target { jump = nil }
  }
}
