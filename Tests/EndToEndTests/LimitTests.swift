import Foundation
import TestSupport
import Testing

/// Limits for clients from a non-loopback address.
@Suite(.interacting, .serialized, .enabled(if: OutsideAddress.own != nil, "this machine has no address but loopback"))
struct LimitTests {
  private func outside() throws -> String { try #require(OutsideAddress.own) }

  @Test func `the number of connections per address is limited`() async throws {
    try await Workspace.use { workspace in
      let outside = try outside()
      let host = try await Host.start(
        in: workspace, at: nil, configuration: "[limits]\nconnections-per-address = 2\n")
      let port = host.server.port
      let first = try RawClient.connect(host: outside, port: port)
      let second = try RawClient.connect(host: outside, port: port)
      for (client, name) in [(first, "akash"), (second, "zoe")] {
        try await client.send("LOGIN \(name)\n")
        try await client.waitFor(exactly: "OK\n")
      }
      let third = try RawClient.connect(host: outside, port: port)
      try await third.end()
      let heard = String(decoding: third.received, as: UTF8.self)
      #expect(heard.hasPrefix("ERR too-many-connections\nINFO There are too many connections from your address"))
      // A TLS client receives the refusal too.
      let person = try Person("neha", in: workspace)
      let session = try await person.open("\(outside):\(port)")
      try await session.waitFor(text: "There are too many connections")
      // Loopback connections are not limited.
      for name in ["one", "two", "three"] { _ = try await host.netcat(as: name) }
      // The client logs in as soon as a connection is free.
      first.close()
      try await session.say("/connect \(outside):\(port)")
      try await session.waitFor(text: "as neha")
    }
  }

  @Test func `a server that requires TLS says so to netcat`() async throws {
    try await Workspace.use { workspace in
      let outside = try outside()
      let host = try await Host.start(in: workspace, at: nil, options: ["--tls", "required"])
      let heard = try await host.answer(to: "LOGIN zoe", host: outside)
      #expect(heard.hasPrefix("ERR tls-required\nINFO This server speaks with you only over TLS: use swiftchat"))
      #expect(heard.split(separator: "\n").count == 2, "\(heard)")
      let zoe = try await host.netcat(as: "zoe")
      let neha = try await Person("neha", in: workspace).chat(at: "\(outside):\(host.server.port)")
      try await zoe.send(line: "MSG in plain text, from the host")
      try await neha.waitForMessage("in plain text, from the host", from: "zoe")
    }
  }

  @Test func `a flood is slowed down without loss`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(
        in: workspace, at: nil, configuration: "[limits]\nline-burst = 5\nlines-per-second = 20\n")
      let zoe = try await host.netcat(as: "zoe")
      let lines = (1...30).map { "MSG line \($0)\n" }
      // Before the server can read the first line.
      let started = ContinuousClock.now
      let flooder = try RawClient.connect(host: try outside(), port: host.server.port)
      try await flooder.send("LOGIN akash\n" + lines.joined() + "QUIT\n")
      try await flooder.end()
      // 26 lines beyond the burst of five, at twenty per second.
      #expect(ContinuousClock.now - started > .seconds(1))
      let heard = String(decoding: flooder.received, as: UTF8.self)
      let echoes = heard.split(separator: "\n").filter { $0 != "INFO slow-down" }
      #expect(echoes.map(String.init) == ["OK"] + (1...30).map { "MSG akash line \($0)" })
      #expect(heard.components(separatedBy: "INFO slow-down\n").count == 2, "\(heard)")
      try await zoe.waitFor("MSG akash line 30\nINFO akash disconnected\n")
    }
  }

  @Test func `handshakes that never complete are timed out`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace, at: nil, options: ["--login-timeout", "20"])
      let outside = try outside()
      let slow = try (1...8).map { _ in try RawClient.connect(host: outside, port: host.server.port) }
      // The beginning of a record of 512 bytes, most of which is never sent.
      for client in slow { try await client.send([22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]) }
      let other = try RawClient.connect(host: outside, port: host.server.port)
      try await other.send("LOGIN zoe\nMSG served meanwhile\n")
      try await other.waitFor(exactly: "OK\nMSG zoe served meanwhile\n")
      let neha = try await Person("neha", in: workspace).chat(at: "\(outside):\(host.server.port)")
      for client in slow {
        try await client.end()
        #expect(!client.received.contains(Array("ERR".utf8)))
      }
      try await other.send("MSG and afterwards\n")
      try await neha.waitForMessage("and afterwards", from: "zoe")
    }
  }
}
