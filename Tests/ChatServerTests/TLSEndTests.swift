import ChatServer
import Testing

/// The end of encrypted connections, and slow readers.
@Suite struct TLSEndTests {
  enum End: CaseIterable, Sendable { case goodBye, socket }

  /// TLS can close one direction; clients that only half-close the socket are answered too.
  @Test(arguments: End.allCases)
  func `a client that half-closes receives all answers`(end: End) async throws {
    try await withServer(.local(sendQueue: SendQueueLimits(hard: 1 << 30))) { server in
      let neha = try TLSClient(port: server.port, receiveBuffer: 65_536)
      try neha.send("LOGIN neha")
      let text = String(repeating: "x", count: 4000)
      let lines = (0..<1500).map { "\($0) \(text)" }
      for line in lines { try neha.send("MSG \(line)") }
      switch end {
      case .goodBye: try neha.halfClose()
      case .socket: neha.halfCloseSocket()
      }
      try #require(try neha.line() == "OK")
      for line in lines { try #require(try neha.line()?.prefix(20) == "MSG neha \(line)".prefix(20)) }
      #expect(try neha.line() == nil)
      #expect(neha.hasHeardGoodBye)
    }
  }

  @Test func `a client that stops reading is cut off, and its name is free`() async throws {
    try await withServer(.local(sendQueue: SendQueueLimits(hard: 64 * 1024))) { server in
      let slow = try TLSClient.join(server, "slow", receiveBuffer: 4096)
      let neha = try SocketClient.join(server, "neha")
      let text = String(repeating: "x", count: 4000)
      var isCutOff = false
      // The kernel buffers a few megabytes for a reader that does not read, and the server no more than its limit.
      for sent in 0..<16_000 where !isCutOff {
        try neha.send("MSG \(sent) \(text)")
        var got = try neha.line()
        if got == "INFO slow disconnected" {
          isCutOff = true
          got = try neha.line()
        }
        try #require(got == "MSG neha \(sent) \(text)")
      }
      #expect(isCutOff)
      _ = try TLSClient.join(server, "slow")
      withExtendedLifetime(slow) {}
    }
  }

  @Test func `a slow reader with resume is told what was skipped`() async throws {
    let queue = SendQueueLimits(soft: 64 * 1024, hard: 256 * 1024)
    try await withServer(.local(sendQueue: queue)) { server in
      let slow = try TLSClient(port: server.port, receiveBuffer: 4096)
      try slow.send("CAP REQ tags resume", "LOGIN slow")
      while let line = try slow.line(), !line.hasPrefix("SYNC #lobby ") {}
      let neha = try SocketClient.join(server, "neha")
      let text = String(repeating: "x", count: 4000)
      let sent = 2500
      for number in 1...sent {
        try neha.send("MSG \(number) \(text)")
        try #require(try neha.line() == "MSG neha \(number) \(text)")
      }
      var (last, missed) = (0, 0)
      while last < sent {
        let line = try #require(try slow.line(), "cut off after \(last)")
        let words = line.split(separator: " ")
        if line.hasPrefix("GAP #lobby ") {
          let (from, to) = (try #require(Int(words[2])), try #require(Int(words[3])))
          try #require(from == last + 1, "\(line) after \(last)")
          missed += to - from + 1
          last = to
        } else if words.count > 3, words[1] == "MSG" {
          let number = try #require(Int(words[3]))
          try #require(number == last + 1, "\(number) after \(last)")
          last = number
        }
      }
      #expect(missed > 0)
      try slow.send("PING")
      #expect(try slow.line() == "PONG")
    }
  }

  @Test func `a flood is delivered to a client that reads`() async throws {
    try await withServer(.local(sendQueue: SendQueueLimits(hard: 1 << 30))) { server in
      let neha = try TLSClient.join(server, "neha")
      let akash = try TLSClient.join(server, "akash")
      let lines = (0..<10_000).map { "MSG line \($0)" }
      try neha.send(lines.joined(separator: "\n"))
      for client in [neha, akash] {
        for number in lines.indices { try #require(try client.line() == "MSG neha line \(number)") }
      }
    }
  }

  @Test func `a shutdown is announced to every client and closes TLS cleanly`() async throws {
    let server = try await ChatServer.start(.local())
    let isStopped = Task {
      try await onThread {
        let neha = try TLSClient.join(server, "neha")
        Task { await server.shutDown() }
        #expect(try neha.lines(2) == ["INFO server-shutting-down", nil])
        #expect(neha.hasHeardGoodBye)
      }
    }
    try await isStopped.value
    await server.shutDown()
  }
}
