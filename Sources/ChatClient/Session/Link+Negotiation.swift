import ChatModel
import ChatProtocol

extension Link {
  enum NegotiationAnswer: Sendable {
    case none
    /// A further request was sent.
    case asked
    case settled
    case disconnectReason(DisconnectReason)
  }

  /// Reads a possible answer to `CAP REQ`.
  /// - Parameter reader: the name of this client's user.
  mutating func readNegotiation(
    _ line: Result<Line, LineFault>, to reader: Nickname, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> NegotiationAnswer {
    if case .success(let line) = line {
      let message = ServerMessage(reading: line, in: capabilities)
      switch message {
      case .challenge(let asked) where awaitsChallenge:
        challenge = asked
        return .settled
      case _ where awaitsChallenge: break
      case .capabilities(.acknowledged, let names):
        isUnderstood = true
        _ = agree(on: names, into: &actions)
        return .settled
      case .capabilities(.refused, _) where capabilityRequest != .list:
        return refusedCapabilities(listed: nil, into: &actions)
      case .capabilities(.list, let names) where capabilityRequest == .list:
        return refusedCapabilities(listed: names, into: &actions)
      case .error(let reply) where DisconnectReason(reply, isTagged: isTagged) == nil:
        isUnderstood = true
        if capabilityRequest == .list { return refusedCapabilities(listed: nil, into: &actions) }
        negotiation = .refused
        return .settled
      default: break
      }
    }
    return readBesides(line, to: reader, at: moment, into: &actions).map { .disconnectReason($0) } ?? .none
  }

  private mutating func refusedCapabilities(
    listed: [String]?, into actions: inout [ClientSession.Action]
  ) -> NegotiationAnswer {
    if askAgain(listed: listed, into: &actions) { return .asked }
    negotiation = .refused
    return .settled
  }

  /// Reads lines that a server sends before login, and lines that answer no request.
  /// - Parameter reader: the name of this client's user.
  /// - Returns: the reason if the server announces that it will disconnect.
  mutating func readBesides(
    _ line: Result<Line, LineFault>, to reader: Nickname, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> DisconnectReason? {
    guard case .success(let line) = line else { return nil }
    switch ServerMessage(reading: line, in: capabilities) {
    case .bye(let reason, let text): return DisconnectReason(reason, text: text)
    // Late: the next login signs it.
    case .challenge(let asked) where awaitsChallenge: challenge = asked
    case .info(.other(let text)):
      if let reason = ByeReason(rawValue: text) { return DisconnectReason(reason) }
      greet(words: text)
    case .error(let reply):
      isUnderstood = true
      if let disconnectReason = DisconnectReason(reply, isTagged: isTagged) { return disconnectReason }
      tell(words: reply.words(isTagged: isTagged), at: moment.now, into: &actions)
    case .message(let author, let text):
      isUnderstood = true
      // Some servers send messages to clients that are not logged in.
      tell(text, by: author, in: .lobby, to: reader, line.tags, at: moment, into: &actions)
    case .direct(let author, let text):
      isUnderstood = true
      // The server has accepted the login, and may never confirm it.
      tell(text, by: author, in: .person(author), to: reader, line.tags, at: moment, into: &actions)
    case .messageOfTheDay(let text):
      tell(line: .messageOfTheDay(DisplayText.sanitize(text)), at: moment.now, into: &actions)
    case .unrecognised(let text): greet(words: text)
    default: break
    }
    return nil
  }

  private func tell(
    _ text: String, by author: Nickname, in target: Target, to reader: Nickname, _ tags: Tags, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    let message = ChatMessage(
      target: target, author: author, text: DisplayText.sanitizeLines(text), time: tags.time ?? moment.wall,
      isOwn: author == reader)
    actions.append(.tell(.message(message)))
  }
}
