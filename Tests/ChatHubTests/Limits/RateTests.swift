import ChatProtocol
import TestSupport
import Testing

@testable import ChatHub

/// The rate limit delays lines and loses none.
@Suite struct RateTests {
  /// A guest with a full bucket.
  private func guest(_ capabilities: [String] = [], limits: HubLimits = HubLimits()) -> (Stage, SessionID) {
    var settings = HubSettings()
    settings.limits = limits
    let stage = Stage(settings)
    let neha = stage.join("neha", at: "192.0.2.7", capabilities)
    stage.wait(.seconds(30))
    stage.forget()
    return (stage, neha)
  }

  private func lines(_ range: ClosedRange<Int>) -> [String] { range.map { "MSG neha \($0)" } }
  private func flood(_ line: (Int) -> String, _ count: Int) -> [UInt8] {
    Array((1...count).map { line($0) + "\n" }.joined().utf8)
  }

  @Test func `a burst is served, and then a number of lines a second, in order`() {
    let (stage, neha) = guest()
    stage.say(neha, bytes: flood({ "MSG \($0)" }, 30))
    #expect(stage.heard(neha) == lines(1...10) + ["INFO slow-down"])
    #expect(stage.isHeld(neha))
    for second in 0..<4 {
      stage.wait(.seconds(1))
      #expect(stage.heard(neha) == lines(11 + second * 5...15 + second * 5))
    }
    #expect(!stage.isHeld(neha))
  }

  @Test func `repeated bursts with pauses are never held`() {
    let (stage, neha) = guest()
    for _ in 0..<10 {
      for number in 1...10 { #expect(stage.say(neha, "MSG \(number)") == lines(number...number)) }
      stage.wait(.seconds(2))
    }
  }

  @Test func `without a tick no session is released`() {
    let (stage, neha) = guest()
    stage.say(neha, bytes: flood({ "MSG \($0)" }, 11))
    stage.forget()
    stage.pass(.seconds(50))
    #expect(stage.say(neha, "PING") == [])
    stage.wait(.zero)
    #expect(stage.heard(neha) == ["MSG neha 11", "PONG"])
  }

  @Test func `a warning is sent once, and not again for ten seconds`() {
    let (stage, neha) = guest()
    stage.say(neha, bytes: flood({ "MSG \($0)" }, 200))
    var seconds: [Int] = []
    for second in 0..<30 {
      if stage.heard(neha).contains("INFO slow-down") { seconds.append(second) }
      stage.wait(.seconds(1))
    }
    #expect(seconds == [0, 10, 20])
  }

  @Test func `with tags the warning has a text`() {
    let (stage, neha) = guest(["tags"])
    stage.say(neha, bytes: flood({ "MSG \($0)" }, 11))
    #expect(
      stage.heard(neha).last == "INFO You write faster than this server takes it; the rest follows a little later.")
  }

  @Test(arguments: [
    ("PING", 100), ("WHO", 100), ("nonsense", 100), ("", 100), ("MSG hi", 10), ("DM nobody hi", 10), ("AWAY x", 10),
    ("JOIN #a", 10), ("PART #a", 10), ("TOPIC #lobby x", 10), ("SAY #lobby x", 10), ("LOGIN x", 10), ("MSG", 10),
    ("SEARCH * 1 x", 10),
  ])
  func `a line that others receive costs ten times as much as another`(line: String, burst: Int) {
    let (stage, neha) = guest(Stage.everything)
    for _ in 0..<burst { stage.say(neha, line) }
    #expect(!stage.isHeld(neha))
    stage.say(neha, line)
    #expect(stage.isHeld(neha))
  }

  @Test(.computing) func `long lists cost more than short ones`() {
    let stage = Stage(HubSettings(idleTimeout: nil))
    let neha = stage.join("neha", at: "192.0.2.7", Stage.everything)
    for number in 0..<100 { _ = stage.join("n\(number)") }
    let akash = stage.join("akash", "tags", "rooms")
    // The maximum number of rooms of a session.
    for number in 0..<100 { stage.say(akash, "JOIN #r\(number)") }
    for (line, count) in [
      ("WHO", 51), ("ROOMS", 51), ("WHO #lobby", 51), ("HISTORY #lobby LATEST * 500", 17),
      ("HISTORY #lobby LATEST * 50", 101),
    ] {
      stage.wait(.seconds(30))
      for _ in 0..<count {
        #expect(!stage.isHeld(neha), "\(line)")
        stage.say(neha, line)
      }
      #expect(stage.isHeld(neha), "\(line)")
      stage.wait(.seconds(30))
      #expect(!stage.isHeld(neha), "\(line)")
    }
  }

  @Test func `bytes count, including those of tags`() {
    let (stage, neha) = guest(["tags"])
    let label = String(repeating: "x", count: 4000)
    for _ in 0..<16 { #expect(stage.say(neha, "@label=\(label) PING") == ["@label=\(label) PONG"]) }
    #expect(stage.say(neha, "@label=\(label) PING").count == 1)
    #expect(stage.isHeld(neha))
    stage.wait(.seconds(1))
    #expect(stage.heard(neha) == ["@label=\(label) PONG"])
  }

  @Test func `unreadable lines cost at least their bytes`() {
    let (stage, neha) = guest()
    for _ in 0..<16 { stage.fault(neha, .tooLong) }
    #expect(!stage.isHeld(neha))
    stage.fault(neha, .tooLong)
    #expect(stage.isHeld(neha))
  }

  @Test func `on the host there is no rate limit`() {
    let stage = Stage()
    let neha = stage.join("neha")
    stage.say(neha, bytes: flood({ "MSG \($0)" }, 1000))
    #expect(stage.heard(neha) == lines(1...1000))
  }

  @Test func `a line that arrives while its session is held waits`() {
    let (stage, neha) = guest()
    stage.say(neha, bytes: flood({ "MSG \($0)" }, 10))
    stage.receive(neha, "MSG 11")
    stage.receive(neha, "MSG 12")
    stage.receive(neha, "QUIT")
    #expect(stage.heard(neha) == lines(1...10) + ["INFO slow-down"])
    stage.leave(neha)
    #expect(stage.end(neha) == nil)
    stage.wait(.seconds(1))
    #expect(stage.heard(neha) == lines(11...12))
    #expect(stage.end(neha) == .quit)
  }

  @Test func `a session that waits for the log and exceeds its rate is held once`() {
    let (stage, neha) = guest(["tags"])
    stage.storage = .waits
    stage.say(neha, bytes: flood({ "MSG \($0)" }, 10) + Array("CAP REQ presence\n".utf8))
    #expect(stage.isHeld(neha))
    stage.receive(neha, "MSG 11")
    #expect(!stage.actions.contains(.hold(neha)))
    stage.wait(.seconds(1))
    #expect(stage.isHeld(neha))
    stage.storage = .works
    stage.answerStored()
    #expect(!stage.isHeld(neha))
    #expect(
      stage.heard(neha).untagged.filter { $0.hasPrefix("CAP") || $0 == "MSG neha 11" } == [
        "CAP ACK presence", "MSG neha 11",
      ])
  }

  @Test func `a held session keeps its login proof`() {
    var limits = HubLimits()
    limits.lineBurst = 1
    var settings = HubSettings()
    settings.limits = limits
    let stage = Stage(settings)
    let (neha, token) = stage.arrive("neha")
    stage.say(neha, "QUIT")
    let again = stage.open(at: "192.0.2.7")
    stage.say(again, "CAP REQ tags resume", "@token=\(token);x=y LOGIN neha")
    #expect(stage.isHeld(again))
    stage.forget()
    stage.wait(.seconds(1))
    #expect(stage.heard(again).first?.contains("again") == true)
  }

  @Test(.computing) func `a thousand held sessions are released one by one`() {
    var settings = HubSettings()
    settings.limits.connectionsPerAddress = .max
    settings.limits.attemptsPerAddress = .max
    var hub = Hub(settings: settings)
    let peer = Peer(address: IPAddress("192.0.2.7"), isHost: false)
    let floods = (1...1000).map { SessionID($0) }
    let request = Request(reading: .success(Line(text: "LOGIN a b")), in: [])
    var now = MonotonicTime(nanoseconds: 0)
    var actions: [HubAction] = []
    for id in floods {
      hub.apply(.opened(id, peer), at: now, into: &actions)
      for _ in 0..<11 { hub.apply(.received(id, request), at: now, into: &actions) }
    }
    #expect(hub.sessions.paced == floods)
    #expect(floods.allSatisfy { id in actions.count { $0 == .hold(id) } == 1 })
    for id in floods.prefix(500) { hub.apply(.closed(id, .lost), at: now, into: &actions) }
    actions = []
    now = now + .seconds(1)
    hub.apply(.tick, at: now, into: &actions)
    #expect(hub.sessions.paced.isEmpty)
    // Each session is answered its eleventh line and released.
    let released = actions.compactMap { if case .release(let id) = $0 { id } else { nil } }
    #expect(released == floods.suffix(500))
    #expect(actions.count == 1000)
    actions = []
    hub.apply(.tick, at: now, into: &actions)
    #expect(actions.isEmpty)
  }

  @Test func `no duration overflows the buckets`() {
    var limits = HubLimits()
    for (burst, rate) in [(Int.max, Int.max), (.max, 0), (0, 0), (-1, -1), (0, .max)] {
      limits.lineBurst = burst
      limits.byteBurst = burst
      limits.linesPerSecond = rate
      limits.bytesPerSecond = rate
      let (stage, neha) = guest(limits: limits)
      stage.say(neha, bytes: flood({ "MSG \($0)" }, 5))
      stage.wait(.seconds(1))
    }
  }
}
