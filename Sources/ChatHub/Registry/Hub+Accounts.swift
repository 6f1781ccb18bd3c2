import ChatProtocol
import ChatRecords

// Lists of keys and operators, invitation codes, and notices to members.

extension Hub {
  mutating func listKeys(_ turn: inout Turn) throws(RequestError) {
    let account = try registry.requireAccount(turn.caller)
    reply("keys", account.keys.map { .key($0) }, to: turn.caller.address, &turn)
  }

  mutating func listOperators(_ turn: inout Turn) {
    reply("operators", registry.operators.map { .operatorName($0) }, to: turn.caller.address, &turn)
  }

  mutating func addInvitation(uses: Int, for span: AdminRequest.Span, _ turn: inout Turn) throws(RequestError) {
    let proposal = try registry.addInvitation(admission.nextInvitation, uses: uses, for: span, turn)
    admission.useInvitation()
    propose(proposal, &turn)
  }

  /// Sends `INFO` to those sessions of a member that have negotiated all these capabilities.
  func tell(_ member: MemberID, _ text: String, with dialect: Capabilities, _ turn: inout Turn) {
    for id in people[member]?.sessions ?? [] where sessions[id]?.dialect.isSuperset(of: dialect) == true {
      turn.send(.info(.other(text)), to: id)
    }
  }
}
