import ChatLog
import ChatProtocol
import ChatRecords
import CommandSupport

/// Reads a filled log as the server does for its clients, and checks the results.
struct LogReading {
  private let log: SQLiteLog
  private let conversations: [Conversation]
  /// The index of each conversation.
  private let rooms: [Conversation: Int]
  private let contents: LogContents
  private var generator = SplitMix64(seed: 2)
  /// The first wrong result; nil if there is none.
  private(set) var complaint: String?

  private static let pageLimit = 100
  private static let catchUpLimit = 500
  private static let searchLimit = 50

  init(log: SQLiteLog, filling: LogFilling) {
    self.log = log
    conversations = filling.conversations
    rooms = Dictionary(uniqueKeysWithValues: conversations.enumerated().map { ($0.element, $0.offset) })
    contents = filling.contents
  }

  // MARK: Pages

  /// Reads pages of history at random positions in random rooms.
  mutating func pages(_ count: Int) throws -> Percentiles? {
    var times = Histogram()
    for _ in 0..<count {
      let room = Int.random(in: conversations.indices, using: &generator)
      let head = contents.heads[room]
      let before = Int.random(in: 1...(head + 1), using: &generator)
      let request = PageRequest(
        conversation: conversations[room], range: .before(before), head: head, limit: Self.pageLimit)
      let (page, time) = try Self.timed { try log.page(request) }
      times.add(time.nanoseconds)
      check(page, of: room, is: max(before - Self.pageLimit, 1)..<before)
    }
    return Percentiles(times, unit: 1e6)
  }

  /// Reads all messages that a client has missed, in pages of the maximum size.
  mutating func behind(_ wanted: Int) throws -> LogReport.WorkMeasurement {
    var duration = Duration.zero
    var read = 0
    for (room, conversation) in conversations.enumerated() where read < wanted {
      let head = contents.heads[room]
      var after = max(head - (wanted - read), 0)
      while after < head {
        let request = PageRequest(
          conversation: conversation, range: .after(after), head: head, limit: Self.catchUpLimit, maximumBytes: .max)
        let (page, time) = try Self.timed { try log.page(request) }
        duration += time
        let last = min(after + Self.catchUpLimit, head)
        check(page, of: room, is: (after + 1)..<(last + 1))
        read += last - after
        after = last
      }
    }
    return LogReport.WorkMeasurement(messages: read, duration: duration)
  }

  private mutating func check(_ page: Page, of room: Int, is numbers: Range<Int>) {
    if !page.messages.map(\.sequence).elementsEqual(numbers) { complain("a page was not the one that was asked for") }
    check(page.messages, of: room..<(room + 1))
  }

  /// Checks that each message is one that was stored in these rooms.
  private mutating func check(_ messages: [StoredMessage], of rooms: Range<Int>) {
    for message in messages {
      guard let room = self.rooms[message.conversation], rooms.contains(room) else {
        complain("a message was found where it was not looked for")
        continue
      }
      if !contents.contains(message, in: room) { complain("a message was not the one that was stored") }
    }
  }

  // MARK: Searches

  /// Number of messages that may be stored but unindexed under load.
  static let tail = 20_000

  /// Call this while messages are unindexed.
  /// - Parameter unindexed: their number.
  mutating func searchesOfTail(_ unindexed: Int) throws -> [LogReport.SearchMeasurement] {
    [try search("a rare word, \(unindexed.grouped) not indexed", .rare, in: conversations.indices)]
  }

  mutating func searches() throws -> [LogReport.SearchMeasurement] {
    let (all, middle) = (conversations.indices, conversations.count / 2)
    let one = middle..<(middle + 1)
    return [
      try search("a common word", .common, in: all), try search("in one room", .common, in: one),
      try search("a rare word", .rare, in: all), try search("in one room", .rare, in: one),
      try search("a phrase", .phrase, in: all), try search("in one room", .phrase, in: one),
      try search("one author's", .author, in: all), try search("in one room", .author, in: one),
    ]
  }

  private mutating func search(_ name: String, _ query: LogQuery, in rooms: Range<Int>) throws
    -> LogReport.SearchMeasurement
  {
    guard let parsed = SearchQuery(query.text) else { throw Failure("no query: \(query.text)") }
    let searched = Array(conversations[rooms])
    let request = SearchRequest(conversations: searched, query: parsed, limit: Self.searchLimit)
    let expected = min(contents.hits(of: query, in: rooms), Self.searchLimit)
    var times = Histogram()
    for _ in 0..<20 {
      let (page, time) = try Self.timed { try log.search(request) }
      times.add(time.nanoseconds)
      let found = page.messages
      if found.count != expected { complain("'\(query.text)' was found \(found.count) times instead of \(expected)") }
      if zip(found, found.dropFirst()).contains(where: { $0.id <= $1.id }) {
        complain("what was found was not in its order")
      }
      if !found.allSatisfy({ query.finds($0.text.split(separator: " ").map(String.init), by: $0.author) }) {
        complain("a message was found without '\(query.text)'")
      }
      check(found, of: rooms)
    }
    return LogReport.SearchMeasurement(
      name: name, query: query.text, conversations: searched.count, found: expected,
      milliseconds: Percentiles(times, unit: 1e6))
  }

  private static func timed<Result>(_ body: () throws -> Result) rethrows -> (Result, Duration) {
    let start = MonotonicTime.now()
    let result = try body()
    return (result, MonotonicTime.now() - start)
  }

  private mutating func complain(_ text: String) { complaint = complaint ?? text }
}
