import ChatProtocol
import ChatRecords

// Deleting rooms: by their owners, by operators, and to make space when there are too many.

extension Hub {
  func delete(_ room: RoomName, reason: String, _ caller: Caller) throws(RequestError) -> Proposal {
    let owner = registry.rules(of: room)?.owner
    let isOwn = owner != nil && owner == registry.account(of: caller)?.member
    if !isOwn { try registry.requireOperator(caller) }
    guard room != .lobby else {
      throw RequestError(.protected, text: "The lobby stays: everybody is in it, always.")
    }
    guard let name = rooms.entry(room)?.key else { throw RequestError(.notFound) }
    let act = isOwn ? nil : ProposedAct(.delete, name.text, Act.clean(reason), by: caller.actor)
    // The stake blocks joins, and a new room of the same name, until the room is deleted.
    return Proposal(
      changes: [.deletion(name)], act: act, effects: [.empty(name, by: caller.actor)],
      stake: Stake(.change, rooms: [name]))
  }

  mutating func takeEverybodyOut(of room: RoomName, by name: Nickname, _ turn: inout Turn) {
    for member in rooms[room]?.people.entries.map(\.key) ?? [] {
      for (login, session) in people.logins(of: member, in: room) {
        _ = people.part(room, login, of: member)
        if let session { sessions.takeOut(session, of: room, "\(name) deleted the room \(room).", &turn) }
      }
    }
    rooms.remove(room)
  }

  /// The deletion of an abandoned room, if the maximum number of rooms is reached; the request is decided again
  /// afterwards.
  /// - Parameter count: the number of new rooms.
  /// - Returns: nil if no room need be deleted, or none can be.
  func makeWay(for count: Int = 1, _ turn: borrowing Turn) -> Proposal? {
    guard rooms.count + count > Room.maximumCount else { return nil }
    let abandoned = rooms.abandoned(at: turn.now) { registry.rules(of: $0) != nil || proposals.isAbout($0) }
    guard let abandoned else { return nil }
    let act = ProposedAct(.delete, abandoned.text, "made way for a new room", by: .host)
    return Proposal(
      changes: [.deletion(abandoned)], act: act, answer: .again, effects: [.empty(abandoned, by: .host)],
      stake: Stake(rooms: [abandoned]))
  }

  func mustHaveSpaceForRoom() throws(RequestError) {
    guard rooms.count < Room.maximumCount else {
      throw RequestError(.tooManyRooms, text: "The server has as many rooms as it can; try again later.")
    }
  }
}
