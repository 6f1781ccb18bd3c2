import TestSupport
import Testing

@testable import ChatServer

/// A session is sent lines in the order of the server's decisions, whether for all or for it alone.
@Suite struct OrderTests {
  private enum OrderedRequest: CaseIterable { case message, ping, who, direct, error }

  @Test(arguments: ["", "tags", "presence"], [false, true])
  func `an answer follows the lines that were published before it`(capability: String, isOnDisk: Bool) async throws {
    let storage = isOnDisk ? LogStorage.onDisk(ControlledLog(delays: SeededGenerator())) : nil
    try await withServer(.local(), storage) { server in
      for seed in SeededGenerator.seeds(40) {
        var random = SeededGenerator(seed: seed)
        let neha = try SocketClient(port: server.port)
        if !capability.isEmpty {
          try neha.send("CAP REQ \(capability)")
          #expect(try neha.line() == "CAP ACK \(capability)")
        }
        try neha.send("LOGIN neha")
        #expect(try neha.line()?.hasPrefix("OK") == true)
        var sent = ""
        var expected: [String] = []
        // Few lines are written one by one, many are not.
        for number in 0..<Int.random(in: 1...40, using: &random) {
          switch OrderedRequest.allCases.randomElement(using: &random) ?? .ping {
          case .message: (sent, expected) = (sent + "MSG m\(number)\n", expected + ["MSG neha m\(number)"])
          case .ping: (sent, expected) = (sent + "PING\n", expected + ["PONG"])
          case .who: (sent, expected) = (sent + "WHO\n", expected + ["USER neha"])
          case .direct: (sent, expected) = (sent + "DM neha d\(number)\n", expected + ["DM neha d\(number)"])
          case .error: (sent, expected) = (sent + "DM nobody x\n", expected + ["ERR user-not-found"])
          }
        }
        try neha.send(Array(sent.utf8))
        for (index, line) in expected.enumerated() {
          let got = try nextLine(neha)
          try #require(got == line, "line \(index) of SWIFTCHAT_SEED=\(seed)")
        }
        try neha.send("QUIT")
        #expect(try nextLine(neha) == nil)
      }
    }
  }

  /// Skips lines for sessions with tags.
  private func nextLine(_ client: SocketClient) throws -> String? {
    while let line = try client.line() {
      let text = line.hasPrefix("@") ? line.drop { $0 != " " }.dropFirst() : line[...]
      if text.hasPrefix("BATCH ") || text.hasPrefix("OK ") { continue }
      return text.hasPrefix("ERR ") ? text.split(separator: " ").prefix(2).joined(separator: " ") : String(text)
    }
    return nil
  }

  @Test func `every session receives the same order under concurrent sends`() async throws {
    try await withServer { server in
      let names = (0..<8).map { "n\($0)" }
      let clients = try names.map { try SocketClient.join(server, $0) }
      for round in 0..<25 {
        for client in clients { try client.send("MSG a\(round)", "MSG b\(round)") }
      }
      let reading = try clients.map { try $0.lines(clients.count * 50) }
      for other in reading.dropFirst() { #expect(other == reading[0]) }
      for name in names {
        let own = reading[0].compactMap { $0 }.filter { $0.hasPrefix("MSG \(name) ") }
        #expect(own == (0..<25).flatMap { ["MSG \(name) a\($0)", "MSG \(name) b\($0)"] })
      }
    }
  }

  @Test func `a name is given once to concurrent logins`() async throws {
    try await withServer { server in
      for round in 0..<20 {
        let clients = try (0..<8).map { _ in try SocketClient(port: server.port) }
        for client in clients { try client.send("LOGIN name\(round)") }
        let answers = try clients.map { try $0.line() }
        #expect(answers.count { $0 == "OK" } == 1)
        #expect(answers.count { $0 == "ERR username-taken" } == 7)
      }
    }
  }
}
