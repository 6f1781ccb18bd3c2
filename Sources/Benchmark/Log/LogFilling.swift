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
  private(set) var contents: LogContents
  private var generator = SplitMix64(seed: 1)
  private var time = Timestamp(milliseconds: 1_700_000_000_000)

  /// Number of messages stored in one batch, as under load.
  static let group = 200

  init(log: SQLiteLog, rooms: Int) {
    self.log = log
    self.rooms = (0..<rooms).compactMap { RoomName("#room\($0)") }
    authors = (0..<500).compactMap { Nickname("person\($0)") }
    contents = LogContents(rooms: rooms)
  }

  var conversations: [Conversation] { rooms.map(Conversation.room) }

  /// - Returns: the time that the log took, without the generation of messages.
  mutating func store(_ count: Int, at once: Int, progress: (Double) -> Void) throws -> LogReport.WorkMeasurement {
    var commits = Histogram()
    var duration = Duration.zero
    var stored = 0
    while stored < count {
      let messages = (0..<min(once, count - stored)).map { _ in message() }
      time.milliseconds += Int64(messages.count) * 20
      let start = MonotonicTime.now()
      let outcomes = try log.append(messages, at: time)
      let commit = MonotonicTime.now() - start
      commits.add(commit.nanoseconds)
      duration += commit
      guard outcomes.count == messages.count else { throw Failure("an append was not answered whole") }
      stored += messages.count
      if stored % 2000 < once { progress(Double(stored) / Double(count)) }
    }
    self.count += stored
    return LogReport.WorkMeasurement(
      messages: stored, duration: duration, steps: Percentiles(commits, unit: 1e6))
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
    let words = BenchWords.message(using: &generator)
    let text = words.joined(separator: " ")
    contents.add(words, text, by: authors[author], in: room)
    return NewMessage(
      conversation: .room(rooms[room]), author: authors[author], member: MemberID(Int64(author + 1)), text: text)
  }
}
