import ChatProtocol
import ChatRecords

extension Hub {
  /// Ends a member's sessions. Operators may kick themselves, too.
  func kick(_ name: Nickname, reason: String, _ caller: Caller) throws(RequestError) -> Proposal {
    try registry.requireOperator(caller)
    guard let person = people.present(name) else { throw RequestError(.userNotFound) }
    let reason = Act.clean(reason)
    let text = "\(caller.actor) ended your connection" + (reason.isEmpty ? "." : ": \(reason)")
    return Proposal(
      changes: [], act: ProposedAct(.kick, "@\(person.name)", reason, by: caller.actor),
      effects: [.kick(person.member, text: text)])
  }

  /// Ends the member's sessions that logged in with the key.
  mutating func endSessions(of member: MemberID, loggedInWith key: PublicKey, _ turn: inout Turn) {
    for id in people[member]?.sessions ?? [] where sessions[id]?.presence?.key == key {
      let bye = ServerMessage.bye(.kicked, text: "The key that you logged in with was removed.")
      end(id, leaving: .kicked, closing: .kicked, farewell: bye, &turn)
    }
  }

  mutating func endSessions(of member: MemberID, _ text: String, _ turn: inout Turn) {
    for id in people[member]?.sessions ?? [] {
      end(id, leaving: .kicked, closing: .kicked, farewell: .bye(.kicked, text: text), &turn)
    }
  }

  mutating func endSessions(meantBy ban: Sanction, _ turn: inout Turn) {
    let bye = ServerMessage.bye(.banned, text: ban.sentence)
    for id in sessions.ids(where: { registry.applies(ban, to: $0) }) {
      end(id, leaving: .kicked, closing: .banned, farewell: bye, &turn)
    }
  }
}
