import ChatModel
import ChatProtocol
import Synchronization
import TestSupport
import Testing

@testable import ChatClient

/// The socket around the client session. The session itself is tested without a socket.
///
/// The time limit catches hangs. Each step may wait long for its turn behind hundreds of tests that compute.
@Suite(.interacting, .timeLimit(.minutes(10))) struct ClientConnectionTests {
  @Test func `the client logs in and sends messages to a swiftchat server`() async throws {
    let server = try await LineServer.start { line in
      switch line {
      case ClientSessionHarness.asks: .say("CAP ACK tags presence\n")
      case "@label=1 LOGIN neha": .say("@label=1 OK LOGIN\n@label=9 MOTD Hello.\n")
      case "@label=2 WHO": .say("@label=2 BATCH +r who\n@batch=r USER neha\nBATCH -r\n")
      case "@label=3 MSG hi": .say("@label=3;time=2026-11-22T10:00:00.123Z OK MSG\nMSG neha hi\n")
      default: .hangUp
      }
    }
    let (client, events) = EventStream.connection()
    client.send(.connect(try Endpoint(host: "localhost", port: server.port), ClientMemory()))
    client.send(.say(id: SendID(7), to: .lobby, text: "hi"))
    let told = await events.upTo { $0.answers == SendID(7) }
    #expect(told.contains(.online(.neha, capabilities: [.tags, .presence])))
    #expect(told.contains(.messageOfTheDay("Hello.")))
    await client.shutdown()
    try await server.stop()
  }

  /// The kernel merges segments that a busy server has not read yet, so a client that sent several lines at once would
  /// produce merged packets each time.
  @Test func `each line is sent in its own packet`() async throws {
    var heard: [String] = []
    for _ in 1...50 {
      heard = try await packetsOfAPlainSession()
      if heard.count >= 8, heard.allSatisfy({ packet in packet.count { $0 == "\n" } == 1 && packet.count > 1 }) {
        return
      }
    }
    Issue.record("\(heard)")
  }

  private func packetsOfAPlainSession() async throws -> [String] {
    let (stream, continuation) = AsyncStream.makeStream(of: String.self)
    let server = try await LineServer.start(onPacket: { packet in continuation.yield(packet) }) {
      line in
      switch line {
      case ClientSessionHarness.asks: .say("ERR unknown-command\n")
      case "LOGIN neha": .say("OK\n")
      case "WHO": .say("USER neha\n")
      case "PING": .say("PONG\n")
      case "QUIT": .hangUp
      default: .say("MSG neha \(line.dropFirst(4))\n")
      }
    }
    let (client, events) = EventStream.connection()
    for number in 1...5 as ClosedRange<UInt64> {
      client.send(.say(id: SendID(number), to: .lobby, text: "m\(number)"))
    }
    client.send(.connect(try Endpoint(host: "127.0.0.1", port: server.port), ClientMemory()))
    let told = await events.upTo { $0.rosterNames != nil }
    #expect(told.compactMap(\.answers) == (1...5).map { SendID($0) })
    await client.shutdown()
    // The client sends QUIT without waiting for open answers, so that a packet may hold a poll's WHO before it.
    var packets: [String] = []
    for await packet in stream {
      packets.append(packet)
      if packet.hasSuffix("QUIT\n") { break }
    }
    try await server.stop()
    return packets.map { $0.hasSuffix("QUIT\n") ? String($0.dropLast(5)) : $0 }.filter { !$0.isEmpty }
  }

  @Test func `a refused connection is reported as refused`() async throws {
    let reserved = try ReservedPort()
    let port = reserved.number
    let (client, events) = EventStream.connection()
    client.send(.connect(try Endpoint(host: "127.0.0.1", port: port), ClientMemory()))
    let outage = await events.upTo { $0.outage != nil }.last?.outage
    #expect(outage?.reason == "connection refused: is a server running on 127.0.0.1:\(port)?")
    #expect(outage?.isRefused == true)
    #expect(outage?.isFirst == true)
    let late = try await LineServer.start(port: port) { line in
      line == ClientSessionHarness.asks ? .say("CAP ACK tags presence\n") : .say("@label=1 OK LOGIN\n")
    }
    client.send(.retryNow)
    _ = await events.upTo { if case .online = $0 { true } else { false } }
    await client.shutdown()
    try await late.stop()
    withExtendedLifetime(reserved) {}
  }

  @Test func `an unknown host is reported as a name error`() async throws {
    let (client, events) = EventStream.connection()
    // RFC 6761, 6.4: this name never resolves.
    client.send(.connect(try Endpoint("nowhere.invalid"), ClientMemory()))
    // Slow name servers are another error, after which the client tries again.
    let reason = "no such host: nowhere.invalid"
    let outages = await events.upTo { $0.outage?.reason == reason }.compactMap(\.outage?.reason)
    #expect(
      outages.allSatisfy { $0 == reason || $0 == "timed out: no answer from the name servers about nowhere.invalid" })
    #expect(outages.last == reason)
    await client.shutdown()
  }

  @Test func `a server that closes at the capability request is retried in the plain dialect`() async throws {
    let server = try await LineServer.start { line in
      switch line {
      case "LOGIN neha": .say("OK\n")
      case "QUIT", ClientSessionHarness.asks: .hangUp
      default: .say("PONG\n")
      }
    }
    let (client, events) = EventStream.connection()
    client.send(.connect(try Endpoint(host: "127.0.0.1", port: server.port), ClientMemory()))
    let told = await events.upTo { if case .online = $0 { true } else { false } }
    #expect(told.last == .online(.neha, capabilities: []))
    #expect(!told.contains { $0.outage != nil })
    await client.shutdown()
    try await server.stop()
  }

  @Test func `events of one event loop turn are delivered together`() async throws {
    let lines = (1...50).map { "MSG akash m\($0)\n" }.joined()
    let server = try await LineServer.start { line in
      switch line {
      case ClientSessionHarness.asks: .say("CAP ACK tags presence\n")
      case "@label=1 LOGIN neha": .say("@label=1 OK LOGIN\n" + lines)
      default: .say("")
      }
    }
    let batches = Notes<Int>()
    let (stream, continuation) = AsyncStream.makeStream(of: ClientEvent.self)
    let client = ClientConnection(name: .neha, group: EventLoops.shared) { events in
      batches.add(events.count)
      for event in events { continuation.yield(event) }
    }
    client.send(.connect(try Endpoint(host: "127.0.0.1", port: server.port), ClientMemory()))
    for await event in stream where event.message?.text == "m50" { break }
    #expect(batches.all.max() ?? 0 >= 25)
    await client.shutdown()
    try await server.stop()
  }

  @Test func `a server that is faster than the event reader is paused`() async throws {
    let text = String(repeating: "x", count: 1000)
    let count = 8000
    let lines = (1...count).map { "MSG akash \($0) \(text)\n" }.joined()
    let server = try await LineServer.start { line in
      switch line {
      case ClientSessionHarness.asks: .say("CAP ACK tags presence\n")
      case "@label=1 LOGIN neha": .say("@label=1 OK LOGIN\n" + lines)
      default: .say("")
      }
    }
    let waiting = Mutex((now: 0, most: 0))
    let (stream, continuation) = AsyncStream.makeStream(of: [ClientEvent].self)
    let client = ClientConnection(name: .neha, group: EventLoops.shared, maximumUnhandledBytes: 64 << 10) { events in
      waiting.withLock { $0 = ($0.now + events.count, max($0.most, $0.now + events.count)) }
      continuation.yield(events)
    }
    client.send(.connect(try Endpoint(host: "127.0.0.1", port: server.port), ClientMemory()))
    var told = 0
    for await events in stream {
      told += events.count { $0.message != nil }
      // Read more slowly than any server sends.
      for _ in events { await Task.yield() }
      waiting.withLock { $0.now -= events.count }
      client.handled(events.count)
      if told >= count { break }
    }
    #expect(told == count)
    #expect(waiting.withLock { $0.most } < 1000)
    await client.shutdown()
    try await server.stop()
  }

  @Test func `queued events are counted until they are handled`() {
    var unhandled = UnhandledEvents()
    unhandled.received(100)
    unhandled.forgetReceived()
    unhandled.received(1000)
    unhandled.delivered(3)
    unhandled.received(500)
    #expect(unhandled.bytes == 1000)
    unhandled.delivered(2)
    #expect(unhandled.bytes == 1500)
    unhandled.handled(2)
    #expect(unhandled.bytes == 1500)
    unhandled.handled(2)
    #expect(unhandled.bytes == 500)
    unhandled.handled(99)
    #expect(unhandled.bytes == 0)
  }

  @Test func `shutting down without a connection returns`() async {
    let (client, _) = EventStream.connection()
    await client.shutdown()
    await client.shutdown()
  }
}
