import ChatLog
import TestSupport
import Testing

/// The logs that the suites are about. Another one joins by a case.
enum LogKind: String, CaseIterable, CustomTestStringConvertible {
  case memory
  case sqlite

  /// Hands an empty log to the body.
  func use(_ body: (any MessageLog) throws -> Void) throws {
    switch self {
    case .memory: try body(MemoryLog(capacity: .max, conversationCapacity: .max))
    case .sqlite:
      let folder = try TemporaryFolder()
      try body(SQLiteLog(directory: folder.path))
      withExtendedLifetime(folder) {}
    }
  }

  var testDescription: String { rawValue }
}
