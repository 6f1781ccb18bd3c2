import ChatProtocol
import ChatRecords
import Foundation
import TestSupport
import Testing

@testable import ChatLog

/// Removal of redacted text from the files.
@Suite(.computing) struct ScrubbingTests {
  private let folder: TemporaryFolder
  private let clock = Clock()

  init() throws { folder = try TemporaryFolder() }

  private func open() throws -> SQLiteLog { try SQLiteLog(directory: folder.path, now: { [clock] in clock.now }) }

  /// The number of occurrences in all files.
  private func count(_ text: String) throws -> Int {
    let needle = Data(text.utf8)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).reduce(0) { count, name in
      var (data, count) = (try Data(contentsOf: URL(filePath: folder.file(name))), count)
      while let found = data.range(of: needle) {
        count += 1
        data = data[found.upperBound...]
      }
      return count
    }
  }

  /// Words with a unique beginning, so that the index stores nearly all of their letters.
  private static let words = ["zqxsecretword", "vkjhiddenthing"]

  @Test(arguments: [10, 2000], [false, true])
  func `no byte of a redacted text remains after a while`(size: Int, isIndexed: Bool) throws {
    let log = try open()
    let filler = String(repeating: " filler text", count: size / 12)
    for number in 1...300 {
      let secret = number == 20 ? Self.words[0] : number == 290 ? Self.words[1] : "word"
      try log.store(.said("\(secret) \(number)\(filler) \(secret) end", kind: number == 290 ? .topic : .text))
      if isIndexed, number % 40 == 0 { try log.finishIndexing() }
    }
    for word in Self.words { #expect(try count(word.dropFirst(3).description) > 0) }
    for sequence in [20, 290] { #expect(try log.redact(.lobby, sequence: sequence, author: nil) != nil) }
    #expect(try log.find(Self.words[0]).messages == [])
    try log.finishIndexing()
    for word in Self.words { #expect(try count(word.dropFirst(3).description) == 0) }
    #expect(try log.find("word", limit: .max).messages.count == 298)
    #expect(try folder.findings() == [])
    #expect(try !log.catchUp())
  }

  /// Words that are alone in their part of the index, so that they are stored in full.
  private func count(_ words: [String]) throws -> Int {
    try words.reduce(0) { $0 + (try count($1.dropFirst(3).description)) }
  }

  @Test func `redacted text is removed while messages keep coming`() throws {
    let log = try open()
    try log.store((0..<300).map { try .said($0 == 150 ? Self.words[0] : "word \($0)") })
    try log.finishIndexing()
    #expect(try log.redact(.lobby, sequence: 151, author: nil) != nil)
    for number in 0..<60 where try count([Self.words[0]]) > 0 {
      try log.store(.said("more \(number)"))
      _ = try log.catchUp()
    }
    #expect(try count([Self.words[0]]) == 0)
  }

  /// The index is so large that a scrub takes several steps, and some messages are indexed between two of them.
  @Test(arguments: 1..<5) func `messages that are indexed meanwhile do not end a scrub too early`(between: Int) throws {
    let log = try open()
    // One large segment, on a level of its own.
    for part in ["a", "b"] {
      try log.store(
        (0..<2000).map { try .said("\(part)a\($0) \(part)b\($0) \(part == "b" && $0 == 1000 ? Self.words[0] : "c")") })
      try log.finishIndexing()
    }
    try log.withWriter { _ = try SearchIndex($0).merge(pages: -100_000) }
    try log.store(.said("one more"))
    _ = try log.catchUp()
    #expect(try log.redact(.lobby, sequence: 3001, author: nil) != nil)
    var isOver = false
    for step in 0..<10_000 where !isOver {
      if step > 0, step <= between { try log.store(.said("message \(step)")) }
      try log.withWriter { (database) throws in
        try database.inTransaction {
          _ = try SearchIndex(database).catchUp(limit: 10)
          try Scrubbing(database, pages: 2).merge()
          isOver = try Scrubbing(database).step() == .empty
          return .commit
        }
      }
    }
    #expect(isOver)
    try log.finishIndexing()
    #expect(try count([Self.words[0]]) == 0)
    #expect(try folder.findings() == [])
  }

  @Test func `any number of scrubs leaves the index readable`() throws {
    let log = try open()
    // Large enough that a scrub takes several steps, of which each writes the structure of the index.
    try log.store((0..<600).map { try .said("stays\($0) a\($0) b\($0)") })
    for number in 601...640 {
      try log.store(.said("word \(number)"))
      try log.finishIndexing()
      #expect(try log.redact(.lobby, sequence: number, author: nil) != nil)
      try log.withWriter { (database) throws in
        while try ![.empty, .none].contains(Scrubbing(database).step()) {
          try Scrubbing(database, pages: 1, mostLevels: 20).merge()
        }
        #expect(try SearchIndex(database).levels() <= 24)
      }
    }
    try log.finishIndexing()
    #expect(try log.find("word").messages == [])
    #expect(try log.find("stays599").messages.count == 1)
    #expect(try folder.findings() == [])
  }

  @Test func `a reader or a restart only delays the removal`() throws {
    do {
      let log = try open()
      try log.store([.said("a"), .said(Self.words[0])])
      try log.finishIndexing()
      _ = try log.redact(.lobby, sequence: 2, author: nil)
      let archive = try LogArchive(directory: folder.path)
      try archive.export(.init()) { _ in true }
      #expect(try count(Self.words[0].dropFirst(3).description) > 0)
    }
    // The next opening knows the remaining work.
    let log = try open()
    try log.finishIndexing()
    #expect(try count(Self.words[0].dropFirst(3).description) == 0)
  }

  @Test func `the index is not rebuilt for each redacted message`() throws {
    let log = try open()
    try log.store((0..<20).map { try .said("word \($0) \(Self.words[0])") })
    try log.finishIndexing()
    _ = try log.redact(.lobby, sequence: 1, author: nil)
    try log.finishIndexing()
    for sequence in 2...20 { _ = try log.redact(.lobby, sequence: sequence, author: nil) }
    try log.finishIndexing()
    let rest = Self.words[0].dropFirst(3).description
    #expect(try count(rest) > 0)
    clock.advance(by: 599_999)
    try log.finishIndexing()
    #expect(try count(rest) > 0)
    clock.advance(by: 1)
    try log.finishIndexing()
    #expect(try count(rest) == 0)
    // A clock that went back does not delay the removal forever.
    try log.store(.said(Self.words[1]))
    _ = try log.redact(.lobby, sequence: 21, author: nil)
    clock.advance(by: -1_000_000)
    try log.finishIndexing()
    #expect(try count(Self.words[1].dropFirst(3).description) == 0)
  }
}
