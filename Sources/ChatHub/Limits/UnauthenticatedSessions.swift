import DequeModule

/// Connections without a name, in the order in which they came.
struct UnauthenticatedSessions: Sendable {
  private var present: Set<SessionID> = []
  /// Those among them who have a name since, or are gone.
  private var order: Deque<SessionID> = []

  var count: Int { present.count }

  mutating func insert(_ id: SessionID) {
    guard present.insert(id).inserted else { return }
    order.append(id)
    if order.count > 32, order.count > 2 * present.count { order.removeAll { !present.contains($0) } }
  }

  mutating func remove(_ id: SessionID) { present.remove(id) }

  /// Who has been without a name for longest.
  mutating func oldest() -> SessionID? {
    while let first = order.first, !present.contains(first) { order.removeFirst() }
    return order.first
  }
}
