import ChatProtocol
import Testing

@testable import ChatHub

/// Limits for unauthenticated sessions.
@Suite struct StrangerTests {
  @Test func `a session that sends lines without logging in times out`() {
    let harness = HubHarness()
    let slow = harness.connect(at: "192.0.2.7")
    for _ in 0..<14 {
      harness.advanceClock(by: .seconds(2))
      #expect(harness.send(as: slow, "PING") == ["ERR not-logged-in"])
    }
    harness.advanceClock(by: .seconds(2))
    #expect(harness.takeOutput(of: slow) == ["ERR login-timeout"])
    #expect(harness.closeReason(of: slow) == .loginTimeout)
  }

  @Test(arguments: ["PING", "", "LOGIN a b", "CAP REQ x", "\u{7}"])
  func `the number of lines before the login is limited`(line: String) {
    let harness = HubHarness()
    let stranger = harness.connect(at: "192.0.2.7")
    for _ in 0..<20 {
      harness.send(as: stranger, line)
      harness.advanceClock(by: .seconds(1))
    }
    #expect(harness.closeReason(of: stranger) == nil)
    harness.discardOutput()
    #expect(harness.send(as: stranger, line) == ["ERR not-logged-in"])
    #expect(harness.closeReason(of: stranger) == .unnamed)
  }

  @Test func `after the login the number of lines is not limited`() {
    let harness = HubHarness()
    let neha = harness.connect(at: "192.0.2.7")
    for _ in 0..<19 { harness.send(as: neha, "CAP LS") }
    harness.send(as: neha, "LOGIN neha")
    harness.discardOutput()
    for _ in 0..<50 {
      #expect(harness.send(as: neha, "PING") == ["PONG"])
      harness.advanceClock(by: .milliseconds(100))
    }
  }

  @Test func `the reason for closing has a text with tags`() {
    let harness = HubHarness()
    let stranger = harness.connect(at: "192.0.2.7")
    harness.send(as: stranger, "CAP REQ tags")
    for _ in 0..<19 { harness.send(as: stranger, "PING") }
    harness.discardOutput()
    #expect(
      harness.send(as: stranger, "PING") == [
        "ERR not-logged-in * Too much was said without a name; connect again and log in first: LOGIN name."
      ])
  }

  @Test func `an idle unauthenticated session makes room for a new one`() {
    let harness = HubHarness(HubSettings(maximumSessions: 10))
    let onHost = harness.connect()
    let neha = harness.logIn("neha", at: "192.0.2.1")
    let unauthenticated = (1...5).map { harness.connect(at: "192.0.2.\($0)") }
    let next = harness.connect(at: "192.0.2.6")
    #expect(harness.takeOutput(of: unauthenticated[0]) == ["ERR login-timeout"])
    #expect(harness.closeReason(of: unauthenticated[0]) == .loginTimeout)
    #expect((unauthenticated.dropFirst() + [next, neha, onHost]).allSatisfy { harness.closeReason(of: $0) == nil })
    harness.send(as: unauthenticated[1], "LOGIN akash")
    harness.disconnect(unauthenticated[2])
    _ = (harness.connect(at: "192.0.2.7"), harness.connect(at: "192.0.2.8"))
    #expect(harness.closeReason(of: unauthenticated[3]) == nil)
    _ = harness.connect(at: "192.0.2.9")
    #expect(harness.closeReason(of: unauthenticated[3]) == .loginTimeout)
    #expect(harness.hub.admission.limiter.unauthenticatedCount == 5)
  }

  @Test func `many unauthenticated sessions leave no state behind`() {
    var settings = HubSettings(maximumSessions: 100)
    settings.limits.connectionsPerAddress = .max
    settings.limits.attemptsPerAddress = .max
    var hub = Hub(settings: settings)
    var actions: [HubAction] = []
    let peer = Peer(address: IPAddress("192.0.2.7"), isHost: false)
    let now = MonotonicTime(nanoseconds: 0)
    for number in 1...5000 { hub.apply(.opened(SessionID(UInt64(number)), peer), at: now, into: &actions) }
    #expect(hub.sessionCount == 50)
    #expect(actions.contains(.close(SessionID(4950), .loginTimeout)))
    #expect(!actions.contains(.close(SessionID(4951), .loginTimeout)))
    hub.apply(.tick, at: now + .seconds(30), into: &actions)
    #expect(hub.sessionCount == 0)
    #expect(hub.admission.limiter.unauthenticatedCount == 0)
  }

  // MARK: Encryption

  private func strict() -> HubHarness {
    var settings = HubSettings()
    settings.requiresTLS = true
    return HubHarness(settings)
  }

  @Test func `where TLS is required a plain text client gets the reason`() {
    let harness = strict()
    let plain = harness.connect(at: "192.0.2.7")
    #expect(harness.takeOutput(of: plain) == [])
    #expect(
      harness.send(as: plain, "LOGIN neha") == [
        "ERR tls-required",
        "INFO This server speaks with you only over TLS: use swiftchat, or openssl s_client.",
      ])
    #expect(harness.closeReason(of: plain) == .tlsRequired)
    #expect(harness.hub.peopleCount == 0)
  }

  @Test func `over TLS and on the host every client is accepted`() {
    let harness = strict()
    let neha = harness.connect(at: "192.0.2.7")
    harness.apply(.secured(neha))
    #expect(harness.send(as: neha, "LOGIN neha") == ["OK"])
    #expect(harness.send(as: harness.connect(), "LOGIN akash") == ["OK"])
  }
}
