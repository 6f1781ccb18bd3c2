import ChatProtocol

extension StoredMessage {
  /// The message as it is said to whoever reads its conversation.
  var line: ServerMessage {
    switch (kind, conversation) {
    case (.topic, _): .topic(from: author, text: text)
    case (.removed, .room): .message(from: author, text: Self.removedText)
    case (.removed, .pair): .direct(from: author, text: Self.removedText)
    case (.text, .room): .message(from: author, text: text)
    case (.text, .pair): .direct(from: author, text: text)
    }
  }

  /// What stands beside it for those who read tags: when, and where in the order.
  var tags: Tags {
    var tags = Tags()
    addPlace(to: &tags)
    return tags
  }

  func addPlace(to tags: inout Tags) {
    tags.time = time
    tags.sequence = sequence
    tags.id = id
    if case .room(let room) = conversation { tags.setRoom(room) }
    if kind == .removed { tags.isRemoved = true }
  }
}

extension Tags {
  /// The lobby is where a line belongs that says nothing else.
  mutating func setRoom(_ room: RoomName) {
    if room != .lobby { self.room = room }
  }
}
