import ChatProtocol
import ChatRecords

// Lists of members, and the away state.

extension Hub {
  /// - Parameter room: nil for all members of the server.
  mutating func listPeople(in room: RoomName?, _ turn: inout Turn) throws(RequestError) {
    let name = try room.map { room throws(RequestError) in try nameOfJoined(room, turn.caller) }
    guard let batch = sessions.openBatch(to: turn.caller.address) else { return }
    turn.begin(batch, "who", of: name.map { .room($0) })
    if let name, name != .lobby {
      for person in rooms[name]?.people.entries.map(\.key) ?? [] {
        guard let member = people[person] else { continue }
        list(member.name, person, away: member.away, in: batch, &turn)
      }
    } else {
      let readsTags = turn.caller.capabilities.contains(.tags)
      for person in people.roster.entries {
        list(person.key, person.value, away: readsTags ? people[person.value]?.away : nil, in: batch, &turn)
      }
    }
    turn.end(batch)
  }

  private func list(_ name: Nickname, _ member: MemberID, away: String?, in batch: Batch, _ turn: inout Turn) {
    guard turn.caller.capabilities.contains(.tags) else { return turn.add(.user(name), to: batch) }
    let isIdentified = sessions[at: turn.caller.place].isSynchronized
    turn.add(.user(name), to: batch) {
      $0.away = away
      if isIdentified { identify(member, named: name, in: &$0) }
    }
  }

  mutating func setAway(_ text: String?, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    guard (text?.utf8.count ?? 0) <= Member.maximumAwayBytes else { throw RequestError(.awayTooLong) }
    if text != nil { try registry.mustNotBeMuted(turn) }
    propose(Proposal(effects: [.away(presence.member, text: text)], stake: .nothing), &turn)
  }
}
