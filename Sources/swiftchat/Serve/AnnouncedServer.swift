import ChatServer
import CommandSupport
import Logging
import ServiceLifecycle

/// Announces the server's address once the service group runs it: from then on a signal shuts the server down
/// gracefully.
struct AnnouncedServer: Service {
  let server: ChatServer
  /// The line for users to join with.
  let share: ShareLine
  let logger: Logger

  func run() async throws {
    do {
      for address in server.addresses { try announce("[+] Chat server listening on \(address)") }
      try announce("[+] Others join with: \(share)")
    } catch {
      // The server runs even if its output is closed.
      logger.warning(
        "cannot print where the server listens",
        metadata: ["output.error": "\(error.description)", "server.share": "\(share)"])
    }
    try await server.run()
  }
}
