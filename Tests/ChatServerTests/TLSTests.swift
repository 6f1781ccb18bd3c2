import ChatHub
import ChatServer
import NIOSSL
import Testing

/// TLS and plain text on one port.
@Suite struct TLSTests {
  @Test func `TLS and plain text clients exchange messages`() async throws {
    try await withServer { server in
      let neha = try TLSClient.join(server, "neha")
      #expect(neha.pin != nil && neha.pin == server.pin)
      let akash = try SocketClient.join(server, "akash")
      try akash.send("MSG hello")
      try neha.send("DM akash psst", "WHO", "QUIT")
      #expect(try akash.lines(3) == ["MSG akash hello", "DM neha psst", "INFO neha disconnected"])
      #expect(try neha.lines(4) == ["MSG akash hello", "USER neha", "USER akash", nil])
      #expect(neha.hasHeardGoodBye)
    }
  }

  @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
  func `a handshake may arrive byte by byte`(version: TLSVersion) async throws {
    try await withServer { server in
      let neha = try TLSClient(port: server.port, newest: version, isSlow: true)
      try neha.send("LOGIN neha", "PING")
      #expect(try neha.lines(2) == ["OK", "PONG"])
    }
  }

  @Test(arguments: [TLSVersion.tlsv1, .tlsv11])
  func `TLS versions before 1_2 are refused`(version: TLSVersion) async throws {
    try await withServer { server in
      #expect(throws: (any Error).self) { try TLSClient(port: server.port, newest: version) }
      _ = try TLSClient.join(server, "neha")
    }
  }

  @Test func `an invalid handshake is not answered in plain text`() async throws {
    try await withServer { server in
      for rest in ["LOGIN neha\nMSG hello\n", String(repeating: "\0", count: 1000)] {
        let client = try SocketClient(port: server.port)
        try client.send([22] + Array(rest.utf8))
        // A TLS alert is a record of type 21.
        let answer = try client.readToEnd()
        #expect(answer.isEmpty || answer[0] == 21, "\(answer)")
      }
      _ = try SocketClient.join(server, "neha")
    }
  }

  @Test func `without TLS a handshake is refused as a control character`() async throws {
    var settings = ServerSettings.local()
    settings.tls.mode = .off
    try await withServer(settings) { server in
      #expect(server.pin == nil)
      let client = try SocketClient(port: server.port)
      try client.send([22] + Array("\nLOGIN neha\n".utf8))
      #expect(try client.lines(2) == ["ERR control-character", "OK"])
    }
  }

  /// Requests that a web page can make a browser send, with chat lines in their bodies.
  private static let requests = [
    ["POST / HTTP/1.1", "Host: chat.example.org:4000", "Content-Length: 26", "", "LOGIN mallory", "MSG hello"],
    ["LOGIN /?x HTTP/1.1", "Host: chat.example.org:4000", "", "LOGIN mallory", "MSG hello"],
    ["PRI * HTTP/2.0", "", "SM", "", "LOGIN mallory", "MSG hello"],
    ["", "Host: chat.example.org:4000", "LOGIN mallory", "MSG hello"],
  ]

  @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
  func `an HTTP request over TLS ends the connection, and its body is ignored`(version: TLSVersion) async throws {
    try await withServer { server in
      let neha = try SocketClient.join(server, "neha")
      for request in Self.requests {
        for isSlow in [false, true] {
          let browser = try TLSClient(port: server.port, newest: version, isSlow: isSlow)
          try browser.send(request.joined(separator: "\r\n"))
          #expect(try browser.lines(2) == ["ERR not-logged-in", nil], "\(request)")
        }
        // The body is a separate record after the end, which may or may not be sent.
        let browser = try TLSClient(port: server.port, newest: version)
        let body = try #require(request.lastIndex { $0.hasPrefix("LOGIN m") })
        try browser.send(request[..<body].joined(separator: "\r\n"))
        #expect(try browser.line() == "ERR not-logged-in")
        try? browser.send("LOGIN mallory", "MSG hello")
        #expect(try browser.line() == nil)
      }
      // No user logged in and no message was sent.
      try neha.send("WHO", "PING")
      #expect(try neha.lines(2) == ["USER neha", "PONG"])
    }
  }

  @Test func `an incomplete handshake ends at the login timeout`() async throws {
    // Enough for both clients to connect on a loaded machine.
    let hub = HubSettings(idleTimeout: nil, loginTimeout: .seconds(10))
    try await withServer(.local(hub: hub)) { server in
      let silent = try SocketClient(port: server.port)
      let slow = try SocketClient(port: server.port)
      try slow.send([22, 3, 1, 2, 0, 1])
      #expect(try slow.readToEnd() == [])
      #expect(try silent.lines(2) == ["ERR login-timeout", nil])
    }
  }

  @Test func `a client that negotiated keys without logging in gets the reason of the timeout`() async throws {
    // Enough for a handshake on a loaded machine.
    let hub = HubSettings(idleTimeout: nil, loginTimeout: .seconds(30))
    try await withServer(.local(hub: hub)) { server in
      let client = try TLSClient(port: server.port)
      #expect(try client.lines(2) == ["ERR login-timeout", nil])
      #expect(client.hasHeardGoodBye)
    }
  }

  @Test func `a handshake under way does not delay the shutdown`() async throws {
    let server = try await ChatServer.start(.local())
    let slow = try await onThread {
      let slow = SharedClient(try SocketClient(port: server.port))
      try slow.socket.send([22, 3, 1])
      // The answer to a later client shows that the handshake has been read.
      _ = try SocketClient.join(server, "neha")
      return slow
    }
    await server.shutDown()
    #expect(try await onThread { try slow.socket.readToEnd() } == [])
  }

  @Test func `a refused client is sent the reason in plain text, even during a handshake`() async throws {
    let hub = HubSettings(idleTimeout: nil, loginTimeout: nil, maximumSessions: 1)
    try await withServer(.local(hub: hub)) { server in
      let neha = try TLSClient.join(server, "neha")
      for _ in 0..<50 {
        let client = try SocketClient(port: server.port)
        // More than is read before the answer is sent.
        try client.send([22, 3, 1, 2, 0, 1] + Array(repeating: 0, count: 500))
        #expect(try client.lines(2) == ["ERR server-full", nil])
      }
      try neha.send("PING")
      #expect(try neha.line() == "PONG")
    }
  }

  @Test func `every session receives the same order`() async throws {
    try await withServer { server in
      let plain = try (0..<3).map { try SocketClient.join(server, "p\($0)") }
      let encrypted = try (0..<3).map { try TLSClient.join(server, "t\($0)") }
      for round in 0..<50 {
        for client in plain { try client.send("MSG a\(round)", "MSG b\(round)") }
        for client in encrypted { try client.send("MSG a\(round)", "MSG b\(round)") }
      }
      let expected = try plain[0].lines(600)
      for client in plain.dropFirst() { #expect(try client.lines(600) == expected) }
      for client in encrypted { #expect(try client.lines(600) == expected) }
    }
  }

  @Test func `a client that disconnects during a handshake leaves no state`() async throws {
    let hub = HubSettings(idleTimeout: nil, loginTimeout: nil, maximumSessions: 2)
    try await withServer(.local(hub: hub)) { server in
      for isReset in [false, true, false, true] {
        let client = try SocketClient(port: server.port)
        try client.send([22, 3, 1, 0])
        if isReset { client.reset() } else { client.halfClose() }
        #expect(try isReset || client.readToEnd() == [])
      }
      // A program that another thread is starting may have a copy of a socket that was reset, and holds up its reset.
      var clients: [TLSClient] = []
      for name in ["neha", "akash"] {
        try eventually("\(name) has a place") {
          guard let client = try? TLSClient.join(server, name) else { return false }
          clients.append(client)
          return true
        }
      }
      withExtendedLifetime(clients) {}
    }
  }
}
