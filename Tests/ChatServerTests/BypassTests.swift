import ChatServer
import TestSupport
import Testing

/// A plain connection writes to its socket directly, and through its channel while the socket is full.
@Suite struct BypassTests {
  @Test func `output is complete and in order while the socket becomes full and empty again`() async throws {
    // No limit: the reader is slow, and is to receive everything.
    let settings = ServerSettings.local(sendQueue: SendQueueLimits(hard: 1 << 30))
    try await withServer(settings) { server in
      var random = SeededGenerator()
      let neha = try SocketClient.join(server, "neha")
      // No smaller: on a loaded machine a window of a few packets is opened by timers, one minute at a time.
      let reader = try SocketClient.join(server, "reader", receiveBuffer: 65_536)
      var unread: [String] = []
      var sent = 0
      /// The lines that the reader lags behind: none, or more than the kernel buffers.
      for lag in [0, 2500, 2500, 0, 2500, 2500, 0] {
        for _ in 0..<1500 {
          repeat {
            sent += 1
            let text = "\(sent) " + String(repeating: "x", count: .random(in: 1...4000, using: &random))
            try neha.send("MSG \(text)")
            try #require(try neha.line() == "MSG neha \(text)", "\(random)")
            unread.append(text)
          } while unread.count < lag
          repeat {
            try #require(try reader.line() == "MSG neha \(unread.removeFirst())", "\(random)")
          } while unread.count > lag
        }
      }
    }
  }
}
