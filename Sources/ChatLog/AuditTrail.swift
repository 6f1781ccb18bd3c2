import ChatProtocol
import DequeModule

/// The last acts of operators.
struct AuditTrail: Sendable {
  /// Older acts are dropped.
  static let capacity = 100_000

  private var acts: Deque<Act> = []
  private var known: Set<Act> = []

  /// Ignores an act that is already present.
  mutating func add(_ act: Act) {
    guard known.insert(act).inserted else { return }
    acts.append(act)
    if acts.count > Self.capacity { known.remove(acts.removeFirst()) }
  }

  /// Newest first.
  func newest(_ limit: Int) -> [Act] { acts.suffix(max(limit, 0)).reversed() }
}
