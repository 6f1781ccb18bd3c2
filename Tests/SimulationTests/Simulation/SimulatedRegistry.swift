import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords

/// The hub's proposals and the registry on the disk.
struct SimulatedRegistry {
  /// Proposals that are not on the disk yet.
  private var waiting: [SharedChange] = []
  /// All changes that the disk was given, in order.
  private var stored: [RegistryChange] = []

  var isIdle: Bool { waiting.isEmpty }

  mutating func hand(_ entry: SharedChange) { waiting.append(entry) }

  /// All waiting proposals are committed together, or fail together.
  /// - Returns: the results for the hub.
  mutating func commit(fails: Bool, to log: MemoryLog) throws -> [HubEvent] {
    defer { waiting = [] }
    var events: [HubEvent] = []
    if !fails {
      let changes = waiting.flatMap(\.changes)
      try log.record(changes)
      stored += changes
    }
    for entry in waiting {
      LocalFeed.report(entry, fails ? HubEvent.StorageFailure(isFull: true) : nil) { events.append($0) }
    }
    return events
  }

  mutating func crash() { waiting = [] }

  /// The difference between the log's registry and the expected one; nil if there is none.
  func violation(in log: MemoryLog) throws -> String? {
    let expected = MemoryLog()
    // Applied twice, like a change after a commit with an unknown result.
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
