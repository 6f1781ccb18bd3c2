import ChatProtocol
import ChatRecords

/// Counts connections, attempts and claims per address block, and tracks unauthenticated sessions. Clients on the host
/// do not count.
struct ConnectionLimiter: Sendable {
  private var connections: [AddressBlock: Int] = [:]
  /// Authenticated sessions that another connection of the same member may take over.
  private var replaceable: [AddressBlock: Int] = [:]
  private var attempts = SlidingWindowCounter<AddressBlock>()
  private var claims = SlidingWindowCounter<AddressBlock>()
  private var returns = SlidingWindowCounter<MemberID>()
  private var newNames = SlidingWindowCounter<AddressBlock>()
  private var unauthenticated = UnauthenticatedSessions()

  enum Verdict: Hashable, Sendable {
    case welcome
    /// Only a returning member may log in: the limit is reached, and known members are connected from there.
    case returnsOnly(ErrorCode)
    case refused(ErrorCode)
  }

  /// Whether a connection from this address block is accepted at the moment.
  ///
  /// Connections of members whose link broke still count until they are found dead, and each of these members
  /// reconnects: above either limit, as many further connections are accepted as can be taken over, until their first
  /// login shows whether they take one over.
  func verdict(on addressBlock: AddressBlock, _ limits: HubLimits, at now: MonotonicTime) -> Verdict {
    let known = replaceable[addressBlock] ?? 0
    var verdict = Verdict.welcome
    let excess = (connections[addressBlock] ?? 0) - limits.connectionsPerAddress
    if excess >= 0 {
      guard excess < known else { return .refused(.tooManyConnections) }
      verdict = .returnsOnly(.tooManyConnections)
    }
    let attempts = attempts.count(of: addressBlock, within: limits.attemptPeriod, at: now)
    if attempts >= limits.attemptsPerAddress {
      guard known > 0, attempts - limits.attemptsPerAddress < limits.attemptsPerAddress else {
        return .refused(.tooManyAttempts)
      }
      // Above both limits the stricter one applies: only a session that replaces another one is accepted.
      if verdict == .welcome { verdict = .returnsOnly(.tooManyAttempts) }
    }
    return verdict
  }

  mutating func open(_ id: SessionID, _ peer: Peer, _ limits: HubLimits, at now: MonotonicTime) {
    guard !peer.isHost else { return }
    unauthenticated.insert(id)
    guard let addressBlock = peer.address.map(AddressBlock.init) else { return }
    connections[addressBlock, default: 0] += 1
    attempts.note(addressBlock, within: limits.attemptPeriod, at: now)
  }

  var unauthenticatedCount: Int { unauthenticated.count }
  mutating func oldestUnauthenticated() -> SessionID? { unauthenticated.oldest() }

  /// Records that the session has logged in.
  mutating func noteLogin(of id: SessionID, _ peer: Peer, isReplaceable: Bool) {
    unauthenticated.remove(id)
    guard isReplaceable, !peer.isHost, let addressBlock = peer.address.map(AddressBlock.init) else { return }
    replaceable[addressBlock, default: 0] += 1
  }

  /// Takes back the counted attempt of a returning member, at most `freeReturns` times per attempt period: otherwise one
  /// member could reconnect without end.
  mutating func forgive(_ member: MemberID, _ peer: Peer, _ limits: HubLimits, at now: MonotonicTime) {
    guard !peer.isHost, let addressBlock = peer.address.map(AddressBlock.init) else { return }
    let count = returns.count(of: member, within: limits.attemptPeriod, at: now)
    guard count < Self.freeReturns else { return }
    returns.note(member, within: limits.attemptPeriod, at: now)
    attempts.forgive(addressBlock)
  }

  /// The maximum number of forgiven attempts per attempt period.
  private static let freeReturns = 20

  /// - Parameter wasReplaceable: the value given to `noteLogin`.
  mutating func close(_ id: SessionID, _ peer: Peer, wasReplaceable: Bool) {
    guard !peer.isHost else { return }
    unauthenticated.remove(id)
    guard let addressBlock = peer.address.map(AddressBlock.init) else { return }
    Self.removeOne(from: &connections, addressBlock)
    if wasReplaceable { Self.removeOne(from: &replaceable, addressBlock) }
  }

  private static func removeOne(from counts: inout [AddressBlock: Int], _ addressBlock: AddressBlock) {
    guard let count = counts[addressBlock] else { return }
    counts[addressBlock] = count > 1 ? count - 1 : nil
  }

  /// Forgets all connections.
  mutating func closeAll() {
    connections = [:]
    replaceable = [:]
    unauthenticated = UnauthenticatedSessions()
  }

  /// Whether a session from this address block may claim one more name.
  func mayClaim(_ addressBlock: AddressBlock, _ limits: HubLimits, at now: MonotonicTime) -> Bool {
    claims.count(of: addressBlock, within: limits.claimPeriod, at: now) < limits.claimsPerAddress
  }

  /// Counts a name claimed from this address block.
  mutating func noteClaim(_ addressBlock: AddressBlock, _ limits: HubLimits, at now: MonotonicTime) {
    claims.note(addressBlock, within: limits.claimPeriod, at: now)
  }

  /// Whether a guest from there may log in under a new name while guests from there are muted.
  func mayTakeNewName(_ peer: Peer, _ limits: HubLimits, at now: MonotonicTime) -> Bool {
    guard let addressBlock = peer.address.map(AddressBlock.init) else { return true }
    return newNames.count(of: addressBlock, within: limits.claimPeriod, at: now) < Self.mutedNames
  }

  mutating func takeNewName(_ peer: Peer, _ limits: HubLimits, at now: MonotonicTime) {
    guard let addressBlock = peer.address.map(AddressBlock.init) else { return }
    newNames.note(addressBlock, within: limits.claimPeriod, at: now)
  }

  /// The maximum number of such names per claim period.
  private static let mutedNames = 3

  mutating func forget(_ limits: HubLimits, at now: MonotonicTime) {
    attempts.forget(within: limits.attemptPeriod, at: now)
    claims.forget(within: limits.claimPeriod, at: now)
    returns.forget(within: limits.attemptPeriod, at: now)
    newNames.forget(within: limits.claimPeriod, at: now)
  }
}
