import ChatClient
import ChatModel
import ChatProtocol

/// A client session connected to a model of a foreign server, which can be stopped and resumed like a process.
struct ForeignServerHarness {
  private(set) var session: ClientSessionHarness
  var server: ForeignServer
  private var isStopped = false
  /// Lines of the client that the server has not read yet.
  private var waiting: [String] = []
  /// All events that the test has not taken yet.
  private(set) var events: [ClientEvent] = []

  /// - Parameter isStopped: whether the server is stopped before the client connects.
  init(_ server: ForeignServer, name: Nickname = .neha, with people: [String] = [], isStopped: Bool = false) {
    self.server = server
    self.isStopped = isStopped
    session = ClientSessionHarness(name: name)
    for person in people { _ = self.server.arrive(person) }
    session.command(.connect(.home, ClientMemory()))
    session.handle(.opened(nil))
    exchange()
  }

  /// Logs in and waits until the roster is known, if the server has one.
  static func settled(_ server: ForeignServer = ForeignServer(), name: Nickname = .neha, with people: [String] = [])
    -> ForeignServerHarness
  {
    var harness = ForeignServerHarness(server, name: name, with: people)
    harness.advanceClock(by: .seconds(20))
    harness.events = []
    return harness
  }

  // MARK: The server

  mutating func stop() { isStopped = true }

  mutating func resume() {
    isStopped = false
    exchange()
  }

  /// Closes the connection without a line.
  mutating func kill() {
    waiting = []
    session.handle(.closed(reason: nil))
    note()
  }

  mutating func receive(_ lines: String...) { deliver(lines) }

  private mutating func deliver(_ lines: [String]) {
    for line in lines { session.receive(line) }
    exchange()
  }

  mutating func arrive(_ name: String) { deliver(server.arrive(name)) }
  mutating func leave(_ name: String) { deliver(server.leave(name)) }
  mutating func receiveMessage(_ text: String, by author: String) { deliver(server.say(text, by: author)) }

  // MARK: The client

  @discardableResult
  mutating func send(_ text: String, to recipient: Target = .lobby) -> SendID {
    let id = session.send(text, to: recipient)
    exchange()
    return id
  }

  mutating func command(_ command: ClientCommand) {
    session.command(command)
    exchange()
  }

  /// Lets time pass in steps that are short compared with all timeouts.
  mutating func advanceClock(by duration: Duration) {
    let end = session.now + duration
    while session.now < end {
      session.advanceClock(by: min(.milliseconds(10), end - session.now))
      exchange()
    }
  }

  /// Delivers lines in both directions until neither side sends more.
  private mutating func exchange() {
    waiting += session.takeSent()
    while !isStopped, !waiting.isEmpty {
      for answer in server.receive(waiting.removeFirst()) { session.receive(answer) }
      waiting += session.takeSent()
    }
    note()
  }

  private mutating func note() { events += session.takeEvents() }

  // MARK: Events

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

  /// The events that report the result of a send.
  func outcomes(of id: SendID) -> [ClientEvent] { events.filter { $0.answers == id } }

  /// `author: text` of each message in a conversation.
  func lines(in conversation: Target = .lobby) -> [String] {
    messages.filter { $0.target == conversation }.map { "\($0.author): \($0.text)" }
  }
}
