import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords

/// What the hub proposed to store of who is who, and what the disk has of it.
struct SimulatedRegistry {
  private struct Proposal {
    var id: ProposalID
    var changes: [RegistryChange]
  }

  /// Handed over, and not on the disk.
  private var waiting: [Proposal] = []
  /// All that the disk was given, in order.
  private var stored: [RegistryChange] = []

  var isIdle: Bool { waiting.isEmpty }

  mutating func hand(_ id: ProposalID, _ changes: [RegistryChange]) {
    waiting.append(Proposal(id: id, changes: changes))
  }

  /// All that waits is committed together, or fails together.
  /// - Returns: what the hub is to hear.
  mutating func commit(fails: Bool, to log: MemoryLog) throws -> [HubEvent] {
    defer { waiting = [] }
    guard !fails else {
      return waiting.map { .settled($0.id, .failure(HubEvent.StorageFailure(isFull: true))) }
    }
    let changes = waiting.flatMap(\.changes)
    try log.record(changes)
    stored += changes
    return waiting.map { .settled($0.id, .success(())) }
  }

  mutating func crash() { waiting = [] }

  /// What is wrong with what the log has; nil: nothing.
  func violation(in log: MemoryLog) throws -> String? {
    let expected = MemoryLog()
    // Twice, as a change is after a commit of which nobody knows whether it failed.
    try expected.record(stored + stored.suffix(5))
    guard try expected.registry() == log.registry() else {
      return "the registry is not what \(stored.count) changes make of it"
    }
    guard try expected.acts(limit: .max) == log.acts(limit: .max) else {
      return "the audit log is not what \(stored.count) changes make of it"
    }
    return nil
  }
}
