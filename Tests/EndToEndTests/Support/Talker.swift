import ChatClient
import ChatModel
import ChatProtocol
import Foundation
import Synchronization
import TestClient
import TestSupport
import Testing

/// A client that sends messages and records its events.
final class Talker: Sendable {
  private struct State {
    var screen: EventScreen
    var sends: UInt64 = 0
    /// The last events except messages.
    var recent: [String] = []
  }

  private let name: Nickname
  private let state: Mutex<State>
  private let client: ClientConnection

  convenience init(_ name: String, port: Int) throws {
    try self.init(name, at: try Endpoint(host: "127.0.0.1", port: port))
  }

  init(_ name: String, at endpoint: Endpoint) throws {
    let nickname = try #require(Nickname(name))
    let box = Box()
    self.name = nickname
    state = Mutex(State(screen: EventScreen(nickname)))
    client = ClientConnection(name: nickname) { events in box.talker.withLock { $0 }?.hear(events) }
    box.talker.withLock { $0 = self }
    client.send(.connect(endpoint, ClientMemory()))
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
      for event in events {
        state.screen.hear(event)
        if case .message = event { continue }
        state.recent = state.recent.suffix(7) + [String("\(event)".prefix(200))]
      }
      return events.contains { if case .offline = $0 { true } else { false } }
    }
    // Retry at once, because the waits would become longer and longer.
    if isOffline { client.send(.retryNow) }
  }

  func leave() async { await client.shutdown() }

  /// For the report of a failure.
  var report: String {
    state.withLock { state in
      let unconfirmed = state.screen.kept.memory.unconfirmed.map(\.text)
      return "\(name): \(state.screen.confirmed.count) confirmed, unconfirmed \(unconfirmed), last \(state.recent)"
    }
  }
}

/// A message as `swiftchat log export` prints it.
struct LogLine: Equatable {
  var sequence: Int
  var author: String
  var text: String

  /// The messages of the lobby.
  /// - Parameter log: the options that select the log.
  static func export(_ log: [String], in workspace: Workspace) async throws -> [LogLine] {
    let child = try workspace.launch(try Binary.path(), ["log", "export", "--room", "#lobby"] + log)
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

/// Expects that the log has every confirmed message once, and that everyone was shown its end, in its order.
func expect(
  _ people: [Talker], toHaveSent log: [LogLine], _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(log.map(\.sequence) == Array(1...max(log.count, 1)), comment, sourceLocation: sourceLocation)
  let texts = Set(log.map(\.text))
  #expect(texts.count == log.count, "\(comment): a message is stored twice", sourceLocation: sourceLocation)
  for person in people {
    #expect(person.violations == [], comment, sourceLocation: sourceLocation)
    #expect(person.failures == [:], comment, sourceLocation: sourceLocation)
    #expect(
      person.confirmed.subtracting(texts) == [], "\(comment): a confirmed message is not stored",
      sourceLocation: sourceLocation)
    let shown = person.lobby.map { LogLine(sequence: $0.sequence ?? 0, author: $0.author.text, text: $0.text) }
    #expect(shown == Array(log.suffix(shown.count)), comment, sourceLocation: sourceLocation)
  }
}

extension Patience {
  /// Waits for something that takes long under load.
  /// - Parameter people: those whose state is reported if it does not come.
  static func wait(
    for what: String, _ random: SeededGenerator, _ people: [Talker] = [], until isTrue: () -> Bool
  ) async throws {
    let isThere = try await answer { isTrue() ? true : nil }
    let reports = isThere == true ? "" : people.map { "\n\($0.report)" }.joined()
    try #require(isThere == true, "\(random): waited for \(what)\(reports)")
  }
}
