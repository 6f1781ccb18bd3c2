import Foundation
import TestSupport
import Testing

/// The servers of the other suites.
@Suite(.blocking) struct PostgresServerTests {
  /// The system limits the number of segments, and those left behind would accumulate with each run of the tests.
  @Test(arguments: [false, true])
  func `a server leaves neither files nor shared memory behind`(isKilledBefore: Bool) throws {
    var server: PostgresServer? = try PostgresServer()
    let directory = try #require(server?.directory)
    let facts = try String(contentsOfFile: "\(directory)/data/postmaster.pid", encoding: .utf8)
    // The number and the id of the segment.
    let line = try #require(facts.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(6).first)
    let segment = try #require(line.split(separator: " ").last.flatMap { Int32($0) })
    var status = shmid_ds()
    #expect(shmctl(segment, IPC_STAT, &status) == 0)
    if isKilledBefore { try server?.kill() }
    server = nil
    #expect(shmctl(segment, IPC_STAT, &status) == -1)
    #expect(!FileManager.default.fileExists(atPath: directory))
  }
}
