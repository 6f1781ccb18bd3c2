import ChatProtocol

/// The rooms that we are in.
extension Online {
  mutating func joined(as room: RoomName, _ dealings: inout Dealings, into actions: inout [ClientSession.Action]) {
    if dealings.rooms.joined(room) { actions.append(.tell(.roomJoined(room))) }
  }

  mutating func parted(from room: RoomName, _ dealings: inout Dealings, into actions: inout [ClientSession.Action]) {
    forget(room, &dealings, into: &actions)
    actions.append(.tell(.roomLeft(room, reason: nil)))
  }

  /// - Returns: whether the screen knows that we were in it.
  @discardableResult
  mutating func forget(
    _ room: RoomName, _ dealings: inout Dealings, into actions: inout [ClientSession.Action]
  ) -> Bool {
    rosters.remove(room)
    return dealings.forget(room, into: &actions)
  }
}
