import ChatHub
import ChatProtocol
import ChatRecords

/// A model of a log that searches linearly: the reference for any log.
struct LogModel {
  private(set) var messages: [StoredMessage] = []
  /// Deleted messages count: ids are never used again.
  private(set) var lastID = 0
  private(set) var marks: [ReadMark] = []
  private(set) var acts: [Act] = []
  /// Ids of topic messages, redacted or not.
  private var topics: Set<Int> = []
  private var outcomes: [SendKey: StoredMessage] = [:]
  /// The heads of deleted rooms.
  private var pastHeads: [Conversation: Int] = [:]
  private(set) var epochs = Epoch("e").map { EpochList($0) }
  private var heads: [Conversation: EpochHeads] = [:]

  private struct SendKey: Hashable {
    var member: MemberID
    var key: IdempotencyKey
  }

  /// The time of all stored messages.
  static let time = Timestamp(milliseconds: 1_795_341_600_123)

  func head(of conversation: Conversation) -> Int {
    (pastHeads[conversation] ?? 0) + messages.count { $0.conversation == conversation }
  }

  mutating func append(_ message: NewMessage) -> StoreOutcome {
    let key = message.key.map { SendKey(member: message.member, key: $0) }
    if let key, let first = outcomes[key] {
      let isSame = (first.conversation, first.text, first.kind) == (message.conversation, message.text, message.kind)
      return isSame ? .duplicate(first) : .conflict
    }
    lastID += 1
    let stored = StoredMessage(
      message, id: lastID, sequence: head(of: message.conversation) + 1, time: Self.time)
    heads[message.conversation, default: EpochHeads()].note(epoch: epochs?.number ?? 1, head: stored.sequence - 1)
    messages.append(stored)
    if stored.kind == .topic { topics.insert(stored.id) }
    if let key { outcomes[key] = stored }
    return .stored(stored)
  }

  mutating func begin(_ epoch: Epoch) { epochs = epochs?.followed(by: epoch) }

  mutating func keep(_ mark: ReadMark) { marks.append(mark) }

  mutating func record(_ change: RegistryChange) {
    switch change {
    case .act(let act): acts.append(act)
    case .deletion(let room):
      pastHeads[.room(room)] = head(of: .room(room))
      messages.removeAll { $0.conversation == .room(room) }
      outcomes = outcomes.filter { $0.value.conversation != .room(room) }
    default: break
    }
  }

  mutating func redact(_ conversation: Conversation, sequence: Int, author: MemberID?) -> StoredMessage? {
    let index = messages.firstIndex {
      $0.conversation == conversation && $0.sequence == sequence && author ?? $0.member == $0.member
    }
    guard let index else { return nil }
    defer {
      messages[index].kind = .redacted
      messages[index].text = ""
    }
    return messages[index]
  }

  /// Removes messages that exceed the retention.
  mutating func prune(_ conversation: Conversation, upTo sequence: Int) {
    messages.removeAll { $0.conversation == conversation && $0.sequence <= sequence }
  }

  func answer(_ request: ReadRequest) -> ReadAnswer {
    switch request {
    case .page(let request): .page(page(request))
    case .search(let request): .page(search(request))
    case .acts(let limit): .acts(Array(acts.reversed().prefix(limit)))
    case .state(let member): .state(state(of: member))
    }
  }

  private func page(_ request: PageRequest) -> Page {
    let readable = messages.filter { $0.conversation == request.conversation && $0.sequence <= request.head }
    let candidates: [StoredMessage]
    let isForward: Bool
    switch request.range {
    case .after(let sequence): (candidates, isForward) = (readable.filter { $0.sequence > sequence }, true)
    case .before(let sequence): (candidates, isForward) = (readable.filter { $0.sequence < sequence }.reversed(), false)
    case .latest: (candidates, isForward) = (readable.reversed(), false)
    }
    var found: [StoredMessage] = []
    var bytes = 0
    for message in candidates {
      guard found.count < request.limit, bytes < request.maximumBytes else { break }
      found.append(message)
      bytes += message.answerBytes
    }
    return Page(messages: isForward ? found : found.reversed(), hasMore: found.count < candidates.count)
  }

  private func search(_ request: SearchRequest) -> Page {
    let found = messages.reversed().filter { message in
      message.kind == .text && request.conversations.contains(message.conversation)
        && message.id < request.before ?? .max && request.query.phrases.allSatisfy { message.text.contains($0) }
    }
    return Page(messages: Array(found.prefix(request.limit)), hasMore: found.count > request.limit)
  }

  private func state(of member: MemberID) -> MemberState {
    var state = MemberState()
    for message in messages.reversed() {
      guard case .pair(let pair) = message.conversation, pair.contains(member), let reader = message.reader else {
        continue
      }
      let other = pair.other(than: member)
      guard !state.correspondents.contains(where: { $0.member == other }) else { continue }
      let name = message.member == member ? reader : message.author
      let head = head(of: message.conversation)
      let heads = heads[message.conversation] ?? EpochHeads()
      state.correspondents.append(MemberState.Correspondent(member: other, name: name, head: head, heads: heads))
    }
    for mark in marks where mark.member == member {
      state.marks[mark.conversation] = max(state.marks[mark.conversation] ?? 0, mark.sequence)
    }
    return state
  }

  func rooms() -> [RoomState] {
    var states: [RoomState] = []
    for message in messages {
      guard case .room(let name) = message.conversation else { continue }
      if !states.contains(where: { $0.name == name }) {
        states.append(RoomState(name: name, head: 0, heads: heads[message.conversation] ?? EpochHeads()))
      }
      for index in states.indices where states[index].name == name {
        states[index].head = message.sequence
        if topics.contains(message.id) { states[index].topic = message.text.isEmpty ? nil : message }
      }
    }
    for (conversation, head) in pastHeads {
      guard case .room(let name) = conversation, !states.contains(where: { $0.name == name }) else { continue }
      states.append(RoomState(name: name, head: head, hasMessages: false))
    }
    return states
  }
}
