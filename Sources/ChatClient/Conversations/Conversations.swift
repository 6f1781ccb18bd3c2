import ChatProtocol
import DequeModule

/// All conversations with one server whose sequence is tracked.
struct Conversations: Sendable {
  /// Maximum number of direct conversations; further ones named by the server are ignored.
  static let mostPeople = 1000
  /// Limit of the bytes that wait in all conversations together.
  private static let mostHeldBytes = 8 << 20

  /// Whether the newest messages of a conversation are requested when it is opened.
  var fetchesFirst = true
  private var tracks: [Target: ConversationTrack] = [:]
  /// The epoch of the server's log, as reported on this connection.
  private var epoch: Epoch?
  private var people = 0
  private var generations: UInt64 = 0
  private var heldBytes = 0
  /// Conversations that may have a request to send, each once.
  private var queue: Deque<Target> = []
  private var isQueued: Set<Target> = []
  /// Conversations with a pending deadline.
  private var deadlines: [Target: MonotonicTime] = [:]

  func contains(_ target: Target) -> Bool { tracks[target] != nil }

  var deadline: MonotonicTime { deadlines.values.min() ?? .distantFuture }

  /// Conversations with messages that wait for their turn.
  var waiting: [Target] { tracks.values.filter(\.isWaiting).map(\.target).sorted { $0.text < $1.text } }

  /// Cursors in order of priority: the lobby, then rooms, then people, most recent conversation first.
  var cursors: [Cursor] {
    let known = tracks.values.filter { $0.cursor != nil && $0.isSynced && !$0.isForeign }
    return known.sorted { Self.order($0) < Self.order($1) }.map {
      Cursor(target: $0.target, epoch: $0.epoch, sequence: $0.cursor ?? 0)
    }
  }

  func cursor(of target: Target) -> Cursor? {
    guard let track = tracks[target], track.isSynced, let sequence = track.cursor else { return nil }
    return Cursor(target: target, epoch: track.epoch, sequence: sequence)
  }

  func epoch(of target: Target) -> Epoch? { tracks[target]?.epoch }

  private static func order(_ track: ConversationTrack) -> (Int, Int, String) {
    switch track.target {
    case .lobby: (0, 0, "")
    case .room(let room): (1, 0, room.text)
    case .person(let name): (2, -track.lastID, name.text)
    }
  }

  // MARK: Updating a conversation

  /// Changes a conversation, and updates the memory count, the deadlines and the queue of requests.
  /// - Returns: false if the conversation is not tracked.
  @discardableResult
  mutating func change(_ target: Target, _ body: (inout ConversationTrack) -> Void) -> Bool {
    guard let index = tracks.index(forKey: target) else { return false }
    let before = tracks.values[index].waitingBytes
    body(&tracks.values[index])
    heldBytes += tracks.values[index].waitingBytes - before
    if heldBytes > Self.mostHeldBytes { heldBytes -= tracks.values[index].dropHeld() }
    deadlines[target] = tracks.values[index].deadline
    if tracks.values[index].wantsRequest, isQueued.insert(target).inserted { queue.append(target) }
    return true
  }

  /// The server reports the head, after which live messages begin.
  /// - Returns: whether this is now a different conversation.
  mutating func sync(
    _ target: Target, epoch: Epoch, since: Epoch?, head: Int, mark: Int?, isPushed: Bool, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) -> Bool {
    // The lobby's log is shared by all members: if it is replaced, no sequence number keeps its meaning.
    if target == .lobby, let former = tracks[.lobby]?.epoch, former != epoch, former != since {
      identityChanged(into: &actions)
    }
    self.epoch = epoch
    guard follow(target, epoch: epoch) else { return false }
    var isAnother = false
    change(target) { track in
      isAnother = track.sync(
        epoch: epoch, since: since, head: head, mark: mark, isPushed: isPushed, at: now, into: &actions)
    }
    return isAnother
  }

  /// - Returns: whether this is now a different conversation.
  mutating func reset(_ target: Target, to epoch: Epoch, into actions: inout [ClientSession.Action]) -> Bool {
    self.epoch = epoch
    var isAnother = false
    change(target) { isAnother = $0.reset(to: epoch, into: &actions) }
    return isAnother
  }

  /// Starts to track a conversation that the server has not reported yet.
  /// - Parameter head: the message before the first known one; nil if none is known.
  /// - Returns: whether the conversation is tracked.
  mutating func adopt(
    _ target: Target, head: Int?, at now: MonotonicTime, into actions: inout [ClientSession.Action]
  ) -> Bool {
    if tracks[target] != nil { return true }
    guard let epoch, follow(target, epoch: epoch) else { return false }
    change(target) { track in
      guard let head else { return }
      _ = track.sync(epoch: epoch, since: nil, head: head, mark: nil, isPushed: false, at: now, into: &actions)
    }
    return true
  }

  private mutating func follow(_ target: Target, epoch: Epoch) -> Bool {
    if tracks[target] != nil { return true }
    if case .person = target {
      guard people < Self.mostPeople else { return false }
      people += 1
    }
    // A conversation that was left and joined again must not accept answers to its earlier requests.
    generations &+= 1
    tracks[target] = ConversationTrack(
      target, epoch: epoch, serials: generations << 32, fetchesFirst: fetchesFirst)
    return true
  }

  /// The messages reported in an earlier run are kept.
  /// - Parameter isResumed: the session of that run is resumed, so that the server is told the cursor.
  mutating func restore(_ cursor: Cursor, isResumed: Bool) {
    guard follow(cursor.target, epoch: cursor.epoch) else { return }
    change(cursor.target) { track in
      track.restore(cursor.sequence)
      if isResumed { track.isSynced = true }
    }
  }

  /// The user has left the room.
  mutating func remove(_ room: RoomName, into actions: inout [ClientSession.Action]) {
    let target = Target.room(room)
    change(target) { track in
      track.disconnect()
      track.settleAllClaims(into: &actions)
    }
    tracks[target] = nil
    deadlines[target] = nil
  }

  // MARK: Connections

  /// - Parameter asks: request new messages in each direct conversation that the server does not report.
  mutating func connected(without told: Set<Target>, asks: Bool, at now: MonotonicTime) {
    for target in tracks.keys.sorted(by: { $0.text < $1.text }) {
      change(target) { track in
        guard asks, case .person = target else { return }
        if told.contains(target) { track.awaitSync(at: now) } else { track.catchUp() }
      }
    }
  }

  mutating func disconnected() {
    for target in tracks.keys { change(target) { $0.disconnect() } }
    queue = []
    isQueued = []
    deadlines = [:]
    epoch = nil
  }

  /// The server regards this client as another person: earlier direct messages are no longer readable.
  mutating func identityChanged(into actions: inout [ClientSession.Action]) {
    for target in tracks.keys.sorted(by: { $0.text < $1.text }) {
      change(target) { $0.identityChanged(into: &actions) }
    }
  }

  /// No conversation will receive further messages.
  mutating func settleAll(into actions: inout [ClientSession.Action]) {
    for target in tracks.keys.sorted(by: { $0.text < $1.text }) {
      change(target) { $0.settleAllClaims(into: &actions) }
    }
  }

  // MARK: Requests

  mutating func nextRequest() -> HistoryRequest? {
    while let target = queue.popFirst() {
      isQueued.remove(target)
      var request: HistoryRequest?
      change(target) { request = $0.nextRequest() }
      if let request { return request }
    }
    return nil
  }

  mutating func timer(at now: MonotonicTime) {
    for (target, deadline) in deadlines.sorted(by: { $0.key.text < $1.key.text }) where deadline <= now {
      change(target) { $0.timer(at: now) }
    }
  }
}
