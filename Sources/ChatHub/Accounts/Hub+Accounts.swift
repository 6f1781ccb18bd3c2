import ChatProtocol
import ChatRecords

// Accounts of sessions, and entries of the audit log.

extension Hub {
  /// The session's account, if the session logged in with one of its keys.
  func account(of presence: Session.Presence) -> Account? {
    guard let key = presence.key, let account = registry.account(of: presence.member), account.opens(with: key) else {
      return nil
    }
    return account
  }

  func account(of caller: Caller) -> Account? { caller.presence.flatMap { account(of: $0) } }

  func isOperator(_ caller: Caller) -> Bool { caller.isControl || account(of: caller)?.isOperator == true }

  func requireOperator(_ caller: Caller) throws(RequestError) {
    guard isOperator(caller) else { throw RequestError(.notOperator) }
  }

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
  func tell(_ member: MemberID, _ text: String, with dialect: Capabilities, _ turn: inout Turn) {
    for id in members[member]?.sessions ?? [] where sessions[id]?.dialect.isSuperset(of: dialect) == true {
      turn.send(.info(.other(text)), to: id)
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
