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
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    #expect(play.securities == [.encrypted(expecting: nil)])
    play.handle(.opened(Self.pin))
    #expect(play.events.last == .pinned(Self.pin))
    play.server("CAP ACK tags presence", "@label=1 OK LOGIN")
    #expect(
      play.events.last == .online(.neha, capabilities: [.tags, .presence], standing: Standing(isEncrypted: true)))
    play.events = []
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    #expect(play.securities.last == .encrypted(expecting: Self.pin))
    play.handle(.opened(Self.pin))
    #expect(!play.events.contains(.pinned(Self.pin)))
  }

  @Test(arguments: [nil, "ERR unknown-command", "Hello!", "\u{fffd}\u{fffd}", ""] as [String?])
  func `a host without TLS is used in plain text with one notice`(said: String?) {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.failed(.plain(said)))
    #expect(play.securities == [.encrypted(expecting: nil), .plain])
    #expect(play.events.compactMap(\.notice).count == 0, "it has not answered yet")
    #expect(!play.events.contains { $0.outage != nil })
    play.handle(.opened(nil))
    play.server("ERR unknown-command", "OK")
    #expect(play.events.last == .online(.neha, capabilities: []))
    #expect(play.events.compactMap(\.notice).count == 1)
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    #expect(play.securities.last == .encrypted(expecting: nil), "what listens there now may be another one")
    // The plain connection is refused this time.
    play.handle(.failed(.plain(said)))
    play.handle(.failed(ConnectionFailure(.refused, reason: "refused")))
    play.pass(.seconds(2))
    play.handle(.failed(.plain(said)))
    #expect(play.securities.last == .plain)
    play.handle(.opened(nil))
    play.server("ERR unknown-command", "OK")
    #expect(play.events.compactMap(\.notice).count == 1, "said once")
  }

  @Test func `a server that was pinned is never used in plain text`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(Self.pin))
    for failure: ClientSession.Input in [
      .closed(reason: nil), .failed(.plain(nil)), .failed(.plain(Self.refusal)),
      .failed(ConnectionFailure(.refused, reason: "refused")), .failed(.plain("ERR banned")),
    ] {
      play.handle(failure)
      play.pass(.seconds(30))
    }
    #expect(play.securities.count == 6)
    #expect(play.securities.dropFirst().allSatisfy { $0 == .encrypted(expecting: Self.pin) })
  }

  @Test(arguments: [nil, SecurityTests.other] as [Pin?])
  func `nothing is sent to a server with another key`(seen: Pin?) {
    var play = Play()
    var memory = ClientMemory(token: "t1", pin: Self.pin)
    memory.invitation = "code"
    play.command(.connect(.home, memory))
    play.say("for home only")
    #expect(play.securities == [.encrypted(expecting: Self.pin)])
    play.handle(.failed(seen.map { ConnectionFailure(.untrusted($0), reason: "other") } ?? .plain("ERR what?")))
    #expect(play.events.contains(.distrusted(.home, known: Self.pin, seen: seen)))
    let outage = play.events.last?.outage
    #expect(outage != nil && outage?.retryIn == nil)
    #expect(outage?.reason.contains("swiftchat trust") == true)
    play.pass(.seconds(3600))
    #expect(play.opened.count == 1)
    #expect(play.sent == [])
    play.command(.retryNow)
    #expect(play.securities.last == .encrypted(expecting: Self.pin), "asking again is not trusting")
    play.handle(.failed(ConnectionFailure(.untrusted(Self.other), reason: "other")))
    play.command(.trust(Self.other))
    #expect(play.securities.last == .encrypted(expecting: Self.other))
    play.handle(.opened(Self.other))
    #expect(play.takeSent() == [Play.asks])
  }

  @Test func `only the user accepts plain text for a known server`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory(pin: Self.pin)))
    play.handle(.failed(.plain("Hello!")))
    #expect(play.securities == [.encrypted(expecting: Self.pin)])
    play.command(.trust(nil))
    #expect(play.securities.last == .encrypted(expecting: nil), "TLS comes first")
    play.handle(.failed(.plain("Hello!")))
    #expect(play.securities.last == .plain)
    play.handle(.opened(nil))
    play.server("ERR what?", "OK")
    #expect(play.events.contains { $0.notice?.contains("not encrypted") == true })
  }

  @Test func `a connection with the wrong pin is closed`() {
    for seen in [Self.other, nil] {
      var play = Play()
      play.command(.connect(.home, ClientMemory(pin: Self.pin)))
      play.handle(.opened(seen))
      #expect(play.sent == [])
      #expect(play.closes == 1)
      #expect(play.events.contains(.distrusted(.home, known: Self.pin, seen: seen)))
    }
  }

  @Test(arguments: [nil, SecurityTests.pin] as [Pin?])
  func `a refusal before TLS is only reported`(known: Pin?) {
    var play = Play()
    play.command(.connect(.home, ClientMemory(pin: known)))
    play.handle(.failed(.plain(Self.refusal + "\u{1b}[2J")))
    let outage = play.events.last?.outage
    #expect(outage?.reason == "There are too many connections from your address.\u{fffd}[2J")
    #expect(outage?.retryIn != nil)
    play.pass(.seconds(1))
    #expect(play.securities == [.encrypted(expecting: known), .encrypted(expecting: known)])
  }

  @Test(arguments: [nil, SecurityTests.other] as [Pin?])
  func `a pin from a link is not reported as a changed key`(seen: Pin?) {
    var play = Play()
    play.command(.connect(.home, ClientMemory(pin: Self.pin, wasMet: false)))
    let failure = seen.map { ConnectionFailure(.untrusted($0), reason: "other") } ?? .plain("ERR what?")
    play.handle(.failed(failure))
    #expect(play.events.contains(.distrusted(.home, known: Self.pin, seen: seen, wasMet: false)))
    let reason = play.events.last?.outage?.reason ?? ""
    #expect(reason.contains("link") && !reason.contains("met before") && !reason.contains("any more"))
    // The server has proved the key of the link, so it counts as met from now on.
    play.command(.connect(.home, ClientMemory(pin: Self.pin, wasMet: false)))
    play.command(.retryNow)
    play.handle(.opened(Self.pin))
    play.handle(.closed(reason: nil))
    play.pass(.seconds(2))
    play.events = []
    play.handle(.failed(failure))
    #expect(play.events.contains(.distrusted(.home, known: Self.pin, seen: seen, wasMet: true)))
  }

  @Test func `a link with the distrusted key is accepted`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory(pin: Self.pin)))
    play.handle(.failed(ConnectionFailure(.untrusted(Self.other), reason: "other")))
    play.command(.connect(.home, ClientMemory(pin: Self.other)))
    #expect(play.securities.last == .encrypted(expecting: Self.other))
  }

  @Test func `a link with a pin moves a plain connection to TLS`() {
    var play = Play.tagged()
    play.command(.connect(.home, ClientMemory()))
    #expect(play.takeSent() == [])
    play.command(.connect(.home, ClientMemory(pin: Self.pin)))
    #expect(play.takeSent() == ["@label=3 QUIT"])
    play.handle(.closed(reason: nil))
    #expect(play.securities.last == .encrypted(expecting: Self.pin))
    play.handle(.opened(Self.pin))
    play.server("CAP ACK tags presence", "@label=1 OK LOGIN")
    play.takeAll()
    play.command(.connect(.home, ClientMemory(pin: Self.pin)))
    #expect(play.takeSent() == [])
  }

  @Test func `a connection is closed after another key is trusted`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(Self.pin))
    play.server("CAP ACK tags presence", "@label=1 OK LOGIN")
    play.takeAll()
    play.command(.connect(.home, ClientMemory(pin: Self.other)))
    #expect(play.takeSent() == ["@label=3 QUIT"])
    play.handle(.closed(reason: nil))
    #expect(play.securities.last == .encrypted(expecting: Self.other))
  }

  @Test func `a server that requires TLS is retried over TLS`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.failed(.plain(nil)))
    play.handle(.opened(nil))
    play.server("ERR tls-required")
    #expect(play.closes == 1)
    #expect(play.events.last?.outage?.reason == String(ErrorCode.tlsRequired.explanation.dropLast()))
    play.pass(.seconds(1))
    #expect(play.securities.last == .encrypted(expecting: nil))
  }

  @Test(arguments: [
    ("ERR banned", false), ("ERR too-many-attempts", true), ("ERR too-many-connections", true),
    ("ERR invite-required", false), ("INFO banned", false), ("INFO kicked", false), ("ERR server-full", true),
  ])
  func `after a refusal the client retries only where that helps`(line: String, retries: Bool) {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(Self.pin))
    play.server(line)
    #expect(play.closes == 1)
    #expect((play.events.last?.outage?.retryIn != nil) == retries)
    play.pass(.seconds(600))
    #expect((play.opened.count > 1) == retries)
    play.command(.retryNow)
    #expect(play.opened.count == 2)
  }

  @Test func `the reason of an operator is reported`() {
    var play = Play.tagged()
    play.server("BYE kicked Enough.\u{202e}")
    #expect(play.events.last?.outage == Outage(reason: "Enough", retryIn: nil))
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
