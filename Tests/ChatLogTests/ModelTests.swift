import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// Random operations on a log, compared with a model that is an array.
@Suite(.computing) struct ModelTests {
  @Test(arguments: LogKind.allCases, SeededGenerator.seeds(6))
  func `a log behaves like an array of messages`(kind: LogKind, seed: UInt64) throws {
    try kind.use { (log) throws in
      var life = Life(log: log, generator: SeededGenerator(seed: seed))
      for _ in 0..<250 { try life.step() }
      try life.compareAll()
    }
  }
}

private struct Life {
  let log: any MessageLog
  var generator: SeededGenerator
  private var model = NaiveLog()
  private var now = Timestamp.noon
  private var keys = 0
  private var sent: [NewMessage] = []

  init(log: any MessageLog, generator: SeededGenerator) {
    self.log = log
    self.generator = generator
  }

  private static let names = ["neha", "Akash", "mira", "Zoë", "o.k", "__"]
  private static let rooms = ["#lobby", "#LOBBY", "#two", "#größe", "#GRÖSSE", "#four"]

  mutating func step() throws {
    now.milliseconds += Int64(generator.number(-3_000_000...20_000_000))
    switch generator.number(0...13) {
    case 0...4: try append()
    case 5: try keep()
    case 6: if generator.chance(1, in: 4) { try prune() }
    case 7: _ = try log.catchUp()
    case 8...9: try search()
    case 10: try page(in: conversation())
    case 11: try redact()
    case 12: if generator.chance(1, in: 3) { try delete() }
    default: try compareState()
    }
  }

  mutating func compareAll() throws {
    for _ in 0..<30 {
      try search()
      try page(in: conversation())
    }
    try log.finishIndexing()
    for _ in 0..<30 { try search() }
    try compareState()
  }

  // MARK: Changes

  private mutating func append() throws {
    let messages = try (0..<generator.number(0...12)).map { _ in try message() }
    let outcomes = try log.append(messages, at: now)
    let ids = outcomes.map { if case .stored(let message) = $0 { message.id } else { Int?.none } }
    #expect(outcomes == model.append(messages, at: now, ids: ids), "\(generator)")
    let stored = ids.compactMap { $0 }
    #expect(stored == stored.sorted() && Set(stored).count == stored.count, "\(generator)")
  }

  private mutating func message() throws -> NewMessage {
    if !sent.isEmpty, generator.chance(1, in: 6) { return generator.pick(sent) }
    var message: NewMessage
    let author = generator.pick(Self.names)
    let text = Vocabulary.text(0...8, using: &generator)
    if generator.chance(1, in: 3) {
      message = try .whispered(text, by: author, to: generator.pick(Self.names))
    } else {
      message = try .said(
        text, by: generator.flip() ? author : author.uppercased(), in: generator.pick(Self.rooms),
        kind: generator.chance(1, in: 8) ? .topic : .text)
    }
    guard generator.chance(1, in: 3) else { return message }
    // Sometimes the key of another message.
    if generator.chance(1, in: 5), let earlier = sent.last {
      message.key = earlier.key
    } else {
      keys += 1
      message.key = IdempotencyKey("key-\(keys)")
    }
    sent.append(message)
    return message
  }

  private mutating func keep() throws {
    let marks = try (0..<generator.number(0...4)).map { _ in
      ReadMark(
        member: try .named(generator.pick(Self.names)), conversation: try conversation(),
        sequence: generator.pick([-1, 0, 1, 2, 3, 10, 500]))
    }
    try log.keep(marks)
    model.keep(marks)
  }

  private mutating func prune() throws {
    let retention = Retention(
      age: generator.flip() ? .seconds(generator.number(0...1_000_000)) : nil,
      count: generator.flip() ? generator.number(0...30) : nil)
    // Until they are removed, the times of deleted messages count too.
    try log.finishPruning(Retention(), at: now)
    try log.finishPruning(retention, at: now)
    model.prune(retention, at: now)
  }

  private mutating func redact() throws {
    let place = (try conversation(), generator.number(-1...40))
    let author = generator.flip() ? try MemberID.named(generator.pick(Self.names)) : nil
    let redacted = try log.redact(place.0, sequence: place.1, author: author)
    #expect(redacted == model.redact(place.0, sequence: place.1, author: author), "\(generator)")
  }

  private mutating func delete() throws {
    // With the stored spelling: some logs take over that of the change.
    let rooms = try log.rooms().map(\.name)
    guard !rooms.isEmpty else { return }
    let room = generator.pick(rooms)
    try log.record([.deletion(room)])
    model.delete(room)
  }

  // MARK: Comparisons

  private mutating func conversation() throws -> Conversation {
    if generator.chance(1, in: 3) { return try .between(generator.pick(Self.names), generator.pick(Self.names)) }
    return try .named(generator.pick(Self.rooms + ["#never"]))
  }

  private mutating func page(in conversation: Conversation) throws {
    let bound = generator.number(-2...120)
    let request = PageRequest(
      conversation: conversation, range: generator.pick([.after(bound), .before(bound), .latest]),
      head: generator.pick([.max, generator.number(0...60)]), limit: generator.pick([.max, generator.number(-1...20)]),
      maximumBytes: generator.pick([.max, generator.number(-1...300)]))
    #expect(try log.page(request) == model.page(request), "\(generator)")
  }

  private mutating func search() throws {
    var query = SearchQuery(
      phrases: (0..<generator.number(0...3)).map { _ in Vocabulary.text(0...2, using: &generator) })
    query.endsInPrefix = generator.flip()
    if generator.chance(1, in: 3) { query.author = Nickname(generator.pick(Self.names)) }
    if generator.chance(1, in: 4) { query.from = now.advanced(by: -Int64(generator.number(0...2_000_000_000))) }
    if generator.chance(1, in: 4) { query.until = now.advanced(by: -Int64(generator.number(0...2_000_000_000))) }
    let request = SearchRequest(
      conversations: try (0..<generator.number(0...4)).map { _ in try conversation() }, query: query,
      before: generator.chance(1, in: 3) ? generator.number(-1...900) : nil, limit: generator.number(-1...10))
    let found = try log.search(request)
    #expect(
      found == model.search(request, words: Vocabulary.numbers, begins: Vocabulary.begins), "\(generator) \(request)")
  }

  private func compareState() throws {
    let (rooms, expected) = (try log.rooms().map(\.withoutHeads), model.rooms())
    #expect(Set(rooms) == Set(expected) && rooms.count == expected.count, "\(generator)")
    #expect(Set(rooms.map(\.name.text)) == Set(expected.map(\.name.text)), "\(generator)")
    for name in Self.names {
      let member = try MemberID.named(name)
      #expect(try log.state(of: member).withoutHeads == model.state(of: member), "\(generator)")
    }
  }
}
