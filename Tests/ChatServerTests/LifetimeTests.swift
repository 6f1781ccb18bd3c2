import ChatServer
import Foundation
import Logging
import TestSupport
import Testing

@Suite struct LifetimeTests {
  /// Lives as long as any object of its server.
  private final class LifetimeToken: Sendable {
    private let isGone: DispatchSemaphore
    init(_ isGone: DispatchSemaphore) { self.isGone = isGone }
    deinit { isGone.signal() }
  }

  private struct Holder: LogHandler {
    let token: LifetimeToken
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.critical
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {}
  }

  @Test func `a stopped server is deallocated with all its clients`() async throws {
    let isGone = DispatchSemaphore(value: 0)
    try await serve(isGone)
    let result = try await onThread { isGone.wait(timeout: .now() + Double(Patience.limit.components.seconds)) }
    #expect(result == .success)
  }

  /// The server and its last client are unreachable when it returns.
  private func serve(_ isGone: DispatchSemaphore) async throws {
    let token = LifetimeToken(isGone)
    let logger = Logger(label: "test", factory: { _ in Holder(token: token) })
    let server = try await ChatServer.start(settings: .local(), logger: logger)
    let clients = try await onThread {
      [SharedClient(try SocketClient.join(server, "neha")), SharedClient(try SocketClient.join(server, "akash"))]
    }
    await server.shutDown()
    for client in clients { client.socket.close() }
  }
}
