import ChatProtocol

/// What the hub knows of one room.
struct Room: Sendable {
  /// The last message that was published; 0 before the first.
  var head = 0
  var heads = EpochHeads()
  /// The newest one that gave the room a topic.
  var topic: StoredMessage?
  /// Who is in it, and with how many of their sessions. Nobody is listed in the lobby, where everybody is.
  var people = InsertionOrderedTable<MemberID, Int>()

  /// At most this many are known at once: each takes memory, whether or not anybody is in it.
  static let maximumCount = 10_000
  /// At most this many bytes.
  static let maximumTopic = 1024

  /// Whether anything is kept of it: a message or a topic.
  var hasMessages = false
  /// A message in it was allowed, and counted for whoever made the room.
  var isFounded = false
  /// When the last one left; nil where that was before the hub began, or where there are people.
  var emptySince: MonotonicTime?

  /// Nothing would be lost with it.
  var isForgettable: Bool { people.isEmpty && !hasMessages }

  /// - Parameter epoch: the place of the log's present one.
  mutating func advance(to message: StoredMessage, in epoch: Int) {
    heads.note(epoch: epoch, head: message.sequence - 1)
    head = message.sequence
    hasMessages = true
    isFounded = true
    if message.kind == .topic { topic = message.text.isEmpty ? nil : message }
  }
}
