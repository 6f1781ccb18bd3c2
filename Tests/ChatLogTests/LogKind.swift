import ChatLog
import Testing

/// The logs that the suite is about. Another one joins by a case.
enum LogKind: String, CaseIterable, CustomTestStringConvertible {
  case memory

  /// An empty log.
  func make() -> any MessageLog {
    switch self {
    case .memory: MemoryLog()
    }
  }

  var testDescription: String { rawValue }
}
