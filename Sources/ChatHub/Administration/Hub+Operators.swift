import ChatProtocol

// Operators are accounts. They are named by other operators or on the host.

extension Hub {
  mutating func makeOperator(
    _ name: Nickname, _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(context, request.verb)
    guard var account = registry.account(named: name) else { throw RequestError(.noAccount, request.verb) }
    guard !account.isOperator else { return answer(.ok(request.verb), request, context.session, into: &actions) }
    account.isOperator = true
    let word = "\(actor(context)) made you an operator."
    propose(
      [.account(account), act(.makeOperator, account.name.text, "", by: actor(context))], request, context,
      effects: [.tell(account.member, word, .tags)], into: &actions)
  }

  mutating func unmakeOperator(
    _ name: Nickname, _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(context, request.verb)
    guard var account = registry.account(named: name), account.isOperator else {
      throw RequestError(.notFound, request.verb)
    }
    // The control socket may remove the last operator, because it can always name another one.
    guard registry.operatorCount > 1 || context.isControl else { throw RequestError(.lastOperator, request.verb) }
    account.isOperator = false
    let word = "\(actor(context)) took your being an operator back."
    propose(
      [.account(account), act(.unmakeOperator, account.name.text, "", by: actor(context))], request, context,
      effects: [.tell(account.member, word, .tags)], into: &actions)
  }
}
