import ChatProtocol
import NIOCore
import TestSupport

/// A model of a swiftchat server: one client, by one connection at a time, and other users whose actions the test
/// chooses.
struct ModelServer {
  struct Entry: Hashable {
    var id: Int
    var author: String
    var text: String
    var key: String?
  }

  private struct OutgoingLine {
    var text: String
    /// The conversation that the line shows to exist.
    var target: Target?
  }

  /// Differences between servers.
  struct Habits {
    /// Whether the author's copy precedes the OK.
    var echoesFirst = true
    var largestPage = 50
    /// The most messages that are pushed after a resume.
    var mostPushed = 60
    /// Whether `RESUME` also sends the SYNC of conversations that the client did not list.
    var syncsAll = true
    /// Failed sends in percent.
    var failures = 0
  }

  var habits: Habits
  private(set) var logs: [Target: [Entry]] = [.lobby: []]
  private(set) var epoch = 1
  /// Lines to the client that have not arrived yet.
  private var outgoing: [OutgoingLine] = []
  /// Direct conversations that have a new identity, and of which no line has arrived since.
  private(set) var unannounced: Set<Target> = []
  /// Lines of the client that have not arrived yet.
  private var incoming: [String] = []
  private(set) var isConnected = false
  private(set) var marks: [Target: Int] = [:]
  private var ids = 0
  private var batches = 0
  private var keys: [String: (target: Target, sequence: Int)] = [:]
  private var member = 1
  private var capabilities: Capabilities = []
  private var isLoggedIn = false
  private var joined: Set<Target> = []
  /// Live lines that were dropped because the client was too slow.
  private var skipped: [Target: ClosedRange<Int>] = [:]
  private var dice: SeededGenerator

  init(habits: Habits, seed: UInt64) {
    self.habits = habits
    dice = SeededGenerator(seed: seed)
  }

  var isQuiet: Bool { outgoing.isEmpty && incoming.isEmpty }
  private var token: String { "token-\(member)" }

  // MARK: The connection

  mutating func connect() {
    disconnect()
    isConnected = true
  }

  /// Drops all lines that are under way in both directions.
  mutating func disconnect() {
    isConnected = false
    incoming = []
    outgoing = []
    capabilities = []
    isLoggedIn = false
    joined = []
    skipped = [:]
  }

  mutating func hear(_ lines: [String]) { if isConnected { incoming += lines } }

  mutating func obeyNext() {
    guard !incoming.isEmpty else { return }
    let line = incoming.removeFirst()
    var decoder = LineDecoder(allowsTags: capabilities.contains(.tags))
    decoder.append(ByteBuffer(string: line + "\n"))
    guard case .success(let read)? = decoder.next() else { return }
    do {
      guard let message = try ClientMessage(reading: read, in: capabilities) else { return }
      obey(message, read.tags)
    } catch {
      answer(.error(ErrorReply(error)), read.tags)
    }
  }

  mutating func takeLine() -> String? {
    guard !outgoing.isEmpty else { return nil }
    let line = outgoing.removeFirst()
    if let target = line.target { unannounced.remove(target) }
    return line.text
  }

  // MARK: Other users

  mutating func say(_ text: String, by author: String, in target: Target) {
    let sequence = store(Entry(id: 0, author: author, text: text), in: target)
    publish(target, sequence)
  }

  /// The client is too slow: live lines in the queue are dropped.
  mutating func lag() {
    var kept: [OutgoingLine] = []
    for line in outgoing {
      var decoder = LineDecoder(allowsTags: true)
      decoder.append(ByteBuffer(string: line.text + "\n"))
      guard case .success(let read)? = decoder.next(), read.tags.batch == nil, read.tags.label == nil,
        let sequence = read.tags.sequence, let target = line.target, dice.chance(1, in: 2)
      else {
        kept.append(line)
        continue
      }
      let range = skipped[target] ?? sequence...sequence
      skipped[target] = min(range.lowerBound, sequence)...max(range.upperBound, sequence)
    }
    outgoing = kept
  }

  mutating func catchUp() {
    for (target, range) in skipped.sorted(by: { $0.key.text < $1.key.text }) {
      tell(.gap(target, from: range.lowerBound, to: range.upperBound))
    }
    skipped = [:]
  }

  /// The log is lost and a new one starts.
  mutating func loseLog() {
    disconnect()
    loseIdentities()
    epoch += 1
    for target in logs.keys { logs[target] = [] }
    keys = [:]
    ids = 0
    marks = [:]
  }

  /// The server forgets its tokens and users, so all direct conversations get new identities.
  mutating func forgetPeople() {
    disconnect()
    loseIdentities()
    member += 1
    keys = [:]
    for target in logs.keys { if case .person = target { logs[target] = nil } }
  }

  private mutating func loseIdentities() {
    for target in logs.keys { if case .person = target { unannounced.insert(target) } }
  }

  // MARK: Requests

  private mutating func obey(_ message: ClientMessage, _ tags: Tags) {
    switch message {
    case .requestCapabilities(let names):
      tell(.capabilities(.acknowledged, names))
      capabilities = Capabilities(names.compactMap { Capabilities(named: $0) })
    case .login:
      isLoggedIn = true
      var answer = tags.answer
      answer.isKnownAgain = tags.token == token
      answer.token = token
      tell(.ok(.login), answer)
      for target in readable { sync(target) }
    case .resume(let token, let cursors): resume(token, cursors, tags)
    case .message(let text): send(text, to: .lobby, tags)
    case .direct(let name, let text): send(text, to: .person(name), tags)
    case .say(let target, let text): send(text, to: target, tags)
    case .join(let room, let cursor): join(room, cursor, tags)
    case .part(let room):
      joined.remove(.room(room))
      answer(.ok(.part), tags)
    case .history(let target, let range, let limit): history(target, range, limit, tags)
    case .mark(let target, let sequence):
      marks[target] = max(sequence, marks[target] ?? 0)
      answer(.ok(.mark), tags)
    case .who: batch("who", target: nil, tags, lines: [(.user(.neha), Tags())])
    case .ping: answer(.pong, tags)
    case .away: answer(.ok(.away), tags)
    default: answer(.error(ErrorReply(RequestError(.unknownCommand))), tags)
    }
  }

  private var readable: [Target] {
    logs.keys.filter { target in
      if case .person = target { true } else { target == .lobby }
    }.sorted { $0.text < $1.text }
  }

  private mutating func resume(_ token: String, _ cursors: [Cursor], _ tags: Tags) {
    guard token == self.token else { return answer(.error(ErrorReply(RequestError(.invalidToken, .resume))), tags) }
    isLoggedIn = true
    var answer = tags.answer
    answer.token = token
    tell(.ok(.resume), answer)
    for cursor in cursors {
      if case .room = cursor.target, cursor.target != .lobby { joined.insert(cursor.target) }
      sync(cursor.target)
      push(cursor)
    }
    guard habits.syncsAll else { return }
    for target in readable where !cursors.contains(where: { $0.target == target }) { sync(target) }
  }

  private mutating func join(_ room: RoomName, _ cursor: Cursor?, _ tags: Tags) {
    let target = Target.room(room)
    if logs[target] == nil { logs[target] = [] }
    joined.insert(target)
    var answer = tags.answer
    answer.room = room
    tell(.ok(.join), answer)
    sync(target)
    if let cursor { push(cursor) }
  }

  private mutating func sync(_ target: Target) {
    tell(.sync(target, Epoch("e\(epoch)") ?? .none, head: logs[target]?.count ?? 0))
  }

  private mutating func push(_ cursor: Cursor) {
    let log = logs[cursor.target] ?? []
    guard cursor.epoch.text == "e\(epoch)" else {
      return tell(.reset(cursor.target, Epoch("e\(epoch)") ?? .none))
    }
    guard cursor.sequence < log.count else { return }
    if log.count - cursor.sequence > habits.mostPushed {
      tell(.gap(cursor.target, from: cursor.sequence + 1, to: log.count))
    } else {
      page(cursor.target, Array(cursor.sequence + 1...log.count), hasMore: false, Tags())
    }
  }

  private mutating func history(_ target: Target, _ range: HistoryRange, _ limit: Int, _ tags: Tags) {
    let count = logs[target]?.count ?? 0
    let most = min(limit, habits.largestPage)
    switch range {
    case .latest: page(target, Array((1...max(count, 1)).prefix(count).suffix(most)), hasMore: count > most, tags)
    case .before(let sequence):
      let all = Array((1...max(count, 1)).prefix(min(count, sequence - 1)))
      page(target, Array(all.suffix(most)), hasMore: all.count > most, tags)
    case .after(let sequence):
      let all = Array((1...max(count, 1)).prefix(count).dropFirst(sequence))
      page(target, Array(all.prefix(most)), hasMore: all.count > most, tags)
    }
  }

  private mutating func page(_ target: Target, _ sequences: [Int], hasMore: Bool, _ tags: Tags) {
    let lines = sequences.compactMap { line(target, $0) }
    batch("history", target: target, tags, hasMore: hasMore, lines: lines)
  }

  private mutating func batch(
    _ kind: String, target: Target?, _ tags: Tags, hasMore: Bool = false, lines: [(ServerMessage, Tags)]
  ) {
    batches += 1
    var first = tags.answer
    first.hasMore = hasMore
    tell(.batchStart(reference: String(batches), kind: kind, target: target), first)
    for (message, tags) in lines {
      var tags = tags
      tags.batch = String(batches)
      tell(message, tags)
    }
    tell(.batchEnd(reference: String(batches)))
  }

  private mutating func send(_ text: String, to target: Target, _ tags: Tags) {
    var answer = tags.answer
    if let key = tags.key?.text, let known = keys[key] {
      answer.isDuplicate = true
      answer.sequence = known.sequence
      answer.id = logs[known.target]?[known.sequence - 1].id
      return tell(.ok(.message), answer, about: known.target)
    }
    guard !dice.chance(habits.failures, in: 100) else {
      return tell(.error(ErrorReply(RequestError(.storageUnavailable, .message))), answer)
    }
    let sequence = store(Entry(id: 0, author: "neha", text: text, key: tags.key?.text), in: target)
    if let key = tags.key?.text { keys[key] = (target, sequence) }
    answer.sequence = sequence
    answer.id = ids
    if habits.echoesFirst, case .room = target { publish(target, sequence) }
    tell(.ok(.message), answer, about: target)
    if !habits.echoesFirst, case .room = target { publish(target, sequence) }
  }

  private mutating func store(_ entry: Entry, in target: Target) -> Int {
    ids += 1
    var entry = entry
    entry.id = ids
    logs[target, default: []].append(entry)
    return logs[target]?.count ?? 0
  }

  // MARK: Lines

  private mutating func publish(_ target: Target, _ sequence: Int) {
    guard isLoggedIn, let (message, tags) = line(target, sequence) else { return }
    if case .room = target, target != .lobby, !joined.contains(target) { return }
    tell(message, tags)
  }

  private func line(_ target: Target, _ sequence: Int) -> (ServerMessage, Tags)? {
    guard let log = logs[target], log.indices.contains(sequence - 1) else { return nil }
    let entry = log[sequence - 1]
    let author = Nickname(known: entry.author)
    var tags = Tags()
    tags.sequence = sequence
    tags.id = entry.id
    switch target {
    case .room(let room):
      if room != .lobby { tags.room = room }
      return (.message(from: author, text: entry.text), tags)
    case .person(let name):
      if author == .neha { tags.reader = name }
      return (.direct(from: author, text: entry.text), tags)
    }
  }

  private func target(of message: ServerMessage, _ tags: Tags) -> Target? {
    switch message {
    case .message: .room(tags.room ?? .lobby)
    case .direct(let author, _): .person(tags.reader ?? author)
    case .sync(let target, _, _), .reset(let target, _), .gap(let target, _, _): target
    default: nil
    }
  }

  private mutating func answer(_ message: ServerMessage, _ tags: Tags) { tell(message, tags.answer) }

  /// - Parameter target: the conversation of a message that is confirmed.
  private mutating func tell(_ message: ServerMessage, _ tags: Tags = Tags(), about target: Target? = nil) {
    guard isConnected else { return }
    var buffer = ByteBuffer()
    message.write(into: &buffer, for: capabilities, tags: tags)
    let line = String(buffer: buffer)
    guard !line.isEmpty else { return }
    outgoing.append(OutgoingLine(text: String(line.dropLast()), target: target ?? self.target(of: message, tags)))
  }
}

extension Tags {
  /// The tags of an answer to a request with these tags.
  fileprivate var answer: Tags {
    var tags = Tags()
    tags.label = label
    return tags
  }
}

extension Epoch {
  fileprivate static let none = Epoch(known: "none")

  init(known text: String) {
    guard let epoch = Epoch(text) else { preconditionFailure("\(text) is no epoch") }
    self = epoch
  }
}
