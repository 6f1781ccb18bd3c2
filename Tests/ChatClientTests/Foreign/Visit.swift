import ChatClient
import ChatModel
import ChatProtocol

/// A client with a stand-in of somebody else's server, which may be stopped and go on, as by signals.
struct Visit {
  private(set) var play: Play
  var server: StandIn
  private var isStopped = false
  /// Lines of the client that the server has not read yet.
  private var waiting: [String] = []
  /// Everything that was told so far.
  private(set) var events: [ClientEvent] = []

  /// - Parameter isStopped: as if the server were stopped before the client came.
  init(_ server: StandIn, name: Nickname = .neha, with people: [String] = [], isStopped: Bool = false) {
    self.server = server
    self.isStopped = isStopped
    play = Play(name: name)
    for person in people { _ = self.server.come(person) }
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    exchange()
  }

  /// Logged in, and the roster known as far as it is to be known.
  static func settled(_ server: StandIn = StandIn(), name: Nickname = .neha, with people: [String] = []) -> Visit {
    var visit = Visit(server, name: name, with: people)
    visit.pass(.seconds(20))
    visit.events = []
    return visit
  }

  // MARK: The server

  mutating func stop() { isStopped = true }

  mutating func goOn() {
    isStopped = false
    exchange()
  }

  /// The connection ends without a word, and the next one is refused.
  mutating func kill() {
    waiting = []
    play.handle(.closed(reason: nil))
    note()
  }

  mutating func server(_ lines: String...) { tell(lines) }

  private mutating func tell(_ lines: [String]) {
    for line in lines { play.server(line) }
    exchange()
  }

  mutating func come(_ name: String) { tell(server.come(name)) }
  mutating func go(_ name: String) { tell(server.go(name)) }
  mutating func say(_ text: String, by author: String) { tell(server.say(text, by: author)) }

  // MARK: The client

  @discardableResult
  mutating func say(_ text: String, to recipient: Target = .lobby) -> SendID {
    let id = play.say(text, to: recipient)
    exchange()
    return id
  }

  mutating func command(_ command: ClientCommand) {
    play.command(command)
    exchange()
  }

  /// Time passes, in steps that are short beside all timeouts.
  mutating func pass(_ duration: Duration) {
    let end = play.now + duration
    while play.now < end {
      play.pass(min(.milliseconds(10), end - play.now))
      exchange()
    }
  }

  /// Each side reads what the other one says, until both are silent.
  private mutating func exchange() {
    waiting += play.takeSent()
    while !isStopped, !waiting.isEmpty {
      for answer in server.hear(waiting.removeFirst()) { play.server(answer) }
      waiting += play.takeSent()
    }
    note()
  }

  private mutating func note() { events += play.takeEvents() }

  // MARK: What was told

  mutating func takeEvents() -> [ClientEvent] {
    defer { events = [] }
    return events
  }

  var messages: [ChatMessage] { events.compactMap(\.message) }
  var notices: [String] { events.compactMap(\.notice) }
  var errors: [String] { events.compactMap { if case .serverError(let text) = $0 { text } else { nil } } }
  var rosters: [[String]] { events.compactMap(\.rosterNames) }
  var arrivals: [Nickname] { events.compactMap { if case .joined(let name, _) = $0 { name } else { nil } } }
  var departures: [Nickname] { events.compactMap { if case .left(let name, _, _) = $0 { name } else { nil } } }
  var noticed: [Nickname] { events.compactMap { if case .noticed(let name) = $0 { name } else { nil } } }
  var isOnline: Bool { events.contains { if case .online = $0 { true } else { false } } }
  var refusals: [Nickname] { events.compactMap { if case .nameRefused(let name, _, _) = $0 { name } else { nil } } }

  /// What became of a `say` so far.
  func outcomes(of id: SendID) -> [ClientEvent] { events.filter { $0.answers == id } }

  /// `author: text` of each message in a conversation.
  func lines(in conversation: Target = .lobby) -> [String] {
    messages.filter { $0.target == conversation }.map { "\($0.author): \($0.text)" }
  }
}
