import ChatServer
import TestSupport
import Testing

@Suite struct ShutdownTests {
  @Test func `concurrent and repeated shutdowns wait for one shutdown`() async throws {
    let server = try await ChatServer.start(.local())
    let client = try await onThread { SharedClient(try SocketClient.join(server, "neha")) }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { await server.shutDown() } }
    }
    await server.shutDown()
    let lines = try await onThread { try client.socket.lines(2) }
    #expect(lines == ["INFO server-shutting-down", nil])
  }

  @Test func `a client that never reads does not delay the shutdown`() async throws {
    // The queue is larger than the output, so that no client is cut off before the end.
    let settings = ServerSettings.local(sendQueue: SendQueueLimits(hard: 1 << 30))
    let server = try await ChatServer.start(settings)
    let stalled = try await onThread {
      let stalled = SharedClient(try SocketClient.join(server, "stalled", receiveBuffer: 4096))
      let neha = try SocketClient.join(server, "neha")
      let text = String(repeating: "x", count: 4000)
      for _ in 0..<3000 {
        try neha.send("MSG \(text)")
        guard try neha.line() == "MSG neha \(text)" else { throw SocketClient.Failure(description: "no echo") }
      }
      return stalled
    }
    await server.shutDown()
    stalled.socket.close()
  }

  @Test func `an empty server stops`() async throws {
    // Keeps other processes from using the port.
    let reserved = try ReservedPort()
    var settings = ServerSettings.local()
    settings.port = reserved.number
    let server = try await ChatServer.start(settings)
    await server.shutDown()
    let port = server.port
    // A program that another thread is starting may have a copy of the listening socket for a moment.
    let refusal = try await Patience.answer { () async throws -> SocketClient.Failure? in
      do {
        try await onThread { _ = try SocketClient(port: port) }
        return nil
      } catch let failure as SocketClient.Failure {
        return failure
      }
    }
    #expect(refusal != nil)
    withExtendedLifetime(reserved) {}
  }

  @Test func `the port is free again`() async throws {
    let reserved = try ReservedPort()
    var settings = ServerSettings.local()
    settings.port = reserved.number
    let first = try await ChatServer.start(settings)
    try await onThread {
      let client = try SocketClient.join(first, "neha")
      try client.send("QUIT")
      #expect(try client.line() == nil)
    }
    await first.shutDown()
    let second = try await onFreedPort { try await ChatServer.start(settings) }
    #expect(second.port == first.port)
    await second.shutDown()
    withExtendedLifetime(reserved) {}
  }
}
