import ChatServer
import Testing

#if os(Linux)
  /// There are clients that take what one read returns for one line: while there is little to say, each line comes in a
  /// packet of its own. Counted by the kernel, which only Linux does.
  @Suite struct PacketTests {
    @Test func `a plain session's lines come in a packet each`() async throws {
      try await withServer { server in
        let neha = try SocketClient.join(server, "neha")
        let akash = try SocketClient.join(server, "akash")
        guard let before = akash.packetsReceived, let own = neha.packetsReceived else { return }
        try neha.send("MSG one", "MSG two", "DM akash three", "PING", "MSG four")
        let lines = ["MSG neha one", "MSG neha two", "DM neha three", "MSG neha four"]
        #expect(try akash.lines(4) == lines)
        #expect(try neha.lines(4) == ["MSG neha one", "MSG neha two", "PONG", "MSG neha four"])
        #expect(akash.packetsReceived == before + 4)
        #expect(neha.packetsReceived == own + 4)
      }
    }

    @Test func `a list of people comes in a packet a line while it is short`() async throws {
      try await withServer { server in
        let clients = try (0..<6).map { try SocketClient.join(server, "n\($0)") }
        guard let before = clients[0].packetsReceived else { return }
        try clients[0].send("WHO")
        #expect(try clients[0].lines(6) == (0..<6).map { "USER n\($0)" })
        #expect(clients[0].packetsReceived == before + 6)
      }
    }
  }
#endif
