import ChatProtocol

// Operators are named by their accounts, by other operators or on the host.

extension Hub {
  mutating func makeOperator(
    _ name: Nickname, _ request: Request, _ speaker: Speaker, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(speaker, request.verb)
    guard var account = registry.account(named: name) else { throw RequestError(.noAccount, request.verb) }
    answer(.ok(request.verb), request, speaker.session, into: &actions)
    guard !account.isOperator else { return }
    account.isOperator = true
    record(.account(account), into: &actions)
    note(.makeOperator, account.name.text, "", by: actor(speaker), into: &actions)
    tell(account.member, "\(actor(speaker)) made you an operator.", with: .tags, into: &actions)
  }

  mutating func unmakeOperator(
    _ name: Nickname, _ request: Request, _ speaker: Speaker, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(speaker, request.verb)
    guard var account = registry.account(named: name), account.isOperator else {
      throw RequestError(.notFound, request.verb)
    }
    // The host can always name another one.
    guard registry.operatorCount > 1 || speaker.isControl else { throw RequestError(.lastOperator, request.verb) }
    answer(.ok(request.verb), request, speaker.session, into: &actions)
    account.isOperator = false
    record(.account(account), into: &actions)
    note(.unmakeOperator, account.name.text, "", by: actor(speaker), into: &actions)
    tell(account.member, "\(actor(speaker)) took your being an operator back.", with: .tags, into: &actions)
  }
}
