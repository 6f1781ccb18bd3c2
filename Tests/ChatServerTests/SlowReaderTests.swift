import ChatServer
import Testing

/// Slow readers do not delay others.
@Suite struct SlowReaderTests {
  @Test func `a client that stops reading is cut off, and others only see it leave`() async throws {
    try await withServer(.local(sendQueue: SendQueueLimits(hard: 64 * 1024))) { server in
      let slow = try SocketClient.join(server, "slow", receiveBuffer: 4096)
      let fast = try SocketClient.join(server, "fast")
      let neha = try SocketClient.join(server, "neha")
      let text = String(repeating: "x", count: 4000)
      // The kernel buffers a few megabytes for a reader that does not read, and the server no more than its limit.
      let most = 16_000
      var sent = 0
      var isCutOff = false
      while !isCutOff, sent < most {
        try neha.send("MSG \(sent) \(text)")
        let line = "MSG neha \(sent) \(text)"
        for client in [neha, fast] {
          var got = try client.line()
          if got == "INFO slow disconnected" {
            isCutOff = true
            got = try client.line()
          }
          try #require(got == line, "message \(sent)")
        }
        sent += 1
      }
      // The other client has been told by now, or is with the next line.
      try neha.send("WHO")
      try fast.send("WHO")
      for client in [neha, fast] {
        var lines = try client.lines(2)
        if lines.first == "INFO slow disconnected" { lines = [lines[1], try client.line()] }
        #expect(lines == ["USER fast", "USER neha"])
      }
      #expect(isCutOff, "after \(sent) messages of \(text.count) bytes")
      // The kernel's buffer is still readable, followed by the end.
      let rest = try slow.readToEnd()
      #expect(rest.count < sent * text.count)
    }
  }

  @Test func `a client that sends requests without reading is cut off, and its name is free`() async throws {
    try await withServer(.local(sendQueue: SendQueueLimits(hard: 64 * 1024))) { server in
      let crowd = try (0..<50).map { try SocketClient.join(server, "somebody-with-a-long-name-\($0)") }
      let greedy = try SocketClient.join(server, "greedy", receiveBuffer: 4096)
      let questions = Array(String(repeating: "WHO\n", count: 4096).utf8)
      // The answers have thirty megabytes. Sending fails after the server has closed the connection.
      for _ in 0..<4 { try? greedy.send(questions) }
      #expect(try crowd[0].line() == "INFO greedy disconnected")
      try crowd[0].send("PING")
      #expect(try crowd[0].line() == "PONG")
      _ = try SocketClient.join(server, "greedy")
    }
  }

  @Test func `a flood is delivered to a client that reads`() async throws {
    try await withServer(.local(sendQueue: SendQueueLimits(hard: 1 << 30))) { server in
      let neha = try SocketClient.join(server, "neha")
      let akash = try SocketClient.join(server, "akash")
      let lines = (0..<20_000).map { "MSG line \($0)" }
      try neha.send(Array(lines.map { $0 + "\n" }.joined().utf8))
      for client in [neha, akash] {
        for number in lines.indices { try #require(try client.line() == "MSG neha line \(number)") }
      }
    }
  }
}
