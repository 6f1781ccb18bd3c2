import ChatProtocol
import ChatRecords

extension StoredMessage {
  /// The line that is sent for the message.
  var line: ServerMessage {
    switch (kind, conversation) {
    case (.topic, _): .topic(from: author, text: text)
    case (.redacted, .room): .message(from: author, text: Self.redactedText)
    case (.redacted, .pair): .direct(from: author, text: Self.redactedText)
    case (.text, .room): .message(from: author, text: text)
    case (.text, .pair): .direct(from: author, text: text)
    }
  }

  /// The message's tags: time and position in the conversation.
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
    if kind == .redacted { tags.isRedacted = true }
  }
}

extension Tags {
  /// Lines without a room tag belong to the lobby.
  mutating func setRoom(_ room: RoomName) {
    if room != .lobby { self.room = room }
  }
}
