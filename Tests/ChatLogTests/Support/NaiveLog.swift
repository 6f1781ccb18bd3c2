import ChatLog
import ChatProtocol
import ChatRecords

/// The simplest correct log: an array that is searched linearly.
struct NaiveLog {
  /// All messages ever stored.
  private var stored: [StoredMessage] = []
  private var keys: [SendKey: StoredMessage] = [:]
  /// The sequences up to which the conversations were pruned or deleted.
  private var pruned: [Conversation: Int] = [:]
  private var marks: [MemberID: [Conversation: Int]] = [:]
  private var topics: [Conversation: StoredMessage] = [:]

  private struct SendKey: Hashable {
    var member: MemberID
    var key: IdempotencyKey
  }

  private var kept: [StoredMessage] { stored.filter { $0.sequence > pruned[$0.conversation] ?? 0 } }

  /// - Parameter ids: the ids that the tested log chose.
  mutating func append(_ messages: [NewMessage], at time: Timestamp, ids: [Int?]) -> [StoreOutcome] {
    zip(messages, ids).map { message, id in
      let key = message.key.map { SendKey(member: message.member, key: $0) }
      if let key, let earlier = keys[key], earlier.sequence > pruned[earlier.conversation] ?? 0 {
        let isSame =
          earlier.conversation == message.conversation
          && (earlier.kind == .redacted || (earlier.kind == message.kind && earlier.text == message.text))
        return isSame ? .duplicate(earlier) : .conflict
      }
      let sequence = stored.count { $0.conversation == message.conversation } + 1
      let result = StoredMessage(message, id: id ?? -1, sequence: sequence, time: time)
      stored.append(result)
      if let key { keys[key] = result }
      if message.kind == .topic { topics[message.conversation] = result }
      return .stored(result)
    }
  }

  mutating func keep(_ marks: [ReadMark]) {
    for mark in marks where stored.contains(where: { $0.conversation == mark.conversation }) && mark.sequence > 0 {
      let earlier = self.marks[mark.member]?[mark.conversation] ?? 0
      self.marks[mark.member, default: [:]][mark.conversation] = max(earlier, mark.sequence)
    }
  }

  mutating func prune(_ retention: Retention, at now: Timestamp) {
    let cut = cut(retention, at: now)
    for conversation in Set(stored.map(\.conversation)) {
      var rest = kept.filter { $0.conversation == conversation }
      while let first = rest.first {
        let isTooOld = first.id <= cut
        let isTooMany = retention.count.map { rest.count > $0 } ?? false
        guard isTooOld || isTooMany else { break }
        pruned[conversation] = first.sequence
        rest.removeFirst()
      }
    }
  }

  /// - Returns: the last message that is too old. Chosen so that the fewest messages contradict it by their own times.
  private func cut(_ retention: Retention, at now: Timestamp) -> Int {
    guard let age = retention.age else { return 0 }
    let all = kept.sorted { $0.id < $1.id }
    let isOld = all.map { $0.time.milliseconds < now.milliseconds - age.milliseconds }
    let contradicting = (0...all.count).map { place in
      isOld[..<place].count { !$0 } + isOld[place...].count { $0 }
    }
    let place = contradicting.indices.min { contradicting[$0] < contradicting[$1] } ?? 0
    return place == 0 ? 0 : all[place - 1].id
  }

  mutating func redact(_ conversation: Conversation, sequence: Int, author: MemberID?) -> StoredMessage? {
    func isMeant(_ message: StoredMessage) -> Bool {
      message.conversation == conversation && message.sequence == sequence
    }
    let topic = topics[conversation].flatMap { isMeant($0) ? $0 : nil }
    guard let message = kept.first(where: isMeant) ?? topic, author == nil || author == message.member else {
      return nil
    }
    if topic != nil { topics[conversation] = nil }
    for index in stored.indices where isMeant(stored[index]) {
      (stored[index].kind, stored[index].text) = (.redacted, "")
    }
    for (key, known) in keys where isMeant(known) {
      keys[key]?.kind = .redacted
      keys[key]?.text = ""
    }
    return message
  }

  /// Deletes the messages of a room, and all that refers to them.
  mutating func delete(_ room: RoomName) {
    let conversation = Conversation.room(room)
    pruned[conversation] = stored.count { $0.conversation == conversation }
    topics[conversation] = nil
    for member in marks.keys { marks[member]?[conversation] = nil }
  }

  func page(_ request: PageRequest) -> Page {
    let all = kept.filter { $0.conversation == request.conversation && $0.sequence <= request.head }
    let isForward: Bool
    let candidates: [StoredMessage]
    switch request.range {
    case .after(let sequence): (isForward, candidates) = (true, all.filter { $0.sequence > sequence })
    case .before(let sequence): (isForward, candidates) = (false, all.filter { $0.sequence < sequence }.reversed())
    case .latest: (isForward, candidates) = (false, all.reversed())
    }
    var messages: [StoredMessage] = []
    for message in candidates {
      let bytes = messages.reduce(0) { $0 + $1.answerBytes }
      if messages.count >= request.limit || bytes >= request.maximumBytes { break }
      messages.append(message)
    }
    return Page(messages: isForward ? messages : messages.reversed(), hasMore: messages.count < candidates.count)
  }

  /// - Parameters:
  ///   - words: returns the words of a text or a phrase in a comparable form, by a rule independent of the log's.
  ///   - begins: returns whether the second word begins with the first.
  func search(_ request: SearchRequest, words: (String) -> [Int], begins: (Int, Int) -> Bool) -> Page {
    let query = request.query
    let phrases = query.phrases.map(words).filter { !$0.isEmpty }
    guard !phrases.isEmpty || query.phrases.isEmpty else { return Page(messages: [], hasMore: false) }
    let found = kept.reversed().filter { message in
      let text = words(message.text)
      return message.kind == .text && request.conversations.contains(message.conversation)
        && message.id < request.before ?? .max && query.author.map { $0 == message.author } ?? true
        && query.from.map { message.time >= $0 } ?? true && query.until.map { message.time < $0 } ?? true
        && phrases.enumerated().allSatisfy { offset, phrase in
          let endsInPrefix = query.endsInPrefix && offset == phrases.count - 1
          return text.indices.contains { start in
            text[start...].count >= phrase.count
              && zip(phrase, text[start...]).enumerated().allSatisfy { place, pair in
                endsInPrefix && place == phrase.count - 1 ? begins(pair.0, pair.1) : pair.0 == pair.1
              }
          }
        }
    }
    let messages = Array(found.prefix(max(request.limit, 0)))
    return Page(messages: messages, hasMore: messages.count < found.count)
  }

  /// Unordered.
  func rooms() -> [RoomState] {
    Set(stored.map(\.conversation)).compactMap { conversation in
      let messages = stored.filter { $0.conversation == conversation }
      let topic = topics[conversation].flatMap { $0.text.isEmpty ? nil : $0 }
      guard case .room(let name) = messages.first?.conversation else { return nil }
      return RoomState(name: name, head: messages.count, topic: topic)
    }
  }

  func state(of member: MemberID) -> MemberState {
    var correspondents: [MemberState.Correspondent] = []
    for message in stored.reversed() {
      guard case .pair(let pair) = message.conversation, pair.contains(member) else { continue }
      let other = pair.other(than: member)
      guard !correspondents.contains(where: { $0.member == other }),
        let name = message.member == member && other != member ? message.reader : message.author
      else { continue }
      let head = stored.count { $0.conversation == message.conversation }
      correspondents.append(MemberState.Correspondent(member: other, name: name, head: head))
    }
    return MemberState(correspondents: Array(correspondents.prefix(100)), marks: marks[member] ?? [:])
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
