import ChatProtocol
import ChatRecords

// Deleting rooms: by their owners, by operators, and to make space when there are too many.

extension Hub {
  mutating func delete(_ room: RoomName, reason: String, _ turn: inout Turn) throws(RequestError) {
    let deletion = try deletion(of: room, reason: reason, turn.caller)
    guard stores.contains(room) else { return propose(deletion, &turn) }
    // A message that the log stores after the deletion would be in the next room of that name. Messages that were
    // accepted are therefore stored first, while the stake keeps further ones back.
    decideAgain(afterMessagesIn: room, deletion.stake, &turn)
  }

  /// Decides the present request again when the messages of the room that were accepted before are stored.
  /// - Parameter stake: blocks other requests meanwhile.
  mutating func decideAgain(afterMessagesIn room: RoomName, _ stake: Stake, _ turn: inout Turn) {
    let wait = Proposal(requester: turn.caller.address, answer: .again, stake: stake)
    sessions[at: turn.caller.place].backlog.propose(turn.request)
    let id = proposals.hold(wait)
    stores.follow(room, with: id)
  }

  private func deletion(of room: RoomName, reason: String, _ caller: Caller) throws(RequestError) -> Proposal {
    let owner = registry.rules(of: room)?.owner
    let isOwn = owner != nil && owner == registry.account(of: caller)?.member
    if !isOwn { try registry.requireOperator(caller) }
    guard room != .lobby else {
      throw RequestError(.protected, text: "The lobby stays: everybody is in it, always.")
    }
    guard let name = rooms.entry(room)?.key else { throw RequestError(.notFound) }
    let act = isOwn ? nil : ProposedAct(.delete, name.text, Act.clean(reason), by: caller.actor)
    // The stake blocks joins, messages, and a new room of the same name, until the room is deleted.
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
    rooms.delete(room)
    stores.outlive(room)
  }

  /// Removes a message that was accepted on another hub before its room was deleted. Otherwise it would be in an empty
  /// room that everybody can join.
  /// - Parameter isOwn: this hub accepted the message, and proposes its removal for all hubs.
  mutating func deleteAgain(_ room: RoomName, with message: StoredMessage, isOwn: Bool, _ turn: inout Turn) {
    rooms.noteDeleted(room, head: message.sequence)
    guard isOwn, !proposals.isAbout(room) else { return }
    proposals.begin(
      Proposal(
        changes: [.deletion(room)], effects: [.empty(room, by: .host)], stake: Stake(rooms: [room])), &turn)
  }

  /// Redacts a message that was accepted here before its room was deleted. It may be in another room of that name, which
  /// somebody has joined or created on another hub meanwhile.
  mutating func takeAway(_ message: StoredMessage, _ turn: inout Turn) {
    guard case .room(let room) = message.conversation, message.kind != .redacted else { return }
    let note = RedactionNote(
      time: proposals.acts.next(at: turn.wall), by: .host, member: nil, subject: "\(room)/\(message.sequence)",
      reason: "the room that it was written in was deleted")
    turn.emit(
      .redact(redactions.beginUnasked(), message.conversation, sequence: message.sequence, author: nil, note: note))
  }

  /// The deletion of an abandoned room, if the maximum number of rooms is reached; the request is decided again
  /// afterwards.
  /// - Returns: nil if no room need be deleted, or none can be.
  func makeWay(_ turn: borrowing Turn) -> Proposal? {
    guard rooms.count >= Room.maximumCount else { return nil }
    let written = stores.rooms
    let abandoned = rooms.abandoned(at: turn.now) {
      registry.rules(of: $0) != nil || proposals.isAbout($0) || written.contains($0)
    }
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
