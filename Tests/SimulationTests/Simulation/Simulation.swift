import ChatClient
import ChatDialects
import ChatHub
import ChatLog
import ChatModel
import ChatProtocol
import ChatRecords
import NIOCore
import TestSupport

/// A server, its disk, a network and some clients. All of them are values, driven by a seed that determines each event,
/// failure and time, so that a run can be repeated.
final class Simulation {
  var random: SeededGenerator
  private(set) var now = MonotonicTime(nanoseconds: 1_000_000_000)
  var disk = SimulatedDisk()
  private(set) var hub: Hub?
  private(set) var links: [SimulatedLink] = []
  private(set) var clients: [SimulatedClient] = []
  private var places: [SessionID: Int] = [:]
  private(set) var host: ControlClient?
  /// The number of invitations that were confirmed or are known to be stored.
  var admitted = 0
  private(set) var violations: [String] = []
  private var sessions: UInt64 = 0
  private var sends: UInt64 = 0
  /// Events in readable form.
  private(set) var trace: [String] = []
  private let isTracing: Bool
  /// Whether the log is sometimes restored from a copy. No message is redacted then, because a restore would undo it.
  let restoresLog: Bool
  private var copy: SimulatedDisk?
  /// Texts that were on the disk before a restore and are not in the copy.
  private(set) var vanished: Set<String> = []

  static let home: Endpoint = {
    guard let endpoint = try? Endpoint("localhost") else { preconditionFailure("a constant") }
    return endpoint
  }()

  /// The wall clock follows the monotonic clock.
  var wall: Timestamp { Timestamp(milliseconds: 1_800_000_000_000 + now.nanoseconds / 1_000_000) }

  init(seed: UInt64, names: [String], restoresLog: Bool = false, isTracing: Bool = false) {
    self.isTracing = isTracing
    self.restoresLog = restoresLog
    random = SeededGenerator(seed: seed)
    startServer()
    for name in names.compactMap({ Nickname($0) }) {
      clients.append(SimulatedClient(name, seed: random.next()))
      command(.connect(Self.home, ClientMemory()), clients.count - 1)
    }
  }

  func note(_ text: @autoclosure () -> String) {
    if isTracing { trace.append(text()) }
  }

  private static func words(_ line: Result<Line, LineFault>) -> String {
    guard case .success(let line) = line else { return "\(line)" }
    let keys = ["label", "cid", "seq", "room", "to", "batch", "more", "dup", "again", "token"]
    let tags = keys.compactMap { key in line.tags[key].map { "\(key)=\($0.prefix(12))" } }
    return "[\(tags.joined(separator: " "))] \(line.text)"
  }

  // MARK: The server

  func startServer() {
    guard hub == nil, let rooms = try? disk.log.rooms(), let registry = try? disk.load() else { return }
    note("server starts")
    disk.log.beginEpoch()
    hub = Hub(
      settings: HubSettings(), epochs: disk.log.epochs, secret: disk.log.secret, rooms: rooms, registry: registry,
      after: (try? disk.log.lastID()) ?? 0, seed: random.next())
    admitted = registry.invitations.count
  }

  private func openHost() {
    sessions += 1
    let host = ControlClient(session: SessionID(sessions))
    self.host = host
    apply(.opened(host.session, Peer(address: nil, isHost: true, isControl: true)))
    apply(.received(host.session, Request(.success(.requestCapabilities(["tags", "moderation"])), bytes: 0)))
  }

  func ask(_ request: AdminRequest) {
    if host == nil { openHost() }
    host?.lastLabel += 1
    let label = "host-\(host?.lastLabel ?? 0)"
    host?.requests[label] = request
    var tags = Tags()
    tags.label = label
    guard let session = host?.session else { return }
    note("host asks \(request)")
    apply(.received(session, Request(.success(.admin(request)), tags: tags, bytes: 0)))
  }

  /// The server stops between two steps without a further line.
  func crashServer() {
    guard hub != nil else { return }
    note("server crashes")
    hub = nil
    host = nil
    disk.crash()
    for index in links.indices where links[index].serverEnd != .ended {
      links[index].serverEnd = .ended
      let kept = random.number(0...max(links[index].toClient.readableBytes, 1))
      links[index].cut(keepingToServer: 0, keepingToClient: kept)
    }
    places = [:]
  }

  func copyLog() {
    note("the log is copied")
    copy = disk.copy()
  }

  /// The server is stopped for the restore.
  func restoreLog() {
    guard let copy else { return }
    crashServer()
    note("the log is restored")
    let kept = Set(copy.journal.map(\.text))
    vanished.formUnion(disk.journal.map(\.text).filter { !kept.contains($0) })
    disk = copy.copy()
  }

  func apply(_ command: HubEvent) {
    guard hub != nil else { return }
    var actions: [HubAction] = []
    if var current = hub {
      hub = nil
      LocalFeed.apply(command, to: &current, at: now, into: &actions)
      hub = current
    }
    for action in actions { perform(action) }
  }

  private func perform(_ action: HubAction) {
    switch action {
    case .send(let id, let message, let tags):
      if id == host?.session { return hear(message, tags) }
      withLink(id) { $0.write(message, tags) }
    case .list(let id, let list):
      for line in list.lines { withLink(id) { $0.write(line.message, line.tags) } }
    case .publish(let message, let room, let tags):
      for index in links.indices where isHearing(room, index) { links[index].write(message, tags) }
    case .post(let message, _):
      guard case .room(let room) = message.conversation else { return }
      var tags = Tags()
      (tags.time, tags.sequence, tags.id) = (message.time, message.sequence, message.id)
      if room != .lobby { tags.room = room }
      let line: ServerMessage =
        message.kind == .topic
        ? .topic(from: message.author, text: message.text) : .message(from: message.author, text: message.text)
      for index in links.indices where isHearing(room, index) { links[index].write(line, tags) }
    case .agree(let id, let capabilities): withLink(id) { $0.dialect.capabilities = capabilities }
    case .enter(let id, let room): withLink(id) { $0.rooms.insert(room) }
    case .leave(let id, let room): withLink(id) { $0.rooms.remove(room) }
    case .loggedOut(let id, _, _): withLink(id) { $0.rooms = [] }
    case .loggedIn: break
    case .store(let message): disk.store(message)
    case .read(let id, let request, _): disk.read(id, request)
    case .cancelRead: break
    case .keep(let mark, _): try? disk.log.keep([mark])
    case .depart: break
    case .propose(let entry, _): disk.propose(entry)
    case .redact(let id, let conversation, let sequence, let author, let note):
      disk.redact(id, Redaction(conversation, sequence: sequence, by: note.by), author: author)
    case .hold(let id): withLink(id) { $0.isHeld = true }
    case .release(let id): withLink(id) { $0.isHeld = false }
    case .close(let id, _):
      if id == host?.session { host = nil }
      withLink(id) {
        $0.serverEnd = .ended
        if $0.clientEnd == .open { $0.clientEnd = .ending }
      }
      places[id] = nil
    }
  }

  /// The host receives an answer.
  private func hear(_ message: ServerMessage, _ tags: Tags) {
    guard var host else { return }
    do {
      if let violation = try violation(of: message, tags, to: &host) { violations.append(violation) }
    } catch {
      violations.append("\(error)")
    }
    self.host = host
  }

  private func isHearing(_ room: RoomName, _ index: Int) -> Bool {
    links[index].rooms.contains(room) && !links[index].isLagging && links[index].serverEnd == .open
  }

  private func withLink(_ id: SessionID, _ body: (inout SimulatedLink) -> Void) {
    if let index = places[id] { body(&links[index]) }
  }

  // MARK: The network

  /// Some bytes arrive at the server, or finally the end of the stream.
  func deliverToServer(_ index: Int, bytes: Int) {
    guard hub != nil, links[index].serverEnd != .ended, !links[index].isHeld else { return }
    if let arrived = links[index].toServer.readSlice(length: min(bytes, links[index].toServer.readableBytes)) {
      note("\(links[index].session) says: \(String(buffer: arrived))")
      links[index].dialect.append(arrived)
      while links[index].serverEnd != .ended, let request = links[index].dialect.next() {
        apply(.received(links[index].session, request))
      }
    }
    guard links[index].serverEnd == .ending, links[index].toServer.readableBytes == 0 else { return }
    note("server loses \(links[index].session)")
    let session = links[index].session
    apply(.closed(session, links[index].wasCut ? .lost : .closed))
    links[index].serverEnd = .ended
    places[session] = nil
  }

  func deliverToClient(_ index: Int, bytes: Int) {
    let client = links[index].client
    guard links[index].clientEnd != .ended, clients[client].link == index else { return }
    if let arrived = links[index].toClient.readSlice(length: min(bytes, links[index].toClient.readableBytes)) {
      clients[client].decoder.append(arrived)
      while clients[client].link == index, let line = clients[client].decoder.next() {
        note("\(clients[client].name) hears: \(Self.words(line))")
        handle(.received(line), client)
      }
    }
    guard links[index].clientEnd == .ending, links[index].toClient.readableBytes == 0, clients[client].link == index
    else { return }
    note("\(clients[client].name) loses the connection")
    links[index].clientEnd = .ended
    clients[client].link = nil
    handle(.closed(reason: nil), client)
  }

  func cut(_ index: Int) {
    note("link of \(clients[links[index].client].name) is cut")
    let (toServer, toClient) = (links[index].toServer.readableBytes, links[index].toClient.readableBytes)
    let kept = (random.number(0...toServer), random.number(0...toClient))
    links[index].cut(keepingToServer: kept.0, keepingToClient: kept.1)
  }

  func setLagging(_ index: Int, _ isLagging: Bool) {
    let link = links[index]
    guard hub != nil, link.serverEnd == .open, link.isLagging != isLagging,
      link.dialect.capabilities.contains(.resume),
      !link.rooms.isEmpty
    else { return }
    note("\(link.session) \(isLagging ? "lags" : "has caught up")")
    links[index].isLagging = isLagging
    apply(isLagging ? .lagging(link.session) : .caughtUp(link.session))
  }

  // MARK: The clients

  func command(_ command: ClientCommand, _ client: Int) {
    note("\(clients[client].name) wants \(command)")
    handle(.command(command), client)
  }

  func say(to target: Target, _ client: Int) {
    sends += 1
    let id = SendID(sends)
    // Some messages have several lines.
    let text = "\(clients[client].name)-\(sends)" + (sends % 4 == 0 ? "\n\n  second\\n" : "")
    clients[client].screen.willSay(id, text, to: target)
    command(.say(id: id, to: target, text: text), client)
  }

  func connect(_ client: Int) {
    guard clients[client].wantsConnection else { return }
    clients[client].wantsConnection = false
    guard hub != nil else {
      return handle(.failed(ConnectionFailure(.refused, reason: "refused")), client)
    }
    sessions += 1
    let session = SessionID(sessions)
    places[session] = links.count
    clients[client].link = links.count
    clients[client].decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 8191), allowsTags: false)
    links.append(SimulatedLink(session: session, client: client))
    apply(.opened(session))
    handle(.opened(nil), client)
  }

  func restartClient(_ client: Int) {
    note("\(clients[client].name) ends and begins anew")
    drop(client)
    var fresh = SimulatedClient(clients[client].name, seed: random.next())
    fresh.screen = clients[client].screen
    fresh.saved = clients[client].saved
    fresh.screen.restart(from: fresh.saved)
    clients[client] = fresh
    command(.connect(Self.home, fresh.screen.kept.memory), client)
  }

  func save(_ client: Int) { clients[client].saved = clients[client].screen.kept }

  func handle(_ input: ClientSession.Input, _ client: Int) {
    for action in clients[client].session.handle(input, at: now, wall: wall) {
      switch action {
      case .open: clients[client].wantsConnection = true
      case .transmit(let message, let tags):
        guard let index = clients[client].link, links[index].clientEnd == .open, links[index].serverEnd == .open else {
          continue
        }
        message.write(into: &links[index].toServer, tags: tags)
      case .close: drop(client)
      case .agreed(let dialect): clients[client].decoder.allowsTags = dialect.contains(.tags)
      case .tell(let event):
        note("\(clients[client].name) is told \(event)")
        clients[client].screen.hear(event)
        // A token is saved at once: without it the server could not recognise a repeated send.
        if case .token(let token) = event { clients[client].saved.memory.token = token }
      case .ended: clients[client].hasEnded = true
      }
    }
  }

  /// The client forgets its connection or request for one. The server learns of it later.
  private func drop(_ client: Int) {
    clients[client].wantsConnection = false
    guard let index = clients[client].link else { return }
    clients[client].link = nil
    links[index].clientEnd = .ended
    if links[index].serverEnd == .open { links[index].serverEnd = .ending }
  }

  // MARK: Time

  func pass(_ duration: Duration) {
    now = now + duration
    for client in clients.indices {
      var rounds = 0
      while let deadline = clients[client].session.nextDeadline, deadline <= now, rounds < 100 {
        handle(.timer, client)
        rounds += 1
      }
    }
    apply(.tick)
  }
}
