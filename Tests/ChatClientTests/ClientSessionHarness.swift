import ChatClient
import ChatModel
import ChatProtocol
import NIOCore

/// Drives a client session: the test supplies server lines and the clock, and the harness records all effects.
struct ClientSessionHarness {
  private(set) var session: ClientSession
  private(set) var now = MonotonicTime(nanoseconds: 1_000_000_000)
  /// Lines in wire format that the test has not read yet.
  var sent: [String] = []
  /// Events that the test has not read yet.
  var events: [ClientEvent] = []
  private(set) var opened: [Endpoint] = []
  private(set) var plans: [ConnectionPlan] = []
  private(set) var securities: [ClientSession.Security] = []
  private(set) var closes = 0
  private(set) var hasEnded = false
  /// Sends that were written to the connection, without their results.
  var sendings: [SendID] = []
  private var decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 8191), allowsTags: false)
  private var ids: UInt64 = 0

  init(
    name: Nickname = .neha, seed: UInt64 = 1, identity: Identity? = nil, interests: ClientInterests = ClientInterests()
  ) {
    session = ClientSession(name: name, seed: seed, identity: identity, interests: interests)
  }

  /// The wall clock follows the monotonic clock.
  var wall: Timestamp { Timestamp(milliseconds: 1_800_000_000_000 + now.nanoseconds / 1_000_000) }

  mutating func handle(_ input: ClientSession.Input) {
    for action in session.handle(input, at: now, wall: wall) {
      switch action {
      case .open(let plan, let security):
        opened.append(plan.endpoint)
        plans.append(plan)
        securities.append(security)
        decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 8191), allowsTags: false)
      case .transmit(let message, let tags):
        var buffer = ByteBuffer()
        message.write(into: &buffer, tags: tags)
        sent.append(String(String(buffer: buffer).dropLast()))
      case .close: closes += 1
      case .agreed(let capabilities): decoder.allowsTags = capabilities.contains(.tags)
      case .tell(.sending(let id)): sendings.append(id)
      case .tell(let event): events.append(event)
      case .ended: hasEnded = true
      }
    }
  }

  mutating func command(_ command: ClientCommand) { handle(.command(command)) }

  @discardableResult
  mutating func send(_ text: String, to recipient: Target = .lobby) -> SendID {
    ids += 1
    let id = SendID(ids)
    command(.say(id: id, to: recipient, text: text))
    return id
  }

  /// Delivers lines of the server.
  mutating func receive(_ lines: String...) { receive(bytes: lines.map { $0 + "\n" }.joined()) }

  mutating func receive(bytes: String) {
    decoder.append(ByteBuffer(string: bytes))
    while let line = decoder.next() { handle(.received(line)) }
  }

  /// Lets time pass and fires the timer whenever it is due.
  /// - Parameter judgingSilence: false while lines of the server wait unread.
  mutating func advanceClock(by duration: Duration, judgingSilence: Bool = true) {
    let end = now + duration
    while let deadline = session.nextDeadline, max(deadline, now) <= end {
      // A deadline that is not handled stays due.
      now = max(now + (judgingSilence ? .zero : .milliseconds(250)), deadline)
      handle(judgingSilence ? .timer : .timerBeforeReading)
    }
    now = end
  }

  /// Lets time pass on a server that answers nothing but `PING`.
  mutating func advanceClockAnsweringPings(seconds: Int) {
    for _ in 0..<seconds {
      advanceClock(by: .seconds(1))
      for line in takeSent() where line.hasSuffix(" PING") { receive("\(line.prefix { $0 != " " }) PONG") }
    }
  }

  /// The lines since the last call.
  mutating func takeSent() -> [String] {
    defer { sent = [] }
    return sent
  }

  /// Discards all recorded effects.
  mutating func takeAll() {
    sent = []
    events = []
  }

  mutating func takeEvents() -> [ClientEvent] {
    defer { events = [] }
    return events
  }

  // MARK: Starting points

  /// The capabilities that are agreed on without encryption.
  static let agreed = Capabilities.all.subtracting(.keys)
  static let asks = "CAP REQ tags presence rooms history resume marks moderation lines"
  static let agrees = "CAP ACK tags presence rooms history resume marks moderation lines"

  /// A session that is logged in on a swiftchat server, with its roster reported.
  static func tagged(name: Nickname = .neha, seed: UInt64 = 1) -> ClientSessionHarness {
    var harness = ClientSessionHarness(name: name, seed: seed)
    harness.command(.connect(.home, ClientMemory()))
    harness.completeConnection()
    return harness
  }

  /// Completes the requested connection to a swiftchat server.
  mutating func completeConnection() {
    handle(.opened(nil))
    receive("CAP ACK tags presence", "@label=1 OK LOGIN")
    receive("@label=2 BATCH +r who", "@batch=r USER \(session.name)", "@batch=r USER akash", "BATCH -r")
    sent = []
    events = []
  }

  /// A session that is logged in on a swiftchat server with all capabilities, with five messages of the lobby shown.
  static func withAllCapabilities(name: Nickname = .neha, memory: ClientMemory = ClientMemory(), seed: UInt64 = 1)
    -> ClientSessionHarness
  {
    var harness = ClientSessionHarness(name: name, seed: seed)
    harness.command(.connect(.home, memory))
    harness.logIn()
    harness.receive("@label=2 BATCH +w who", "@batch=w USER \(name)", "@batch=w USER akash", "BATCH -w")
    harness.receive("@label=3 BATCH +p history #lobby")
    for number in 1...5 { harness.receive("@batch=p;seq=\(number);id=\(number) MSG akash old\(number)") }
    harness.receive("BATCH -p")
    harness.sent = []
    harness.events = []
    return harness
  }

  /// Completes the requested connection up to the SYNC of the lobby.
  mutating func logIn(head: Int = 5, again: Bool = false) {
    handle(.opened(nil))
    receive(
      Self.agrees, "@label=1;token=t1;name=\(session.name)\(again ? ";again" : "") OK LOGIN",
      "SYNC #lobby e1 \(head)")
  }

  /// Breaks the connection, opens the next one and resumes.
  mutating func resume() {
    handle(.closed(reason: nil))
    advanceClock(by: .seconds(1))
    handle(.opened(nil))
    receive(Self.agrees, "@label=1;token=t1;name=\(session.name) OK RESUME")
  }

  /// A session that is logged in on a foreign server, with its roster reported.
  static func plain(name: Nickname = .neha) -> ClientSessionHarness {
    var harness = ClientSessionHarness(name: name)
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("ERR unknown-command", "OK", "USER \(name)", "USER akash", "PONG")
    harness.sent = []
    harness.events = []
    return harness
  }
}

extension Nickname {
  static let neha = Nickname(known: "neha")
  static let akash = Nickname(known: "akash")
  static let mira = Nickname(known: "mira")

  init(known text: String) {
    guard let name = Nickname(text) else { preconditionFailure("\(text) is no name") }
    self = name
  }
}

extension Endpoint {
  static let home = Endpoint(known: "home.example")
  static let elsewhere = Endpoint(known: "elsewhere.example:4001")
  static let cluster = Endpoint(known: "a.example,b.example,c.example:4001")

  init(known text: String) {
    do { self = try Endpoint(text) } catch { preconditionFailure("\(error)") }
  }
}

extension ClientEvent {
  var outage: Outage? {
    if case .offline(let outage) = self { outage } else { nil }
  }

  var message: ChatMessage? {
    if case .message(let message) = self { message } else { nil }
  }

  var notice: String? {
    if case .notice(let text) = self { text } else { nil }
  }

  var rosterNames: [String]? {
    if case .roster(_, let people) = self { people.map(\.name.text) } else { nil }
  }

  /// The send whose result this event reports.
  var answers: SendID? {
    switch self {
    case .message(let message): message.answersSend
    case .sendConfirmed(let id, _, _), .sendFailed(let id, _, _): id
    default: nil
    }
  }
}
