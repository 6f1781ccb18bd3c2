import ChatLog
import ChatProtocol
import ChatRecords
import CommandSupport

/// Stores realistic messages, the same ones in each run.
struct LogFilling {
  let log: SQLiteLog
  private let rooms: [RoomName]
  private let authors: [Nickname]
  private(set) var count = 0
  /// The expected head of each room.
  private(set) var heads: [Int]
  private var generator = BenchGenerator(state: 1)
  private var time = Timestamp(milliseconds: 1_700_000_000_000)

  /// Number of messages stored in one batch, as under load.
  static let group = 200

  init(log: SQLiteLog, rooms: Int) {
    self.log = log
    self.rooms = (0..<rooms).compactMap { RoomName("#room\($0)") }
    authors = (0..<500).compactMap { Nickname("person\($0)") }
    heads = Array(repeating: 0, count: rooms)
  }

  var conversations: [Conversation] { rooms.map(Conversation.room) }

  /// - Returns: the time that the log took, without the generation of messages.
  mutating func store(_ count: Int, at once: Int, progress: (Double) -> Void) throws -> LogReport.WorkMeasurement {
    var commits: [Int64] = []
    commits.reserveCapacity(count / once + 1)
    var stored = 0
    while stored < count {
      let messages = (0..<min(once, count - stored)).map { _ in message() }
      time.milliseconds += Int64(messages.count) * 20
      let start = MonotonicTime.now()
      let outcomes = try log.append(messages, at: time)
      commits.append((MonotonicTime.now() - start).nanoseconds)
      guard outcomes.count == messages.count else { throw Failure("an append was not answered whole") }
      stored += messages.count
      if stored % 2000 < once { progress(Double(stored) / Double(count)) }
    }
    self.count += stored
    return LogReport.WorkMeasurement(
      messages: stored, duration: .nanoseconds(commits.reduce(0, +)),
      steps: Percentiles(nanoseconds: commits, unit: 1e6))
  }

  /// Adds stored messages to the search index.
  /// - Parameter left: about this number of messages stay unindexed; slightly fewer are possible.
  func index(butFor left: Int = 0, progress: (Double) -> Void) throws -> LogReport.WorkMeasurement {
    let start = MonotonicTime.now()
    var indexed = 0
    while indexed + left < count, try log.catchUp() {
      indexed += SQLiteLog.slice
      progress(min(Double(indexed) / Double(count), 1))
    }
    return LogReport.WorkMeasurement(messages: min(indexed, count), duration: MonotonicTime.now() - start)
  }

  /// Indexes the rest, and merges segments of the index, as a server does when it is idle.
  func finish(progress: (Double) -> Void) throws -> LogReport.WorkMeasurement {
    let start = MonotonicTime.now()
    progress(0)
    while try log.catchUp() {}
    return LogReport.WorkMeasurement(messages: count, duration: MonotonicTime.now() - start)
  }

  private mutating func message() -> NewMessage {
    let room = Int.random(in: rooms.indices, using: &generator)
    let author = Int.random(in: authors.indices, using: &generator)
    heads[room] += 1
    return NewMessage(
      conversation: .room(rooms[room]), author: authors[author], member: MemberID(Int64(author + 1)),
      text: BenchWords.text(using: &generator))
  }
}

/// Words with the frequencies of a natural language: the word of rank n occurs in proportion to 1/n.
enum BenchWords {
  /// Occurs in every third message.
  static let common = "w0"
  static let phrase = "w0 w1"
  /// Occurs in about one of 30,000 messages.
  static let rare = "w19990"

  private static let words = (0..<20_000).map { "w\($0)" }

  static func text(using generator: inout BenchGenerator) -> String {
    let length = Int.random(in: 2...12, using: &generator)
    return (0..<length).map { _ in words[rank(using: &generator)] }.joined(separator: " ")
  }

  private static func rank(using generator: inout BenchGenerator) -> Int {
    // Uniform between powers of 2, each of which is equally likely: close enough to 1/n.
    let power = Int.random(in: 0...14, using: &generator)
    return min(Int.random(in: (1 << power)..<(2 << power), using: &generator) - 1, words.count - 1)
  }
}

/// SplitMix64 (https://prng.di.unimi.it/splitmix64.c): the same numbers in every run.
struct BenchGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
