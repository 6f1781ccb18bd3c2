import ChatProtocol

// Requests about keys, admission and sanctions.

extension Hub {
  mutating func administer(_ admin: AdminRequest, _ turn: inout Turn) throws(RequestError) {
    switch admin {
    case .listKeys: try listKeys(&turn)
    case .addKey(let wanted, let label): try addKey(wanted, label: label, &turn)
    case .removeKey(let key): try removeKey(key, &turn)
    case .create(let room): try create(room, &turn)
    case .invite(let room, let name): try invite(name, to: room, &turn)
    case .uninvite(let room, let name): try uninvite(name, from: room, &turn)
    case .admit(let uses, let span): try makeInvitation(uses: uses, for: span, &turn)
    case .makeOperator(let name): try makeOperator(name, &turn)
    case .unmakeOperator(let name): try unmakeOperator(name, &turn)
    case .listOperators:
      reply("operators", registry.operators.map { .operatorName($0) }, to: turn.caller.address, &turn)
    case .kick(let name, let reason): try kick(name, reason: reason, &turn)
    case .ban(let subject, let span, let reason):
      try ban(subject, for: span, reason: reason, &turn)
    case .unban(let subject): try unban(subject, &turn)
    case .mute(let name, let span, let reason):
      try mute(name, for: span, reason: reason, &turn)
    case .unmute(let name): try unmute(name, &turn)
    case .listSanctions: try listSanctions(&turn)
    case .slow(let room, let seconds): try slow(room, seconds: seconds, &turn)
    case .remove(let target, let sequence, let reason):
      try remove(target, sequence: sequence, reason: reason, &turn)
    case .delete(let room, let reason): try delete(room, reason: reason, &turn)
    case .listActs(let limit): try listActs(limit: limit, &turn)
    }
  }
}
