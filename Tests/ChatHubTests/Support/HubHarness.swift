import ChatDialects
import ChatHub
import ChatProtocol
import ChatRecords
import NIOCore
import Testing

/// A hub with its clock, log and sessions, without sockets: a session's input is text, and its output is text in its
/// dialect.
final class HubHarness {
  var hub: Hub
  var log = LogModel()
  /// The registry that the log has stored.
  private(set) var registry = RegistryModel()
  /// How the log treats messages and reads.
  var storage = LogBehavior.works
  var reading = LogBehavior.works
  var redacting = LogBehavior.works
  var recording = LogBehavior.works
  /// The hub's actions for the last command, including those for the log's answers.
  private(set) var actions: [HubAction] = []
  /// Messages that the log has not answered yet.
  private(set) var drafts: [NewMessage] = []
  private(set) var redactions: [RequestedRedaction] = []
  private(set) var proposals: [SharedChange] = []
  private(set) var reads: [(id: ReadID, request: ReadRequest)] = []

  /// A redaction that the log has not answered.
  struct RequestedRedaction {
    var id: RedactionID
    var conversation: Conversation
    var sequence: Int
    var author: MemberID?
    var note: RedactionNote
  }

  private let settings: HubSettings
  private var now = MonotonicTime(nanoseconds: 1_000_000_000)
  private var members: [SessionID: SessionState] = [:]
  private var lastNumber: UInt64 = 0
  /// Sessions whose requests are being handled.
  private var taking: Set<SessionID> = []
  private var seed: UInt64

  enum LogBehavior { case works, fails, waits }

  private struct SessionState {
    let dialect = SwiftchatDialect()
    var rooms: Set<RoomName> = []
    var isHeld = false
    var isLagging = false
    var unread: [String] = []
    var end: CloseReason?
  }

  static let timeTag = "time=2026-11-22T10:00:00.123Z"
  static let secret: [UInt8] = Array(0..<32)

  /// The tags with the time and position of a message.
  static func place(_ sequence: Int, id: Int? = nil) -> String { "\(timeTag);seq=\(sequence);id=\(id ?? sequence)" }

  init(_ settings: HubSettings = HubSettings(), registry: RegistryState = RegistryState(), seed: UInt64 = 1) {
    self.settings = settings
    self.seed = seed
    hub = HubHarness.makeHub(settings, log, registry, seed)
  }

  private static func makeHub(
    _ settings: HubSettings, _ log: LogModel, _ registry: RegistryState, _ seed: UInt64
  ) -> Hub {
    Hub(
      settings: settings, epochs: log.epochs, secret: secret, rooms: log.rooms(), registry: registry,
      after: log.lastID, seed: seed)
  }

  /// Kills the server and restarts it on the same log.
  /// - Parameters:
  ///   - settings: new settings; nil to keep the old ones.
  ///   - epoch: the new epoch; nil to continue the previous one.
  func restart(_ settings: HubSettings? = nil, epoch: String? = nil) {
    seed += 1
    if let epoch = epoch.flatMap({ Epoch($0) }) { log.begin(epoch) }
    hub = HubHarness.makeHub(settings ?? self.settings, log, registry.state, seed)
    drafts = []
    reads = []
    redactions = []
    proposals = []
    for id in members.keys { members[id] = nil }
  }

  // MARK: Events

  /// Connects a new session, with or without TLS.
  func connect(from peer: Peer = .host, isSecured: Bool = false) -> SessionID {
    lastNumber += 1
    let id = SessionID(lastNumber)
    members[id] = SessionState()
    apply(.opened(id, peer))
    if isSecured { apply(.secured(id)) }
    return id
  }

  /// Connects and logs in a session; all sessions have read all their lines.
  func logIn(_ name: String, _ capabilities: String...) -> SessionID {
    let id = connect(capabilities)
    send(as: id, "LOGIN \(name)")
    discardOutput()
    return id
  }

  /// Connects a session with these capabilities and without a name.
  func connect(_ capabilities: [String]) -> SessionID {
    let id = connect()
    if !capabilities.isEmpty { send(as: id, "CAP REQ \(capabilities.joined(separator: " "))") }
    discardOutput()
    return id
  }

  func discardOutput() { for key in members.keys { members[key]?.unread.removeAll() } }

  /// - Parameter lines: without line ends.
  /// - Returns: the lines that the session has not read yet.
  @discardableResult
  func send(as id: SessionID, _ lines: String...) -> [String] {
    for line in lines { send(as: id, bytes: Array(line.utf8) + [UInt8(ascii: "\n")]) }
    return takeOutput(of: id)
  }

  func send(as id: SessionID, bytes: [UInt8]) {
    members[id]?.dialect.append(ByteBuffer(bytes: bytes))
    takeRequests(of: id)
  }

  /// Reads nothing from a session that is held.
  private func takeRequests(of id: SessionID) {
    // The request that is being handled is followed by the next one here: no recursion per request.
    guard taking.insert(id).inserted else { return }
    defer { taking.remove(id) }
    while members[id]?.isHeld == false, let request = members[id]?.dialect.next() { apply(.received(id, request)) }
  }

  /// An unreadable line arrives.
  func sendUnreadable(as id: SessionID, _ fault: LineFault) {
    apply(.received(id, Request(reading: .failure(fault), in: [])))
  }

  /// A line arrives, whether or not the session is held.
  func sendWhileHeld(as id: SessionID, _ line: String) {
    let capabilities = members[id]?.dialect.capabilities ?? []
    apply(.received(id, Request(reading: .success(Line(text: line)), in: capabilities)))
  }

  /// The client closes the connection, or the connection is lost.
  func disconnect(_ id: SessionID, _ reason: LeaveReason = .closed) { apply(.closed(id, reason)) }
  /// The client half-closes the connection.
  func halfClose(_ id: SessionID) { apply(.finished(id)) }
  func stall(_ id: SessionID) { apply(.stalled(id)) }
  func shutDown() { apply(.shutdown) }

  func lag(_ id: SessionID) {
    members[id]?.isLagging = true
    apply(.lagging(id))
  }

  func catchUp(_ id: SessionID) {
    members[id]?.isLagging = false
    apply(.caughtUp(id))
  }

  /// Advances the clock, and ticks the hub.
  func advanceClock(by duration: Duration) {
    advanceClockWithoutTick(by: duration)
    apply(.tick)
  }

  /// Advances the clock without a tick.
  func advanceClockWithoutTick(by duration: Duration) { now = now + duration }

  // MARK: Answers of the log

  /// The log answers its oldest draft.
  func answerStore(successfully: Bool = true, isFull: Bool = false) {
    guard !drafts.isEmpty else { return }
    let draft = drafts.removeFirst()
    report {
      LocalFeed.report(
        successfully ? .success(log.append(draft)) : .failure(HubEvent.StorageFailure(isFull: isFull)), to: $0)
    }
  }

  /// The log stores all messages without reporting it yet.
  func commit() -> [HubEvent] {
    var events: [HubEvent] = []
    for draft in drafts { LocalFeed.report(.success(log.append(draft))) { events.append($0) } }
    drafts = []
    return events
  }

  /// The log answers one of the reads.
  func answerRead(_ index: Int = 0, successfully: Bool = true) {
    guard reads.indices.contains(index) else { return }
    let (id, request) = reads.remove(at: index)
    apply(.read(id, successfully ? .success(log.answer(request)) : .failure(HubEvent.StorageFailure())))
  }

  /// The log answers one of the proposals.
  func answerProposal(_ index: Int = 0, successfully: Bool = true, isFull: Bool = false) {
    guard proposals.indices.contains(index) else { return }
    let proposal = proposals.remove(at: index)
    if successfully { store(proposal.changes) }
    report {
      LocalFeed.report(proposal, successfully ? nil : HubEvent.StorageFailure(isFull: isFull), to: $0)
    }
  }

  private func store(_ changes: [RegistryChange]) {
    for change in changes {
      registry.apply(change)
      log.record(change)
    }
  }

  /// The log answers the oldest redaction.
  func answerRedaction(successfully: Bool = true) {
    guard !redactions.isEmpty else { return }
    let wish = redactions.removeFirst()
    let redacted = successfully ? log.redact(wish.conversation, sequence: wish.sequence, author: wish.author) : nil
    if let redacted, let act = wish.note.act(for: redacted) { store([.act(act)]) }
    report {
      LocalFeed.report(
        wish.id, Redaction(wish.conversation, sequence: wish.sequence, by: wish.note.by),
        successfully ? .success(redacted) : .failure(HubEvent.StorageFailure()), to: $0)
    }
  }

  // MARK: Observations

  /// The lines that the session has not read yet.
  func takeOutput(of id: SessionID) -> [String] {
    defer { members[id]?.unread.removeAll() }
    return members[id]?.unread ?? []
  }

  /// Why the hub closed the session; nil while it is open.
  func closeReason(of id: SessionID) -> CloseReason? { members[id]?.end }
  func isHeld(_ id: SessionID) -> Bool { members[id]?.isHeld ?? false }
  func rooms(of id: SessionID) -> Set<String> { Set((members[id]?.rooms ?? []).map(\.text)) }

  // MARK: The shell around the hub

  func apply(_ command: HubEvent) { apply([command]) }

  /// Applies events of which the hub hears at once.
  private func apply(_ commands: [HubEvent]) {
    actions = []
    for command in commands {
      var decided: [HubAction] = []
      LocalFeed.apply(command, to: &hub, at: now, into: &decided)
      actions += decided
      for action in decided { perform(action) }
    }
    while storage != .waits, !drafts.isEmpty {
      answerFirst { answerStore(successfully: storage == .works) }
    }
    while reading != .waits, !reads.isEmpty {
      answerFirst { answerRead(successfully: reading == .works) }
    }
    while redacting != .waits, !redactions.isEmpty {
      answerFirst { answerRedaction(successfully: redacting == .works) }
    }
    while recording != .waits, !proposals.isEmpty {
      answerFirst { answerProposal(successfully: recording == .works) }
    }
    for id in members.keys.sorted(by: { $0.number < $1.number }) where members[id]?.end == nil { takeRequests(of: id) }
  }

  /// Applies all events of one report; their actions count together.
  private func report(_ write: ((HubEvent) -> Void) -> Void) {
    var events: [HubEvent] = []
    write { events.append($0) }
    apply(events)
  }

  /// Actions for the log's answers count as actions of the command.
  private func answerFirst(_ answer: () -> Void) {
    let earlier = actions
    answer()
    actions = earlier + actions
  }

  private func perform(_ action: HubAction) {
    switch action {
    case .send(let id, let message, let tags):
      hear(id) { bytes, dialect in dialect.write(message, tags: tags, into: &bytes) }
    case .list(let id, let list):
      for line in list.lines {
        hear(id) { bytes, dialect in dialect.write(line.message, tags: line.tags, into: &bytes) }
      }
    case .publish(let message, let room, let tags):
      #expect(message.shared != nil, "\(message) is not a shared line")
      for (id, member) in members where member.rooms.contains(room) && !member.isLagging {
        hear(id) { bytes, dialect in
          let form = dialect.sharedForm
          if form.knows(message) { form.write(message, tags: tags, into: &bytes) }
        }
      }
    case .post(let message, let author):
      guard case .room(let room) = message.conversation else { return }
      for (id, member) in members where member.rooms.contains(room) && !member.isLagging {
        hear(id) { bytes, dialect in
          let form = dialect.sharedForm
          if form.knows(message), id != author || form.echoes(message) { form.write(message, into: &bytes) }
        }
      }
    case .agree(let id, let capabilities): members[id]?.dialect.capabilities = capabilities
    case .enter(let id, let room): members[id]?.rooms.insert(room)
    case .leave(let id, let room): members[id]?.rooms.remove(room)
    case .loggedIn: break
    case .loggedOut(let id, _, _): members[id]?.rooms.removeAll()
    case .store(let draft): drafts.append(draft)
    case .read(let id, let request, _): reads.append((id, request))
    case .cancelRead(let id, _): reads.removeAll { $0.id == id }
    case .keep(let mark, _): log.keep(mark)
    case .propose(let entry, _): proposals.append(entry)
    case .depart: Issue.record("a departure is no entry at once")
    case .redact(let id, let conversation, let sequence, let author, let note):
      redactions.append(
        RequestedRedaction(id: id, conversation: conversation, sequence: sequence, author: author, note: note))
    case .hold(let id): members[id]?.isHeld = true
    case .release(let id): members[id]?.isHeld = false
    case .close(let id, let reason):
      #expect(members[id]?.end == nil, "session \(id) is closed twice")
      members[id]?.end = reason
      if reason == .shutdown { members[id]?.rooms.removeAll() }
    }
  }

  private func hear(_ id: SessionID, _ write: (inout ByteBuffer, any Dialect) -> Void) {
    guard let member = members[id] else { return }
    #expect(member.end == nil, "session \(id) is sent a line after it was closed")
    var bytes = ByteBuffer()
    write(&bytes, member.dialect)
    guard bytes.readableBytes > 0 else { return }
    let text = String(buffer: bytes)
    // A message of several lines is several lines for some sessions.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.last == "" && lines.dropLast().allSatisfy { !$0.isEmpty })
    members[id]?.unread += lines.dropLast()
  }
}
