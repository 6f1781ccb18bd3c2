import DequeModule

/// Unauthenticated sessions, in connection order.
struct UnauthenticatedSessions: Sendable {
  private var present: Set<SessionID> = []
  /// Includes sessions that have logged in or ended since.
  private var order: Deque<SessionID> = []

  var count: Int { present.count }

  mutating func insert(_ id: SessionID) {
    guard present.insert(id).inserted else { return }
    order.append(id)
    if order.count > 32, order.count > 2 * present.count { order.removeAll { !present.contains($0) } }
  }

  mutating func remove(_ id: SessionID) { present.remove(id) }

  /// The session that has been unauthenticated for longest.
  mutating func oldest() -> SessionID? {
    while let first = order.first, !present.contains(first) { order.removeFirst() }
    return order.first
  }
}
