import ChatClient
import ChatModel
import ChatProtocol
import NIOCore
import TestSupport
import Testing

/// TLS on the wire. The decisions of the session are tested without a socket.
@Suite(.interacting, .timeLimit(.minutes(10))) struct EncryptionTests {
  private let certificate = TestCertificate()

  @Test(arguments: [12...12, 13...13])
  func `an unknown server is pinned at the first connection`(versions: ClosedRange<Int>) async throws {
    let server = try await LineServer.start(certificate: certificate, versions: versions, answer: Self.answer)
    let (client, events) = EventStream.connection()
    client.send(.connect(try Endpoint(host: "localhost", port: server.port), ClientMemory()))
    let told = await events.upTo(\.isOnline)
    #expect(told.contains(.pinned(certificate.pin)))
    #expect(
      told.last
        == .online(
          .neha, capabilities: [.tags, .presence], standing: Standing(isEncrypted: true, pin: certificate.pin)))
    await client.shutdown()
    try await server.stop()
  }

  @Test func `the pin can be fetched without a login`() async throws {
    let packets = Notes<String>()
    let server = try await LineServer.start(
      certificate: certificate, onPacket: { packets.add($0) }, answer: Self.answer)
    let endpoint = try Endpoint(host: "127.0.0.1", port: server.port)
    // A server that gets no processor for three seconds counts as one without TLS.
    let pin = try await Patience.answer { () async -> Pin? in try? await ServerPin.seen(at: endpoint) }
    #expect(pin == certificate.pin)
    #expect(packets.all == [])
    try await server.stop()
    let plain = try await LineServer.start(answer: Self.answer)
    let other = try Endpoint(host: "127.0.0.1", port: plain.port)
    let record = HostRecord(host: other.first, address: "127.0.0.1")
    let failure = ConnectionFailure(.plain(said: nil), reason: "\(other) does not speak TLS", at: record)
    await #expect(throws: failure) {
      _ = try await ServerPin.seen(at: other)
    }
    try await plain.stop()
  }

  @Test func `nothing is sent to a server with another key`() async throws {
    let packets = Notes<String>()
    let server = try await LineServer.start(
      certificate: certificate, onPacket: { packets.add($0) }, answer: Self.answer)
    let endpoint = try Endpoint(host: "127.0.0.1", port: server.port)
    let known = TestCertificate().pin
    let (client, events) = EventStream.connection()
    client.send(.say(id: SendID(1), to: .lobby, text: "secret"))
    client.send(.connect(endpoint, ClientMemory(token: "t", pin: known)))
    let told = await events.upTo { $0.outage != nil }
    #expect(told.contains(.distrusted(endpoint, known: known, seen: certificate.pin)))
    #expect(told.last?.outage?.retryIn == nil)
    #expect(packets.all == [])
    client.send(.trust(certificate.pin))
    _ = await events.upTo(\.isOnline)
    #expect(packets.all.first == ClientSessionHarness.asks + "\n")
    await client.shutdown()
    try await server.stop()
  }

  @Test func `a changed key is detected at the reconnect`() async throws {
    let packets = Notes<String>()
    let server = try await LineServer.start(certificate: certificate, onPacket: { packets.add($0) }) { line in
      line.hasSuffix("PING") ? .hangUp : Self.answer(line)
    }
    let endpoint = try Endpoint(host: "127.0.0.1", port: server.port)
    let (client, events) = EventStream.connection()
    client.send(.connect(endpoint, ClientMemory()))
    _ = await events.upTo(\.isOnline)
    let other = TestCertificate()
    try server.change(to: other)
    client.send(.ping)
    _ = await events.upTo { $0.outage != nil }
    let known = packets.all
    client.send(.retryNow)
    let told = await events.upTo { if case .distrusted = $0 { true } else { false } }
    #expect(told.last == .distrusted(endpoint, known: certificate.pin, seen: other.pin))
    #expect(packets.all == known)
    await client.shutdown()
    try await server.stop()
  }

  @Test(arguments: ["ERR unknown-command\n", "Welcome! Who are you?", String(repeating: "x", count: 10 << 20)])
  func `nothing is sent to a known server that answers in plain text`(words: String) async throws {
    let packets = Notes<String>()
    let server = try await LineServer.start(
      greeting: words, surprise: .silence, onPacket: { packets.add($0) }, answer: Self.answer)
    let endpoint = try Endpoint(host: "127.0.0.1", port: server.port)
    let (client, events) = EventStream.connection()
    client.send(.connect(endpoint, ClientMemory(token: "t", pin: certificate.pin)))
    let told = await events.upTo { $0.outage != nil }
    #expect(told.contains(.distrusted(endpoint, known: certificate.pin, seen: nil)))
    #expect(packets.all == [])
    await client.shutdown()
    try await server.stop()
  }

  @Test func `a known server that closes the connection is retried over TLS only`() async throws {
    let packets = Notes<String>()
    let server = try await LineServer.start(onPacket: { packets.add($0) }, answer: Self.answer)
    let (client, events) = EventStream.connection()
    client.send(
      .connect(try Endpoint(host: "127.0.0.1", port: server.port), ClientMemory(pin: certificate.pin)))
    for _ in 1...3 {
      let outage = await events.upTo { $0.outage != nil }.last?.outage
      #expect(outage?.reason == "no answer over TLS, which this server spoke before")
      #expect(outage?.retryIn != nil)
      client.send(.retryNow)
    }
    #expect(packets.all == [])
    await client.shutdown()
    try await server.stop()
  }

  @Test(arguments: [false, true])
  func `a refusal before TLS is reported with its text`(isKnown: Bool) async throws {
    let packets = Notes<String>()
    let server = try await LineServer.start(
      greeting: "ERR too-many-connections There are too many.\nERR and more",
      surprise: isKnown ? .hangUp : .silence,
      onPacket: { packets.add($0) }, answer: Self.answer)
    let (client, events) = EventStream.connection()
    let memory = ClientMemory(pin: isKnown ? certificate.pin : nil)
    client.send(.connect(try Endpoint(host: "127.0.0.1", port: server.port), memory))
    for _ in 1...2 {
      let outage = await events.upTo { $0.outage != nil }.last?.outage
      #expect(outage?.reason == "There are too many")
      #expect(outage?.retryIn != nil)
      client.send(.retryNow)
    }
    #expect(packets.all == [])
    await client.shutdown()
    try await server.stop()
  }

  @Test(arguments: [
    LineServer.UnexpectedLine.hangUp, .silence, .say(ByteBuffer(string: "ERR unknown-command\n")),
    .say(ByteBuffer(repeating: 0xff, count: 4096)), .say(ByteBuffer(string: "?")),
  ])
  func `an unknown server without TLS is retried in plain text`(surprise: LineServer.UnexpectedLine) async throws {
    for _ in 1...5 {
      let packets = Notes<String>()
      let server = try await LineServer.start(
        surprise: surprise, onPacket: { packets.add($0) }, answer: Self.answer)
      let (client, events) = EventStream.connection()
      client.send(.connect(try Endpoint(host: "127.0.0.1", port: server.port), ClientMemory()))
      let told = await events.upTo { $0.isOnline || $0.outage != nil }
      // After two seconds without an answer to CAP, because the server got no processor, the client logs in without tags.
      let isLate = packets.all.joined().split(separator: "\n").contains("LOGIN neha")
      await client.shutdown()
      try await server.stop()
      guard !isLate else { continue }
      #expect(told.compactMap(\.notice).count == 1)
      #expect(told.last == .online(.neha, capabilities: [.tags, .presence]))
      #expect(!told.contains { $0.outage != nil })
      return
    }
    Issue.record("a server that answers CAP counts as one without tags")
  }

  @Test(
    arguments: [
      [0x16, 0x03, 0x03, 0x00, 0x02, 0xff, 0xff], [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28], [0x14], [0x17, 0xff],
    ] as [[UInt8]])
  func `a broken TLS handshake is never retried in plain text`(bytes: [UInt8]) async throws {
    let packets = Notes<String>()
    let hello = ByteBuffer(bytes: bytes + [UInt8](repeating: 0xff, count: 20_000))
    let server = try await LineServer.start(
      surprise: .say(hello), onPacket: { packets.add($0) }, answer: Self.answer)
    let (client, events) = EventStream.connection()
    client.send(.connect(try Endpoint(host: "127.0.0.1", port: server.port), ClientMemory()))
    let told = await events.upTo { $0.outage != nil }
    #expect(told.last?.outage?.retryIn != nil)
    #expect(told.compactMap(\.notice) == [])
    // A TLS alert may be answered with an alert.
    #expect(packets.all.allSatisfy { $0.utf8.first == 0x15 }, "\(packets.all)")
    await client.shutdown()
    try await server.stop()
  }

  @Test func `an outdated TLS version is refused`() async throws {
    let packets = Notes<String>()
    let server = try await LineServer.start(
      certificate: certificate, versions: 10...11, onPacket: { packets.add($0) }, answer: Self.answer)
    let endpoint = try Endpoint(host: "127.0.0.1", port: server.port)
    let (client, events) = EventStream.connection()
    client.send(.connect(endpoint, ClientMemory()))
    let outage = await events.upTo { $0.outage != nil }.last?.outage
    #expect(outage?.reason == "\(endpoint) and this client do not agree on how to encrypt")
    #expect(packets.all == [])
    await client.shutdown()
    try await server.stop()
  }

  /// Answers of a minimal swiftchat server.
  @Sendable private static func answer(_ line: Substring) -> LineServer.Reply {
    switch line {
    case ClientSessionHarness.asks[...]: .say("CAP ACK tags presence\n")
    case "@label=1 LOGIN neha": .say("@label=1 OK LOGIN\n")
    case "@label=2 WHO": .say("@label=2 BATCH +r who\n@batch=r USER neha\nBATCH -r\n")
    default: .say("")
    }
  }
}

extension ClientEvent {
  fileprivate var isOnline: Bool { if case .online = self { true } else { false } }
}
