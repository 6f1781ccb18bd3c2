import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// Pruning by age and count.
@Suite(.computing) struct PruneTests {
  private static let hour: Int64 = 3_600_000

  @Test(arguments: LogKind.allCases)
  func `pruning by count keeps the newest messages of each conversation with their numbers`(kind: LogKind) throws {
    try kind.use { (log) throws in
      for number in 1...10 { try log.store([.said("m\(number)"), .whispered("w\(number)", by: "neha", to: "mira")]) }
      try log.store(.said("only", in: "#other"))
      try log.finishPruning(Retention(count: 3))
      #expect(try log.latest().map(\.sequence) == [8, 9, 10])
      #expect(try log.latest(in: .between("neha", "mira")).map(\.text) == ["w8", "w9", "w10"])
      #expect(try log.latest(in: .named("#other")).map(\.text) == ["only"])
      #expect(try log.page(.before(9)) == Page(messages: log.latest().filter { $0.sequence == 8 }, hasMore: false))
      #expect(try log.page(.after(0), limit: 1).messages.map(\.sequence) == [8])
      #expect(try log.store(.said("next")).sequence == 11)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `pruning by age removes a conversation up to the first message that is young enough`(kind: LogKind) throws {
    try kind.use { (log) throws in
      // The clock went back between the third and the fourth message.
      for hours in [1, 2, 9, 3, 10] as [Int64] {
        try log.store(.said("at \(hours)"), at: Timestamp(milliseconds: hours * Self.hour))
      }
      let now = Timestamp(milliseconds: 12 * Self.hour)
      try log.finishPruning(Retention(age: .seconds(8 * 3600)), at: now)
      #expect(try log.latest().map(\.text) == ["at 9", "at 3", "at 10"])
      try log.finishPruning(Retention(age: .seconds(3 * 3600)), at: now)
      #expect(try log.latest().map(\.text) == ["at 9", "at 3", "at 10"])
      try log.finishPruning(Retention(age: .seconds(2 * 3600)), at: now)
      #expect(try log.latest().map(\.text) == ["at 10"])
      try log.finishPruning(Retention(age: .zero, count: 100), at: now)
      #expect(try log.latest() == [])
      #expect(try log.store(.said("next")).sequence == 6)
    }
  }

  /// - Parameters:
  /// - ages: the ages of the messages in days, in order; negative if the clock was ahead.
  /// - left: the number of last messages that stay with a retention of 90 days.
  @Test(
    arguments: [
      ([100, 99, -2000, 98, 97, 50, 49, 48], 3), ([100, 10, 100, 99, 1], 1), ([100, 99, -9, -9, 98, 97, 96, 2], 1),
      // A message that was stored while the clock was behind is as young as the messages before it.
      ([5, 4, 20_700, 3, 2], 5), ([5, 4, 3, 3, 500, 500], 6), ([5, 20_700, 20_700, 20_700], 4), ([20_700, 20_700], 2),
      ([200, 200, 20_700, 150, 60], 1), ([200, 199], 0), ([60, 61], 2), ([-5, -5, 100, 100, 100, 99, 1], 1),
    ] as [([Int64], Int)], LogKind.allCases)
  func `a clock that jumped neither protects nor prunes messages`(case input: ([Int64], Int), kind: LogKind) throws {
    try kind.use { (log) throws in
      let now = Timestamp.noon
      for (number, age) in input.0.enumerated() {
        let time = Timestamp(milliseconds: now.milliseconds - age * 24 * Self.hour)
        try log.store(.said("\(number)", in: number.isMultiple(of: 3) ? "#other" : "#lobby"), at: time)
      }
      try log.finishPruning(Retention(age: .seconds(90 * 86_400)), at: now)
      let left = try log.latest(in: .lobby).count + log.latest(in: .named("#other")).count
      #expect(left == input.1, "\(input.0)")
    }
  }

  @Test(arguments: LogKind.allCases)
  func `an unlimited retention keeps messages of any time`(kind: LogKind) throws {
    try kind.use { (log) throws in
      for time in [Int64.min, 0, .max] { try log.store(.said("a"), at: Timestamp(milliseconds: time)) }
      for retention in [Retention(), Retention(age: .seconds(Int64.max)), Retention(count: .max)] {
        try log.finishPruning(retention, at: Timestamp(milliseconds: .min))
        try log.finishPruning(retention, at: .noon)
      }
      #expect(try log.latest().count == 3)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `pruned messages are not found, and their keys can be used again`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.store([.said("old word", key: "k1"), .said("new word", key: "k2")])
      for isIndexed in [false, true] {
        if isIndexed { try log.finishIndexing() }
        try log.finishPruning(Retention(count: 1))
        #expect(try log.find("word").messages.map(\.text) == ["new word"])
        #expect(try log.find("old").messages == [])
        #expect(try log.find("from:neha").messages.map(\.text) == ["new word"])
      }
      #expect(try log.store(.said("another", key: "k1")).sequence == 3)
      guard case .duplicate = try log.append([.said("new word", key: "k2")], at: .noon).first else {
        Issue.record("a message with a known key was stored again")
        return
      }
    }
  }

  @Test func `pruning in small slices removes everything`() throws {
    let folder = try TemporaryFolder()
    let log = try SQLiteLog(directory: folder.path)
    for room in 0..<20 {
      try log.store((0..<300).map { try .said("word \($0)", in: "#r\(room)") })
      if room == 9 { try log.finishIndexing() }
    }
    var left = 6000
    while try log.prune(Retention(count: 7), at: .noon) {
      let now = try (0..<20).reduce(0) { try $0 + log.latest(in: .named("#r\($1)")).count }
      #expect(left - now <= 1000)
      left = now
    }
    #expect(try (0..<20).allSatisfy { try log.latest(in: .named("#r\($0)")).map(\.sequence) == Array(294...300) })
    #expect(log.prunedMessages == 20 * 293)
    try log.finishIndexing()
    #expect(try log.find("word", in: (0..<20).map { try .named("#r\($0)") }, limit: 1000).messages.count == 140)
    #expect(try folder.findings() == [])
  }

  /// A log in memory prunes in one call.
  @Test(
    arguments: [LogKind.sqlite, .postgresql], [Retention(age: .seconds(365 * 86_400)), Retention(count: 10_000)])
  func `another retention keeps what pruning under way would have removed`(kind: LogKind, later: Retention) throws {
    try kind.use { (log) throws in
      try log.store((0..<1200).map { try .said("\($0)") }, at: Timestamp.noon.advanced(by: -240 * Self.hour))
      #expect(try log.prune(Retention(age: .seconds(72 * 3600)), at: .noon))
      let left = try log.latest()
      #expect((1..<1200).contains(left.count))
      try log.finishPruning(later)
      #expect(try log.latest() == left)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `the last time is that of the newest message that is still there`(kind: LogKind) throws {
    try kind.use { (log) throws in
      #expect(try log.lastTime() == nil)
      try log.store(.said("a"))
      // The clock went back.
      let time = Timestamp.noon.advanced(by: -Self.hour)
      try log.store(.said("b", in: "#other"), at: time)
      #expect(try log.lastTime() == time)
      try log.finishPruning(Retention(count: 0))
      #expect(try log.lastTime() == nil)
    }
  }

  @Test func `read marks that have not moved for a year are removed`() throws {
    let folder = try TemporaryFolder()
    let year: Int64 = 366 * 24 * Self.hour
    let clock = Clock()
    let log = try SQLiteLog(directory: folder.path, now: { clock.now })
    try log.store([.said("a"), .said("a", in: "#two")])
    let me = try MemberID.named("neha")
    try log.keep([ReadMark(member: me, conversation: .lobby, sequence: 1)])
    clock.advance(by: year)
    try log.keep([ReadMark(member: me, conversation: .named("#two"), sequence: 1)])
    try log.finishPruning(Retention(), at: clock.now)
    #expect(try log.state(of: me).marks.count == 2)
    clock.advance(by: 24 * Self.hour)
    try log.finishPruning(Retention(), at: clock.now)
    #expect(try log.state(of: me).marks == [.named("#two"): 1])
  }
}
