import ChatProtocol

// Listing the audit log.

extension Hub {
  mutating func listActs(
    limit: Int, _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(context, request.verb)
    let read = Read(request: .acts(limit: min(limit, Self.maximumActs)), purpose: .acts(label: request.tags.label))
    ask(read, for: context.session, into: &actions)
  }

  private static let maximumActs = 500

  mutating func tell(
    _ outcome: Result<ReadAnswer, HubEvent.StorageFailure>, label: String?, to id: SessionID,
    into actions: inout [HubAction]
  ) {
    var tags = Tags()
    tags.label = label
    guard case .success(.acts(let acts)) = outcome else {
      let text = "The server cannot read its audit log at the moment."
      let reply = ErrorReply(RequestError(.historyUnavailable, .audit, text: text))
      actions.append(.send(id, .error(reply), tags))
      return
    }
    list(acts.map { ServerMessage.act($0) }, "acts", hasMore: false, tags, to: id, into: &actions)
  }
}
