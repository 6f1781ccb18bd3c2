import ChatLog
import ChatProtocol

/// What was to be recorded of who is who, and how much of it the disk has: always a beginning of it, and at least what
/// came before a message that was stored.
struct SimulatedRegistry {
  /// All that was handed over and not lost, in order.
  private var history: [RegistryChange] = []
  private var committed = 0
  /// So much was handed over before a message that was stored.
  private var promised = 0

  var handedOver: Int { history.count }
  var isIdle: Bool { committed == history.count }

  mutating func hand(_ change: RegistryChange) { history.append(change) }

  mutating func commit(_ count: Int, to log: MemoryLog) throws {
    try commit(through: min(committed + min(count, history.count), history.count), to: log)
  }

  mutating func commit(through end: Int, to log: MemoryLog) throws {
    guard end > committed else { return }
    try log.record(Array(history[committed..<end]))
    committed = end
  }

  /// A message was stored behind so many changes.
  mutating func promise(_ changes: Int) { promised = max(promised, changes) }

  mutating func crash() { history.removeLast(history.count - committed) }

  /// What is wrong with what the log has; nil: nothing.
  func violation(in log: MemoryLog) throws -> String? {
    guard history.count >= promised else {
      return "\(promised) changes were promised, and \(history.count) are left"
    }
    let expected = MemoryLog()
    // Twice, as a change is after a commit of which nobody knows whether it failed.
    try expected.record(history + history.suffix(5))
    guard try expected.registry() == log.registry() else {
      return "the registry is not what \(history.count) changes make of it"
    }
    guard try expected.acts(limit: .max) == log.acts(limit: .max) else {
      return "the audit log is not what \(history.count) changes make of it"
    }
    return nil
  }
}
