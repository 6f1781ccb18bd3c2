import ChatProtocol
import ChatRecords

// Lists of members, and the away state.

extension Hub {
  /// The away message is a tag in every list of members, and tags have limited space.
  private static let maximumAwayBytes = 256

  /// - Parameter room: nil for all members of the server.
  mutating func listPeople(in room: RoomName?, _ turn: inout Turn) throws(RequestError) {
    let name = try room.map { room throws(RequestError) in try nameOfJoined(room, turn) }
    guard let batch = openBatch(to: turn.caller.address) else { return }
    turn.begin(batch, "who", of: name.map { .room($0) })
    if let name, name != .lobby {
      for person in rooms[name]?.people.entries.map(\.key) ?? [] {
        guard let member = members[person] else { continue }
        list(member.name, person, away: member.away, in: batch, &turn)
      }
    } else {
      let readsTags = turn.caller.dialect.contains(.tags)
      for person in roster.entries {
        list(person.key, person.value, away: readsTags ? members[person.value]?.away : nil, in: batch, &turn)
      }
    }
    turn.end(batch)
  }

  private func list(_ name: Nickname, _ member: MemberID, away: String?, in batch: Batch, _ turn: inout Turn) {
    guard turn.caller.dialect.contains(.tags) else { return turn.add(.user(name), to: batch) }
    let isIdentified = sessions[at: turn.caller.place]?.isSynchronized == true
    turn.add(.user(name), to: batch) {
      $0.away = away
      if isIdentified { identify(member, named: name, in: &$0) }
    }
  }

  mutating func setAway(_ text: String?, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    guard (text?.utf8.count ?? 0) <= Self.maximumAwayBytes else { throw RequestError(.awayTooLong) }
    if text != nil { try mustNotBeMuted(turn.caller) }
    turn.replyOK()
    guard text != members[presence.member]?.away else { return }
    members[presence.member]?.away = text
    let change = text.map { ServerMessage.away(presence.name, text: $0) } ?? .back(presence.name)
    turn.publish(change, in: .lobby)
  }
}
