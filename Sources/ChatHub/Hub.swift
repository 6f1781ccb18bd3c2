import ChatProtocol
import ChatRecords

/// The rules of the chat: sessions, permissions and recipients. A value without I/O: events go in, actions come out;
/// clock and randomness are parameters, so that the same events produce the same actions.
public struct Hub: Sendable {
  var settings: HubSettings
  let id: HubID
  let epochs: EpochList
  var random: SplitMix64
  /// Wall-clock time.
  var wall = Timestamp(milliseconds: 0)

  var sessions = Sessions()
  var people = People()
  var memberLists = MemberLists()
  var rooms = Rooms()
  var admission: Admission
  var registry: Registry
  var proposals: Proposals
  var reads = Reads()
  var stores: PendingStores
  var redactions = Redactions()

  /// - Parameters:
  ///   - id: of this run of the hub; must differ from those of all other hubs of the chat. 0 for a hub without others.
  ///   - epochs: the log's epochs; nil if no log outlives the hub.
  ///   - secret: the log's secret; tokens sealed with it stay valid. Nil: no token outlives the hub.
  ///   - rooms: the rooms in the log.
  ///   - registry: the registry in the log.
  ///   - presence: the members who are logged in on other hubs.
  ///   - place: the id of the last message in the log. The feed begins behind it.
  ///   - seed: for the IDs of members and logins; must differ for each run of the server.
  public init(
    id: HubID = HubID(0), settings: HubSettings = HubSettings(), epochs: EpochList? = nil, secret: [UInt8]? = nil,
    rooms: [RoomState] = [],
    registry: RegistryState = RegistryState(), presence: PresenceState = PresenceState(), after place: Int = 0,
    seed: UInt64 = .random(in: .min ... .max)
  ) {
    self.id = id
    self.settings = settings
    self.epochs = epochs ?? EpochList(.ofNothing)
    // The system generator is cryptographically secure.
    let secret = secret ?? (0..<32).map { _ in UInt8.random(in: .min ... .max) }
    admission = Admission(secret: secret, seed: seed)
    random = SplitMix64(seed: seed)
    proposals = Proposals(of: id)
    stores = PendingStores(after: place)
    self.registry = Registry(registry)
    self.rooms.insert(.lobby, Room())
    for state in rooms {
      guard state.hasMessages || state.name == .lobby else {
        self.rooms.notePast(state.name, head: state.head)
        continue
      }
      var room = Room(
        head: state.head, heads: state.heads, topic: state.topic.flatMap { $0.text.isEmpty ? nil : $0 })
      room.hasMessages = state.hasMessages
      room.isFounded = true
      if !self.rooms.insert(state.name, room) { self.rooms.update(state.name) { $0 = room } }
    }
    for rules in registry.rooms where rules.isPrivate { self.rooms.insert(rules.room, Room(isFounded: true)) }
    restore(presence)
  }

  /// Whether no other hub can belong to the chat.
  var isAlone: Bool { id == HubID(0) }
  /// The number of connections, authenticated or not.
  public var sessionCount: Int { sessions.count }
  /// The number of members who are logged in.
  public var peopleCount: Int { people.count }
  /// The number of known rooms, including the lobby.
  public var roomCount: Int { rooms.count }
  /// Whether the session has requests that are not answered completely.
  public func isBusy(_ id: SessionID) -> Bool { sessions.place(of: id).map { sessions[at: $0].isBusy } ?? false }

  /// Sessions that were silent for too long since they logged in.
  public func idleSessions(at now: MonotonicTime) -> [SessionID] {
    sessions.expired(settings, at: now).filter(\.isIdle).map(\.id)
  }

  /// - Parameter actions: the resulting actions are appended, in order.
  public mutating func apply(_ event: HubEvent, at now: MonotonicTime, into actions: inout [HubAction]) {
    var turn = Turn(at: now, wall: wall, appendingTo: &actions)
    apply(event, &turn)
    turn.finish(into: &actions)
  }

  private mutating func apply(_ event: HubEvent, _ turn: inout Turn) {
    switch event {
    case .opened(let id, let peer, let capabilities): open(id, peer, capabilities, &turn)
    case .secured(let id): secure(id)
    case .entry(let entry): apply(entry, &turn)
    case .rejected(let id, let rejection): reject(id, rejection, &turn)
    case .redacted(let id, let outcome): answerRedaction(id, outcome, &turn)
    case .change(let settings): change(settings, &turn)
    case .clock(let time): wall = time
    case .received(let id, let request): receive(request, from: id, &turn)
    case .finished(let id): finish(id, &turn)
    case .closed(let id, let reason): close(id, reason, &turn)
    case .stalled(let id): end(id, leaving: .slow, closing: .slow, &turn)
    case .lagging(let id): fallBehind(id)
    case .caughtUp(let id): catchUp(id, &turn)
    case .stored(let outcome): settle(outcome, &turn)
    case .read(let id, let outcome): answerRead(id, outcome, &turn)
    case .expired(let id): if sessions.isIdle(id, settings, at: turn.now) { endIdle(id, &turn) }
    case .tick:
      expire(&turn)
      expireSanctions(&turn)
      refuseLate(&turn)
      releasePaced(&turn)
      admission.limiter.forget(settings.limits, at: turn.now)
      people.recent.forget(at: turn.now)
      rooms.forget(settings.limits, at: turn.now)
      askForMissingStates(&turn)
    case .shutdown: shutDown(&turn)
    }
  }

  /// Publishes a message or applies a change of the feed.
  private mutating func apply(_ entry: FeedEntry, _ turn: inout Turn) {
    if entry.mayChangeMembers { memberLists.removeAll() }
    switch entry {
    case .message(let message): apply(message, &turn)
    case .redaction(let redaction): apply(redaction, &turn)
    case .mark(let mark, let login): apply(mark, from: login, &turn)
    case .change(let change): apply(change, &turn)
    case .departure(let departure): apply(departure, &turn)
    case .hubEnded(let hub): endLogins(on: hub, &turn)
    }
  }

  /// An ID that no present member and no account has. A collision with another ID in the log has a probability of one
  /// in 2⁶³ and is ignored.
  mutating func newMember() -> MemberID {
    var id = MemberID(Int64(truncatingIfNeeded: random.next()))
    while people[id] != nil || registry.account(of: id) != nil {
      id = MemberID(Int64(truncatingIfNeeded: random.next()))
    }
    return id
  }
}

extension FeedEntry {
  /// Whether the entry may change the members, their away messages, or the owners of their names.
  fileprivate var mayChangeMembers: Bool {
    switch self {
    case .message, .redaction, .mark: false
    case .change, .departure, .hubEnded: true
    }
  }
}

extension Epoch {
  /// The epoch of a hub without a log.
  fileprivate static var ofNothing: Epoch {
    guard let epoch = Epoch("0") else { preconditionFailure("0 is a word") }
    return epoch
  }
}
