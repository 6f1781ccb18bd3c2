import ChatProtocol
import ChatRecords

// Members of rooms. The lobby includes every member, and has no list of them.

extension Rooms {
  /// Adds one of the member's sessions to the room.
  /// - Returns: the number of the subscription.
  mutating func join(_ room: RoomName, _ presence: Session.Presence, _ turn: inout Turn) -> UInt64 {
    let isFirst = update(room) { room in
      room.emptySince = nil
      if room.people.insert(presence.member, 1) { return true }
      room.people.update(presence.member) { $0 += 1 }
      return false
    }
    if isFirst == true { turn.announce(.joined(presence.name), in: room) }
    return nextSubscription()
  }

  /// Removes one of the member's sessions from the room.
  /// - Parameters:
  ///   - isPresent: the member is still logged in. Otherwise the logout is the only announcement.
  ///   - isKept: the room has rules, and is not forgotten.
  mutating func leave(
    _ room: RoomName, _ presence: Session.Presence, at time: MonotonicTime, isPresent: Bool, isKept: Bool,
    _ turn: inout Turn
  ) {
    let isLast = update(room) { room in
      let left = room.people.update(presence.member) { count in
        count -= 1
        return count
      }
      if left == 0 { room.people.remove(presence.member) }
      if room.people.isEmpty { room.emptySince = time }
      return left == 0
    }
    if isLast == true, isPresent { turn.announce(.left(presence.name, .parted), in: room) }
    if !isKept, self[room]?.isForgettable == true { remove(room) }
  }

  /// Removes all members, but no room that has messages or rules.
  mutating func removePeople(_ registry: Registry) {
    for room in entries where room.key != .lobby {
      update(room.key) { $0.people = InsertionOrderedTable() }
      if !room.value.hasMessages, registry.rules(of: room.key) == nil { remove(room.key) }
    }
  }

  /// Records a published message.
  /// - Parameter epoch: the index of the log's current epoch.
  mutating func advance(_ room: RoomName, to message: StoredMessage, in epoch: Int) {
    if update(room, { $0.advance(to: message, in: epoch) }) == nil {
      // The room was forgotten when its last member left.
      insert(room, Room())
      update(room) { $0.advance(to: message, in: epoch) }
    }
  }
}

extension Turn {
  /// Sends one line to all sessions in the room, with the room's name.
  mutating func announce(_ line: ServerMessage, in room: RoomName) {
    var tags = Tags()
    tags.setRoom(room)
    publish(line, tags, in: room)
  }
}
