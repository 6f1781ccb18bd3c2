import ChatClient
import ChatModel
import ChatProtocol
import Foundation
import Synchronization
import TestClient
import TestSupport
import Testing

/// The server is killed under load and restarted, while clients reconnect.
@Suite(.interacting) struct CrashTests {
  @Test(.timeLimit(.minutes(5)))
  func `confirmed messages are in the log, once and in order, however often the server is killed`() async throws {
    try await Workspace.use { try await play(in: $0) }
  }

  @Test func `a confirmed admin command survives a kill right after it`() async throws {
    try await Workspace.use { workspace in
      let port = try ReservedPort()
      var names: [String] = []
      var host = try await Host.start(in: workspace, port: port.number)
      for round in 0..<5 {
        names.append("@spammer\(round)")
        try await host.admin("ban", "@spammer\(round)", "--for", "12h")
        try await host.server.terminate(SIGKILL)
        host = try await Host.start(in: workspace, port: port.number)
        let bans = try await host.admin("bans").split(separator: "\n").compactMap { $0.split(separator: " ").first }
        #expect(bans.map(String.init) == names)
      }
      try await host.server.terminate()
    }
  }

  private func play(in workspace: Workspace) async throws {
    var random = SeededGenerator()
    let port = try ReservedPort()
    let data = workspace.data.path
    let options = ["--data", data, "--log-level", "error"]
    var server = try await ServerProcess.start(in: workspace, port: port.number, options: options)
    let people = try ["neha", "akash", "zoe", "mira"].map { try Talker($0, port: port.number) }
    for round in 0..<8 {
      for person in people { person.say(random.number(20...120)) }
      // Kill the server under load: some messages are stored by then, and some are under way.
      let goal = people.map(\.confirmedCount).reduce(0, +) + random.number(1...100)
      try await wait("\(goal) messages to be confirmed in round \(round)", random) {
        people.map(\.confirmedCount).reduce(0, +) >= goal
      }
      try await server.terminate(SIGKILL)
      server = try await ServerProcess.start(in: workspace, port: port.number, options: options)
    }
    try await wait("everything to be answered", random) { people.allSatisfy(\.isAnswered) }
    let log = try await export(data, in: workspace)
    try await wait("everybody to be shown everything", random) {
      people.allSatisfy { $0.lobby.last?.sequence == log.last?.sequence }
    }
    #expect(log.map(\.sequence) == Array(1...log.count))
    #expect(Set(log.map(\.text)).count == log.count, "\(random): a message is stored twice")
    let texts = Set(log.map(\.text))
    for person in people {
      #expect(person.violations == [], "\(random)")
      #expect(person.failures == [:], "\(random)")
      #expect(person.confirmed.subtracting(texts) == [], "\(random): a confirmed message is not stored")
      let shown = person.lobby.map { LogLine(sequence: $0.sequence ?? 0, author: $0.author.text, text: $0.text) }
      #expect(shown == Array(log.suffix(shown.count)), "\(random)")
    }
    for person in people { await person.leave() }
    try await server.terminate()
  }

  private func wait(
    _ what: String, _ random: SeededGenerator, until isTrue: () -> Bool
  ) async throws {
    let answer = try await Patience.answer(within: .seconds(120)) { isTrue() ? true : nil }
    try #require(answer == true, "\(random): waited for \(what)")
  }

  private struct LogLine: Equatable {
    var sequence: Int
    var author: String
    var text: String
  }

  private func export(_ data: String, in workspace: Workspace) async throws -> [LogLine] {
    let child = try workspace.launch(try Binary.path(), ["log", "export", "--data", data, "--room", "#lobby"])
    let status = try await child.end()
    try #require(status == .exited(0), "\(child.report)")
    return try child.output.split(separator: UInt8(ascii: "\n")).map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
      return LogLine(
        sequence: try #require(object["seq"] as? Int), author: try #require(object["author"] as? String),
        text: try #require(object["text"] as? String))
    }
  }
}

/// A client that sends messages and records its events.
private final class Talker: Sendable {
  private struct State {
    var screen: EventScreen
    var isOffline = false
    var sends: UInt64 = 0
  }

  private let name: Nickname
  private let state: Mutex<State>
  private let client: ClientConnection

  init(_ name: String, port: Int) throws {
    let nickname = try #require(Nickname(name))
    let box = Box()
    self.name = nickname
    state = Mutex(State(screen: EventScreen(nickname)))
    client = ClientConnection(name: nickname) { events in box.talker.withLock { $0 }?.hear(events) }
    box.talker.withLock { $0 = self }
    client.send(.connect(try Endpoint(host: "127.0.0.1", port: port), ClientMemory()))
  }

  private final class Box: Sendable {
    let talker = Mutex<Talker?>(nil)
  }

  var lobby: [ChatMessage] { state.withLock { $0.screen.windows[.lobby]?.messages ?? [] } }
  var confirmed: Set<String> { state.withLock { $0.screen.confirmed } }
  var confirmedCount: Int { state.withLock { $0.screen.confirmed.count } }
  var failures: [String: String] { state.withLock { $0.screen.failed } }
  var violations: [String] { state.withLock { $0.screen.violations } }
  var isAnswered: Bool { state.withLock { $0.screen.kept.memory.unconfirmed.isEmpty } }

  /// Sends as many as fit in the client's outbox.
  func say(_ count: Int) {
    let commands = state.withLock { state in
      (0..<max(0, min(count, 180 - state.screen.kept.memory.unconfirmed.count))).map { _ in
        state.sends += 1
        let text = "\(name) says \(state.sends)"
        state.screen.willSay(SendID(state.sends), text, to: .lobby)
        return ClientCommand.say(id: SendID(state.sends), to: .lobby, text: text)
      }
    }
    for command in commands { client.send(command) }
  }

  private func hear(_ events: [ClientEvent]) {
    let isOffline = state.withLock { state in
      for event in events { state.screen.hear(event) }
      return events.contains { if case .offline = $0 { true } else { false } }
    }
    // Retry at once, because the waits would become longer and longer.
    if isOffline { client.send(.retryNow) }
  }

  func leave() async { await client.shutdown() }
}
