import Foundation
import Synchronization
import TestSupport
import Testing

/// The client when the server's key has changed or may have changed.
@Suite(.interacting, .serialized)
struct TrustTests {
  private static let wrongPin = String(repeating: "A", count: 43)

  /// Waits until all texts are on the screen, even if wrapped.
  private func wait(
    for texts: String..., on session: TerminalSession, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await session.waitFor("\(texts)", sourceLocation: sourceLocation) { rows in
      let screen = rows.joined(separator: " ").split(separator: " ").filter { $0 != "│" }.joined(separator: " ")
      return texts.allSatisfy(screen.contains)
    }
  }

  private func forgetKey(in workspace: Workspace) throws {
    for name in ["server.key", "server.crt"] {
      try FileManager.default.removeItem(at: workspace.data.appendingPathComponent(name))
    }
  }

  /// The present users, as netcat receives them.
  private func people(at host: Host) async throws -> String {
    try await host.answer(to: "LOGIN witness", "WHO")
  }

  @Test func `the share line is enough to connect`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try Person("neha", in: workspace)
      let session = try await neha.open(try await host.link())
      let rows = try await session.waitFor(text: "connected to \(host.place) as neha")
      #expect(!rows.contains { $0.contains("not encrypted") })
      _ = try await Patience.answer { neha.knownHosts.contains("\(host.place) ") ? true : nil }
      #expect(neha.knownHosts.contains("\n\(host.place) \(try await host.pin()) 20"), "\(neha.knownHosts)")
    }
  }

  @Test(arguments: [(80, 24), (44, 9)])
  func `another key stops the client until it is accepted`(columns: Int, rows: Int) async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let first = try await Host.start(in: workspace, port: reserved.number)
      let neha = try Person("neha", in: workspace)
      let session = try await neha.open(first.place, columns: columns, rows: rows)
      try await session.waitFor(text: "neha (op)")
      let before = try await first.pin()
      try await first.server.terminate()
      try forgetKey(in: workspace)
      let second = try await Host.start(in: workspace, port: reserved.number)
      let now = try await second.pin()
      #expect(now != before)
      if columns == 80 {
        try await wait(
          for: "has changed.", "before: \(before)", "now: \(now)", "Esc: stay away", "/trust",
          on: session)
      } else {
        try await wait(for: "The server's key has changed!", "Esc: stay away", on: session)
      }
      #expect(try await people(at: second) == "OK\nUSER witness\n")
      #expect(neha.knownHosts.contains(before) && !neha.knownHosts.contains(now))
      // Text that is typed during the question accepts nothing.
      try await session.say("/trust")
      try await session.press("Escape")
      try await session.waitFor("the question gone") { !$0.contains { $0.contains("Esc: stay") } }
      #expect(neha.knownHosts.contains(before) && !neha.knownHosts.contains(now))
      // The text is in the input line.
      try await session.waitFor("what was typed") { $0.last?.hasSuffix("› /trust") == true }
      try await session.press("C-u")

      if columns == 80 {
        try await session.say("/trust")
      } else {
        let refused = try await neha.run("trust", second.place)
        #expect(refused.status == .exited(1))
        #expect(refused.output.contains("known  \(before)") && refused.output.contains("shown  \(now)"))
        #expect(refused.errors.contains("--yes"))
        let accepted = try await neha.run("trust", second.place, "--yes")
        #expect(accepted.status == .exited(0), "\(accepted.errors)")
        try await session.say("/connect \(second.place)")
      }
      _ = try await Patience.answer { () async throws -> Bool? in
        try await people(at: second).contains("USER neha\n") ? true : nil
      }
      let witness = try await second.netcat(as: "witness")
      try await witness.send(line: "MSG hello again")
      try await session.waitFor(text: "hello again")
      #expect(neha.knownHosts.contains(now) && !neha.knownHosts.contains(before))
      withExtendedLifetime(reserved) {}
    }
  }

  @Test func `a link with another pin connects to no server`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try Person("neha", in: workspace)
      let session = try await neha.open("swiftchat://\(host.place)/?pin=\(Self.wrongPin)")
      try await wait(for: Self.wrongPin, try await host.pin(), "Esc: stay away", on: session)
      #expect(try await people(at: host) == "OK\nUSER witness\n")
      #expect(!neha.knownHosts.contains(host.place))
    }
  }

  @Test func `a link that contradicts a known pin is explained`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try Person("neha", in: workspace)
      #expect(try await neha.run("trust", try await host.link()).status == .exited(0))
      let link = "swiftchat://\(host.place)/?pin=\(Self.wrongPin)"
      let outcome = try await neha.run("connect", link)
      #expect(outcome.status == .exited(1))
      #expect(outcome.errors.hasPrefix("Error: \(host.place) is known by the pin \(try await host.pin())"))
      #expect(outcome.errors.contains("swiftchat trust '\(link)'"), "\(outcome.errors)")
    }
  }

  @Test func `nothing is sent to a server that stopped encrypting`() async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let first = try await Host.start(in: workspace, port: reserved.number)
      let neha = try Person("neha", in: workspace)
      let session = try await neha.chat(at: first.place)
      try await first.server.terminate()
      let second = try await Host.start(in: workspace, port: reserved.number, options: ["--tls", "off"])
      let witness = try await second.netcat(as: "witness")
      // Whether the listener answers a handshake depends on whether it contains a line feed.
      try await session.waitFor("the end of encryption") { rows in
        rows.contains { $0.contains("no answer over TLS") || $0.contains("no longer encrypted") }
      }
      try await witness.send(line: "WHO")
      try await witness.waitFor("USER witness\n")
      #expect(!String(decoding: witness.received, as: UTF8.self).contains("neha"))
      withExtendedLifetime(reserved) {}
    }
  }

  @Test(arguments: ["OK\n", "CAP ACK tags keys\nCHALLENGE x\n", "220 welcome\r\n", "ERR unknown-command\n", "x"])
  func `an interceptor receives no byte of a login`(answer: String) async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let place = "127.0.0.1:\(listener.port)"
      let neha = try Person("neha", in: workspace)
      #expect(try await neha.run("trust", "--", place, Self.wrongPin).status == .exited(0))
      let met = Mutex<[RawClient]>([])
      async let _: Void = listener.greet(with: answer) { client in met.withLock { $0.append(client) } }
      let session = try await neha.open(place)
      try await wait(for: "is no longer encrypted.", "Nothing was sent.", "Esc: stay away", on: session)
      let connections = met.withLock { $0 }
      #expect(!connections.isEmpty)
      for connection in connections {
        try await connection.end()
        #expect(connection.received.first == 22)
        // The bytes contain neither the name nor a word of any dialect.
        for word in ["neha", "LOGIN", "CAP ", "RESUME"] { #expect(!connection.received.contains(Array(word.utf8))) }
      }
      try await session.press("Escape")
      try await session.waitFor("the question gone") { !$0.contains { $0.contains("Esc: stay") } }
      try await session.say("/trust")
      try await wait(for: "is accepted as it is now", on: session)
      // TLS still comes first.
      let found = try await Patience.answer { () -> RawClient? in
        met.withLock { $0.dropFirst(connections.count).first }
      }
      let next = try #require(found)
      try await next.waitFor("\u{16}\u{3}\u{1}")
    }
  }

  @Test func `a refusal before TLS is shown and not trusted`() async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let place = "127.0.0.1:\(listener.port)"
      let neha = try Person("neha", in: workspace)
      #expect(try await neha.run("trust", "--", place, Self.wrongPin).status == .exited(0))
      let met = Mutex<[RawClient]>([])
      async let _: Void = listener.greet(with: "ERR server-full\n") { client in met.withLock { $0.append(client) } }
      let session = try await neha.open(place)
      try await session.waitFor(text: "The server is full")
      // The client tries again.
      let connections = try await Patience.answer { () -> [RawClient]? in
        met.withLock { $0.count < 2 ? nil : $0 }
      }
      try await session.waitFor(text: "The server is full")
      for connection in try #require(connections) {
        try await connection.end()
        #expect(connection.received.first == 22)
        #expect(!connection.received.contains(Array("neha".utf8)))
      }
    }
  }
}
