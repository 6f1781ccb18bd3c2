import ChatLog
import ChatProtocol
import Foundation
import TestSupport
import Testing

/// A log has one first operator. Reopening it and copying it keep this fact.
@Suite struct FirstOperatorTests {
  @Test func `the first operator is remembered after reopening and in a copy`() throws {
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
      // Another account takes the name, so that the first operator's account is gone.
      try log.record([.account(.of("neha", member: 8, keys: [2]))])
    }
    let copy = try TemporaryFolder()
    _ = try LogArchive(directory: folder.path).backUp(to: copy.file("log.sqlite"))
    #expect(try SQLiteLog(directory: copy.path).registry().hadOperator)
  }
}
