import ChatProtocol

// A slow reader misses live lines while it lags, and gets `GAP` for them when it has caught up.

extension Hub {
  mutating func fallBehind(_ id: SessionID) {
    guard let session = sessions[id], session.lag == nil, session.capabilities.contains(.resume) else { return }
    var lag = LagStart()
    lag.redactions = redactions.count
    defer { sessions.update(id) { $0.lag = lag } }
    guard let presence = session.presence else { return }
    for room in [.lobby] + session.rooms.entries.map(\.key) { lag.rooms[room] = rooms[room]?.head }
    for known in people[presence.member]?.record.correspondents ?? [] { lag.pairs[known.member] = known.head }
  }

  mutating func catchUp(_ id: SessionID, _ turn: inout Turn) {
    guard let session = sessions[id], let lag = session.lag else { return }
    sessions.update(id) { $0.lag = nil }
    guard let presence = session.presence else { return }
    for room in [.lobby] + session.rooms.entries.map(\.key) {
      guard let head = rooms[room]?.head else { continue }
      tell(lag, Address(room: room), since: lag.rooms[room] ?? head, head: head, id, presence, &turn)
    }
    for known in people[presence.member]?.record.correspondents ?? [] {
      let name = people.currentName(of: known.member, registry) ?? known.name
      guard people.bearer(of: name, for: presence.member, registry)?.member == known.member else { continue }
      let since = lag.pairs[known.member] ?? 0
      if known.head > since { introduce(known.member, named: name, head: since, to: id, &turn) }
      let address = Address(pairOf: presence.member, and: known.member, named: name)
      tell(lag, address, since: since, head: known.head, id, presence, &turn)
    }
    tellRedactions(since: lag.redactions, to: id, presence, &turn)
    askNext(for: id, &turn)
    goOn(id, &turn)
  }

  private func tell(
    _ lag: LagStart, _ address: Address, since: Int, head: Int, _ id: SessionID, _ presence: Session.Presence,
    _ turn: inout Turn
  ) {
    if head > since { turn.send(.gap(address.target, from: since + 1, to: head), to: id) }
    guard lag.marked.contains(address.conversation),
      let mark = people.mark(in: address.conversation, of: presence.member, head: head)
    else { return }
    turn.send(.mark(address.target, mark), to: id)
  }
}
