import ChatProtocol

// What belongs to whom.

extension Hub {
  /// The account that a session's login opened with one of its keys.
  func account(of presence: Session.Presence) -> Account? {
    guard let key = presence.key, let account = registry.account(of: presence.member), account.opens(with: key) else {
      return nil
    }
    return account
  }

  func account(of context: RequestContext) -> Account? { context.presence.flatMap { account(of: $0) } }

  func isOperator(_ context: RequestContext) -> Bool { context.isControl || account(of: context)?.isOperator == true }

  func requireOperator(_ context: RequestContext, _ verb: Verb?) throws(RequestError) {
    guard isOperator(context) else { throw RequestError(.notOperator, verb) }
  }

  /// By whom something is done.
  func actor(_ context: RequestContext) -> Nickname { context.presence?.name ?? .host }

  /// An entry of the audit log.
  mutating func act(_ verb: Verb, _ subject: String, _ text: String, by name: Nickname) -> RegistryChange {
    .act(Act(time: nextActTime(), by: name, verb: verb, subject: subject, text: text))
  }

  /// Another one for each act: the log takes the same act at the same time for one that it was given twice, and the
  /// clock stands still between two ticks.
  mutating func nextActTime() -> Timestamp {
    lastAct = max(wall, lastAct.advanced(by: .milliseconds(1)))
    return lastAct
  }

  /// Says `INFO` to those of somebody's sessions that have agreed on all of these.
  func tell(
    _ member: MemberID, _ text: String, with dialect: Capabilities, into actions: inout [HubAction]
  ) {
    for id in members[member]?.sessions ?? [] where sessions[id]?.dialect.isSuperset(of: dialect) == true {
      actions.append(.send(id, .info(.other(text)), Tags()))
    }
  }
}

extension Nickname {
  /// Who acts through the host's control socket. Nobody in the chat can be called that.
  static let host: Nickname = {
    guard let name = Nickname("host") else { preconditionFailure("host is a name") }
    return name
  }()
}
