import ChatClient
import ChatModel
import ChatProtocol
import NIOCore

/// A session on a stage: the test speaks the server's lines, time passes when it says so, and everything that the
/// session does is noted.
struct Play {
  private(set) var session: ClientSession
  private(set) var now = MonotonicTime(nanoseconds: 1_000_000_000)
  /// Lines that were sent and not yet looked at, as they stand on the wire.
  var sent: [String] = []
  /// What was told and not yet looked at.
  var events: [ClientEvent] = []
  private(set) var opened: [Endpoint] = []
  private(set) var securities: [ClientSession.Security] = []
  private(set) var closes = 0
  private(set) var hasEnded = false
  /// Sends that were put on the wire, kept apart from what becomes of them.
  var sendings: [SendID] = []
  private var decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 8191), allowsTags: false)
  private var ids: UInt64 = 0

  init(name: Nickname = .neha, seed: UInt64 = 1, identity: Identity? = nil) {
    session = ClientSession(name: name, seed: seed, identity: identity)
  }

  /// The calendar follows the clock.
  var wall: Timestamp { Timestamp(milliseconds: 1_800_000_000_000 + now.nanoseconds / 1_000_000) }

  mutating func handle(_ input: ClientSession.Input) {
    for action in session.handle(input, at: now, wall: wall) {
      switch action {
      case .open(let endpoint, let security):
        opened.append(endpoint)
        securities.append(security)
        decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 8191), allowsTags: false)
      case .transmit(let message, let tags):
        var buffer = ByteBuffer()
        message.write(into: &buffer, tags: tags)
        sent.append(String(String(buffer: buffer).dropLast()))
      case .close: closes += 1
      case .agreed(let dialect): decoder.allowsTags = dialect.contains(.tags)
      case .tell(.sending(let id)): sendings.append(id)
      case .tell(let event): events.append(event)
      case .ended: hasEnded = true
      }
    }
  }

  mutating func command(_ command: ClientCommand) { handle(.command(command)) }

  @discardableResult
  mutating func say(_ text: String, to recipient: Target = .lobby) -> SendID {
    ids += 1
    let id = SendID(ids)
    command(.say(id: id, to: recipient, text: text))
    return id
  }

  /// The server's lines arrive.
  mutating func server(_ lines: String...) { server(bytes: lines.map { $0 + "\n" }.joined()) }

  mutating func server(bytes: String) {
    decoder.append(ByteBuffer(string: bytes))
    while let line = decoder.next() { handle(.received(line)) }
  }

  /// Lets time pass; the timer goes off whenever it is due.
  /// - Parameter judgingSilence: false while the server's lines wait unread.
  mutating func pass(_ duration: Duration, judgingSilence: Bool = true) {
    let end = now + duration
    while let deadline = session.nextDeadline, max(deadline, now) <= end {
      // A deadline that is not handled stays due.
      now = max(now + (judgingSilence ? .zero : .milliseconds(250)), deadline)
      handle(judgingSilence ? .timer : .timerBeforeReading)
    }
    now = end
  }

  /// The lines since the last call.
  mutating func takeSent() -> [String] {
    defer { sent = [] }
    return sent
  }

  /// Looks at nothing of what was until now.
  mutating func takeAll() {
    sent = []
    events = []
  }

  mutating func takeEvents() -> [ClientEvent] {
    defer { events = [] }
    return events
  }

  // MARK: Beginnings

  /// What is agreed on without encryption.
  static let agreed = Capabilities.all.subtracting(.keys)
  static let asks = "CAP REQ tags presence rooms history resume marks moderation"
  static let agrees = "CAP ACK tags presence rooms history resume marks moderation"

  /// What is agreed on where nothing is encrypted.
  static let modernDialect = Capabilities.all.subtracting(.keys)

  /// Logged in on a server of our own, the roster told.
  static func tagged(name: Nickname = .neha, seed: UInt64 = 1) -> Play {
    var play = Play(name: name, seed: seed)
    play.command(.connect(.home, ClientMemory()))
    play.comeBack()
    return play
  }

  /// The connection that was asked for succeeds, on a server of our own.
  mutating func comeBack() {
    handle(.opened(nil))
    server("CAP ACK tags presence", "@label=1 OK LOGIN")
    server("@label=2 BATCH +r who", "@batch=r USER \(session.name)", "@batch=r USER akash", "BATCH -r")
    sent = []
    events = []
  }

  /// Logged in on a server of our own that can do everything: five messages were said in the lobby and shown.
  static func modern(name: Nickname = .neha, memory: ClientMemory = ClientMemory(), seed: UInt64 = 1) -> Play {
    var play = Play(name: name, seed: seed)
    play.command(.connect(.home, memory))
    play.logIn()
    play.server("@label=2 BATCH +w who", "@batch=w USER \(name)", "@batch=w USER akash", "BATCH -w")
    play.server("@label=3 BATCH +p history #lobby")
    for number in 1...5 { play.server("@batch=p;seq=\(number);id=\(number) MSG akash old\(number)") }
    play.server("BATCH -p")
    play.sent = []
    play.events = []
    return play
  }

  /// The connection that was asked for succeeds, up to where the lobby stands.
  mutating func logIn(head: Int = 5, again: Bool = false) {
    handle(.opened(nil))
    server(
      Self.agrees, "@label=1;token=t1;name=\(session.name)\(again ? ";again" : "") OK LOGIN",
      "SYNC #lobby e1 \(head)")
  }

  /// The connection broke, the next one is there and resumed.
  mutating func resume() {
    handle(.closed(reason: nil))
    pass(.seconds(1))
    handle(.opened(nil))
    server(Self.agrees, "@label=1;token=t1;name=\(session.name) OK RESUME")
  }

  /// Logged in on somebody else's server, the roster told.
  static func plain(name: Nickname = .neha) -> Play {
    var play = Play(name: name)
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("ERR unknown-command", "OK", "USER \(name)", "USER akash", "PONG")
    play.sent = []
    play.events = []
    return play
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

  /// What a `say` came to, whichever way.
  var answers: SendID? {
    switch self {
    case .message(let message): message.answersSend
    case .sendConfirmed(let id, _, _), .sendFailed(let id, _): id
    default: nil
    }
  }
}
