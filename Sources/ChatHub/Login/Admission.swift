import ChatProtocol
import ChatRecords

/// The way in: limits on connections, tokens, login proofs, and invitation codes.
struct Admission: Sendable {
  var limiter = ConnectionLimiter()
  let seal: TokenSeal
  private let nonces: Nonces
  /// Counts the invitations created.
  private var lastInvitation: UInt64 = 0

  /// - Parameters:
  ///   - secret: the log's secret.
  ///   - seed: must differ for each run of the server.
  init(secret: [UInt8], seed: UInt64) {
    seal = TokenSeal(secret: secret)
    nonces = Nonces(secret: secret, seed: seed)
  }

  // MARK: Connections

  enum Reception: Hashable, Sendable {
    /// - Parameter returnsOnly: why only a returning member may log in; nil: any client may.
    case welcome(returnsOnly: ErrorCode? = nil)
    case refused(Refusal)
  }

  /// Whether a connection is accepted.
  /// - Parameter count: the number of connections.
  func reception(
    of peer: Peer, among count: Int, _ settings: HubSettings, _ registry: Registry, _ turn: borrowing Turn
  ) -> Reception {
    // An operator on the host must be able to administer a full server.
    guard !peer.isControl else { return .welcome() }
    let addressBlock = peer.addressBlock
    if addressBlock != nil, let ban = peer.address.flatMap({ registry.ban(of: $0, at: turn.wall) }) {
      return .refused(Refusal(error: RequestError(.banned, text: ban.sentence), closing: .banned))
    }
    if count >= settings.maximumSessions { return .refused(Refusal(error: RequestError(.serverFull), closing: .full)) }
    guard let addressBlock else { return .welcome() }
    switch limiter.verdict(on: addressBlock, settings.limits, at: turn.now) {
    case .welcome: return .welcome()
    case .returnsOnly(let code): return .welcome(returnsOnly: code)
    case .refused(let code): return .refused(Refusal(error: RequestError(code), closing: .tooMany))
    }
  }

  // MARK: Proofs

  /// The challenge that a login on this connection signs.
  func challenge(for id: SessionID) -> LoginChallenge { nonces.challenge(for: id) }

  /// - Parameters:
  ///   - name: the name in the request, or in its token.
  ///   - pin: the server's pin on this connection; nil if the connection cannot log in with a key.
  /// - Returns: nil if the request does not attempt a proof.
  func provenKey(as name: Nickname, on pin: Pin?, _ caller: Caller) throws(RequestError) -> PublicKey? {
    guard caller.capabilities.contains(.keys), let pin, caller.tags[.key] != nil || caller.tags[.proof] != nil else {
      return nil
    }
    let statement = challenge(for: caller.session).statement(to: pin, as: name)
    guard let key = caller.tags.publicKey, let proof = caller.tags.proof, key.signed(statement, with: proof) else {
      throw RequestError(.invalidProof)
    }
    return key
  }

  /// The token in a login request.
  func token(_ caller: Caller) -> Token? {
    caller.capabilities.contains(.resume) ? caller.tags.token.flatMap(seal.open) : nil
  }

  // MARK: Names

  /// Whether the name is, or looks like, one that the server uses for itself.
  static func isReserved(_ name: Nickname, _ limits: HubLimits) -> Bool {
    // Equal names may have different skeletons.
    name == .host || limits.reservedNames.contains(name) || limits.reservedSkeletons.contains(name.skeleton)
  }

  /// Whether a session from this address may claim one more name.
  func mayClaim(_ peer: Peer, _ limits: HubLimits, at now: MonotonicTime) -> Bool {
    peer.addressBlock.map { limiter.mayClaim($0, limits, at: now) } ?? true
  }

  /// Counts a name claimed from this address.
  mutating func noteClaim(_ peer: Peer, _ limits: HubLimits, at now: MonotonicTime) {
    if let block = peer.addressBlock { limiter.noteClaim(block, limits, at: now) }
  }

  // MARK: Invitations

  /// A code that no other invitation has, until `useInvitation` is called.
  var nextInvitation: [UInt8] { nonces.invitation(lastInvitation + 1) }

  mutating func useInvitation() { lastInvitation += 1 }
}
