import ChatProtocol

/// Who has come in from where, and who has not said who they are. Nobody on the host counts.
struct Entrance: Sendable {
  private var connections: [Household: Int] = [:]
  /// Sessions with a name that another connection of the same person may take the place of.
  private var replaceable: [Household: Int] = [:]
  private var attempts = Frequency<Household>()
  private var claims = Frequency<Household>()
  private var returns = Frequency<MemberID>()
  private var newNames = Frequency<Household>()
  private var strangers = Strangers()

  enum Verdict: Hashable, Sendable {
    case welcome
    /// Only somebody who comes back may stay: the limit is reached, and people from there are known.
    case returnsOnly(ErrorCode)
    case refused(ErrorCode)
  }

  /// Whether somebody may come in from there at the moment.
  ///
  /// The connections of people whose link broke still count until they are found dead, and each of these people connects
  /// anew: beyond either limit there is room for as many connections as can be taken over, until their first login
  /// tells whether they take one over.
  func verdict(on household: Household, _ limits: HubLimits, at now: MonotonicTime) -> Verdict {
    let known = replaceable[household] ?? 0
    var verdict = Verdict.welcome
    let excess = (connections[household] ?? 0) - limits.connectionsPerAddress
    if excess >= 0 {
      guard excess < known else { return .refused(.tooManyConnections) }
      verdict = .returnsOnly(.tooManyConnections)
    }
    let attempts = attempts.count(of: household, within: limits.attemptPeriod, at: now)
    if attempts >= limits.attemptsPerAddress {
      guard known > 0, attempts - limits.attemptsPerAddress < limits.attemptsPerAddress else {
        return .refused(.tooManyAttempts)
      }
      verdict = .returnsOnly(.tooManyAttempts)
    }
    return verdict
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
  mutating func name(_ id: SessionID, _ peer: Peer, isReplaceable: Bool) {
    strangers.remove(id)
    guard isReplaceable, !peer.isHost, let household = peer.address.map(Household.init) else { return }
    replaceable[household, default: 0] += 1
  }

  /// Somebody came back who is known: their connection is no attempt of a stranger. How often that counts is limited,
  /// or it would let one person come and go without end.
  mutating func forgive(_ member: MemberID, _ peer: Peer, _ limits: HubLimits, at now: MonotonicTime) {
    guard !peer.isHost, let household = peer.address.map(Household.init) else { return }
    let count = returns.count(of: member, within: limits.attemptPeriod, at: now)
    guard count < Self.freeReturns else { return }
    returns.note(member, within: limits.attemptPeriod, at: now)
    attempts.forgive(household)
  }

  /// Within an attempt period.
  private static let freeReturns = 20

  /// - Parameter wasReplaceable: as it was named.
  mutating func close(_ id: SessionID, _ peer: Peer, wasReplaceable: Bool) {
    guard !peer.isHost else { return }
    strangers.remove(id)
    guard let household = peer.address.map(Household.init) else { return }
    Self.removeOne(from: &connections, household)
    if wasReplaceable { Self.removeOne(from: &replaceable, household) }
  }

  private static func removeOne(from counts: inout [Household: Int], _ household: Household) {
    guard let count = counts[household] else { return }
    counts[household] = count > 1 ? count - 1 : nil
  }

  /// Everybody is gone.
  mutating func closeAll() {
    connections = [:]
    replaceable = [:]
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

  /// Whether one more guest from there may come in under a new name, while guests from there are muted.
  func mayTakeNewName(_ peer: Peer, _ limits: HubLimits, at now: MonotonicTime) -> Bool {
    guard let household = peer.address.map(Household.init) else { return true }
    return newNames.count(of: household, within: limits.claimPeriod, at: now) < Self.mutedNames
  }

  mutating func takeNewName(_ peer: Peer, _ limits: HubLimits, at now: MonotonicTime) {
    guard let household = peer.address.map(Household.init) else { return }
    newNames.note(household, within: limits.claimPeriod, at: now)
  }

  /// Within a claim period.
  private static let mutedNames = 3

  mutating func forget(_ limits: HubLimits, at now: MonotonicTime) {
    attempts.forget(within: limits.attemptPeriod, at: now)
    claims.forget(within: limits.claimPeriod, at: now)
    returns.forget(within: limits.attemptPeriod, at: now)
    newNames.forget(within: limits.claimPeriod, at: now)
  }
}
