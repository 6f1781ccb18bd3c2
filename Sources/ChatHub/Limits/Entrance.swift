import ChatProtocol

/// Who has come in from where, and who has not said who they are. Nobody on the host counts.
struct Entrance: Sendable {
  private var connections: [Household: Int] = [:]
  private var attempts = Frequency()
  private var claims = Frequency()
  private var strangers = Strangers()

  /// - Returns: why nobody may come in from there at the moment.
  func objection(to household: Household, _ limits: HubLimits, at now: MonotonicTime) -> ErrorCode? {
    if connections[household] ?? 0 >= limits.connectionsPerAddress { return .tooManyConnections }
    let count = attempts.count(of: household, within: limits.attemptPeriod, at: now)
    return count >= limits.attemptsPerAddress ? .tooManyAttempts : nil
  }

  mutating func open(_ id: SessionID, _ peer: Peer, _ limits: HubLimits, at now: MonotonicTime) {
    guard !peer.isHost else { return }
    strangers.insert(id)
    guard let household = peer.address.map(Household.init) else { return }
    connections[household, default: 0] += 1
    attempts.note(household, within: limits.attemptPeriod, at: now)
  }

  var strangerCount: Int { strangers.count }
  mutating func oldestStranger() -> SessionID? { strangers.oldest() }

  /// The session has a name.
  mutating func name(_ id: SessionID) { strangers.remove(id) }

  mutating func close(_ id: SessionID, _ peer: Peer) {
    guard !peer.isHost else { return }
    strangers.remove(id)
    guard let household = peer.address.map(Household.init), let count = connections[household] else { return }
    connections[household] = count > 1 ? count - 1 : nil
  }

  /// Everybody is gone.
  mutating func closeAll() {
    connections = [:]
    strangers = Strangers()
  }

  /// Whether one more name may belong to somebody of this household.
  func mayClaim(_ household: Household, _ limits: HubLimits, at now: MonotonicTime) -> Bool {
    claims.count(of: household, within: limits.claimPeriod, at: now) < limits.claimsPerAddress
  }

  /// One more name belongs to somebody of this household.
  mutating func noteClaim(_ household: Household, _ limits: HubLimits, at now: MonotonicTime) {
    claims.note(household, within: limits.claimPeriod, at: now)
  }

  mutating func forget(_ limits: HubLimits, at now: MonotonicTime) {
    attempts.forget(within: limits.attemptPeriod, at: now)
    claims.forget(within: limits.claimPeriod, at: now)
  }
}
