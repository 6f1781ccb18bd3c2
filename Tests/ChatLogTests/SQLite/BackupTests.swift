import ChatProtocol
import ChatRecords
import Foundation
import TestSupport
import Testing

@testable import ChatLog

/// A backup is a complete copy of the log, even while the server writes.
@Suite(.computing) struct BackupTests {
  private let folder: TemporaryFolder
  private let other: TemporaryFolder
  private let log: SQLiteLog

  init() throws {
    folder = try TemporaryFolder()
    other = try TemporaryFolder()
    log = try SQLiteLog(directory: folder.path)
    try log.store([
      .said("a", key: "k"), .whispered("b", by: "neha", to: "akash"), .said("topic", in: "#two", kind: .topic),
    ])
    try log.record([.account(.of("neha"))])
    try log.keep([ReadMark(member: .named("akash"), conversation: .lobby, sequence: 1)])
  }

  private func backUp(as name: String = "copy") throws -> LogArchive.Summary {
    try LogArchive(directory: folder.path).backUp(to: other.file(name))
  }

  @Test func `a backup can replace the log`() throws {
    let epoch = log.epoch
    #expect(try backUp() == LogArchive.Summary(conversations: 3, messages: 3, indexed: 0))
    try log.store(.said("after"))
    let mode = try FileManager.default.attributesOfItem(atPath: other.file("copy"))[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: other.path) == ["copy"])
    let restored = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: other.file("copy"), toPath: restored.file("log.sqlite"))
    #expect(try restored.findings() == [])
    let copy = try SQLiteLog(directory: restored.path)
    #expect(copy.secret == log.secret)
    #expect(try copy.latest().map(\.text) == ["a"])
    #expect(try copy.registry() == log.registry())
    #expect(try copy.state(of: .named("akash")).marks == [.lobby: 1])
    #expect(
      try copy.append([.said("a", key: "k")], at: .noon).first.map { if case .duplicate = $0 { true } else { false } }
        == true)
    // The copy has the epoch, but not the messages that were stored in it later.
    let number = try #require(copy.epochs.number(of: epoch))
    try copy.store([.said("other 2"), .said("other 3")])
    #expect(try copy.rooms().first?.heads.head(atEndOf: number, now: 3) == 1)
    #expect(try restored.findings() == [])
  }

  @Test func `a backup overwrites no file`() throws {
    _ = try backUp()
    let before = FileManager.default.contents(atPath: other.file("copy"))
    try log.store(.said("after"))
    let error = #expect(throws: LogError.self) { try backUp() }
    #expect(error?.description.contains("is there already") == true)
    #expect(FileManager.default.contents(atPath: other.file("copy")) == before)
    for name in ["", "none/copy"] { #expect(throws: LogError.self) { try backUp(as: name) } }
    #expect(try FileManager.default.contentsOfDirectory(atPath: other.path) == ["copy"])
  }

  @Test func `a log that is too damaged for a backup is named, not the copy`() throws {
    let place = try TemporaryFolder.damagedLog()
    let error = #expect(throws: LogError.self) { try LogArchive(directory: place.path).backUp(to: other.file("copy")) }
    let description = error?.description ?? ""
    #expect(description.hasPrefix("cannot copy \(place.path)/log.sqlite: it is damaged"), "\(description)")
    #expect(description.contains(place.restoration), "\(description)")
    #expect(try other.files == [])
  }

  @Test func `a backup contains no redacted text`() throws {
    try log.store(.said("zqxsecretword"))
    _ = try log.redact(.lobby, sequence: 2, author: nil)
    _ = try backUp()
    let copy = try #require(FileManager.default.contents(atPath: other.file("copy")))
    #expect(copy.range(of: Data("zqxsecretword".utf8)) == nil)
  }

  @Test func `a backup is restored in the directory of a stopped or crashed server`() throws {
    let log = log
    _ = try backUp()
    try log.store(.said("after"))
    let place = try TemporaryFolder()
    // The files that a crash leaves.
    for name in ["log.sqlite", "lock"] { try folder.copy(name, to: place) }
    for end in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: place.file("log.sqlite\(end)")) }
    try FileManager.default.copyItem(atPath: other.file("copy"), toPath: place.file("log.sqlite"))
    let restored = try SQLiteLog(directory: place.path)
    #expect(try restored.latest().map(\.text) == ["a"])
  }
}
