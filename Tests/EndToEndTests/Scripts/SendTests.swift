import Foundation
import Synchronization
import TestSupport
import Testing

/// `swiftchat send` against a real server, and against one that confirms nothing.
@Suite(.interacting) struct SendTests {
  private func exported(_ host: Host) async throws -> [String] {
    let outcome = try await host.run("log", "export")
    return try outcome.lines.map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      return try #require(object["text"] as? String)
    }
  }

  @Test func `a text is stored once under a key, also for a guest, whose token is kept`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try Person("neha", in: workspace)
      for _ in 1...2 {
        // Her key owns her name; under another name she is a guest.
        for name in ["neha", "ci"] {
          let outcome = try await neha.run(
            "send", "--server", host.place, "--name", name, "--key", "build-1", "built", "by", name)
          #expect(outcome.status == .exited(0), "\(outcome.errors)")
          #expect(outcome.output + outcome.errors == "")
        }
      }
      #expect(try await exported(host) == ["built by neha", "built by ci"])
      let other = try await neha.run("send", "--server", host.place, "--key", "build-1", "--name", "neha", "else")
      #expect(other.status == .exited(77))
      #expect(
        other.errors
          == "Error: another message was sent under this key; give each message a key of its own; nothing was sent\n")
    }
  }

  @Test func `a server is named by the settings file of --config`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try Person("neha", in: workspace)
      let file = workspace.home.appendingPathComponent("other.toml")
      try "[servers.work]\naddress = \"\(host.place)\"\n".write(to: file, atomically: true, encoding: .utf8)
      let outcome = try await neha.run("send", "--config", file.path, "--server", "work", "--name", "neha", "hello")
      #expect(outcome.status == .exited(0), "\(outcome.errors)")
      #expect(try await exported(host) == ["hello"])
    }
  }

  @Test func `a list of hosts is one server, of which one that runs is enough`() async throws {
    try await Workspace.use { workspace in
      let (dead, other) = (try ReservedPort(), try ReservedPort())
      let host = try await Host.start(in: workspace)
      let neha = try Person("neha", in: workspace)
      let list = "127.0.0.1:\(dead.number),\(host.place)"
      let link = "swiftchat://\(list)/?pin=\(try await host.pin())"
      for (number, server) in [list, link, list].enumerated() {
        let outcome = try await neha.run("send", "--server", server, "text \(number)")
        #expect(outcome.status == .exited(0), "\(outcome.errors)")
      }
      #expect(try await exported(host) == ["text 0", "text 1", "text 2"])
      #expect(neha.knownHosts.contains("\n\(list) "), "\(neha.knownHosts)")
      let people = try await neha.run("who", "--server", list, "--name", "zoe")
      #expect(people.output.contains("zoe"), "\(people.errors)")
      let lines = try await neha.run("tail", "--server", list, "--name", "zoe", "-n", "3")
      #expect(
        lines.lines.map { $0.hasSuffix("text 0") || $0.hasSuffix("text 1") || $0.hasSuffix("text 2") } == [
          true, true, true,
        ], "\(lines.output)\(lines.errors)")
      let nobody = try await neha.run(
        "send", "--server", "127.0.0.1:\(dead.number),127.0.0.1:\(other.number)", "--timeout", "10s", "lost")
      #expect(nobody.status != .exited(0))
      #expect(
        nobody.errors.contains("no connection to 127.0.0.1:\(dead.number) (2 hosts) within 10 s: connection refused")
          && nobody.errors.contains("(1 other host tried)"), "\(nobody.errors)")
      withExtendedLifetime((dead, other)) {}
    }
  }

  @Test func `lines are stored once and in order over a server that is killed and started again`() async throws {
    try await Workspace.use { workspace in
      let port = try ReservedPort()
      let child = try workspace.launch(
        try Binary.path(), ["send", "--server", "127.0.0.1:\(port.number)", "-t", "#builds", "--name", "ci"])
      let lines = (1...160).map { "line \($0)" }
      try await child.write(lines.joined(separator: "\n").utf8)
      child.closeInput()
      var host = try await Host.start(in: workspace, port: port.number)
      let isHalfway = try await Patience.answer { try await exported(host).count > 10 ? true : nil }
      try #require(isHalfway == true, "\(child.report)")
      try await host.server.terminate(SIGKILL)
      host = try await Host.start(in: workspace, port: port.number)
      #expect(try await child.end() == .exited(0), "\(child.report)")
      #expect(try await exported(host) == lines)
    }
  }

  @Test func `another server under a known address gets nothing`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try Person("neha", in: workspace)
      #expect(try await neha.run("send", "--server", host.place, "first").status == .exited(0))
      let known = neha.knownHosts
      #expect(known.contains(host.place))
      _ = try await neha.run("trust", host.place, String(repeating: "B", count: 42) + "A")
      let outcome = try await neha.run("send", "--server", host.place, "second")
      #expect(outcome.status == .exited(76))
      #expect(outcome.errors.contains("only if that is right: swiftchat trust \(host.place)"))
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(try await exported(host) == ["first"])
    }
  }

  @Test(arguments: [true, false])
  func `a server without confirmations is not said to have stored anything`(hasKey: Bool) async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let lines = Mutex<[String]>([])
      // A child task runs on the test's own thread, which other tests cannot hold up.
      async let _ = serve(listener) { line in lines.withLock { $0.append(line) } }
      let child = try workspace.launch(
        try Binary.path(),
        ["send", "--server", "127.0.0.1:\(listener.port)", "hello"] + (hasKey ? ["--key", "k"] : []))
      #expect(try await child.end() == .exited(hasKey ? 77 : 74), "\(child.report)")
      #expect(lines.withLock { $0.contains("MSG hello") } == !hasKey)
    }
  }

  /// A server that speaks only the plain dialect, without TLS.
  private func serve(_ listener: Listener, _ heard: @escaping @Sendable (String) -> Void) async throws {
    while !Task.isCancelled {
      let client = try await listener.accept()
      let first = try await Patience.answer { try client.read().first }
      // A TLS handshake.
      if first == 22 {
        client.close()
        continue
      }
      // The client may give up a connection that is answered late, and open another.
      try? await client.answer { line in
        heard(String(line))
        switch line.prefix(while: { $0 != " " }) {
        case "LOGIN": return "OK\n"
        case "MSG": return "MSG root \(line.dropFirst(4))\n"
        case "PING": return "PONG\n"
        case "WHO": return "USER root\n"
        case "QUIT": return ""
        default: return "ERR unknown-command\n"
        }
      }
    }
  }
}
