import ChatHub
import ChatServer
import Logging

extension ServerSettings {
  /// On this machine alone, on any free port.
  static func local(
    hub: HubSettings = HubSettings(idleTimeout: nil, loginTimeout: nil), sendQueue: SendQueueLimits = SendQueueLimits()
  ) -> ServerSettings {
    ServerSettings(addresses: [.host("127.0.0.1")], port: 0, hub: hub, sendQueue: sendQueue)
  }
}

extension ChatServer {
  static func start(_ settings: ServerSettings) async throws -> ChatServer {
    try await start(settings: settings, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
  }
}

/// Runs the body, which may block, against a server that lives as long as the body.
func withServer<Result: Sendable>(
  _ settings: ServerSettings = .local(), _ body: @escaping @Sendable (ChatServer) throws -> Result
) async throws -> Result {
  let server = try await ChatServer.start(settings)
  do {
    let result = try await onThread { try body(server) }
    await server.shutDown()
    return result
  } catch {
    await server.shutDown()
    throw error
  }
}

extension SocketClient {
  /// Connected and logged in.
  static func join(_ server: ChatServer, _ name: String, receiveBuffer: Int32? = nil) throws -> SocketClient {
    let client = try SocketClient(port: server.port, receiveBuffer: receiveBuffer)
    try client.send("LOGIN \(name)")
    guard try client.line() == "OK" else { throw Failure(description: "\(name) cannot log in") }
    return client
  }
}
