import ChatProtocol
import ChatRecords
import Foundation
import GRDB
import GRDBSQLite
import TestSupport
import Testing

@testable import ChatLog

/// The files after the process or the machine stops at any point: every confirmed message is there, and each
/// transaction under way is complete or absent.
@Suite(.computing) struct CrashTests {
  /// A killed process leaves the files as they are. The test copies them while a statement runs, on the log's own
  /// thread.
  @Test(arguments: SeededGenerator.seeds(4))
  func `a process killed within a transaction loses no confirmed message`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let folder = try TemporaryFolder()
    // Frequent checkpoints, by the hook that a server uses, too.
    let log = try SQLiteLog(directory: folder.path, checkpointPages: 20)
    let moment = KillMoment(folder)
    try log.withWriter { moment.watch($0) }
    var confirmed = 0
    for round in 0..<40 {
      let messages = try (0..<generator.number(1...30)).map { _ in try NewMessage.said("m", by: "p\(confirmed % 5)") }
      moment.copy(after: generator.number(1...20))
      try log.store(numbered(messages, from: confirmed))
      if generator.flip() { _ = try log.catchUp() }
      if let copy = moment.taken() {
        try check(copy, confirmed: confirmed, underWay: messages.count, "\(generator) round \(round)")
      }
      confirmed += messages.count
    }
  }

  /// After a power failure the synchronised data is there, and any part of what was written later.
  @Test(arguments: SeededGenerator.seeds(4))
  func `a write-ahead log cut at any point loses no confirmed message`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let folder = try TemporaryFolder()
    let log = try SQLiteLog(directory: folder.path)
    try log.withWriter { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0") }
    var confirmed = 0
    /// The size of the write-ahead log after each confirmed count.
    var sizes: [(bytes: Int, confirmed: Int)] = []
    for _ in 0..<25 {
      let messages = try (0..<generator.number(1...30)).map { _ in try NewMessage.said("m") }
      try log.store(numbered(messages, from: confirmed))
      confirmed += messages.count
      if generator.chance(1, in: 3) { _ = try log.catchUp() }
      sizes.append((try size(of: folder.file("log.sqlite-wal")), confirmed))
    }
    for _ in 0..<10 {
      let copy = try TemporaryFolder()
      try folder.copy("log.sqlite", to: copy)
      try FileManager.default.removeItem(atPath: copy.file("log.sqlite-shm"))
      var bytes = try #require(FileManager.default.contents(atPath: copy.file("log.sqlite-wal")))
      let cut = generator.number(sizes[0].bytes...bytes.count)
      bytes = bytes.prefix(cut)
      // Bytes behind the cut remain from earlier use.
      if generator.flip() { bytes += (0..<5000).map { _ in UInt8(generator.number(0...255)) } }
      try bytes.write(to: URL(filePath: copy.file("log.sqlite-wal")))
      let least = sizes.last { $0.bytes <= cut }?.confirmed ?? 0
      let most = sizes.first { $0.bytes >= cut }?.confirmed ?? confirmed
      try check(copy, confirmed: least, underWay: most - least, "\(generator) at \(cut)")
    }
  }

  /// A change that was recorded before a message is there if the message is, and each commit of changes is complete.
  @Test(arguments: SeededGenerator.seeds(3))
  func `a process killed while it records registry changes leaves whole commits`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let folder = try TemporaryFolder()
    let log = try SQLiteLog(directory: folder.path, checkpointPages: 20)
    let moment = KillMoment(folder)
    try log.withWriter { moment.watch($0) }
    /// The registry after each commit.
    var states = [(try log.registry(), acts: 0)]
    var acts = 0
    for round in 0..<60 {
      let first = states.count - 1
      let messages = try log.latest().count
      let redacted = try log.latest().count { $0.kind == .redacted }
      moment.copy(after: generator.number(1...15))
      var changes = try (0..<generator.number(0...4)).map { _ in try RegistryChange.random(using: &generator) }
      changes.removeAll { if case .act = $0 { true } else { false } }
      // The act marks how many commits were made.
      changes.append(.act(try .of(acts)))
      acts += 1
      try log.record(changes)
      states.append((try log.registry(), acts: acts))
      try log.store(.said("m\(messages)"))
      if round % 3 == 0 { _ = try log.redact(.lobby, sequence: generator.number(1...messages + 1), author: nil) }
      if generator.flip() { _ = try log.catchUp() }
      guard let copy = moment.taken() else { continue }
      let found = try SQLiteLog(directory: copy.path)
      let known = try found.acts(limit: .max).count
      #expect((first...(first + 1)).contains(known), "\(generator)")
      #expect(try found.registry() == states[known].0, "\(generator)")
      let read = try found.latest()
      #expect((messages...(messages + 1)).contains(read.count), "\(generator)")
      if read.count > messages { #expect(known == first + 1, "\(generator)") }
      #expect((redacted...(redacted + 1)).contains(read.count { $0.kind == .redacted }), "\(generator)")
      for message in read where message.kind == .text { #expect(message.text == "m\(message.sequence - 1)") }
      try found.finishIndexing()
      #expect(try copy.findings().allSatisfy { $0.hasSuffix("has no key") }, "\(generator)")
    }
  }

  /// Another program copies the files while they are written.
  @Test func `files copied while they are written form an intact log`() throws {
    let folder = try TemporaryFolder()
    let log = try SQLiteLog(directory: folder.path)
    try log.withWriter { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0") }
    let confirmed = Confirmed()
    let thread = Thread {
      while let first = confirmed.next() {
        guard let messages = try? numbered((0..<20).map { _ in try .said("m") }, from: first),
          (try? log.append(messages, at: .noon)) != nil
        else { break }
        confirmed.add(20)
      }
      confirmed.end()
    }
    thread.start()
    defer { confirmed.end() }
    var before = 0
    for _ in 0..<10 {
      before = try #require(confirmed.waitForMore(than: before), "the log failed")
      let copy = try TemporaryFolder()
      try folder.copy("log.sqlite", to: copy)
      try? FileManager.default.removeItem(atPath: copy.file("log.sqlite-shm"))
      let after = confirmed.count
      try check(copy, confirmed: before, underWay: after - before + 20, "")
    }
  }

  // MARK: Support

  /// The number of messages that a thread has stored.
  private final class Confirmed: @unchecked Sendable {
    private let condition = NSCondition()
    private var value = 0
    private var isOver = false

    var count: Int { condition.withLock { value } }

    /// - Returns: nil after `end`.
    func next() -> Int? { condition.withLock { isOver ? nil : value } }

    func add(_ number: Int) {
      condition.withLock {
        value += number
        condition.broadcast()
      }
    }

    func end() {
      condition.withLock {
        isOver = true
        condition.broadcast()
      }
    }

    /// - Returns: the new number, or nil if the thread ended.
    func waitForMore(than earlier: Int) -> Int? {
      condition.withLock {
        while value == earlier, !isOver { condition.wait() }
        return isOver ? nil : value
      }
    }
  }

  private func size(of path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
  }

  private func check(_ copy: TemporaryFolder, confirmed: Int, underWay: Int, _ comment: Comment) throws {
    let log = try SQLiteLog(directory: copy.path)
    let read = try log.latest()
    #expect((confirmed...(confirmed + underWay)).contains(read.count), comment)
    #expect(read.map(\.sequence) == Array(1..<(read.count + 1)), comment)
    #expect(read.map(\.text) == (0..<read.count).map { "m\($0)" }, comment)
    #expect(try copy.findings() == [], comment)
    #expect(try log.store(.said("after")).sequence == read.count + 1, comment)
    try log.finishIndexing()
    #expect(try log.find("from:p1", limit: .max).messages.count == read.count { $0.author.text == "p1" }, comment)
    #expect(try copy.findings() == [], comment)
  }
}

private func numbered(_ messages: [NewMessage], from first: Int) -> [NewMessage] {
  messages.enumerated().map { index, message in
    var message = message
    message.text = "m\(first + index)"
    return message
  }
}

/// Copies the files of a log while a statement runs.
private final class KillMoment {
  private let folder: TemporaryFolder
  private var countdown = 0
  private var copy: TemporaryFolder?

  init(_ folder: TemporaryFolder) { self.folder = folder }

  /// The connection must not outlive this object.
  func watch(_ database: Database) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_progress_handler(
      database.sqliteConnection, 25,
      { context in
        guard let context else { return 0 }
        Unmanaged<KillMoment>.fromOpaque(context).takeUnretainedValue().tick()
        return 0
      }, context)
  }

  func copy(after ticks: Int) { countdown = ticks }

  private func tick() {
    countdown -= 1
    guard countdown == 0, let copy = try? TemporaryFolder() else { return }
    guard (try? folder.copy("log.sqlite", to: copy)) != nil else { return }
    // A killed process leaves this file too, but it belongs to the locks of the process that wrote it.
    try? FileManager.default.removeItem(atPath: copy.file("log.sqlite-shm"))
    self.copy = copy
  }

  func taken() -> TemporaryFolder? {
    defer { copy = nil }
    return copy
  }
}
