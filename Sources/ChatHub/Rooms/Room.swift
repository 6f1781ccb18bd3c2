import ChatProtocol
import ChatRecords

/// The hub's state of one room.
struct Room: Sendable {
  /// The sequence of the last published message; 0 before the first.
  var head = 0
  var heads = EpochHeads()
  /// The newest message that set a topic.
  var topic: StoredMessage?
  /// Members and the number of their sessions in the room. Empty for the lobby, which contains every member.
  var people = InsertionOrderedTable<MemberID, Int>()

  /// The maximum number of known rooms: each takes memory, with or without members.
  static let maximumCount = 10_000
  /// The maximum length of a topic, in bytes.
  static let maximumTopic = 1024

  /// Whether the log has a message or topic of the room.
  var hasMessages = false
  /// A message has been accepted in the room, and the room counted for its creator.
  var isFounded = false
  /// When the last member left; nil if that was before the hub started, or if there are members.
  var emptySince: MonotonicTime?

  /// Whether the room can be forgotten without loss.
  var isForgettable: Bool { people.isEmpty && !hasMessages }

  /// - Parameter epoch: the index of the log's current epoch.
  mutating func advance(to message: StoredMessage, in epoch: Int) {
    heads.note(epoch: epoch, head: message.sequence - 1)
    head = message.sequence
    hasMessages = true
    isFounded = true
    if message.kind == .topic { topic = message.text.isEmpty ? nil : message }
  }
}
