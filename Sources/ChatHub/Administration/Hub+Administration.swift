import ChatProtocol

// Requests about keys, admission and sanctions.

extension Hub {
  mutating func administer(
    _ admin: AdminRequest, _ request: Request, _ context: RequestContext, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    switch admin {
    case .listKeys: try listKeys(request, context, into: &actions)
    case .addKey(let wanted, let label): try addKey(wanted, label: label, request, context, into: &actions)
    case .removeKey(let key): try removeKey(key, request, context, into: &actions)
    case .create(let room): try create(room, request, context, at: now, into: &actions)
    case .invite(let room, let name): try invite(name, to: room, request, context, at: now, into: &actions)
    case .uninvite(let room, let name): try uninvite(name, from: room, request, context, into: &actions)
    case .admit(let uses, let span): try makeInvitation(uses: uses, for: span, request, context, into: &actions)
    case .makeOperator(let name): try makeOperator(name, request, context, into: &actions)
    case .unmakeOperator(let name): try unmakeOperator(name, request, context, into: &actions)
    case .listOperators:
      answer("operators", registry.operators.map { .operatorName($0) }, request, context, into: &actions)
    case .kick(let name, let reason): try kick(name, reason: reason, request, context, into: &actions)
    case .ban(let subject, let span, let reason):
      try ban(subject, for: span, reason: reason, request, context, into: &actions)
    case .unban(let subject): try unban(subject, request, context, into: &actions)
    case .mute(let name, let span, let reason):
      try mute(name, for: span, reason: reason, request, context, into: &actions)
    case .unmute(let name): try unmute(name, request, context, into: &actions)
    case .listSanctions: try listSanctions(request, context, into: &actions)
    case .slow(let room, let seconds): try slow(room, seconds: seconds, request, context, into: &actions)
    case .remove(let target, let sequence, let reason):
      try remove(target, sequence: sequence, reason: reason, request, context, into: &actions)
    case .delete(let room, let reason): try delete(room, reason: reason, request, context, into: &actions)
    case .listActs(let limit): try listActs(limit: limit, request, context, into: &actions)
    }
  }

  /// Answers with a list, as a batch.
  mutating func answer(
    _ kind: String, _ lines: [ServerMessage], _ request: Request, _ context: RequestContext,
    into actions: inout [HubAction]
  ) {
    guard let batch = sessions[context.session]?.nextBatch() else { return }
    answer(.batchStart(reference: batch, kind: kind), request, context.session, into: &actions)
    var tags = Tags()
    tags.batch = batch
    for line in lines { actions.append(.send(context.session, line, tags)) }
    actions.append(.send(context.session, .batchEnd(reference: batch), Tags()))
  }
}
