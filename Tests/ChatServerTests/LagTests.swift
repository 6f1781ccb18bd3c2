import ChatServer
import TestSupport
import Testing

/// A slow reader with `resume` keeps the connection and is told about skipped messages.
@Suite struct LagTests {
  /// The lobby as one reader knows it: each message was sent or reported missing, in order and once.
  private struct LagReading {
    private(set) var last = 0
    private(set) var heard = 0
    private(set) var missed = 0

    mutating func take(_ line: String) throws {
      let words = line.split(separator: " ")
      if line.hasPrefix("GAP #lobby ") {
        let (from, to) = (try #require(Int(words[2])), try #require(Int(words[3])))
        try #require(from == last + 1 && to >= from, "\(line) after \(last)")
        missed += to - from + 1
        last = to
      } else if line.hasPrefix("@"), words.count > 1, words[1] == "MSG" {
        let tag = words[0].dropFirst().split(separator: ";").first { $0.hasPrefix("seq=") }
        let sequence = try #require(tag.flatMap { Int($0.dropFirst(4)) })
        try #require(sequence == last + 1, "\(line.prefix(80)) after \(last)")
        heard += 1
        last = sequence
      }
    }
  }

  private static func join(_ server: ChatServer, _ name: String, receiveBuffer: Int32? = nil) throws -> SocketClient {
    let client = try SocketClient(port: server.port, receiveBuffer: receiveBuffer)
    try client.send("CAP REQ tags resume", "LOGIN \(name)")
    while let line = try client.line() {
      if line.hasPrefix("SYNC #lobby ") { return client }
    }
    throw SocketClient.Failure(description: "\(name) cannot log in")
  }

  @Test(arguments: [false, true])
  func `no message is lost without a report, and other readers are unaffected`(isOnDisk: Bool) async throws {
    let queue = SendQueueLimits(soft: 64 * 1024, hard: 256 * 1024)
    try await withServer(.local(sendQueue: queue), isOnDisk ? .onDisk(ControlledLog()) : nil) { server in
      let slow = try Self.join(server, "slow", receiveBuffer: 4096)
      let fast = try Self.join(server, "fast")
      let neha = try SocketClient.join(server, "neha")
      let text = String(repeating: "x", count: 4000)
      var (slowly, quickly) = (LagReading(), LagReading())
      var sent = 0
      for round in 0..<2 {
        // The kernel buffers a few megabytes for a reader that does not read.
        for _ in 0..<2500 {
          sent += 1
          try neha.send("MSG \(sent) \(text)")
          try #require(try neha.line() == "MSG neha \(sent) \(text)")
          try quickly.take(try #require(try fast.line()))
        }
        #expect(quickly.last == sent && quickly.missed == 0)
        // Later messages are sent or reported missing.
        while slowly.last < sent {
          try slowly.take(try #require(try slow.line(), "the slow one was cut off in round \(round)"))
        }
      }
      #expect(slowly.missed > 0)
      #expect(slowly.heard + slowly.missed == sent)
      try slow.send("PING")
      var line = try slow.line()
      while let heard = line, heard != "PONG" {
        try slowly.take(heard)
        line = try slow.line()
      }
      #expect(line == "PONG")
    }
  }

  @Test func `a client that sends requests without reading is paused, and answered when it reads`() async throws {
    let queue = SendQueueLimits(soft: 64 * 1024, hard: 1 << 20)
    try await withServer(.local(sendQueue: queue)) { server in
      let crowd = try (0..<50).map { try SocketClient.join(server, "somebody-with-a-long-name-\($0)") }
      let greedy = try Self.join(server, "greedy", receiveBuffer: 4096)
      // The answers have ten megabytes.
      let flood = Flood(by: greedy, (0..<5000).map { _ in "WHO\n" })
      try crowd[0].send("PING")
      #expect(try crowd[0].line() == "PONG")
      var lists = 0
      while lists < 5000 {
        let line = try #require(try greedy.line(), "the slow reader was cut off after \(lists) lists")
        if line.hasPrefix("BATCH -") { lists += 1 }
      }
      try eventually("all is sent") { flood.isOver }
    }
  }
}
