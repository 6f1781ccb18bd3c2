import ChatProtocol
import DequeModule

/// What a log in memory holds.
struct MemoryShelf: Sendable {
  private let capacity: Int
  private let conversationCapacity: Int
  private var conversations: [Conversation: Kept] = [:]
  /// Counts all messages; also to know which conversations were written in last.
  private var lastID = 0
  private var outcomes: [MemberKey: StoredMessage] = [:]
  private var oldestKeys: Deque<MemberKey> = []
  private var marks: [MemberID: [Conversation: Int]] = [:]

  private struct MemberKey: Hashable {
    var member: MemberID
    var key: SendKey
  }

  private struct Kept: Sendable {
    var head = 0
    var lastID = 0
    var messages: Deque<StoredMessage> = []
    var topic: StoredMessage?
  }

  /// So many sends are known again.
  private static let keyCapacity = 10_000
  /// So many members' marks are kept.
  private static let markCapacity = 10_000

  init(capacity: Int, conversationCapacity: Int) {
    self.capacity = max(capacity, 1)
    self.conversationCapacity = max(conversationCapacity, 1)
  }

  mutating func append(_ message: NewMessage, at time: Timestamp) -> StoreOutcome {
    let key = message.key.map { MemberKey(member: message.member, key: $0) }
    if let key, let earlier = outcomes[key] {
      return earlier.isSame(as: message) ? .duplicate(earlier) : .conflict
    }
    lastID += 1
    let stored = store(message, at: time, in: &conversations[message.conversation, default: Kept()])
    if let key { remember(stored, under: key) }
    if conversations.count - conversationCapacity > conversationCapacity { dropOldConversations() }
    return .stored(stored)
  }

  private mutating func remember(_ message: StoredMessage, under key: MemberKey) {
    outcomes[key] = message
    oldestKeys.append(key)
    if oldestKeys.count > Self.keyCapacity { outcomes[oldestKeys.removeFirst()] = nil }
  }

  private func store(_ message: NewMessage, at time: Timestamp, in kept: inout Kept) -> StoredMessage {
    kept.head += 1
    kept.lastID = lastID
    let stored = StoredMessage(message, id: lastID, sequence: kept.head, time: time)
    if kept.messages.count == capacity { kept.messages.removeFirst() }
    kept.messages.append(stored)
    if stored.kind == .topic { kept.topic = stored }
    return stored
  }

  private mutating func dropOldConversations() {
    let oldestKept = conversations.values.map(\.lastID).sorted(by: >)[conversationCapacity - 1]
    conversations = conversations.filter { $0.value.lastID >= oldestKept }
  }

  mutating func keep(_ mark: ReadMark) {
    if marks[mark.member] == nil, marks.count >= Self.markCapacity { marks.removeAll() }
    let earlier = marks[mark.member]?[mark.conversation] ?? 0
    marks[mark.member, default: [:]][mark.conversation] = max(earlier, mark.sequence)
  }

  mutating func prune(_ retention: Retention, at now: Timestamp) {
    let earliest = retention.age.map { now.milliseconds &- $0.nanoseconds / 1_000_000 } ?? .min
    for conversation in conversations.keys {
      guard var kept = conversations[conversation] else { continue }
      conversations[conversation] = nil
      while let first = kept.messages.first,
        first.time.milliseconds < earliest || kept.messages.count > max(retention.count ?? .max, 0)
      {
        kept.messages.removeFirst()
      }
      conversations[conversation] = kept
    }
  }

  // MARK: Reading

  func page(_ request: PageRequest) -> Page {
    guard let kept = conversations[request.conversation] else { return Page(messages: [], hasMore: false) }
    let isForward: Bool
    let candidates: Deque<StoredMessage>.SubSequence
    switch request.range {
    case .after(let sequence):
      isForward = true
      candidates = kept.messages.drop { $0.sequence <= sequence }.prefix { $0.sequence <= request.head }
    case .before(let sequence):
      isForward = false
      candidates = kept.messages.prefix { $0.sequence < sequence && $0.sequence <= request.head }
    case .latest:
      isForward = false
      candidates = kept.messages.prefix { $0.sequence <= request.head }
    }
    var messages: [StoredMessage] = []
    var bytes = 0
    for message in isForward ? AnySequence(candidates) : AnySequence(candidates.reversed()) {
      guard messages.count < request.limit, bytes < request.maximumBytes else { break }
      messages.append(message)
      bytes += message.text.utf8.count
    }
    let hasMore = messages.count < candidates.count
    return Page(messages: isForward ? messages : messages.reversed(), hasMore: hasMore)
  }

  func search(_ request: SearchRequest) -> Page {
    let found = Set(request.conversations).lazy.compactMap { conversations[$0] }.flatMap(\.messages)
      .filter { $0.id < request.before ?? .max && $0.answers(request.query) }
      .sorted { $0.id > $1.id }
    let messages = Array(found.prefix(max(request.limit, 0)))
    return Page(messages: messages, hasMore: messages.count < found.count)
  }

  func rooms() -> [RoomState] {
    conversations.compactMap { conversation, kept in
      guard case .room(let name) = conversation else { return nil }
      return RoomState(name: name, head: kept.head, topic: kept.topic.flatMap { $0.text.isEmpty ? nil : $0 })
    }.sorted { $0.name.text < $1.name.text }
  }

  func state(of member: MemberID) -> MemberState {
    let pairs = conversations.compactMap { conversation, kept -> (lastID: Int, MemberState.Correspondent)? in
      guard case .pair(let pair) = conversation, pair.contains(member), let last = kept.messages.last,
        let name = last.member == member ? last.reader : last.author
      else { return nil }
      return (
        kept.lastID, MemberState.Correspondent(member: pair.other(than: member), name: name, head: kept.head)
      )
    }
    return MemberState(correspondents: pairs.sorted { $0.lastID > $1.lastID }.map(\.1), marks: marks[member] ?? [:])
  }
}

extension StoredMessage {
  fileprivate func isSame(as message: NewMessage) -> Bool {
    conversation == message.conversation && kind == message.kind && text == message.text
  }

  fileprivate func answers(_ query: SearchQuery) -> Bool {
    guard kind == .text, query.author.map({ $0 == author }) ?? true, time >= query.from ?? time else { return false }
    if let until = query.until, time >= until { return false }
    let words = text.searchWords
    return query.phrases.allSatisfy { words.contains(sequence: $0.searchWords) }
  }
}

extension String {
  /// Letters and digits in a row, without regard to case and to marks on letters.
  fileprivate var searchWords: [Substring] {
    lowercased().split { !$0.isLetter && !$0.isNumber }
  }
}

extension [Substring] {
  fileprivate func contains(sequence words: [Substring]) -> Bool {
    guard words.count <= count else { return false }
    return (0...(count - words.count)).contains { Array(self[$0..<($0 + words.count)]) == words }
  }
}
