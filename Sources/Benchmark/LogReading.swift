import ChatLog
import ChatProtocol
import ChatRecords
import CommandSupport

/// Reads a filled log as the server does for its clients, and checks the results.
struct LogReading {
  private let log: SQLiteLog
  private let conversations: [Conversation]
  private let heads: [Int]
  private var generator = BenchGenerator(state: 2)
  /// The first wrong result; nil if there is none.
  private(set) var complaint: String?

  private static let pageLimit = 100

  init(log: SQLiteLog, filling: LogFilling) {
    self.log = log
    conversations = filling.conversations
    heads = filling.heads
  }

  /// Reads pages of history at random positions in random rooms.
  mutating func pages(_ count: Int) throws -> Percentiles? {
    var samples: [Int64] = []
    for _ in 0..<count {
      let room = Int.random(in: conversations.indices, using: &generator)
      let before = Int.random(in: 1...(heads[room] + 1), using: &generator)
      let request = PageRequest(
        conversation: conversations[room], range: .before(before), head: heads[room], limit: Self.pageLimit)
      let page = try timed(&samples) { try log.page(request) }
      let expected = max(before - Self.pageLimit, 1)..<before
      if page.messages.map(\.sequence) != Array(expected) { complain("a page was not the one that was asked for") }
    }
    return Percentiles(nanoseconds: samples, unit: 1e6)
  }

  /// Reads all messages that a client has missed, in pages of the maximum size.
  mutating func behind(_ wanted: Int) throws -> LogReport.WorkMeasurement {
    let start = MonotonicTime.now()
    var read = 0
    for (room, conversation) in conversations.enumerated() where read < wanted {
      var after = max(heads[room] - (wanted - read), 0)
      while after < heads[room] {
        let page = try log.page(
          PageRequest(
            conversation: conversation, range: .after(after), head: heads[room], limit: 500, maximumBytes: .max))
        guard let last = page.messages.last?.sequence, last == after + page.messages.count else {
          complain("a page had a hole")
          break
        }
        read += page.messages.count
        after = last
      }
    }
    return LogReport.WorkMeasurement(messages: read, duration: MonotonicTime.now() - start)
  }

  /// Number of messages that may be stored but unindexed under load.
  static let tail = 20_000

  /// Call this while those messages are unindexed.
  mutating func searchesOfTail() throws -> [LogReport.SearchMeasurement] {
    [try search("a rare word, \(Self.tail.grouped) not indexed", BenchWords.rare, conversations)]
  }

  mutating func searches() throws -> [LogReport.SearchMeasurement] {
    let room = [conversations[conversations.count / 2]]
    return [
      try search("a common word", BenchWords.common, conversations),
      try search("in one room", BenchWords.common, room),
      try search("a rare word", BenchWords.rare, conversations),
      try search("in one room", BenchWords.rare, room),
      try search("a phrase", "\"\(BenchWords.phrase)\"", conversations),
      try search("in one room", "\"\(BenchWords.phrase)\"", room),
      try search("one author's", "from:person7 \(BenchWords.common)", conversations),
      try search("in one room", "from:person7 \(BenchWords.common)", room),
    ]
  }

  private mutating func search(_ name: String, _ text: String, _ conversations: [Conversation]) throws
    -> LogReport.SearchMeasurement
  {
    guard let query = SearchQuery(text) else { throw Failure("no query: \(text)") }
    var samples: [Int64] = []
    var found = 0
    for _ in 0..<20 {
      let request = SearchRequest(conversations: conversations, query: query, limit: 50)
      let page = try timed(&samples) { try log.search(request) }
      found = page.messages.count
      if found == 0, text == BenchWords.common { complain("a common word was not found") }
      if zip(page.messages, page.messages.dropFirst()).contains(where: { $0.id <= $1.id }) {
        complain("what was found was not in its order")
      }
      if page.messages.contains(where: { !conversations.contains($0.conversation) }) {
        complain("something was found where it was not looked for")
      }
    }
    return LogReport.SearchMeasurement(
      name: name, query: text, conversations: conversations.count, found: found,
      milliseconds: Percentiles(nanoseconds: samples, unit: 1e6))
  }

  private func timed<Result>(_ samples: inout [Int64], _ body: () throws -> Result) rethrows -> Result {
    let start = MonotonicTime.now()
    defer { samples.append((MonotonicTime.now() - start).nanoseconds) }
    return try body()
  }

  private mutating func complain(_ text: String) { complaint = complaint ?? text }
}
