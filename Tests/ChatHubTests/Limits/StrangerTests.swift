import ChatProtocol
import Testing

@testable import ChatHub

/// Limits for unauthenticated sessions.
@Suite struct StrangerTests {
  @Test func `a session that sends lines without logging in times out`() {
    let stage = Stage()
    let slow = stage.open(at: "192.0.2.7")
    for _ in 0..<14 {
      stage.wait(.seconds(2))
      #expect(stage.say(slow, "PING") == ["ERR not-logged-in"])
    }
    stage.wait(.seconds(2))
    #expect(stage.heard(slow) == ["ERR login-timeout"])
    #expect(stage.end(slow) == .loginTimeout)
  }

  @Test(arguments: ["PING", "", "LOGIN a b", "CAP REQ x", "\u{7}"])
  func `the number of lines before the login is limited`(line: String) {
    let stage = Stage()
    let stranger = stage.open(at: "192.0.2.7")
    for _ in 0..<20 {
      stage.say(stranger, line)
      stage.wait(.seconds(1))
    }
    #expect(stage.end(stranger) == nil)
    stage.forget()
    #expect(stage.say(stranger, line) == ["ERR not-logged-in"])
    #expect(stage.end(stranger) == .unnamed)
  }

  @Test func `after the login the number is not limited`() {
    let stage = Stage()
    let neha = stage.open(at: "192.0.2.7")
    for _ in 0..<19 { stage.say(neha, "CAP LS") }
    stage.say(neha, "LOGIN neha")
    stage.forget()
    for _ in 0..<50 {
      #expect(stage.say(neha, "PING") == ["PONG"])
      stage.wait(.milliseconds(100))
    }
  }

  @Test func `with tags the reason has a text`() {
    let stage = Stage()
    let stranger = stage.open(at: "192.0.2.7")
    stage.say(stranger, "CAP REQ tags")
    for _ in 0..<19 { stage.say(stranger, "PING") }
    stage.forget()
    #expect(
      stage.say(stranger, "PING") == [
        "ERR not-logged-in * Too much was said without a name; connect again and log in first: LOGIN name."
      ])
  }

  @Test func `an idle unauthenticated session makes room for a new one`() {
    let stage = Stage(HubSettings(maximumSessions: 10))
    let onHost = stage.open()
    let neha = stage.join("neha", at: "192.0.2.1")
    let unauthenticated = (1...5).map { stage.open(at: "192.0.2.\($0)") }
    let next = stage.open(at: "192.0.2.6")
    #expect(stage.heard(unauthenticated[0]) == ["ERR login-timeout"])
    #expect(stage.end(unauthenticated[0]) == .loginTimeout)
    #expect((unauthenticated.dropFirst() + [next, neha, onHost]).allSatisfy { stage.end($0) == nil })
    stage.say(unauthenticated[1], "LOGIN akash")
    stage.leave(unauthenticated[2])
    _ = (stage.open(at: "192.0.2.7"), stage.open(at: "192.0.2.8"))
    #expect(stage.end(unauthenticated[3]) == nil)
    _ = stage.open(at: "192.0.2.9")
    #expect(stage.end(unauthenticated[3]) == .loginTimeout)
    #expect(stage.hub.admission.limiter.unauthenticatedCount == 5)
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

  private func strict() -> Stage {
    var settings = HubSettings()
    settings.requiresTLS = true
    return Stage(settings)
  }

  @Test func `where TLS is required a plain text client gets the reason`() {
    let stage = strict()
    let plain = stage.open(at: "192.0.2.7")
    #expect(stage.heard(plain) == [])
    #expect(
      stage.say(plain, "LOGIN neha") == [
        "ERR tls-required",
        "INFO This server speaks with you only over TLS: use swiftchat, or openssl s_client.",
      ])
    #expect(stage.end(plain) == .tlsRequired)
    #expect(stage.hub.peopleCount == 0)
  }

  @Test func `over TLS and on the host every client is accepted`() {
    let stage = strict()
    let neha = stage.open(at: "192.0.2.7")
    stage.apply(.secured(neha))
    #expect(stage.say(neha, "LOGIN neha") == ["OK"])
    #expect(stage.say(stage.open(), "LOGIN akash") == ["OK"])
  }
}
