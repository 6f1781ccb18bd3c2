import ChatProtocol

// Rate limits. A session above its rate is not read from until it is below again. No input is lost.

extension Sessions {
  private static let slowDown = "You write faster than this server takes it; the rest follows a little later."

  /// Deducts the cost of a line.
  /// - Parameter tenths: the cost in tenths of a line that reaches other members.
  /// - Returns: whether the line may be handled now; if not, the session must be held.
  mutating func charge(
    _ id: SessionID, at place: Int, tenths: Int, bytes: Int, _ limits: HubLimits, _ turn: inout Turn
  ) -> Bool {
    let isPaid = self[at: place].rateLimiter.take(tenths: tenths, bytes: bytes, limits, at: turn.now)
    // The session is held already, and waits for this line's cost, too.
    guard !self[at: place].backlog.isPaced else { return false }
    guard isPaid == false else { return true }
    self[at: place].backlog.isPaced = true
    paced.append(id)
    if self[at: place].rateLimiter.warn(at: turn.now) {
      let readsTags = self[at: place].capabilities.contains(.tags)
      turn.send(.info(.other(readsTags ? Self.slowDown : "slow-down")), to: id)
    }
    return false
  }

  /// - Returns: held sessions that are below their rate again, in the order in which they were held.
  mutating func releasePaced(_ limits: HubLimits, at now: MonotonicTime) -> [SessionID] {
    guard !paced.isEmpty else { return [] }
    var released: [SessionID] = []
    var stillPaced: [SessionID] = []
    for id in paced {
      guard let place = place(of: id) else { continue }
      if self[at: place].rateLimiter.isPaid(limits, at: now) {
        self[at: place].backlog.isPaced = false
        released.append(id)
      } else {
        stillPaced.append(id)
      }
    }
    paced = stillPaced
    return released
  }
}
