import ChatProtocol
import ChatRecords
import DequeModule

/// Contents of a log in memory.
struct MemoryContents: Sendable {
  private let capacity: Int
  private let conversationCapacity: Int
  private var conversations: [Conversation: KeptConversation] = [:]
  /// The last message id; also tells which conversations were used last.
  private(set) var lastID = 0
  private var outcomes: [MemberKey: StoredMessage] = [:]
  private var oldestKeys: Deque<MemberKey> = []
  /// The largest sequence of a dropped conversation. A conversation that is created again must not reuse its numbers.
  private var droppedHead = 0
  private var marks: [MemberID: [Conversation: Int]] = [:]

  private struct MemberKey: Hashable {
    var member: MemberID
    var key: IdempotencyKey
  }

  private struct KeptConversation: Sendable {
    var row: ConversationRow
    /// The messages with consecutive sequences; the last sequence is the head.
    var messages: Deque<StoredMessage> = []

    mutating func add(
      _ message: NewMessage, id: Int, at time: Timestamp, epoch: Int, capacity: Int
    ) -> StoredMessage {
      let stored = row.add(message, id: id, time: time, epoch: epoch)
      if messages.count == capacity { messages.removeFirst() }
      messages.append(stored)
      return stored
    }
  }

  /// Number of idempotency keys remembered.
  private static let keyCapacity = 10_000
  /// Number of members whose read marks are kept.
  private static let markCapacity = 10_000

  init(capacity: Int, conversationCapacity: Int) {
    self.capacity = max(capacity, 1)
    self.conversationCapacity = max(conversationCapacity, 1)
  }

  mutating func append(_ message: NewMessage, at time: Timestamp, epoch: Int) -> StoreOutcome {
    let key = message.key.map { MemberKey(member: message.member, key: $0) }
    if let key, let earlier = outcomes[key] {
      return earlier.isSame(as: message) ? .duplicate(earlier) : .conflict
    }
    lastID += 1
    let stored: StoredMessage
    if let index = conversations.index(forKey: message.conversation) {
      stored = conversations.values[index].add(message, id: lastID, at: time, epoch: epoch, capacity: capacity)
    } else {
      var new = KeptConversation(row: ConversationRow(id: lastID, conversation: message.conversation))
      new.row.head = droppedHead
      stored = new.add(message, id: lastID, at: time, epoch: epoch, capacity: capacity)
      conversations[message.conversation] = new
    }
    if let key { remember(stored, under: key) }
    if conversations.count - conversationCapacity > conversationCapacity { dropOldConversations() }
    return .stored(stored)
  }

  private mutating func remember(_ message: StoredMessage, under key: MemberKey) {
    outcomes[key] = message
    oldestKeys.append(key)
    if oldestKeys.count > Self.keyCapacity { outcomes[oldestKeys.removeFirst()] = nil }
  }

  private mutating func dropOldConversations() {
    let oldestKept = conversations.values.map(\.row.lastID).sorted(by: >)[conversationCapacity - 1]
    droppedHead = conversations.values.lazy.filter { $0.row.lastID < oldestKept }.map(\.row.head)
      .reduce(droppedHead, max)
    conversations = conversations.filter { $0.value.row.lastID >= oldestKept }
    // Drop the marks of dropped conversations.
    marks = marks.compactMapValues { marks in
      let kept = marks.filter { conversations[$0.key] != nil }
      return kept.isEmpty ? nil : kept
    }
  }

  mutating func keep(_ mark: ReadMark) {
    guard mark.sequence > 0, conversations[mark.conversation] != nil else { return }
    if marks[mark.member] == nil, marks.count >= Self.markCapacity { marks.removeAll() }
    let earlier = marks[mark.member]?[mark.conversation] ?? 0
    marks[mark.member, default: [:]][mark.conversation] = max(earlier, mark.sequence)
  }

  /// Removes all messages of the room with their keys, and the read marks; its sequence continues.
  mutating func empty(_ room: RoomName) {
    conversations[.room(room)]?.messages.removeAll()
    conversations[.room(room)]?.row.topic = nil
    outcomes = outcomes.filter { _, message in message.conversation != .room(room) }
    oldestKeys.removeAll { outcomes[$0] == nil }
    for member in marks.keys { marks[member]?[.room(room)] = nil }
  }

  mutating func prune(_ retention: Retention, at now: Timestamp) {
    var cut = AgeCut(retention, at: now)
    if retention.age != nil {
      for message in conversations.values.flatMap(\.messages).sorted(by: { $0.id < $1.id }) {
        guard cut.add(message.id, at: message.time.milliseconds) else { break }
      }
    }
    for conversation in conversations.keys {
      guard var kept = conversations.removeValue(forKey: conversation) else { continue }
      while let first = kept.messages.first,
        first.id <= cut.last ?? 0 || kept.messages.count > max(retention.count ?? .max, 0)
      {
        kept.messages.removeFirst()
      }
      conversations[conversation] = kept
    }
    outcomes = outcomes.filter { _, message in
      conversations[message.conversation]?.messages.first.map { $0.sequence <= message.sequence } ?? false
    }
    oldestKeys.removeAll { outcomes[$0] == nil }
  }

  mutating func redact(_ conversation: Conversation, sequence: Int, author: MemberID?) -> StoredMessage? {
    guard var kept = conversations[conversation] else { return nil }
    let place = kept.messages.firstIndex { $0.sequence == sequence }
    // A topic remains when its message is pruned.
    let topic = kept.row.topic.flatMap { $0.sequence == sequence ? $0 : nil }
    guard let message = place.map({ kept.messages[$0] }) ?? topic, author == nil || author == message.member else {
      return nil
    }
    let redacted = message.redacted
    if let place { kept.messages[place] = redacted }
    if topic != nil { kept.row.topic = nil }
    conversations[conversation] = kept
    for (key, outcome) in outcomes where outcome.id == message.id { outcomes[key] = redacted }
    return message
  }

  // MARK: Reading

  func page(_ request: PageRequest) -> Page {
    guard let kept = conversations[request.conversation], let oldest = kept.messages.first?.sequence else {
      return Page(messages: [], hasMore: false)
    }
    // Number of messages up to a sequence.
    func count(through sequence: Int) -> Int {
      sequence < oldest ? 0 : min(sequence - oldest, kept.messages.count - 1) + 1
    }
    let end = count(through: request.head)
    switch request.range {
    case .after(let sequence):
      let candidates = kept.messages[min(count(through: sequence), end)..<end]
      let messages = request.page(of: candidates)
      return Page(messages: messages, hasMore: messages.count < candidates.count)
    case .before(let sequence):
      let candidates = kept.messages[..<min(count(through: sequence == .min ? .min : sequence - 1), end)].reversed()
      let messages = request.page(of: candidates)
      return Page(messages: messages.reversed(), hasMore: messages.count < candidates.count)
    case .latest:
      let candidates = kept.messages[..<end].reversed()
      let messages = request.page(of: candidates)
      return Page(messages: messages.reversed(), hasMore: messages.count < candidates.count)
    }
  }

  func search(_ request: SearchRequest, until mustStop: () -> Bool) -> Page {
    guard let terms = SearchTerms(request.query) else { return Page(messages: [], hasMore: false) }
    // Sorting takes far less time than reading.
    let candidates = Set(request.conversations).lazy.compactMap { conversations[$0] }.flatMap(\.messages)
      .filter { $0.id < request.before ?? .max }
      .sorted { $0.id > $1.id }
    var found: [StoredMessage] = []
    for (index, message) in candidates.enumerated() {
      if index > 0, mustStop() {
        return Page(messages: found, hasMore: false, stoppedBefore: candidates[index - 1].id)
      }
      guard terms.allow(message) else { continue }
      guard found.count < max(request.limit, 0) else { return Page(messages: found, hasMore: true) }
      found.append(message)
    }
    return Page(messages: found, hasMore: false)
  }

  /// The time of the newest message that is still there.
  var lastTime: Timestamp? {
    conversations.values.lazy.compactMap { $0.messages.last }.max { $0.id < $1.id }?.time
  }

  func rooms() -> [RoomState] {
    conversations.values.compactMap { conversation in
      guard var state = conversation.row.roomState else { return nil }
      state.hasMessages = state.topic != nil || !conversation.messages.isEmpty
      return state
    }
    .sorted { (a: RoomState, b: RoomState) in a.name.folded < b.name.folded }
  }

  func state(of member: MemberID) -> MemberState {
    let rows = conversations.values.map(\.row).sorted { $0.lastID > $1.lastID }
    let correspondents = rows.lazy.compactMap { $0.correspondent(of: member) }.prefix(MemberState.maximumCorrespondents)
    return MemberState(correspondents: Array(correspondents), marks: marks[member] ?? [:])
  }
}

extension PageRequest {
  /// The messages, from the first on, that fit into the page.
  fileprivate func page(of messages: some Sequence<StoredMessage>) -> [StoredMessage] {
    var page: [StoredMessage] = []
    var bytes = 0
    for message in messages {
      guard page.count < limit, bytes < maximumBytes else { break }
      page.append(message)
      bytes += message.answerBytes
    }
    return page
  }
}

extension StoredMessage {
  /// Whether the stored message is the result of this message or of an earlier attempt to send it.
  func isSame(as message: NewMessage) -> Bool {
    // The text of a redacted message is unknown; sending it again yields the earlier result.
    conversation == message.conversation && (kind == .redacted || (kind == message.kind && text == message.text))
  }
}
