import ChatProtocol

/// What the hub knows of one connection.
struct Session: Sendable {
  let peer: Peer
  /// What the server was known by when the connection was encrypted; nil while it is not, and where the server has none.
  var pin: Pin?
  var isSecured = false
  /// Why only somebody who comes back may log in.
  var returnsOnly: ErrorCode?
  /// Logins whose proof was none.
  var failedProofs = 0
  var dialect: Capabilities = []
  /// Nil while it has no name.
  var presence: Presence?
  /// When the last line came; while there is no name, when it connected.
  private(set) var lastHeard: MonotonicTime
  /// Counts the batches sent, so that no two open ones share a reference.
  private var batches = 0

  /// The rooms that it hears beside the lobby, each under a number that no other subscription has.
  var rooms = InsertionOrderedTable<RoomName, UInt64>()
  var backlog = Backlog()
  var rateLimiter = RateLimiter()
  var linesWithoutName = 0
  /// No line of it could be read yet.
  var mayBeBrowser: Bool
  var reads = ReadQueue()
  /// While it reads too slowly.
  var lag: Lag?
  /// Which conversation the session was last told a name stands for.
  private var introduced: [Nickname: Introduction] = [:]
  /// What it has of conversations with others, until the log has told which these are.
  var cursors: [Cursor] = []

  struct Presence: Sendable {
    var member: MemberID
    /// As its member is called.
    var name: Nickname
    /// Stands in the token that it was given.
    var login: UInt64
    /// What the login was proven by, whether or not it opens an account.
    var key: PublicKey?
    /// Whether another connection can take its place, with the token that it was given.
    var isReplaceable = false
  }

  private struct Introduction: Sendable {
    var member: MemberID
    /// What is beyond comes live.
    var head: Int
  }

  /// At most this many beside the lobby.
  static let maximumRooms = 100
  private static let maximumIntroduced = 256

  init(of peer: Peer, openedAt now: MonotonicTime) {
    self.peer = peer
    mayBeBrowser = !peer.isControl
    lastHeard = now
  }

  /// Somebody from elsewhere who has not said who they are.
  var isStranger: Bool { presence == nil && !peer.isHost && !peer.isControl }

  /// A line came, whatever it says.
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

  /// Whether it hears what is said in the room.
  func isIn(_ room: RoomName) -> Bool { room == .lobby || rooms.contains(room) }

  /// Whether the session is told where conversations stand.
  var isSynchronized: Bool { !dialect.isDisjoint(with: [.history, .resume]) }

  /// - Returns: whether the session must be told which conversation the name stands for.
  mutating func introduce(_ name: Nickname, as member: MemberID, head: Int) -> Bool {
    guard introduced[name]?.member != member else { return false }
    if introduced.count >= Self.maximumIntroduced { introduced.removeAll() }
    introduced[name] = Introduction(member: member, head: head)
    if lag != nil, lag?.pairs[member] == nil { lag?.pairs[member] = head }
    return true
  }

  /// Whether the session was told that the name stands for somebody else.
  func knows(_ name: Nickname, asOtherThan member: MemberID) -> Bool {
    introduced[name].map { $0.member != member } ?? false
  }

  /// What the session was told of the pair; nil where it was told nothing, or that the name stands for somebody else.
  func introducedHead(of member: MemberID, named name: Nickname) -> Int? {
    introduced[name].flatMap { $0.member == member ? $0.head : nil }
  }
}
