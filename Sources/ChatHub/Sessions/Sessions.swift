import ChatProtocol

/// The connections, logged in or not.
struct Sessions: Sendable {
  private var sessions = SlotMap<SessionID, Session>(
    placeholder: Session(of: .host, openedAt: MonotonicTime(nanoseconds: 0)))
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

  /// A copy of the session.
  subscript(id: SessionID) -> Session? { sessions[id] }

  /// The session in its slot. Reading and changing it there is much faster than copying it.
  subscript(at place: Int) -> Session {
    _read { yield sessions[at: place] }
    _modify { yield &sessions[at: place] }
  }

  /// Changes a session in place.
  /// - Returns: nil if the session has ended.
  @discardableResult
  mutating func update<Outcome>(_ id: SessionID, _ change: (inout Session) -> Outcome) -> Outcome? {
    sessions.update(id, change)
  }

  mutating func insert(_ id: SessionID, _ session: Session) { sessions.insert(id, session) }
  mutating func remove(_ id: SessionID) -> Session? { sessions.remove(id) }

  mutating func removeAll() {
    sessions.removeAll()
    paced = []
  }

  /// In the order of the connections.
  func ids(where isIncluded: (Session) -> Bool) -> [SessionID] {
    sessions.entries.filter { isIncluded(sessions[at: $0.place]) }.map(\.key).sorted { $0.number < $1.number }
  }

  /// The session as the sender of a request.
  func caller(_ address: ReplyAddress, at place: Int, _ tags: RequestTags = RequestTags()) -> Caller {
    Caller(
      address: address, place: place, peer: sessions[at: place].peer,
      capabilities: sessions[at: place].capabilities, presence: sessions[at: place].presence, tags: tags)
  }

  // MARK: Time

  /// Sessions that were silent for too long.
  func expired(_ settings: HubSettings, at now: MonotonicTime) -> [(id: SessionID, isIdle: Bool)] {
    var expired: [(id: SessionID, isIdle: Bool)] = []
    for (id, place) in sessions.entries where isExpired(place, settings, at: now) {
      expired.append((id, isPresent(place)))
    }
    return expired.sorted { $0.id.number < $1.id.number }
  }

  /// Whether the session was silent for too long since it logged in.
  func isIdle(_ id: SessionID, _ settings: HubSettings, at now: MonotonicTime) -> Bool {
    sessions.place(of: id).map { isPresent($0) && isExpired($0, settings, at: now) } ?? false
  }

  private func isExpired(_ place: Int, _ settings: HubSettings, at now: MonotonicTime) -> Bool {
    let timeout = isPresent(place) ? settings.idleTimeout : settings.loginTimeout
    return timeout.map { now - sessions[at: place].lastHeard >= $0 } == true
  }

  private func isPresent(_ place: Int) -> Bool {
    sessions[at: place].presence != nil || sessions[at: place].peer.isControl
  }

  /// Sends a new idle timeout to sessions that read tags. Idle times start again, so that no session is ended for
  /// silence under the old timeout.
  mutating func announceIdleTimeout(_ timeout: Duration?, _ turn: inout Turn) {
    var tags = Tags()
    tags.idleTimeout = timeout
    let text = tags["idle"].map { "the idle timeout is \($0) s now" } ?? "there is no idle timeout any more"
    for (id, place) in sessions.entries.sorted(by: { $0.key.number < $1.key.number }) {
      sessions[at: place].hear(at: turn.now)
      guard sessions[at: place].presence != nil, sessions[at: place].capabilities.contains(.tags) else { continue }
      turn.send(.info(.other(text)), tags, to: id)
    }
  }

  // MARK: Holding

  /// Asks the owner of a session with too much waiting work to accept no more lines, and later to go on.
  mutating func changeHold(of id: SessionID, at place: Int, _ turn: inout Turn) {
    guard let isHeld = sessions[at: place].backlog.changeHold() else { return }
    turn.emit(isHeld ? .hold(id) : .release(id))
  }
}
