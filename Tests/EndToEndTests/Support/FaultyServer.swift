import Synchronization
import TestSupport
import Testing

/// A server of the plain protocol whose answers the test gives. Its clients are known by the names with which they log
/// in.
final class FaultyServer: Sendable {
  enum Act: Sendable {
    /// Sends the text to the client that has sent the line.
    case say(String)
    /// Sends the text to the client with this name.
    case tell(String, String)
    case hangUp
    case reset
  }

  private let listener: Listener
  private let clients = Mutex<[String: RawClient]>([:])

  init() throws { listener = try Listener() }

  var port: Int { listener.port }

  /// Serves all clients until the task is cancelled.
  /// - Parameter answer: what to do about a line of the client with this name, which is empty before `LOGIN`.
  func serve(_ answer: @escaping @Sendable (String, Substring) -> [Act]) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      while true {
        let client = try await listener.accept()
        group.addTask { try await self.serve(client, answer) }
      }
    }
  }

  private func serve(_ client: RawClient, _ answer: @Sendable (String, Substring) -> [Act]) async throws {
    var name = ""
    var answered = 0
    while true {
      let text = String(decoding: try client.read(), as: UTF8.self)
      // The text after the last line feed is not a complete line yet.
      for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().dropFirst(answered) {
        answered += 1
        if line.hasPrefix("LOGIN ") {
          name = String(line.dropFirst("LOGIN ".count))
          clients.withLock { $0[name] = client }
        }
        for act in answer(name, line) {
          switch act {
          // Fails if the client has hung up.
          case .say(let text): try? await client.send(text)
          case .tell(let other, let text): try? await clients.withLock { $0[other] }?.send(text)
          case .hangUp: return client.close()
          case .reset: return client.reset()
          }
        }
      }
      try await Patience.pause(for: .milliseconds(2))
    }
  }
}
