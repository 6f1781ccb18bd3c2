import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Server identity and encryption of the client session.
@Suite struct SecurityTests {
  static let pin = Pin(known: 1)
  static let other = Pin(known: 2)
  private static let refusal = "ERR too-many-connections There are too many connections from your address."

  @Test func `an unknown host is tried over TLS and its pin is reported`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    #expect(harness.securities == [.encrypted(expecting: nil)])
    harness.handle(.opened(Self.pin))
    #expect(harness.events.last == .pinned(Self.pin))
    harness.receive("CAP ACK tags presence", "@label=1 OK LOGIN")
    #expect(
      harness.events.last
        == .online(
          .neha, capabilities: [.tags, .presence], standing: Standing(isEncrypted: true, pin: Self.pin)))
    harness.events = []
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    #expect(harness.securities.last == .encrypted(expecting: Self.pin))
    harness.handle(.opened(Self.pin))
    #expect(!harness.events.contains(.pinned(Self.pin)))
  }

  @Test(arguments: [nil, "ERR unknown-command", "Hello!", "\u{fffd}\u{fffd}", ""] as [String?])
  func `a host without TLS is used in plain text with one notice`(said: String?) {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.failed(.plain(said)))
    #expect(harness.securities == [.encrypted(expecting: nil), .plain])
    #expect(harness.events.compactMap(\.notice).count == 0, "nothing is reported before the server has answered")
    #expect(!harness.events.contains { $0.outage != nil })
    harness.handle(.opened(nil))
    harness.receive("ERR unknown-command", "OK")
    #expect(harness.events.last == .online(.neha, capabilities: []))
    #expect(harness.events.compactMap(\.notice).count == 1)
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    #expect(harness.securities.last == .encrypted(expecting: nil), "TLS is tried first at each connection")
    // The plain connection is refused this time.
    harness.handle(.failed(.plain(said)))
    harness.handle(.failed(ConnectionFailure(.refused, reason: "refused")))
    harness.advanceClock(by: .seconds(2))
    harness.handle(.failed(.plain(said)))
    #expect(harness.securities.last == .plain)
    harness.handle(.opened(nil))
    harness.receive("ERR unknown-command", "OK")
    #expect(harness.events.compactMap(\.notice).count == 1, "the missing encryption is reported once")
  }

  @Test func `a server that was pinned is never used in plain text`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(Self.pin))
    for failure: ClientSession.Input in [
      .closed(reason: nil), .failed(.plain(nil)), .failed(.plain(Self.refusal)),
      .failed(ConnectionFailure(.refused, reason: "refused")), .failed(.plain("ERR banned")),
    ] {
      harness.handle(failure)
      harness.advanceClock(by: .seconds(30))
    }
    #expect(harness.securities.count == 6)
    #expect(harness.securities.dropFirst().allSatisfy { $0 == .encrypted(expecting: Self.pin) })
  }

  @Test(arguments: [nil, SecurityTests.other] as [Pin?])
  func `nothing is sent to a server with another key`(seen: Pin?) {
    var harness = ClientSessionHarness()
    var memory = ClientMemory(token: "t1", pin: Self.pin)
    memory.invitation = "code"
    harness.command(.connect(.home, memory))
    harness.send("for home only")
    #expect(harness.securities == [.encrypted(expecting: Self.pin)])
    harness.handle(.failed(seen.map { ConnectionFailure(.untrusted($0), reason: "other") } ?? .plain("ERR what?")))
    #expect(harness.events.contains(.distrusted(.home, known: Self.pin, seen: seen)))
    let outage = harness.events.last?.outage
    #expect(outage != nil && outage?.retryIn == nil)
    #expect(outage?.reason.contains("swiftchat trust") == true)
    harness.advanceClock(by: .seconds(3600))
    #expect(harness.opened.count == 1)
    #expect(harness.sent == [])
    harness.command(.retryNow)
    #expect(harness.securities.last == .encrypted(expecting: Self.pin), "a retry still expects the known pin")
    harness.handle(.failed(ConnectionFailure(.untrusted(Self.other), reason: "other")))
    harness.command(.trust(Self.other))
    #expect(harness.securities.last == .encrypted(expecting: Self.other))
    harness.handle(.opened(Self.other))
    #expect(harness.takeSent() == [ClientSessionHarness.asks])
  }

  @Test func `only the user accepts plain text for a known server`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory(pin: Self.pin)))
    harness.handle(.failed(.plain("Hello!")))
    #expect(harness.securities == [.encrypted(expecting: Self.pin)])
    harness.command(.trust(nil))
    #expect(harness.securities.last == .encrypted(expecting: nil), "TLS is tried first")
    harness.handle(.failed(.plain("Hello!")))
    #expect(harness.securities.last == .plain)
    harness.handle(.opened(nil))
    harness.receive("ERR what?", "OK")
    #expect(harness.events.contains { $0.notice?.contains("not encrypted") == true })
  }

  @Test func `a connection with the wrong pin is closed`() {
    for seen in [Self.other, nil] {
      var harness = ClientSessionHarness()
      harness.command(.connect(.home, ClientMemory(pin: Self.pin)))
      harness.handle(.opened(seen))
      #expect(harness.sent == [])
      #expect(harness.closes == 1)
      #expect(harness.events.contains(.distrusted(.home, known: Self.pin, seen: seen)))
    }
  }

  @Test(arguments: [nil, SecurityTests.pin] as [Pin?])
  func `a refusal before TLS is only reported`(known: Pin?) {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory(pin: known)))
    harness.handle(.failed(.plain(Self.refusal + "\u{1b}[2J")))
    let outage = harness.events.last?.outage
    #expect(outage?.reason == "There are too many connections from your address.\u{fffd}[2J")
    #expect(outage?.retryIn != nil)
    harness.advanceClock(by: .seconds(1))
    #expect(harness.securities == [.encrypted(expecting: known), .encrypted(expecting: known)])
  }

  @Test(arguments: [nil, SecurityTests.other] as [Pin?])
  func `a pin from a link is not reported as a changed key`(seen: Pin?) {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory(pin: Self.pin, wasMet: false)))
    let failure = seen.map { ConnectionFailure(.untrusted($0), reason: "other") } ?? .plain("ERR what?")
    harness.handle(.failed(failure))
    #expect(harness.events.contains(.distrusted(.home, known: Self.pin, seen: seen, wasMet: false)))
    let reason = harness.events.last?.outage?.reason ?? ""
    #expect(reason.contains("link") && !reason.contains("changed") && !reason.contains("no longer"))
    // The server has proved the key of the link, so it counts as met from now on.
    harness.command(.connect(.home, ClientMemory(pin: Self.pin, wasMet: false)))
    harness.command(.retryNow)
    harness.handle(.opened(Self.pin))
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(2))
    harness.events = []
    harness.handle(.failed(failure))
    #expect(harness.events.contains(.distrusted(.home, known: Self.pin, seen: seen, wasMet: true)))
  }

  @Test func `a link with the distrusted key is accepted`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory(pin: Self.pin)))
    harness.handle(.failed(ConnectionFailure(.untrusted(Self.other), reason: "other")))
    harness.command(.connect(.home, ClientMemory(pin: Self.other)))
    #expect(harness.securities.last == .encrypted(expecting: Self.other))
  }

  @Test func `a link with a pin moves a plain connection to TLS`() {
    var harness = ClientSessionHarness.tagged()
    harness.command(.connect(.home, ClientMemory()))
    #expect(harness.takeSent() == [])
    harness.command(.connect(.home, ClientMemory(pin: Self.pin)))
    #expect(harness.takeSent() == ["@label=3 QUIT"])
    harness.handle(.closed(reason: nil))
    #expect(harness.securities.last == .encrypted(expecting: Self.pin))
    harness.handle(.opened(Self.pin))
    harness.receive("CAP ACK tags presence", "@label=1 OK LOGIN")
    harness.takeAll()
    harness.command(.connect(.home, ClientMemory(pin: Self.pin)))
    #expect(harness.takeSent() == [])
  }

  @Test func `a connection is closed after another key is trusted`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(Self.pin))
    harness.receive("CAP ACK tags presence", "@label=1 OK LOGIN")
    harness.takeAll()
    harness.command(.connect(.home, ClientMemory(pin: Self.other)))
    #expect(harness.takeSent() == ["@label=3 QUIT"])
    harness.handle(.closed(reason: nil))
    #expect(harness.securities.last == .encrypted(expecting: Self.other))
  }

  @Test func `a server that requires TLS is retried over TLS`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.failed(.plain(nil)))
    harness.handle(.opened(nil))
    harness.receive("ERR tls-required")
    #expect(harness.closes == 1)
    #expect(harness.events.last?.outage?.reason == String(ErrorCode.tlsRequired.explanation.dropLast()))
    harness.advanceClock(by: .seconds(1))
    #expect(harness.securities.last == .encrypted(expecting: nil))
  }

  @Test(arguments: [
    ("ERR banned", false), ("ERR too-many-attempts", true), ("ERR too-many-connections", true),
    ("ERR invite-required", false), ("INFO banned", false), ("INFO kicked", false), ("ERR server-full", true),
  ])
  func `after a refusal the client retries only where that helps`(line: String, retries: Bool) {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(Self.pin))
    harness.receive(line)
    #expect(harness.closes == 1)
    #expect((harness.events.last?.outage?.retryIn != nil) == retries)
    harness.advanceClock(by: .seconds(600))
    #expect((harness.opened.count > 1) == retries)
    harness.command(.retryNow)
    #expect(harness.opened.count == 2)
  }

  @Test func `the reason of an operator is reported, and whether the user may return`() {
    let cases: [(reason: String, mayReturn: Bool?)] = [("kicked", true), ("banned", nil)]
    for (reason, mayReturn) in cases {
      var harness = ClientSessionHarness.tagged()
      harness.receive("BYE \(reason) Enough.\u{202e}")
      #expect(harness.events.last?.outage == Outage(reason: "Enough", retryIn: nil, mayReturn: mayReturn))
    }
  }
}

extension ConnectionFailure {
  static func plain(_ said: String?) -> ConnectionFailure { ConnectionFailure(.plain(said: said), reason: "no TLS") }
}

extension Pin {
  init(known byte: UInt8) {
    guard let pin = Pin([UInt8](repeating: byte, count: Pin.bytes)) else { preconditionFailure("32 bytes") }
    self = pin
  }
}
