import ChatProtocol

// Joined rooms.

extension Online {
  mutating func joined(as room: RoomName, _ serverState: inout ServerState, into actions: inout [ClientSession.Action])
  {
    if serverState.rooms.joined(room) { actions.append(.tell(.roomJoined(room))) }
  }

  /// Tells the server that the user has left the room.
  mutating func part(_ room: RoomName, at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    pushed.remove(.room(room))
    request(PendingPart(room: room), at: now, into: &actions)
  }

  /// - Returns: whether the room had been reported to the screen as joined.
  @discardableResult
  mutating func forget(
    _ room: RoomName, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) -> Bool {
    rosters.remove(room)
    return serverState.forget(room, into: &actions)
  }
}
