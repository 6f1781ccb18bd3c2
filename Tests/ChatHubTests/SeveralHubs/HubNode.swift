import ChatDialects
import ChatProtocol
import ChatRecords
import NIOCore

@testable import ChatHub

/// One hub of several, with its sessions, its writes on the way to the store, and its place in the feed.
struct HubNode {
  private(set) var hub: Hub
  /// The place up to which the hub has received the feed.
  private(set) var received: Int
  private(set) var clients: [SessionID: NodeClient] = [:]
  private(set) var violations: [String] = []
  /// The answers to requests, by their labels.
  private(set) var replies: [String: ServerMessage] = [:]
  private var writes: [Write] = []
  /// Outcomes of stored messages. The outcome of a message comes before its entry.
  private var outcomes: [(place: Int?, event: HubEvent)] = []
  /// Other answers, and the place in the feed behind which each comes.
  private var answers: [(after: Int, event: HubEvent)] = []

  struct NodeClient {
    var dialect = SwiftchatDialect()
    var challenge: LoginChallenge?
    /// The label of the login request, and later its token.
    var login: String?
    var token: String?
    var isHeld = false
    /// The labels of requests without an answer.
    var open: Set<String> = []
  }

  private struct Write {
    var action: HubAction
    /// The place in the feed at which the hub decided.
    var received: Int
  }

  init(_ number: Int64, on store: SharedStore, seed: UInt64) {
    var settings = HubSettings()
    settings.pin = .test
    hub = Hub(
      id: HubID(number), settings: settings, epochs: store.log.epochs, secret: HubHarness.secret,
      rooms: store.log.rooms(),
      registry: store.registry.state, presence: store.presence.state, after: store.log.lastID, seed: seed)
    received = store.feed.count
  }

  var isIdle: Bool { !hasWrites && !hasAnswers }
  var hasWrites: Bool { !writes.isEmpty }
  var hasAnswers: Bool { !outcomes.isEmpty || !answers.isEmpty }

  // MARK: Events

  mutating func open(_ id: SessionID, from peer: Peer = .host, _ now: MonotonicTime, _ store: SharedStore) {
    clients[id] = NodeClient()
    apply(.opened(id, peer), now, store)
    apply(.secured(id), now, store)
    say(id, "CAP REQ tags rooms history resume marks keys moderation", now, store)
  }

  mutating func close(_ id: SessionID, _ now: MonotonicTime, _ store: SharedStore) {
    apply(.closed(id, .lost), now, store)
    clients[id] = nil
  }

  mutating func tick(_ now: MonotonicTime, _ store: SharedStore) {
    apply(.clock(Timestamp(milliseconds: now.nanoseconds / 1_000_000)), now, store)
    apply(.tick, now, store)
  }

  /// - Parameter label: nil for a line without one.
  mutating func say(
    _ id: SessionID, _ line: String, label: String? = nil, _ now: MonotonicTime, _ store: SharedStore
  ) {
    guard let client = clients[id], !client.isHeld else { return }
    if let label { clients[id]?.open.insert(label) }
    client.dialect.append(ByteBuffer(string: line + "\n"))
    while let request = client.dialect.next() { apply(.received(id, request), now, store) }
  }

  mutating func login(_ id: SessionID, label: String) { clients[id]?.login = label }

  // MARK: The store

  /// The oldest write reaches the store.
  mutating func write(to store: inout SharedStore) {
    guard !writes.isEmpty else { return }
    let write = writes.removeFirst()
    switch write.action {
    case .store(let message):
      let outcome = store.append(message)
      outcomes.append((outcome.message.flatMap { store.places[$0.id] }, .stored(.success(outcome))))
    case .propose(let entry, let stake):
      guard !store.propose(entry, stake, received: write.received) else { return }
      answers.append((store.feed.count, .rejected(entry.proposal, .outdated)))
    case .redact(let id, let conversation, let sequence, let author, let note):
      let message = store.redact(Redaction(conversation, sequence: sequence, by: note.by), author: author)
      answers.append((0, .redacted(id, .success(message))))
    case .keep(let mark, let login): store.keep(mark, login: login)
    case .depart(let departure): store.depart(departure)
    default: break
    }
  }

  /// The hub receives its next answer, or the next entry of the feed.
  mutating func receive(_ now: MonotonicTime, _ store: SharedStore) {
    if let index = answers.firstIndex(where: { $0.after <= received }) {
      apply(answers.remove(at: index).event, now, store)
      return
    }
    if let outcome = outcomes.first, (outcome.place ?? 0) <= received + 1 {
      apply(outcomes.removeFirst().event, now, store)
      return
    }
    guard received < store.feed.count else { return }
    let entry = store.feed[received]
    received += 1
    let published = apply(.entry(entry), now, store)
    if case .message(let message) = entry, case .room = message.conversation, published != [message.id] {
      violations.append("\(message) is published as \(published)")
    }
  }

  // MARK: Actions

  /// - Returns: the ids of the published messages.
  @discardableResult
  private mutating func apply(_ event: HubEvent, _ now: MonotonicTime, _ store: SharedStore) -> [Int] {
    var actions: [HubAction] = []
    hub.apply(event, at: now, into: &actions)
    var published: [Int] = []
    for action in actions {
      if case .post(let message, _) = action { published.append(message.id) }
      perform(action, now, store)
    }
    return published
  }

  private mutating func perform(_ action: HubAction, _ now: MonotonicTime, _ store: SharedStore) {
    switch action {
    case .store, .propose, .redact, .keep, .depart: writes.append(Write(action: action, received: received))
    case .read(let id, let request, _): apply(.read(id, .success(store.log.answer(request))), now, store)
    case .agree(let id, let capabilities): clients[id]?.dialect.capabilities = capabilities
    case .hold(let id): clients[id]?.isHeld = true
    case .release(let id): clients[id]?.isHeld = false
    case .close(let id, _): clients[id] = nil
    case .send(let id, let message, let tags): check(message, tags, to: id, store)
    default: break
    }
  }

  private mutating func check(_ message: ServerMessage, _ tags: Tags, to id: SessionID, _ store: SharedStore) {
    if case .challenge(let challenge) = message { clients[id]?.challenge = challenge }
    if let place = tags.id.flatMap({ store.places[$0] }), place > received {
      violations.append("\(message) was sent before the feed had brought it")
    }
    guard let label = tags.label, clients[id] != nil else { return }
    replies[label] = message
    if clients[id]?.login == label {
      clients[id]?.token = tags.token
      if case .error = message { clients[id]?.login = nil }
    }
    if clients[id]?.open.remove(label) == nil { violations.append("\(message) answers \(label) a second time") }
  }

  // MARK: The end of a run

  /// The state that all hubs must agree on, once they have received all of the feed.
  func violation(on store: SharedStore, at now: MonotonicTime) -> String? {
    let wall = Timestamp(milliseconds: now.nanoseconds / 1_000_000)
    if let violation = violations.first ?? store.violation { return violation }
    guard hub.registry.state.isSame(as: store.registry.state) else { return "the registry differs from the store's" }
    guard hub.proposals.isEmpty, hub.proposals.waitingCount == 0 else { return "proposals or requests still wait" }
    for (id, client) in clients where !client.open.isEmpty { return "\(id) got no answer to \(client.open)" }
    for entry in hub.rooms.entries where entry.value.hasMessages {
      let head = store.log.head(of: .room(entry.key))
      if entry.value.head != head { return "the head of \(entry.key) is \(entry.value.head), not \(head)" }
    }
    if let difference = store.presence.difference(from: hub) { return difference }
    for login in hub.people.logins(where: { $0.hub == hub.id }) {
      guard let session = hub.people.session(of: login.id, of: login.member), let rooms = hub.sessions[session]?.rooms,
        Set(rooms.entries.map(\.key)) == Set(login.rooms)
      else { return "\(login.name) is logged in without a session in the same rooms" }
    }
    for id in hub.sessions.keys {
      guard let session = hub.sessions[id], let presence = session.presence else { continue }
      guard hub.people.session(of: presence.login, of: presence.member) == id else { return "\(id) has no login" }
      let bans = hub.registry.allSanctions.filter { $0.kind == .ban && $0.holds(at: wall) }
      for ban in bans where hub.registry.applies(ban, to: session) {
        return "\(presence.name) is banned and has a session"
      }
      for room in session.rooms.entries where !hub.registry.admits(presence.member, to: room.key) {
        return "\(presence.name) is in \(room.key) without an invitation"
      }
    }
    return nil
  }
}
