import ChatProtocol

/// Joined rooms.
extension Online {
  mutating func joined(as room: RoomName, _ serverState: inout ServerState, into actions: inout [ClientSession.Action])
  {
    if serverState.rooms.joined(room) { actions.append(.tell(.roomJoined(room))) }
  }

  mutating func parted(
    from room: RoomName, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) {
    forget(room, &serverState, into: &actions)
    actions.append(.tell(.roomLeft(room, reason: nil)))
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
