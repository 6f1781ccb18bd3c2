import ChatProtocol
import ChatRecords

/// Metadata of a conversation that is kept when its messages are pruned.
struct ConversationRow: Sendable {
  /// Key by which a database's messages refer to the conversation.
  let id: Int
  let conversation: Conversation
  /// The last sequence number assigned.
  var head = 0
  /// Id of the last message.
  var lastID = 0
  /// The last names of a pair's members, in the order of the pair; nil in a room.
  var names: (first: Nickname?, second: Nickname?) = (nil, nil)
  /// The newest message that set the room's topic.
  var topic: StoredMessage?
  /// In a memory log, all epoch heads. A database keeps them in a separate table: a row read from it has none, and this
  /// field contains the heads to be added to the table.
  var heads = EpochHeads()
  /// Index of the epoch in which the last message was stored.
  var epoch = 0

  init(id: Int, conversation: Conversation) {
    self.id = id
    self.conversation = conversation
  }

  /// Adds a message to be stored. The caller ensures that a sequence number is left.
  /// - Parameter epoch: index of the present epoch.
  mutating func add(_ message: NewMessage, id: Int, time: Timestamp, epoch: Int) -> StoredMessage {
    if epoch != self.epoch {
      heads.note(epoch: epoch, head: head)
      self.epoch = epoch
    }
    head += 1
    lastID = id
    take(names: message)
    let stored = StoredMessage(message, id: id, sequence: head, time: time)
    if stored.kind == .topic { topic = stored }
    return stored
  }

  /// Notes the names of a pair's members as of the message.
  mutating func take(names message: NewMessage) {
    guard case .pair(let pair) = conversation else { return }
    if message.member == pair.first {
      names.first = message.author
      names.second = pair.first == pair.second ? message.author : message.reader ?? names.second
    } else if message.member == pair.second {
      names = (message.reader ?? names.first, message.author)
    }
  }

  // MARK: Derived state

  /// Nil for a pair.
  var roomState: RoomState? {
    guard case .room(let name) = conversation, head > 0 else { return nil }
    return RoomState(name: name, head: head, topic: topic.flatMap { $0.text.isEmpty ? nil : $0 }, heads: heads)
  }

  /// The other member of the pair; nil if the given member does not belong to it.
  func correspondent(of member: MemberID) -> MemberState.Correspondent? {
    guard case .pair(let pair) = conversation, head > 0, pair.contains(member),
      let name = member == pair.first ? names.second : names.first
    else { return nil }
    return MemberState.Correspondent(member: pair.other(than: member), name: name, head: head, heads: heads)
  }
}

extension MemberState {
  /// Maximum number of correspondents that a log reports.
  static let maximumCorrespondents = 100
}
