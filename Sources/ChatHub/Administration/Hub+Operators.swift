import ChatProtocol

// Operators are accounts. They are named by other operators or on the host.

extension Hub {
  mutating func listOperators(_ turn: inout Turn) {
    reply("operators", registry.operators.map { .operatorName($0) }, to: turn.caller.address, &turn)
  }

  mutating func makeOperator(_ name: Nickname, _ turn: inout Turn) throws(RequestError) {
    try requireOperator(turn.caller)
    guard var account = registry.account(named: name) else { throw RequestError(.noAccount) }
    guard !account.isOperator else { return turn.replyOK() }
    account.isOperator = true
    let word = "\(turn.caller.actor) made you an operator."
    propose(
      [.account(account), act(.makeOperator, account.name.text, "", by: turn.caller.actor)],
      effects: [.tell(account.member, word, .tags)], &turn)
  }

  mutating func unmakeOperator(_ name: Nickname, _ turn: inout Turn) throws(RequestError) {
    try requireOperator(turn.caller)
    guard var account = registry.account(named: name), account.isOperator else {
      throw RequestError(.notFound)
    }
    // The control socket may remove the last operator, because it can always name another one.
    guard registry.operatorCount > 1 || turn.caller.isControl else { throw RequestError(.lastOperator) }
    account.isOperator = false
    let word = "\(turn.caller.actor) took your being an operator back."
    propose(
      [.account(account), act(.unmakeOperator, account.name.text, "", by: turn.caller.actor)],
      effects: [.tell(account.member, word, .tags)], &turn)
  }
}
