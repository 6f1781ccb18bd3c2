import ChatProtocol
import ChatRecords

// Operators are accounts. They are named by other operators or on the host.

extension Registry {
  /// - Returns: nil if the account is an operator already.
  func makeOperator(_ name: Nickname, _ caller: Caller) throws(RequestError) -> Proposal? {
    try requireOperator(caller)
    guard var account = account(named: name) else { throw RequestError(.noAccount) }
    guard !account.isOperator else { return nil }
    account.isOperator = true
    let word = "\(caller.actor) made you an operator."
    return Proposal(
      changes: [.account(account)], act: ProposedAct(.makeOperator, account.name.text, by: caller.actor),
      effects: [.tell(account.member, word, .tags)])
  }

  func unmakeOperator(_ name: Nickname, _ caller: Caller) throws(RequestError) -> Proposal {
    try requireOperator(caller)
    guard var account = account(named: name), account.isOperator else { throw RequestError(.notFound) }
    // The control socket may remove the last operator, because it can always name another one.
    guard operatorCount > 1 || caller.isControl else { throw RequestError(.lastOperator) }
    account.isOperator = false
    let word = "\(caller.actor) removed you as an operator."
    return Proposal(
      changes: [.account(account)], act: ProposedAct(.unmakeOperator, account.name.text, by: caller.actor),
      effects: [.tell(account.member, word, .tags)])
  }
}
