import ChatProtocol

extension Tab {
  /// Adopts the server's state of the conversation.
  mutating func become(_ conversation: KnownConversation) {
    if let epoch, epoch != conversation.epoch {
      reset()
      readState.reset()
    }
    epoch = conversation.epoch
    if isLoading { older = .unknown }
    fruitlessPages = 0
    readState.synchronize(head: conversation.head, mark: conversation.mark, startsRead: !isPerson)
    settleMarks()
  }

  /// The bound for a request of older messages; nil if nothing is known of the conversation.
  var olderBound: Int? {
    if let first = transcript.firstSequence { return first }
    let last = max(transcript.lastSequence ?? 0, readState.head)
    return last > 0 ? last + 1 : nil
  }

  /// The line above the first entry.
  func heading(_ guests: Guests) -> String? {
    guard epoch != nil else { return nil }
    switch older {
    case .unknown: return nil
    case .loading: return "loading older messages…"
    case .none: return "beginning of \(guests.shown(target))"
    case .tooMuch: return "older ones have no room here; /search finds them"
    }
  }
}
