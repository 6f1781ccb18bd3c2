import ChatProtocol

/// The connections, logged in or not.
struct Sessions: Sendable {
  private var sessions = SlotMap<SessionID, Session>()
  /// Sessions held for exceeding their rate limit.
  var paced: [SessionID] = []

  var count: Int { sessions.count }
  /// The order differs between runs.
  var keys: some Collection<SessionID> { sessions.keys }
  /// In the order of the connections: a replay must be deterministic.
  var inOrder: [SessionID] { sessions.keys.sorted { $0.number < $1.number } }

  func contains(_ id: SessionID) -> Bool { sessions.contains(id) }

  /// The session's slot, valid until the session ends.
  func place(of id: SessionID) -> Int? { sessions.place(of: id) }

  /// A session is read in place where possible: copying it is slow.
  subscript(id: SessionID) -> Session? {
    _read { yield sessions[id] }
    _modify { yield &sessions[id] }
  }

  subscript(at place: Int) -> Session? {
    _read { yield sessions[at: place] }
    _modify { yield &sessions[at: place] }
  }

  mutating func insert(_ id: SessionID, _ session: Session) { sessions.insert(id, session) }
  mutating func remove(_ id: SessionID) -> Session? { sessions.remove(id) }

  mutating func removeAll() {
    sessions.removeAll()
    paced = []
  }

  /// In the order of the connections.
  func ids(where isIncluded: (Session) -> Bool) -> [SessionID] {
    inOrder.filter { sessions[$0].map(isIncluded) == true }
  }

  /// The session as the sender of a request.
  func caller(_ address: ReplyAddress, at place: Int, _ tags: RequestTags = RequestTags()) -> Caller {
    Caller(
      address: address, place: place, peer: sessions[at: place]?.peer ?? .host,
      capabilities: sessions[at: place]?.capabilities ?? [], presence: sessions[at: place]?.presence, tags: tags)
  }

  // MARK: Time

  /// Sessions that were silent for too long.
  func expired(_ settings: HubSettings, at now: MonotonicTime) -> [(id: SessionID, isIdle: Bool)] {
    var expired: [(id: SessionID, isIdle: Bool)] = []
    for id in sessions.keys where isExpired(id, settings, at: now) { expired.append((id, isPresent(id))) }
    return expired.sorted { $0.id.number < $1.id.number }
  }

  /// Whether the session was silent for too long since it logged in.
  func isIdle(_ id: SessionID, _ settings: HubSettings, at now: MonotonicTime) -> Bool {
    isPresent(id) && isExpired(id, settings, at: now)
  }

  private func isExpired(_ id: SessionID, _ settings: HubSettings, at now: MonotonicTime) -> Bool {
    guard let lastHeard = sessions[id]?.lastHeard else { return false }
    let timeout = isPresent(id) ? settings.idleTimeout : settings.loginTimeout
    return timeout.map { now - lastHeard >= $0 } == true
  }

  private func isPresent(_ id: SessionID) -> Bool {
    sessions[id]?.presence != nil || sessions[id]?.peer.isControl == true
  }

  /// Sends a new idle timeout to sessions that read tags. Idle times start again, so that no session is ended for silence
  /// under the old timeout.
  mutating func announceIdleTimeout(_ timeout: Duration?, _ turn: inout Turn) {
    var tags = Tags()
    tags.idleTimeout = timeout
    let text = tags["idle"].map { "the idle timeout is \($0) s now" } ?? "there is no idle timeout any more"
    for id in inOrder {
      sessions[id]?.hear(at: turn.now)
      guard sessions[id]?.presence != nil, sessions[id]?.capabilities.contains(.tags) == true else { continue }
      turn.send(.info(.other(text)), tags, to: id)
    }
  }

  // MARK: Holding

  /// Asks the owner of a session with too much waiting work to accept no more lines, and later to go on.
  mutating func changeHold(of id: SessionID, at place: Int, _ turn: inout Turn) {
    guard let isHeld = sessions[at: place]?.backlog.changeHold() else { return }
    turn.emit(isHeld ? .hold(id) : .release(id))
  }
}
