import ChatServer
import ServiceLifecycle

/// Says where the server is when its group runs it, and not before: from then on a signal ends it in order.
struct AnnouncedServer: Service {
  let server: ChatServer
  /// How others join.
  let share: ShareLine

  func run() async throws {
    for address in server.addresses { announce("[+] Chat server listening on \(address)") }
    announce("[+] Others join with: \(share)")
    try await server.run()
  }
}
