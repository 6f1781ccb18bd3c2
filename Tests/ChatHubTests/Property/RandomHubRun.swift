import ChatDialects
import ChatProtocol
import ChatRecords
import TestSupport

@testable import ChatHub

/// A hub with random sessions, and a log that answers late, in bulk, and sometimes with a failure.
struct RandomHubRun {
  private(set) var hub: Hub
  private var random: SeededGenerator
  private var now = MonotonicTime(nanoseconds: 0)
  private var presence = PresenceLedger()
  private var answers = AnswerLedger()
  private var reading = ReadingLedger()
  private var log = LogModel()
  /// The registry on the disk.
  private var disk = RegistryModel()
  private var registry = RegistryModel()
  private var proposals: [SharedChange] = []
  /// Results of handled proposals that the hub has not received yet.
  private var settled: [(entry: SharedChange, failure: HubEvent.StorageFailure?)] = []
  /// The login challenge of each session.
  private var challenges: [SessionID: LoginChallenge] = [:]
  private var codes: [String] = []
  /// Whether all sessions have all capabilities and a key for each name.
  private let isOrderly: Bool

  private var lastSession: UInt64 = 0
  private var lastLine = 0
  private var drafts: [NewMessage] = []
  /// Results of stores that the log has not reported yet.
  private var stored: [Result<StoreOutcome, HubEvent.StorageFailure>] = []
  /// Pending reads, with their answers once they were made.
  private var questions: [(id: ReadID, request: ReadRequest, answer: ReadAnswer?)] = []
  /// Pending redactions.
  private var redactions: [(id: RedactionID, redaction: Redaction, author: MemberID?)] = []
  /// The messages that the hub knows to be redacted.
  private var redacted: Set<Int> = []
  /// The session on the control socket.
  private var control: SessionID?
  private var tokens: [String] = []
  /// Cursors that a client may have stored.
  private var seen: [Cursor] = []
  /// Sessions that sent a token, so that their line may have to wait.
  private var proving: Set<SessionID> = []
  /// Whether reads no longer fail, as at the end of a run.
  private var isReliable = false
  private(set) var actions: [HubAction] = []

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    var settings = HubSettings(maximumSessions: 7, messageOfTheDay: ["Welcome."])
    // Low enough for sessions that send a line every few seconds.
    settings.limits.lineBurst = 2
    settings.limits.linesPerSecond = 1
    settings.limits.byteBurst = 100
    settings.limits.bytesPerSecond = 20
    settings.limits.connectionsPerAddress = 3
    settings.limits.attemptsPerAddress = 4
    settings.limits.attemptPeriod = .seconds(30)
    settings.limits.linesBeforeLogin = 12
    settings.limits.unnamedPercent = 80
    settings.limits.longList = 2
    settings.pin = .test
    settings.isInviteOnly = random.chance(1, in: 8)
    isOrderly = random.flip()
    hub = Hub(settings: settings, epochs: Epoch("e").map { EpochList($0) }, secret: [1], seed: seed)
  }

  private static let names = ["neha", "Neha", "akash", "mira", "MIRA"]
  private static let addresses = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"]
  private static let rooms = ["#a", "#A", "#b", "#lobby"]
  private static let dens = ["#den", "#DEN"]
  private static let identities = (1...3).map { TestKey($0) }

  /// - Returns: the violated invariant.
  mutating func step() -> String? {
    now = now + .milliseconds(random.number(0...(isOrderly ? 300 : 1500)))
    switch random.number(0...99) {
    case 0..<7:
      lastSession += 1
      let id = SessionID(lastSession)
      let isSecured = isOrderly || random.flip()
      return apply(.opened(id, peer())) ?? (isSecured ? apply(.secured(id)) : nil)
    case 7..<62: return say()
    case 62..<64:
      let id = someone()
      return apply(random.flip() ? .finished(id) : .closed(id, random.pick([.closed, .closed, .lost])))
    case 64: return apply(.stalled(someone()))
    case 65..<68: return lag()
    case 68..<78:
      commit()
      return nil
    case 78, 79:
      record()
      return nil
    case 80..<85: return answerStores()
    case 85..<88: return answerProposals()
    case 88..<92:
      read()
      return nil
    case 92..<95: return answerRead()
    case 95..<97: return answerRedaction()
    case 97..<99: return tick()
    default: return random.chance(1, in: 20) ? apply(.shutdown) : nil
    }
  }

  /// The log answers everything, and slow readers catch up.
  mutating func settle() -> String? {
    for id in presence.open.sorted(by: { $0.number < $1.number }) where reading.isLagging(id) {
      reading.setLagging(id, false)
      if let broken = apply(.caughtUp(id)) { return broken }
    }
    if let broken = tick() { return broken }
    isReliable = true
    while !drafts.isEmpty || !stored.isEmpty || !questions.isEmpty || !redactions.isEmpty || !hub.sessions.paced.isEmpty
      || !proposals.isEmpty || !settled.isEmpty
    {
      commit()
      record()
      now = now + .seconds(1)
      if let broken = answerStores() ?? answerProposals() ?? answerRead() ?? answerRedaction() ?? tick() {
        return broken
      }
    }
    guard hub.proposals.isEmpty, hub.proposals.waitingCount == 0 else { return "no request waits when all is answered" }
    guard disk.state.isSame(as: registry.state) else { return "the hub is sent every stored change" }
    guard Registry(registry.state).knowsTheSame(as: hub.registry) else {
      return "a hub that starts from the stored registry has the same one"
    }
    return answers.unanswered ?? reading.missing(presence.capabilities)
  }

  private mutating func tick() -> String? {
    apply(.clock(Timestamp(milliseconds: now.nanoseconds / 1_000_000))) ?? apply(.tick)
  }

  // MARK: The log

  private mutating func answerRedaction() -> String? {
    guard !redactions.isEmpty else { return apply(.redacted(RedactionID(999_999), .success(nil))) }
    let wish = redactions.removeFirst()
    guard isReliable || random.chance(9, in: 10) else {
      return report { LocalFeed.report(wish.id, wish.redaction, .failure(HubEvent.StorageFailure()), to: $0) }
    }
    let message = log.redact(wish.redaction.conversation, sequence: wish.redaction.sequence, author: wish.author)
    defer { if let message { redacted.insert(message.id) } }
    return report { LocalFeed.report(wish.id, wish.redaction, .success(message), to: $0) }
  }

  /// Applies all events of one report.
  private mutating func report(_ write: ((HubEvent) -> Void) -> Void) -> String? {
    var events: [HubEvent] = []
    write { events.append($0) }
    for event in events { if let broken = apply(event) { return broken } }
    return nil
  }

  private mutating func commit() {
    let count = random.number(0...drafts.count)
    let group = drafts.prefix(count)
    drafts.removeFirst(count)
    if random.chance(1, in: 10) {
      stored += group.map { _ in .failure(HubEvent.StorageFailure(isFull: random.flip())) }
    } else {
      for draft in group {
        let outcome = log.append(draft)
        if case .stored(let message) = outcome { reading.store(message) }
        stored.append(.success(outcome))
      }
    }
  }

  /// All proposals are stored together or not at all.
  private mutating func record() {
    let isStored = isReliable || random.chance(4, in: 5)
    let isFull = random.flip()
    for entry in proposals {
      if isStored {
        for change in entry.changes {
          disk.apply(change)
          log.record(change)
        }
      }
      settled.append((entry, isStored ? nil : HubEvent.StorageFailure(isFull: isFull)))
    }
    proposals = []
  }

  private mutating func answerProposals() -> String? {
    let answers = settled
    settled = []
    for (entry, failure) in answers {
      if failure == nil { for change in entry.changes { registry.apply(change) } }
      if let broken = report({ LocalFeed.report(entry, failure, to: $0) }) { return broken }
    }
    return nil
  }

  private mutating func answerStores() -> String? {
    let group = stored
    stored = []
    for outcome in group {
      if case .success(.stored(let message)) = outcome, let broken = reading.publish(message) { return broken }
      if let broken = report({ LocalFeed.report(outcome, to: $0) }) { return broken }
    }
    return nil
  }

  /// The log makes a read, and reports it later.
  private mutating func read() {
    for index in questions.indices where questions[index].answer == nil && random.flip() {
      questions[index].answer = log.answer(questions[index].request)
    }
  }

  private mutating func answerRead() -> String? {
    guard !questions.isEmpty else { return apply(.read(ReadID(999_999), .failure(HubEvent.StorageFailure()))) }
    let question = questions.remove(at: random.number(0...questions.count - 1))
    guard isReliable || random.chance(9, in: 10) else {
      return apply(.read(question.id, .failure(HubEvent.StorageFailure())))
    }
    return apply(.read(question.id, .success(question.answer ?? log.answer(question.request))))
  }

  // MARK: Sessions

  /// Any session id, including closed and unknown ones.
  private mutating func someone() -> SessionID {
    SessionID(UInt64(random.number(max(0, Int(lastSession) - 7)...Int(lastSession) + 1)))
  }

  private mutating func peer() -> Peer {
    switch random.number(0...9) {
    case 0..<4: return .host
    case 4:
      control = SessionID(lastSession)
      return Peer(address: nil, isHost: true, isControl: true)
    default: return Peer(address: IPAddress(random.pick(Self.addresses)), isHost: false)
    }
  }

  private mutating func lag() -> String? {
    let id = someone()
    guard presence.open.contains(id), presence.capabilities[id]?.contains(.resume) == true else { return nil }
    let isLagging = !reading.isLagging(id)
    reading.setLagging(id, isLagging)
    return apply(isLagging ? .lagging(id) : .caughtUp(id))
  }

  private mutating func say() -> String? {
    let id = someone()
    guard !presence.isHeld(id) else { return nil }
    if random.chance(1, in: 40) {
      let fault = random.pick([LineFault.tooLong, .invalidUTF8, .malformedTags])
      return apply(.received(id, Request(reading: .failure(fault), in: [])))
    }
    var line = line(from: id)
    lastLine += 1
    line.tags.label = String(lastLine)
    let words = line.text.split(separator: " ")
    let isTagged = presence.capabilities[id]?.contains(.tags) == true && presence.open.contains(id)
    let isAsynchronous = ["HISTORY", "SEARCH", "REMOVE", "AUDIT"].contains(words.first)
    answers.note(
      lastLine, from: id, isAsynchronous: isAsynchronous || (isTagged && words.first == "PING"),
      mustBeAnswered: isTagged && !words.isEmpty && words.first != "QUIT")
    if line.tags.token != nil || line.tags.publicKey != nil || words.first == "RESUME" { proving.insert(id) }
    return apply(.received(id, Request(reading: .success(line), in: presence.capabilities[id] ?? [])))
  }

  private mutating func target() -> String { random.flip() ? room() : "@" + random.pick(Self.names) }

  /// A room that was joined before it was made private would be public.
  private mutating func room() -> String {
    let den = random.pick(Self.dens)
    let isMade = RoomName(den).map { hub.registry.rules(of: $0) != nil } ?? false
    return isMade && random.flip() ? den : random.pick(Self.rooms)
  }

  private mutating func cursor() -> Cursor? {
    guard !seen.isEmpty else { return nil }
    var cursor = random.pick(seen)
    cursor.sequence = random.number(0...cursor.sequence + (random.chance(1, in: 10) ? 3 : 0))
    return cursor
  }

  private mutating func line(from id: SessionID) -> Line {
    let name = random.pick(Self.names)
    let room = room()
    let number = lastLine + 1
    if id == control { return Line(text: moderation(name, room)) }
    var line = Line(text: "", hasControlCharacters: random.chance(1, in: 60))
    let isNew = presence.names[id] == nil
    // The login's own content counts, and not that of a later one.
    if isNew, let backlog = hub.sessions[id]?.backlog, backlog.isProposing || !backlog.waiting.isEmpty {
      return Line(text: random.pick(["PING", "MSG \(number) behind", "WHO"]))
    }
    if isNew { reading.note([], of: id) }
    var kind = random.number(0...(isNew ? 7 : 35))
    if isOrderly {
      if isNew {
        kind = presence.capabilities[id] == nil ? 2 : random.pick([0, 5])
      } else if random.chance(1, in: 3) {
        kind = random.pick([19, 29])
      }
    }
    switch kind {
    case 0...1:
      line.text = "LOGIN \(name)"
      if random.flip(), !tokens.isEmpty { line.tags.token = random.pick(tokens) }
      if random.chance(3, in: 4) { prove(name, id, &line.tags) }
    case 2...3:
      let proves = isOrderly || random.flip()
      line.text = "CAP REQ tags presence rooms history resume marks moderation lines\(proves ? " keys" : "")"
    case 4:
      line.text = random.pick(["CAP REQ tags", "CAP REQ presence", "CAP REQ rooms", "CAP LS", "CAP", "CAP REQ x"])
    case 5...6: line.text = resumption(of: id, &line.tags)
    case 7: line.text = random.pick(["", " ", "nonsense", "MSG", "DM x", "LOGIN a b", "JOIN", "MARK", "RESUME x #a"])
    case 8...12:
      line.text = "MSG \(number) \(random.pick(["hello", "disk"]))"
      if random.chance(1, in: 4) {
        line.tags.hasLines = true
        line.text += random.pick(["\\n\\n  disk\\n", "\\n", String(repeating: "\\nx", count: 20), "\\\\"])
      }
    case 13...15: line.text = "DM \(name) \(number) psst"
    case 16...17: line.text = "SAY \(target()) \(number) disk"
    case 18: line.text = "TOPIC \(room)\(random.flip() ? " \(number) topic" : "")"
    case 19...20: line.text = "JOIN \(room)"
    case 21: line.text = "PART \(room)"
    case 22: line.text = random.pick(["WHO", "WHO \(room)", "ROOMS", "AWAY", "AWAY x"])
    case 23...24:
      line.text = "HISTORY \(target()) \(random.pick(["LATEST *", "BEFORE 3", "AFTER 1"])) \(random.pick([1, 50]))"
    case 25: line.text = "SEARCH \(random.flip() ? "*" : target()) \(random.pick([1, 50])) disk"
    case 26...27: line.text = "MARK \(target()) \(random.number(0...9))"
    case 28: line.text = "PING"
    case 29...32: line.text = administration(name, random.pick(Self.dens))
    case 33...34: line.text = "REMOVE \(target()) \(random.number(0...4))"
    default: line.text = random.chance(1, in: 4) ? "QUIT" : "PING"
    }
    if random.chance(1, in: 4) {
      line.tags["cid"] = random.pick(["k\(random.number(0...9))", "k\(number)", "", "a b"])
    }
    return line
  }

  private mutating func moderation(_ name: String, _ room: String) -> String {
    let capabilities = control.flatMap { hub.sessions[$0]?.capabilities } ?? []
    guard capabilities.contains(.moderation) else { return "CAP REQ tags moderation" }
    let subject = random.pick(["@" + name, random.pick(Self.addresses), "192.0.2.0/24"])
    switch random.number(0...13) {
    case 0: return random.flip() ? "KICK \(name) reason" : "PING"
    case 1: return "BAN \(subject) \(random.pick([1, 5])) reason"
    case 2: return "UNBAN \(subject)"
    case 3: return "MUTE \(name) \(random.pick([1, 9]))"
    case 4: return "UNMUTE \(name)"
    case 5: return "SLOW \(room) \(random.pick([0, 3]))"
    case 6...10: return "REMOVE \(random.pick(Self.rooms)) \(random.number(0...4)) reason"
    case 11: return "AUDIT 5"
    case 12: return "BANS"
    default: return random.chance(1, in: 4) ? "QUIT" : "PING"
    }
  }

  /// Mostly with the name's own key.
  private mutating func prove(_ name: String, _ id: SessionID, _ tags: inout Tags) {
    guard let challenge = challenges[id] else { return }
    let usual = ["neha", "akash", "mira"].firstIndex(of: name.lowercased()) ?? 0
    let identity = !isOrderly && random.chance(1, in: 4) ? random.pick(Self.identities) : Self.identities[usual]
    tags.publicKey = identity.key
    tags["proof"] = random.chance(1, in: 10) ? "x" : identity.sign(challenge, as: name)
    if random.flip(), !codes.isEmpty { tags.invitation = random.pick(codes) }
  }

  private mutating func administration(_ name: String, _ room: String) -> String {
    switch random.number(0...9) {
    case 0...1: "CREATE \(room)"
    case 2...3: "INVITE \(room) \(name)"
    case 4...5: "UNINVITE \(room) \(name)"
    case 6: random.pick(["OP \(name)", "DEOP \(name)", "OPS"])
    case 7: "ADMIT \(random.number(1...2)) \(random.pick(["*", "60"]))"
    case 8: random.pick(["KEY LIST", "KEY ADD \(random.pick(Self.identities).request(for: name)) x"])
    default: "KEY REMOVE \(random.pick(Self.identities).key.text)"
    }
  }

  private mutating func resumption(of id: SessionID, _ tags: inout Tags) -> String {
    guard !tokens.isEmpty else { return "PING" }
    var cursors: [Cursor] = []
    for _ in 0..<random.number(0...4) {
      guard let cursor = cursor(), !cursors.contains(where: { $0.target == cursor.target }) else { continue }
      cursors.append(cursor)
    }
    if presence.names[id] == nil { reading.note(cursors, of: id) }
    let words = cursors.map { "\($0.target) \($0.epoch) \($0.sequence)" }
    let token = random.pick(tokens)
    if random.chance(3, in: 4), let name = hub.admission.seal.open(token)?.name.text { prove(name, id, &tags) }
    return (["RESUME \(token)"] + words).joined(separator: " ")
  }

  // MARK: The shell

  /// Whether the lists that the hub keeps are those that it would make now.
  private var hasCurrentLists: Bool {
    for room in Set(Self.rooms + Self.dens).compactMap({ RoomName($0) }) {
      for (form, capabilities) in [
        (.plain, []), (.tagged, .tags), (.identified, [.tags, .history]),
      ] as [(MemberList.Form, Capabilities)] {
        guard let list = hub.memberLists[room, form] else { continue }
        let batch = Batch(MemberList.reference, to: ReplyAddress(session: SessionID(0)), in: capabilities)
        guard list.lines == hub.members(of: room, form, in: batch) else { return false }
      }
    }
    return true
  }

  private mutating func apply(_ command: HubEvent) -> String? {
    var decided: [HubAction] = []
    if case .caughtUp(let id) = command { reading.forgetNameless(of: id, hub) }
    LocalFeed.apply(command, to: &hub, at: now, into: &decided)
    presence.note(command)
    reading.note(hub)
    for action in decided {
      let broken =
        presence.broken(by: action, proving) ?? answers.broken(by: action)
        ?? reading.broken(by: action, in: presence)
      if let broken { return "\(broken): \(action)" }
      if case .keep(let mark, _) = action, mark.sequence > log.head(of: mark.conversation) {
        return "a read mark is not beyond the last message: \(mark)"
      }
      if case .publish(let message, _, _) = action, message.shared == nil {
        return "a published line has a shared form"
      }
      if isTold(action) { return "a redacted text is not sent: \(action)" }
      perform(action)
    }
    actions += decided
    guard hasCurrentLists else { return "a list of members is made again after each change: \(command)" }
    guard presence.isSettled else { return "every arrival and departure is announced" }
    guard hub.sessionCount == presence.open.count, hub.peopleCount == presence.people else {
      return "the counts match the sessions"
    }
    // All other state must be unchanged.
    if isAboutRegistry(command), !hub.registry.state.isSame(as: registry.state) {
      return "the registry of the hub is the stored one"
    }
    if let broken = unlawful ?? unbounded { return broken }
    return nil
  }

  private func isAboutRegistry(_ command: HubEvent) -> Bool {
    switch command {
    case .entry(.change), .rejected: true
    default: false
    }
  }

  /// Violated ownership rules.
  private var unlawful: String? {
    for id in hub.sessions.keys {
      guard let session = hub.sessions[id], let presence = session.presence else { continue }
      if let account = hub.registry.account(named: presence.name), account.member != presence.member {
        return "\(id) has a name that is another's"
      }
      if let account = hub.registry.account(of: presence.member), account.name != presence.name {
        return "\(id) owns another name than it has"
      }
      for room in session.rooms.entries where !hub.registry.admits(presence.member, to: room.key) {
        return "\(id) is in \(room.key), uninvited"
      }
    }
    return nil
  }

  private func isTold(_ action: HubAction) -> Bool {
    switch action {
    case .post(let message, _): return redacted.contains(message.id)
    case .send(_, let line, let tags):
      guard let id = tags.id, redacted.contains(id) else { return false }
      if case .ok = line { return false }
      return !tags.isRedacted
    default: return false
    }
  }

  private mutating func perform(_ action: HubAction) {
    switch action {
    case .store(let draft): drafts.append(draft)
    case .read(let id, let request, _): questions.append((id, request, nil))
    case .cancelRead(let id, _):
      // The log may have started it.
      if random.flip() { questions.removeAll { $0.id == id } }
    case .keep(let mark, _): log.keep(mark)
    case .propose(let entry, _): proposals.append(entry)
    case .redact(let id, let conversation, let sequence, let author, let note):
      redactions.append((id, Redaction(conversation, sequence: sequence, by: note.by), author))
    case .send(let id, .challenge(let challenge), _): challenges[id] = challenge
    case .send(_, .ok, let tags):
      if let token = tags.token { tokens.append(token) }
      if let code = tags.invitationCode { codes.append(code) }
    case .send(_, .sync(let target, let epoch, let head), _):
      seen.append(Cursor(target: target, epoch: epoch, sequence: head))
    case .close(let id, _): reading.setLagging(id, false)
    default: break
    }
  }

  private var unbounded: String? {
    for id in hub.sessions.keys {
      guard let session = hub.sessions[id] else { return "every listed session exists" }
      guard session.backlog.waiting.count <= 258, session.backlog.unstored <= 1025, session.reads.underWay.count <= 4,
        session.reads.redacting <= 16
      else {
        return "the queues of \(id) are bounded"
      }
    }
    for count in hub.people.ids.map({ hub.people[$0]?.sessions.count ?? 0 })
    where !(1...Member.maximumLogins).contains(count) {
      return "each member has from one to the maximum of sessions"
    }
    let paced = hub.sessions.keys.filter { hub.sessions[$0]?.backlog.isPaced == true }
    guard Set(hub.sessions.paced).count == hub.sessions.paced.count, Set(hub.sessions.paced).isSuperset(of: paced)
    else {
      return "a held session has a reason to be released"
    }
    let rooms = hub.rooms.entries.filter {
      $0.key != .lobby && $0.value.isForgettable && hub.registry.rules(of: $0.key) == nil
    }
    return rooms.isEmpty || hub.sessions.count == 0 ? nil : "empty rooms without messages are forgotten"
  }
}
