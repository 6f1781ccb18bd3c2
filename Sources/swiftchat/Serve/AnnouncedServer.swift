import ChatServer
import Logging
import ServiceLifecycle

/// Says where the server is when its group runs it, and not before: from then on a signal ends it in order.
struct AnnouncedServer: Service {
  let server: ChatServer
  /// How others join.
  let share: ShareLine
  let logger: Logger

  func run() async throws {
    do {
      for address in server.addresses { try announce("[+] Chat server listening on \(address)") }
      try announce("[+] Others join with: \(share)")
    } catch {
      // A server whose output is closed is a server all the same.
      logger.warning(
        "cannot print where the server listens",
        metadata: ["output.error": "\(error.description)", "server.share": "\(share)"])
    }
    try await server.run()
  }
}
