import ChatProtocol

/// What a log knows of a conversation besides its messages, and keeps when they are pruned.
struct ConversationRow: Sendable {
  /// What a database's messages name it by.
  let id: Int
  let conversation: Conversation
  /// The last sequence that was given.
  var head = 0
  /// The last message.
  var lastID = 0
  /// What the two of a pair were last called, in the order of the pair; nil in a room.
  var names: (first: Nickname?, second: Nickname?) = (nil, nil)
  /// The newest message that gave the room a topic.
  var topic: StoredMessage?
  /// In a log in memory all of them are here. A database has them in a table of their own: read from there are none,
  /// and here are those that are to be added to it.
  var heads = EpochHeads()
  /// The place of the epoch in which the last message was stored.
  var epoch = 0

  init(id: Int, conversation: Conversation) {
    self.id = id
    self.conversation = conversation
  }

  /// Takes in a message that is to be stored. There must be a number left for it.
  /// - Parameter epoch: the place of the present one.
  mutating func add(_ message: NewMessage, id: Int, time: Timestamp, epoch: Int) -> StoredMessage {
    if epoch != self.epoch {
      heads.note(epoch: epoch, head: head)
      self.epoch = epoch
    }
    head += 1
    lastID = id
    if case .pair(let pair) = conversation { take(names: message, in: pair) }
    let stored = StoredMessage(message, id: id, sequence: head, time: time)
    if stored.kind == .topic { topic = stored }
    return stored
  }

  private mutating func take(names message: NewMessage, in pair: Conversation.Pair) {
    if message.member == pair.first {
      names.first = message.author
      names.second = pair.first == pair.second ? message.author : message.reader ?? names.second
    } else if message.member == pair.second {
      names = (message.reader ?? names.first, message.author)
    }
  }

  // MARK: What is told of it

  /// Nil for a pair.
  var roomState: RoomState? {
    guard case .room(let name) = conversation, head > 0 else { return nil }
    return RoomState(name: name, head: head, topic: topic.flatMap { $0.text.isEmpty ? nil : $0 }, heads: heads)
  }

  /// The one whom the member writes with here; nil where they do not.
  func correspondent(of member: MemberID) -> MemberState.Correspondent? {
    guard case .pair(let pair) = conversation, head > 0, pair.contains(member),
      let name = member == pair.first ? names.second : names.first
    else { return nil }
    return MemberState.Correspondent(member: pair.other(than: member), name: name, head: head, heads: heads)
  }
}

extension MemberState {
  /// A log tells of no more.
  static let maximumCorrespondents = 100
}
