import ChatProtocol
import ChatRecords

// Members of rooms. The lobby includes every member, and has no list of them.

extension Rooms {
  /// Adds a login of the member to the room.
  mutating func join(_ room: RoomName, _ member: MemberID, named name: Nickname, _ turn: inout Turn) {
    if restore(room, member) { turn.announce(.joined(name), in: entry(room)?.key ?? room) }
  }

  /// Adds a login of the member to the room, without an announcement.
  /// - Returns: whether it is the member's first one.
  @discardableResult
  mutating func restore(_ room: RoomName, _ member: MemberID) -> Bool {
    if !contains(room) { insert(room, Room()) }
    let isFirst = update(room) { room in
      room.emptySince = nil
      if room.people.insert(member, 1) { return true }
      room.people.update(member) { $0 += 1 }
      return false
    }
    return isFirst == true
  }

  /// Removes a login of the member from the room.
  /// - Parameters:
  ///   - isPresent: the member is still logged in. Otherwise the logout is the only announcement.
  ///   - isKept: the room has rules, and is not forgotten.
  mutating func leave(
    _ room: RoomName, _ member: MemberID, named name: Nickname, isPresent: Bool, isKept: Bool, _ turn: inout Turn
  ) {
    let isLast = update(room) { room in
      let left = room.people.update(member) { count in
        count -= 1
        return count
      }
      if left == 0 { room.people.remove(member) }
      if room.people.isEmpty { room.emptySince = turn.now }
      return left == 0
    }
    if isLast == true, isPresent { turn.announce(.left(name, .parted), in: room) }
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
