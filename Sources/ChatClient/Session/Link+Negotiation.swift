import ChatProtocol

extension Link {
  enum NegotiationAnswer: Sendable {
    case none
    /// Something else was asked.
    case asked
    case settled
    case farewell(Farewell)
  }

  /// Reads what may be the answer to `CAP REQ`.
  mutating func readNegotiation(
    _ line: Result<Line, LineFault>, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> NegotiationAnswer {
    if case .success(let line) = line {
      let message = ServerMessage(reading: line, in: dialect)
      switch message {
      case .challenge(let asked) where awaitsChallenge:
        challenge = asked
        return .settled
      case _ where awaitsChallenge: break
      case .capabilities(.acknowledged, let names):
        _ = agree(on: names, into: &actions)
        return .settled
      case .capabilities(.refused, _) where question != .list: return refusedCapabilities(listed: nil, into: &actions)
      case .capabilities(.list, let names) where question == .list:
        return refusedCapabilities(listed: names, into: &actions)
      case .error(let reply) where Farewell(reply) == nil:
        if question == .list { return refusedCapabilities(listed: nil, into: &actions) }
        negotiation = .refused
        return .settled
      default: break
      }
    }
    return readBesides(line, at: moment, into: &actions).map { .farewell($0) } ?? .none
  }

  private mutating func refusedCapabilities(
    listed: [String]?, into actions: inout [ClientSession.Action]
  ) -> NegotiationAnswer {
    if askAgain(listed: listed, into: &actions) { return .asked }
    negotiation = .refused
    return .settled
  }

  /// Reads what a server says to somebody whom it has not let in, and what answers nothing.
  /// - Returns: why it is about to hang up, where it says so.
  mutating func readBesides(
    _ line: Result<Line, LineFault>, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> Farewell? {
    guard case .success(let line) = line else { return nil }
    switch ServerMessage(reading: line, in: dialect) {
    case .bye(let reason, let text): return Farewell(reason, text: text)
    case .info(.other(let text)):
      if let reason = ByeReason(rawValue: text) { return Farewell(reason) }
      tell(words: text, at: moment.now, into: &actions)
    case .error(let reply):
      if let farewell = Farewell(reply) { return farewell }
      tell(words: reply.words, at: moment.now, into: &actions)
    case .message(let author, let text):
      // Some servers let anybody listen.
      let text = DisplayText.sanitize(text)
      let post = Post(
        conversation: .lobby, author: author, text: text, time: line.tags.time ?? moment.wall, isOwn: false)
      actions.append(.tell(.message(post)))
    case .messageOfTheDay(let text): actions.append(.tell(.messageOfTheDay(DisplayText.sanitize(text))))
    case .unrecognised(let text): tell(words: text, at: moment.now, into: &actions)
    default: break
    }
    return nil
  }
}
