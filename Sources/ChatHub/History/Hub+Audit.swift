import ChatProtocol

// Listing the audit log.

extension Hub {
  mutating func listActs(limit: Int, _ turn: inout Turn) throws(RequestError) {
    try registry.requireOperator(turn.caller)
    let read = Read(request: .acts(limit: min(limit, Self.maximumActs)), purpose: .acts(turn.caller.address))
    ask(read, for: turn.caller.session, &turn)
  }

  private static let maximumActs = 500

  mutating func answerActs(
    _ outcome: Result<ReadAnswer, HubEvent.StorageFailure>, to address: ReplyAddress, _ turn: inout Turn
  ) {
    guard case .success(.acts(let acts)) = outcome else {
      let text = "The server cannot read its audit log at the moment."
      return turn.refuse(.historyUnavailable, text: text, to: address)
    }
    sessions.reply("acts", acts.map { .act($0) }, to: address, &turn)
  }
}
