import ChatHub
import ChatProtocol
import Testing

@Suite struct TimeoutTests {
  private static let bye = "INFO disconnected-due-to-inactivity"

  @Test func `a session without input is closed at the idle timeout, to the tick`() {
    let stage = Stage()
    let neha = stage.join("neha")
    stage.wait(.seconds(60) - .nanoseconds(1))
    #expect(stage.heard(neha) == [])
    #expect(stage.end(neha) == nil)
    stage.wait(.nanoseconds(1))
    #expect(stage.heard(neha) == [Self.bye])
    #expect(stage.end(neha) == .idle)
  }

  @Test func `no session times out without a tick`() {
    let stage = Stage()
    let neha = stage.join("neha")
    stage.pass(.seconds(3600))
    #expect(stage.say(neha, "PING") == ["PONG"])
    stage.wait(.seconds(59))
    #expect(stage.end(neha) == nil)
  }

  @Test(arguments: [
    "PING", "MSG hi", "DM nobody x", "WHO", "LOGIN again", "nonsense", "MSG", "MSG a\u{7}b", "", "  ", "AWAY x",
    "CAP LS", "CAP REQ presence", "CAP REQ nonsense", "CAP",
  ])
  func `any line counts as activity`(line: String) {
    for capability in ["", "tags", "presence"] {
      let stage = Stage()
      let neha = capability.isEmpty ? stage.join("neha") : stage.join("neha", capability)
      stage.pass(.seconds(59))
      stage.say(neha, line)
      stage.wait(.seconds(60) - .nanoseconds(1))
      #expect(stage.end(neha) == nil, "with \(capability)")
      stage.wait(.nanoseconds(1))
      #expect(stage.end(neha) == .idle, "with \(capability)")
    }
  }

  @Test(arguments: [LineFault.tooLong, .invalidUTF8, .malformedTags])
  func `an unreadable line counts as activity`(fault: LineFault) {
    let stage = Stage()
    let neha = stage.join("neha")
    stage.pass(.seconds(59))
    stage.fault(neha, fault)
    stage.wait(.seconds(59))
    #expect(stage.end(neha) == nil)
  }

  @Test func `lines of other sessions do not count`() {
    let stage = Stage()
    let neha = stage.join("neha")
    let akash = stage.join("akash")
    stage.pass(.seconds(59))
    stage.say(akash, "DM neha are you there?", "MSG hello?")
    stage.wait(.seconds(1))
    #expect(stage.end(neha) == .idle)
    #expect(stage.end(akash) == nil)
  }

  @Test func `a session without a login is closed at the login timeout, despite activity`() {
    let stage = Stage()
    let stranger = stage.open()
    stage.pass(.seconds(29))
    stage.say(stranger, "PING", "LOGIN")
    stage.wait(.seconds(1) - .nanoseconds(1))
    #expect(stage.end(stranger) == nil)
    #expect(stage.heard(stranger) == [])
    stage.wait(.nanoseconds(1))
    #expect(stage.heard(stranger) == ["ERR login-timeout"])
    #expect(stage.end(stranger) == .loginTimeout)
  }

  @Test func `the idle timeout starts with the login`() {
    let stage = Stage()
    let neha = stage.open()
    stage.pass(.seconds(29))
    stage.say(neha, "LOGIN neha")
    stage.wait(.seconds(59))
    #expect(stage.end(neha) == nil)
    stage.wait(.seconds(1))
    #expect(stage.end(neha) == .idle)
  }

  @Test func `without timeouts no session is closed`() {
    let stage = Stage(HubSettings(idleTimeout: nil, loginTimeout: nil))
    let (neha, stranger) = (stage.join("neha"), stage.open())
    stage.wait(.seconds(1_000_000_000))
    #expect(stage.end(neha) == nil)
    #expect(stage.end(stranger) == nil)
  }

  @Test func `sessions that time out together are told of each other while open`() {
    let stage = Stage()
    let (neha, akash, mira) = (stage.join("neha"), stage.join("akash"), stage.join("mira"))
    stage.pass(.seconds(59))
    stage.say(mira, "PING")
    stage.wait(.seconds(1))
    #expect(stage.heard(neha) == [Self.bye])
    #expect(stage.heard(akash) == ["INFO neha disconnected", Self.bye])
    #expect(stage.heard(mira) == ["INFO neha disconnected", "INFO akash disconnected"])
  }

  @Test func `with tags the reason has a text`() {
    let stage = Stage()
    let neha = stage.join("neha", "tags")
    stage.wait(.seconds(60))
    #expect(stage.heard(neha) == ["BYE disconnected-due-to-inactivity Nothing was heard from you for too long."])
  }

  // MARK: Announcing the timeout

  @Test func `sessions with tags are sent the idle timeout`() {
    let stage = Stage(HubSettings(idleTimeout: .milliseconds(10_250)))
    #expect(stage.say(stage.open(["tags"]), "LOGIN neha") == ["@idle=10.250 OK LOGIN"])
    #expect(stage.say(stage.open(), "LOGIN akash") == ["OK"])
    let endless = Stage(HubSettings(idleTimeout: nil))
    #expect(endless.say(endless.open(["tags"]), "LOGIN neha") == ["OK LOGIN"])
  }

  @Test func `a changed idle timeout is sent, and closes no session that did not know it`() {
    let stage = Stage()
    let tagged = stage.join("neha", "tags")
    let plain = stage.join("akash")
    stage.pass(.seconds(50))
    stage.apply(.change(HubSettings(idleTimeout: .seconds(10))))
    #expect(stage.heard(tagged) == ["@idle=10 INFO the idle timeout is 10 s now"])
    #expect(stage.heard(plain) == [])
    stage.wait(.seconds(9))
    #expect(stage.end(tagged) == nil)
    #expect(stage.end(plain) == nil)
    stage.apply(.change(HubSettings(idleTimeout: .seconds(10), messageOfTheDay: ["hi"])))
    #expect(stage.heard(tagged) == [], "it is the same")
    stage.wait(.seconds(1))
    #expect(stage.end(tagged) == .idle)
    #expect(stage.end(plain) == .idle)
    let endless = stage.join("mira", "tags")
    stage.apply(.change(HubSettings(idleTimeout: nil)))
    #expect(stage.heard(endless) == ["INFO there is no idle timeout any more"])
  }
}
