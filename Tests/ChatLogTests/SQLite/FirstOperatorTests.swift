import ChatLog
import ChatProtocol
import Foundation
import TestSupport
import Testing

/// There is one first operator in the life of a log, and its life goes on in copies of it.
@Suite struct FirstOperatorTests {
  @Test func `that there was one is known when the log is opened again, and of a copy`() throws {
    let folder = try TemporaryFolder()
    do {
      let log = try SQLiteLog(directory: folder.path)
      try log.record([.account(.of("neha", keys: [1], isOperator: true))])
      try log.record([.account(.of("neha", keys: [1]))])
    }
    for _ in 0..<3 {
      let log = try SQLiteLog(directory: folder.path)
      #expect(try log.registry().hadOperator)
      #expect(try log.registry().accounts.map(\.isOperator) == [false])
      // Somebody else has the account's name now: not even the account is left.
      try log.record([.account(.of("neha", member: 8, keys: [2]))])
    }
    let copy = try TemporaryFolder()
    _ = try LogArchive(directory: folder.path).backUp(to: copy.file("log.sqlite"))
    #expect(try SQLiteLog(directory: copy.path).registry().hadOperator)
  }
}
