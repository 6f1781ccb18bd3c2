import ChatHub
import ChatServer
import Testing

@Suite struct CrowdTests {
  private enum Exit: CaseIterable { case quit, close, halfClose, reset }

  @Test func `a thousand clients connect and disconnect, and no session remains`() async throws {
    // One more than connect at a time: a session that remained would use it.
    let size = 50
    let hub = HubSettings(idleTimeout: nil, loginTimeout: nil, maximumSessions: size + 1)
    try await withServer(.local(hub: hub)) { server in
      let observer = try SocketClient.join(server, "observer")
      for round in 0..<20 {
        let names = (0..<size).map { "r\(round)n\($0)" }
        let clients = try names.map { try SocketClient.join(server, $0) }
        for (index, client) in clients.enumerated() {
          switch Exit.allCases[index % Exit.allCases.count] {
          case .quit: try client.send("QUIT")
          case .close: client.close()
          case .halfClose: client.halfClose()
          case .reset: client.reset()
          }
        }
        let notices = try observer.lines(size).compactMap { $0 }
        try #require(notices.sorted() == names.map { "INFO \($0) disconnected" }.sorted())
      }
      try observer.send("WHO", "PING")
      #expect(try observer.lines(2) == ["USER observer", "PONG"])
    }
  }

  @Test func `a full server refuses clients with a reason until there is room`() async throws {
    let hub = HubSettings(idleTimeout: nil, loginTimeout: nil, maximumSessions: 2)
    try await withServer(.local(hub: hub)) { server in
      let neha = try SocketClient.join(server, "neha")
      let akash = try SocketClient.join(server, "akash")
      for _ in 0..<20 {
        #expect(try SocketClient(port: server.port).lines(2) == ["ERR server-full", nil])
      }
      akash.close()
      #expect(try neha.line() == "INFO akash disconnected")
      _ = try SocketClient.join(server, "mira")
    }
  }
}
