import ChatHub
import ChatProtocol
import Testing

@Suite struct TimeoutTests {
  private static let bye = "INFO disconnected-due-to-inactivity"

  @Test func `a session without input is closed at the idle timeout, to the tick`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    harness.advanceClock(by: .seconds(60) - .nanoseconds(1))
    #expect(harness.takeOutput(of: neha) == [])
    #expect(harness.closeReason(of: neha) == nil)
    harness.advanceClock(by: .nanoseconds(1))
    #expect(harness.takeOutput(of: neha) == [Self.bye])
    #expect(harness.closeReason(of: neha) == .idle)
  }

  @Test func `no session times out without a tick`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    harness.advanceClockWithoutTick(by: .seconds(3600))
    #expect(harness.send(as: neha, "PING") == ["PONG"])
    harness.advanceClock(by: .seconds(59))
    #expect(harness.closeReason(of: neha) == nil)
  }

  @Test(arguments: [
    "PING", "MSG hi", "DM nobody x", "WHO", "LOGIN again", "nonsense", "MSG", "MSG a\u{7}b", "", "  ", "AWAY x",
    "CAP LS", "CAP REQ presence", "CAP REQ nonsense", "CAP",
  ])
  func `any line counts as activity`(line: String) {
    for capability in ["", "tags", "presence"] {
      let harness = HubHarness()
      let neha = capability.isEmpty ? harness.logIn("neha") : harness.logIn("neha", capability)
      harness.advanceClockWithoutTick(by: .seconds(59))
      harness.send(as: neha, line)
      harness.advanceClock(by: .seconds(60) - .nanoseconds(1))
      #expect(harness.closeReason(of: neha) == nil, "with \(capability)")
      harness.advanceClock(by: .nanoseconds(1))
      #expect(harness.closeReason(of: neha) == .idle, "with \(capability)")
    }
  }

  @Test(arguments: [LineFault.tooLong, .invalidUTF8, .malformedTags])
  func `an unreadable line counts as activity`(fault: LineFault) {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    harness.advanceClockWithoutTick(by: .seconds(59))
    harness.sendUnreadable(as: neha, fault)
    harness.advanceClock(by: .seconds(59))
    #expect(harness.closeReason(of: neha) == nil)
  }

  @Test func `lines of other sessions do not count`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    let akash = harness.logIn("akash")
    harness.advanceClockWithoutTick(by: .seconds(59))
    harness.send(as: akash, "DM neha are you there?", "MSG hello?")
    harness.advanceClock(by: .seconds(1))
    #expect(harness.closeReason(of: neha) == .idle)
    #expect(harness.closeReason(of: akash) == nil)
  }

  @Test func `a session without a login is closed at the login timeout, despite activity`() {
    let harness = HubHarness()
    let stranger = harness.connect()
    harness.advanceClockWithoutTick(by: .seconds(29))
    harness.send(as: stranger, "PING", "LOGIN")
    harness.advanceClock(by: .seconds(1) - .nanoseconds(1))
    #expect(harness.closeReason(of: stranger) == nil)
    #expect(harness.takeOutput(of: stranger) == [])
    harness.advanceClock(by: .nanoseconds(1))
    #expect(harness.takeOutput(of: stranger) == ["ERR login-timeout"])
    #expect(harness.closeReason(of: stranger) == .loginTimeout)
  }

  @Test func `the idle timeout starts with the login`() {
    let harness = HubHarness()
    let neha = harness.connect()
    harness.advanceClockWithoutTick(by: .seconds(29))
    harness.send(as: neha, "LOGIN neha")
    harness.advanceClock(by: .seconds(59))
    #expect(harness.closeReason(of: neha) == nil)
    harness.advanceClock(by: .seconds(1))
    #expect(harness.closeReason(of: neha) == .idle)
  }

  @Test func `without timeouts no session is closed`() {
    let harness = HubHarness(HubSettings(idleTimeout: nil, loginTimeout: nil))
    let (neha, stranger) = (harness.logIn("neha"), harness.connect())
    harness.advanceClock(by: .seconds(1_000_000_000))
    #expect(harness.closeReason(of: neha) == nil)
    #expect(harness.closeReason(of: stranger) == nil)
  }

  @Test func `sessions that time out together are told of each other while open`() {
    let harness = HubHarness()
    let (neha, akash, mira) = (harness.logIn("neha"), harness.logIn("akash"), harness.logIn("mira"))
    harness.advanceClockWithoutTick(by: .seconds(59))
    harness.send(as: mira, "PING")
    harness.advanceClock(by: .seconds(1))
    #expect(harness.takeOutput(of: neha) == [Self.bye])
    #expect(harness.takeOutput(of: akash) == ["INFO neha disconnected", Self.bye])
    #expect(harness.takeOutput(of: mira) == ["INFO neha disconnected", "INFO akash disconnected"])
  }

  @Test func `the reason of a timeout has a text with tags`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags")
    harness.advanceClock(by: .seconds(60))
    #expect(
      harness.takeOutput(of: neha) == ["BYE disconnected-due-to-inactivity Nothing was heard from you for too long."])
  }

  // MARK: Announcing the timeout

  @Test func `sessions with tags are sent the idle timeout`() {
    let harness = HubHarness(HubSettings(idleTimeout: .milliseconds(10_250)))
    #expect(harness.send(as: harness.connect(["tags"]), "LOGIN neha") == ["@idle=10.250 OK LOGIN"])
    #expect(harness.send(as: harness.connect(), "LOGIN akash") == ["OK"])
    let endless = HubHarness(HubSettings(idleTimeout: nil))
    #expect(endless.send(as: endless.connect(["tags"]), "LOGIN neha") == ["OK LOGIN"])
  }

  @Test func `a changed idle timeout is sent, and closes no session that did not know it`() {
    let harness = HubHarness()
    let tagged = harness.logIn("neha", "tags")
    let plain = harness.logIn("akash")
    harness.advanceClockWithoutTick(by: .seconds(50))
    harness.apply(.change(HubSettings(idleTimeout: .seconds(10))))
    #expect(harness.takeOutput(of: tagged) == ["@idle=10 INFO the idle timeout is 10 s now"])
    #expect(harness.takeOutput(of: plain) == [])
    harness.advanceClock(by: .seconds(9))
    #expect(harness.closeReason(of: tagged) == nil)
    #expect(harness.closeReason(of: plain) == nil)
    harness.apply(.change(HubSettings(idleTimeout: .seconds(10), messageOfTheDay: ["hi"])))
    #expect(harness.takeOutput(of: tagged) == [], "the timeout is unchanged")
    harness.advanceClock(by: .seconds(1))
    #expect(harness.closeReason(of: tagged) == .idle)
    #expect(harness.closeReason(of: plain) == .idle)
    let endless = harness.logIn("mira", "tags")
    harness.apply(.change(HubSettings(idleTimeout: nil)))
    #expect(harness.takeOutput(of: endless) == ["INFO there is no idle timeout any more"])
  }
}
