import ChatProtocol

// Accounts of sessions, and entries of the audit log.

extension Hub {
  /// The session's account, if the session logged in with one of its keys.
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

  /// The name under which a request's act is recorded.
  func actor(_ context: RequestContext) -> Nickname { context.presence?.name ?? .host }

  /// An entry of the audit log.
  mutating func act(_ verb: Verb, _ subject: String, _ text: String, by name: Nickname) -> RegistryChange {
    .act(Act(time: nextActTime(), by: name, verb: verb, subject: subject, text: text))
  }

  /// A distinct time for each act: the log treats an act with the same time as a repetition, and the clock stands still
  /// between two ticks.
  mutating func nextActTime() -> Timestamp {
    lastAct = max(wall, lastAct.advanced(by: .milliseconds(1)))
    return lastAct
  }

  /// Sends `INFO` to those sessions of a member that have negotiated all these capabilities.
  func tell(
    _ member: MemberID, _ text: String, with dialect: Capabilities, into actions: inout [HubAction]
  ) {
    for id in members[member]?.sessions ?? [] where sessions[id]?.dialect.isSuperset(of: dialect) == true {
      actions.append(.send(id, .info(.other(text)), Tags()))
    }
  }
}

extension Nickname {
  /// The actor for requests through the host's control socket. The name is reserved: no member can have it.
  static let host: Nickname = {
    guard let name = Nickname("host") else { preconditionFailure("host is a name") }
    return name
  }()
}
