import ChatProtocol
import TestSupport
import Testing

@testable import ChatHub

/// The rate limit delays lines and loses none.
@Suite struct RateTests {
  /// A guest with a full bucket.
  private func guest(_ capabilities: [String] = [], limits: HubLimits = HubLimits()) -> (HubHarness, SessionID) {
    var settings = HubSettings()
    settings.limits = limits
    let harness = HubHarness(settings)
    let neha = harness.logIn("neha", at: "192.0.2.7", capabilities)
    harness.advanceClock(by: .seconds(30))
    harness.discardOutput()
    return (harness, neha)
  }

  private func lines(_ range: ClosedRange<Int>) -> [String] { range.map { "MSG neha \($0)" } }
  private func flood(_ line: (Int) -> String, _ count: Int) -> [UInt8] {
    Array((1...count).map { line($0) + "\n" }.joined().utf8)
  }

  @Test func `a burst is served, and then a number of lines a second, in order`() {
    let (harness, neha) = guest()
    harness.send(as: neha, bytes: flood({ "MSG \($0)" }, 30))
    #expect(harness.takeOutput(of: neha) == lines(1...10) + ["INFO slow-down"])
    #expect(harness.isHeld(neha))
    for second in 0..<4 {
      harness.advanceClock(by: .seconds(1))
      #expect(harness.takeOutput(of: neha) == lines(11 + second * 5...15 + second * 5))
    }
    #expect(!harness.isHeld(neha))
  }

  @Test func `repeated bursts with pauses are never held`() {
    let (harness, neha) = guest()
    for _ in 0..<10 {
      for number in 1...10 { #expect(harness.send(as: neha, "MSG \(number)") == lines(number...number)) }
      harness.advanceClock(by: .seconds(2))
    }
  }

  @Test func `without a tick no session is released`() {
    let (harness, neha) = guest()
    harness.send(as: neha, bytes: flood({ "MSG \($0)" }, 11))
    harness.discardOutput()
    harness.advanceClockWithoutTick(by: .seconds(50))
    #expect(harness.send(as: neha, "PING") == [])
    harness.advanceClock(by: .zero)
    #expect(harness.takeOutput(of: neha) == ["MSG neha 11", "PONG"])
  }

  @Test func `a warning is sent once, and not again for ten seconds`() {
    let (harness, neha) = guest()
    harness.send(as: neha, bytes: flood({ "MSG \($0)" }, 200))
    var seconds: [Int] = []
    for second in 0..<30 {
      if harness.takeOutput(of: neha).contains("INFO slow-down") { seconds.append(second) }
      harness.advanceClock(by: .seconds(1))
    }
    #expect(seconds == [0, 10, 20])
  }

  @Test func `the rate warning has a text with tags`() {
    let (harness, neha) = guest(["tags"])
    harness.send(as: neha, bytes: flood({ "MSG \($0)" }, 11))
    #expect(
      harness.takeOutput(of: neha).last
        == "INFO You write faster than this server takes it; the rest follows a little later.")
  }

  @Test(arguments: [
    ("PING", 100), ("WHO", 100), ("nonsense", 100), ("", 100), ("MSG hi", 10), ("DM nobody hi", 10), ("AWAY x", 10),
    ("JOIN #a", 10), ("PART #a", 10), ("TOPIC #lobby x", 10), ("SAY #lobby x", 10), ("LOGIN x", 10), ("MSG", 10),
    ("SEARCH * 1 x", 10),
  ])
  func `a line that others receive costs ten times as much as another`(line: String, burst: Int) {
    let (harness, neha) = guest(HubHarness.allCapabilities)
    for _ in 0..<burst { harness.send(as: neha, line) }
    #expect(!harness.isHeld(neha))
    harness.send(as: neha, line)
    #expect(harness.isHeld(neha))
  }

  @Test(.computing) func `long lists cost more than short ones`() {
    let harness = HubHarness(HubSettings(idleTimeout: nil))
    let neha = harness.logIn("neha", at: "192.0.2.7", HubHarness.allCapabilities)
    for number in 0..<100 { _ = harness.logIn("n\(number)") }
    let akash = harness.logIn("akash", "tags", "rooms")
    // The maximum number of rooms of a session.
    for number in 0..<100 { harness.send(as: akash, "JOIN #r\(number)") }
    for (line, count) in [
      ("WHO", 51), ("ROOMS", 51), ("WHO #lobby", 51), ("HISTORY #lobby LATEST * 500", 17),
      ("HISTORY #lobby LATEST * 50", 101),
    ] {
      harness.advanceClock(by: .seconds(30))
      for _ in 0..<count {
        #expect(!harness.isHeld(neha), "\(line)")
        harness.send(as: neha, line)
      }
      #expect(harness.isHeld(neha), "\(line)")
      harness.advanceClock(by: .seconds(30))
      #expect(!harness.isHeld(neha), "\(line)")
    }
  }

  @Test func `bytes count, including those of tags`() {
    let (harness, neha) = guest(["tags"])
    let label = String(repeating: "x", count: 4000)
    for _ in 0..<16 { #expect(harness.send(as: neha, "@label=\(label) PING") == ["@label=\(label) PONG"]) }
    #expect(harness.send(as: neha, "@label=\(label) PING").count == 1)
    #expect(harness.isHeld(neha))
    harness.advanceClock(by: .seconds(1))
    #expect(harness.takeOutput(of: neha) == ["@label=\(label) PONG"])
  }

  @Test func `unreadable lines cost at least their bytes`() {
    let (harness, neha) = guest()
    for _ in 0..<16 { harness.sendUnreadable(as: neha, .tooLong) }
    #expect(!harness.isHeld(neha))
    harness.sendUnreadable(as: neha, .tooLong)
    #expect(harness.isHeld(neha))
  }

  static let costlyLines: [[UInt8]] = {
    func text(_ before: String, _ unit: String, _ count: Int) -> [UInt8] {
      Array((before + String(repeating: unit, count: count) + " PING").utf8)
    }
    // Not UTF-8, tags without a key, and empty tags, which are ignored.
    return [[UInt8](repeating: 0xff, count: 4000), text("@", "=;", 1996), text("@", ";", 3994), text("@a", ";", 3993)]
  }()

  @Test(arguments: costlyLines)
  func `a line costs all bytes that were received for it`(line: [UInt8]) {
    let (harness, neha) = guest(["tags"])
    for _ in 0..<16 { harness.send(as: neha, bytes: line + Array("\n".utf8)) }
    #expect(!harness.isHeld(neha))
    harness.send(as: neha, bytes: line + Array("\n".utf8))
    #expect(harness.isHeld(neha))
  }

  @Test(arguments: [100, 1000, 16_384, 100_000])
  func `the skipped rest of a line costs its bytes, however it arrives`(part: Int) {
    let (harness, neha) = guest()
    var sent = 0
    while sent < 100_000, !harness.isHeld(neha) {
      harness.send(as: neha, bytes: Array(repeating: UInt8(ascii: "x"), count: part))
      sent += part
    }
    #expect(harness.isHeld(neha))
    harness.advanceClock(by: .seconds(30))
    #expect(!harness.isHeld(neha))
    #expect(harness.takeOutput(of: neha).sorted() == ["ERR line-too-long", "INFO slow-down"])
    #expect(harness.send(as: neha, "", "PING") == ["PONG"])
  }

  @Test func `the end of a skipped line is charged with the next line`() {
    let (harness, neha) = guest()
    harness.send(as: neha, bytes: Array(repeating: UInt8(ascii: "x"), count: 5000))
    #expect(!harness.isHeld(neha))
    harness.send(as: neha, bytes: Array("\(String(repeating: "x", count: 90_000))\nPING\n".utf8))
    #expect(harness.takeOutput(of: neha) == ["ERR line-too-long", "INFO slow-down"])
    harness.advanceClock(by: .seconds(10))
    #expect(harness.takeOutput(of: neha) == ["PONG"])
  }

  @Test func `sessions on the host have no rate limit`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    harness.send(as: neha, bytes: flood({ "MSG \($0)" }, 1000))
    #expect(harness.takeOutput(of: neha) == lines(1...1000))
  }

  @Test func `a line that arrives while its session is held waits`() {
    let (harness, neha) = guest()
    harness.send(as: neha, bytes: flood({ "MSG \($0)" }, 10))
    harness.sendWhileHeld(as: neha, "MSG 11")
    harness.sendWhileHeld(as: neha, "MSG 12")
    harness.sendWhileHeld(as: neha, "QUIT")
    #expect(harness.takeOutput(of: neha) == lines(1...10) + ["INFO slow-down"])
    harness.disconnect(neha)
    #expect(harness.closeReason(of: neha) == nil)
    harness.advanceClock(by: .seconds(1))
    #expect(harness.takeOutput(of: neha) == lines(11...12))
    #expect(harness.closeReason(of: neha) == .quit)
  }

  @Test func `a session that waits for the log and exceeds its rate is held once`() {
    let (harness, neha) = guest(["tags"])
    harness.storage = .waits
    harness.send(as: neha, bytes: flood({ "MSG \($0)" }, 10) + Array("CAP REQ presence\n".utf8))
    #expect(harness.isHeld(neha))
    harness.sendWhileHeld(as: neha, "MSG 11")
    #expect(!harness.actions.contains(.hold(neha)))
    harness.advanceClock(by: .seconds(1))
    #expect(harness.isHeld(neha))
    harness.storage = .works
    harness.answerStore()
    #expect(!harness.isHeld(neha))
    #expect(
      harness.takeOutput(of: neha).untagged.filter { $0.hasPrefix("CAP") || $0 == "MSG neha 11" } == [
        "CAP ACK presence", "MSG neha 11",
      ])
  }

  @Test func `a held session keeps its login proof`() {
    var limits = HubLimits()
    limits.lineBurst = 1
    var settings = HubSettings()
    settings.limits = limits
    let harness = HubHarness(settings)
    let (neha, token) = harness.logInTagged("neha")
    harness.send(as: neha, "QUIT")
    let again = harness.connect(at: "192.0.2.7")
    harness.send(as: again, "CAP REQ tags resume", "@token=\(token);x=y LOGIN neha")
    #expect(harness.isHeld(again))
    harness.discardOutput()
    harness.advanceClock(by: .seconds(1))
    #expect(harness.takeOutput(of: again).first?.contains("again") == true)
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
      let (harness, neha) = guest(limits: limits)
      harness.send(as: neha, bytes: flood({ "MSG \($0)" }, 5))
      harness.advanceClock(by: .seconds(1))
    }
  }
}
