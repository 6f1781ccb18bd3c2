import ChatServer
import Testing

@Suite struct HalfCloseTests {
  @Test func `a client that half-closes receives all answers, including delayed ones`() async throws {
    // More than the kernel buffers for a stalled reader, and less than the server does.
    let settings = ServerSettings.local(sendQueue: SendQueueLimits(hard: 1 << 30))
    try await withServer(settings) { server in
      // No smaller: on a loaded machine a window of a few packets is opened by timers, one minute at a time.
      let neha = try SocketClient.join(server, "neha", receiveBuffer: 65_536)
      let text = String(repeating: "x", count: 4000)
      let lines = (0..<2500).map { "\($0) \(text)" }
      for line in lines { try neha.send("MSG \(line)") }
      neha.halfClose()
      for line in lines {
        let got = try neha.line()
        try #require(got?.prefix(20) == "MSG neha \(line)".prefix(20))
      }
      #expect(try neha.line() == nil)
    }
  }

  @Test func `a silent connection that half-closes is closed`() async throws {
    try await withServer { server in
      let stranger = try SocketClient(port: server.port)
      stranger.halfClose()
      #expect(try stranger.line() == nil)
    }
  }
}
