import ChatProtocol
import ChatRecords

/// The hub's state of one connection.
struct Session: Sendable {
  let peer: Peer
  /// The server's pin when the connection was encrypted; nil for an unencrypted connection, or a server without a pin.
  var pin: Pin?
  var isSecured = false
  /// Why only a returning member may log in.
  var returnsOnly: ErrorCode?
  /// Failed key proofs.
  var failedProofs = 0
  var capabilities: Capabilities
  /// Nil before login.
  var presence: Presence?
  /// When the last line was received; before login, the time of the connection.
  private(set) var lastHeard: MonotonicTime
  /// Counts the batches sent, so that no two open ones share a reference.
  private var batches = 0

  /// The subscribed rooms except the lobby, each with a unique subscription number.
  var rooms = InsertionOrderedTable<RoomName, UInt64>()
  var backlog = SessionBacklog()
  var rateLimiter = RateLimiter()
  var linesWithoutName = 0
  var reads = ReadQueue()
  /// Set while the session reads too slowly.
  var lag: LagStart?
  /// The identity that the session was last sent for each name.
  private var introduced: [Nickname: Introduction] = [:]
  /// The client's cursors of pairs, until the log has reported the member's pairs.
  var cursors: [Cursor] = []

  struct Presence: Sendable {
    var member: MemberID
    /// The member's nickname.
    var name: Nickname
    /// The login number in the session's token.
    var login: LoginID
    /// The key that the login was proven with, whether or not it opens an account.
    var key: PublicKey?
    /// Whether another connection can take over this one with its token.
    var isReplaceable = false
  }

  private struct Introduction: Sendable {
    var member: MemberID
    /// The head at that time; later messages are sent live.
    var head: Int
  }

  /// The maximum number of rooms, not counting the lobby.
  static let maximumRooms = 100
  private static let maximumIntroduced = 256

  init(of peer: Peer, _ capabilities: Capabilities = [], openedAt now: MonotonicTime) {
    self.peer = peer
    self.capabilities = capabilities
    lastHeard = now
  }

  /// Whether the session is an unauthenticated client outside the host.
  var isStranger: Bool { presence == nil && !peer.isHost && !peer.isControl }

  /// Records that a line was received.
  mutating func hear(at now: MonotonicTime) {
    if presence != nil || peer.isControl { lastHeard = now }
  }

  mutating func enter(_ presence: Presence, at now: MonotonicTime) {
    self.presence = presence
    lastHeard = now
  }

  mutating func nextBatch() -> String {
    defer { batches &+= 1 }
    return String(batches)
  }

  /// Whether a request of the session is not answered yet.
  var isBusy: Bool {
    backlog.unstored > 0 || backlog.isProposing || !backlog.waiting.isEmpty || !reads.isIdle
  }

  var mayEnterMore: Bool { rooms.count < Self.maximumRooms }

  /// - Returns: whether the session was subscribed to the room.
  @discardableResult
  mutating func leave(_ room: RoomName) -> Bool {
    let wasIn = rooms.remove(room) != nil
    if wasIn { lag?.rooms[room] = nil }
    return wasIn
  }

  /// Whether the session is subscribed to the room.
  func isIn(_ room: RoomName) -> Bool { room == .lobby || rooms.contains(room) }

  /// Whether the session is sent the state of conversations.
  var isSynchronized: Bool { Self.isSynchronized(capabilities) }

  static func isSynchronized(_ capabilities: Capabilities) -> Bool {
    !capabilities.isDisjoint(with: [.history, .resume])
  }

  /// - Returns: whether the session must be sent the identity behind the name.
  mutating func introduce(_ name: Nickname, as member: MemberID, head: Int) -> Bool {
    guard introduced[name]?.member != member else { return false }
    if introduced.count >= Self.maximumIntroduced { introduced.removeAll() }
    introduced[name] = Introduction(member: member, head: head)
    if lag != nil, lag?.pairs[member] == nil { lag?.pairs[member] = head }
    return true
  }

  /// Whether the session was sent another identity for the name.
  func knows(_ name: Nickname, asOtherThan member: MemberID) -> Bool {
    introduced[name].map { $0.member != member } ?? false
  }

  /// The head of the pair that the session was sent; nil if it was sent none, or another identity for the name.
  func introducedHead(of member: MemberID, named name: Nickname) -> Int? {
    introduced[name].flatMap { $0.member == member ? $0.head : nil }
  }
}
