import ChatProtocol
import ChatRecords

// Lists of keys and operators, and invitation codes.

extension Hub {
  mutating func listKeys(_ turn: inout Turn) throws(RequestError) {
    let account = try registry.requireAccount(turn.caller)
    sessions.reply("keys", account.keys.map { .key($0) }, to: turn.caller.address, &turn)
  }

  mutating func listOperators(_ turn: inout Turn) {
    sessions.reply("operators", registry.operators.map { .operatorName($0) }, to: turn.caller.address, &turn)
  }

  mutating func addInvitation(uses: Int, for span: AdminRequest.Span, _ turn: inout Turn) throws(RequestError) {
    let proposal = try registry.addInvitation(admission.nextInvitation, uses: uses, for: span, turn)
    admission.useInvitation()
    propose(proposal, &turn)
  }
}
