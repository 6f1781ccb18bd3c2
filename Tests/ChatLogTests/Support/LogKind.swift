import ChatLog
import TestSupport
import Testing

/// The log implementations under test. A new one needs only a case here.
enum LogKind: String, CaseIterable, CustomTestStringConvertible {
  case memory
  case sqlite
  case postgresql

  /// Runs the body with an empty log.
  func use(_ body: (any MessageLog) throws -> Void) throws {
    switch self {
    case .memory: try body(MemoryLog(capacity: .max, conversationCapacity: .max))
    case .sqlite:
      let folder = try TemporaryFolder()
      try body(SQLiteLog(directory: folder.path))
      withExtendedLifetime(folder) {}
    case .postgresql:
      let database = try PostgresServer.shared.get().database()
      try body(PostgresLog(database.logURL, clock: .caller(now: { .noon })))
      withExtendedLifetime(database) {}
    }
  }

  var testDescription: String { rawValue }
}
