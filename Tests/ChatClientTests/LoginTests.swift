import ChatClient
import ChatModel
import ChatProtocol
import Testing

@Suite struct LoginTests {
  @Test func `the client requests capabilities and logs in with a label`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    #expect(harness.opened == [.home])
    #expect(harness.takeEvents() == [.connecting(.home, attempt: 1)])
    harness.handle(.opened(nil))
    #expect(harness.takeSent() == [ClientSessionHarness.asks])
    harness.receive("CAP ACK tags presence")
    #expect(harness.takeSent() == ["@label=1 LOGIN neha"])
    harness.receive("@label=1;time=2026-11-22T10:00:00.123Z OK LOGIN")
    #expect(harness.takeEvents() == [.lag(.zero, wasAsked: false), .online(.neha, capabilities: [.tags, .presence])])
    #expect(harness.takeSent() == ["@label=2 WHO"])
  }

  @Test(arguments: ["ERR unknown-command", "ERR not-logged-in", "ERR what?"])
  func `the client continues in the plain dialect on the same connection`(answer: String) {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive(answer)
    #expect(harness.takeSent() == [ClientSessionHarness.asks, "LOGIN neha"])
    harness.receive("OK")
    #expect(harness.takeEvents().last == .online(.neha, capabilities: []))
    #expect(harness.opened.count == 1)
  }

  @Test(arguments: [
    ("CAP LS tags presence rooms", "CAP REQ tags presence rooms"),
    ("CAP LS tags presence sasl=PLAIN typing", "CAP REQ tags presence"),
    ("CAP LS presence rooms history", "CAP REQ presence"),
    ("ERR unknown-command", "CAP REQ tags presence"),
  ])
  func `the client requests only the capabilities that are listed`(list: String, request: String) {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("CAP NAK tags presence rooms history resume marks moderation lines")
    #expect(harness.takeSent() == [ClientSessionHarness.asks, "CAP LS"])
    harness.receive(list)
    #expect(harness.takeSent() == [request])
    harness.receive("CAP ACK" + request.dropFirst(7))
    #expect(harness.takeSent() == [request.contains("tags") ? "@label=1 LOGIN neha" : "LOGIN neha"])
  }

  @Test func `a second refusal ends the capability negotiation`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("CAP NAK", "CAP LS tags presence", "CAP NAK")
    #expect(harness.takeSent() == [ClientSessionHarness.asks, "CAP LS", "CAP REQ tags presence", "LOGIN neha"])
    harness.receive("OK")
    #expect(harness.takeEvents().last == .online(.neha, capabilities: []))

    var empty = ClientSessionHarness()
    empty.command(.connect(.home, ClientMemory()))
    empty.handle(.opened(nil))
    empty.receive("CAP NAK", "CAP LS")
    #expect(empty.takeSent() == [ClientSessionHarness.asks, "CAP LS", "LOGIN neha"])
  }

  @Test func `the client uses the plain dialect when the server ignores the capability request`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.advanceClock(by: .milliseconds(1999))
    #expect(harness.takeSent() == [ClientSessionHarness.asks])
    harness.advanceClock(by: .milliseconds(1))
    #expect(harness.takeSent() == ["LOGIN neha"])
    // The answer to CAP was delayed until now.
    harness.receive("ERR unknown-command", "OK")
    #expect(harness.takeEvents().last == .online(.neha, capabilities: []))
  }

  @Test func `a late capability agreement is used`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.advanceClock(by: .seconds(2))
    harness.receive("CAP ACK tags presence", "OK LOGIN")
    #expect(harness.takeEvents().last == .online(.neha, capabilities: [.tags, .presence]))
    #expect(harness.takeSent().last == "@label=1 WHO")
  }

  @Test func `the client uses the acknowledged capabilities`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags", "@label=1 OK LOGIN")
    #expect(harness.takeEvents().last == .online(.neha, capabilities: .tags))
    harness.receive("@label=2 BATCH +r who", "@batch=r USER neha", "BATCH -r")
    harness.sent = []
    // Without presence the client must poll.
    harness.advanceClock(by: .seconds(5))
    #expect(harness.takeSent() == ["@label=3 WHO"])
  }

  @Test func `a server that closes at the capability request gets the plain dialect for one connection`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.handle(.closed(reason: nil))
    #expect(harness.opened == [.home, .home], "the client reconnects at once")
    #expect(!harness.events.contains { $0.outage != nil })
    harness.handle(.opened(nil))
    #expect(harness.takeSent() == [ClientSessionHarness.asks, "LOGIN neha"])
    harness.receive("OK")
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.sent = []
    harness.handle(.opened(nil))
    #expect(harness.takeSent() == [ClientSessionHarness.asks], "the next connection requests capabilities again")
  }

  @Test func `a server that refuses capabilities and closes gets the plain dialect for one connection`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("ERR unknown-command")
    harness.handle(.closed(reason: "the connection was reset"))
    harness.sent = []
    harness.handle(.opened(nil))
    #expect(harness.takeSent() == ["LOGIN neha"])
  }

  @Test func `a server that closes the plain connection too is asked for capabilities again`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.handle(.closed(reason: nil))
    harness.handle(.opened(nil))
    harness.handle(.closed(reason: nil))
    #expect(harness.events.contains { $0.outage != nil })
    harness.advanceClock(by: .seconds(1))
    harness.sent = []
    harness.handle(.opened(nil))
    #expect(harness.takeSent() == [ClientSessionHarness.asks])
  }

  @Test func `a server that agreed once is always asked for capabilities`() {
    var harness = ClientSessionHarness.tagged()
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(nil))
    harness.handle(.closed(reason: nil))
    #expect(harness.opened.count == 2)
    harness.advanceClock(by: .seconds(2))
    harness.sent = []
    harness.handle(.opened(nil))
    #expect(harness.takeSent() == [ClientSessionHarness.asks])
  }

  @Test func `a full server is not taken for a plain one`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("ERR server-full")
    #expect(harness.closes == 1)
    #expect(harness.events.last?.outage?.reason == "the server is full")
  }

  @Test func `greetings are shown and have no other effect`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("Welcome to the \u{1b}[31mchat!", "", "ERR unknown-command", "200 ready", "OK")
    #expect(harness.events.compactMap(\.notice) == ["Welcome to the \u{fffd}[31mchat!", "200 ready"])
    #expect(harness.events.last == .online(.neha, capabilities: []))
  }

  @Test func `a greeting in place of OK completes the login`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("ERR unknown", "Hello neha!")
    harness.advanceClock(by: .seconds(3))
    #expect(harness.events.contains(.online(.neha, capabilities: [])))
  }

  @Test func `a server that sends nothing is abandoned`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.advanceClock(by: .seconds(17))
    #expect(harness.closes == 1)
    #expect(harness.events.last?.outage?.reason == "the server did not answer")
  }

  // MARK: Names

  @Test func `after a refused name the user is asked on the same connection`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence", "@label=1 ERR username-taken LOGIN Somebody has it.")
    #expect(harness.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
    harness.sent = []
    harness.command(.useName(Nickname(known: "neha2")))
    #expect(harness.takeSent() == ["@label=2 LOGIN neha2"])
    harness.receive("@label=2 ERR username-taken LOGIN Somebody has it.")
    #expect(harness.events.last == .nameRefused(Nickname(known: "neha2"), .taken, suggestion: Nickname("neha3")))
    harness.command(.useName(.mira))
    harness.receive("@label=3 OK LOGIN")
    #expect(harness.events.last == .online(.mira, capabilities: [.tags, .presence]))
    #expect(harness.opened.count == 1)
  }

  @Test(arguments: [
    ("username-taken", NameRefusal.taken), ("name already in use", .taken), ("User exists", .taken),
    ("invalid-username", .invalid), ("bad username", .invalid), ("no", .invalid),
  ])
  func `refusals in the wording of plain servers are recognised`(words: String, refusal: NameRefusal) {
    var harness = ClientSessionHarness(name: Nickname(known: "ne.ha"))
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("ERR what?", "ERR \(words)")
    let suggestion = refusal == .taken ? "ne.ha2" : "neha"
    #expect(harness.events.last == .nameRefused(Nickname(known: "ne.ha"), refusal, suggestion: Nickname(suggestion)))
  }

  @Test(arguments: [
    ("neha", "neha2"), ("neha2", "neha3"), ("neha9", "neha10"), ("7", "8"), ("neha1234567", "neha12345672"),
    ("abcdefghijklmnopqrstuvwxyzabcdef", "abcdefghijklmnopqrstuvwxyzabcde2"),
    ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa99", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa100"),
    ("ééééééééééééééé9", "ééééééééééééééé10"), ("éééééééééééééééé", "ééééééééééééééé2"),
  ])
  func `the client suggests the next name`(name: String, next: String) {
    var harness = ClientSessionHarness(name: Nickname(known: name))
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("ERR what?", "ERR username-taken")
    #expect(harness.events.last == .nameRefused(Nickname(known: name), .taken, suggestion: Nickname(known: next)))
  }

  @Test func `the client does not reconnect while the user chooses a name`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence", "@label=1 ERR username-taken LOGIN")
    harness.receive("ERR login-timeout")
    #expect(harness.closes == 1)
    harness.advanceClock(by: .seconds(600))
    #expect(harness.opened.count == 1)
    harness.command(.useName(.mira))
    #expect(harness.opened.count == 2)
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence")
    #expect(harness.takeSent().last == "@label=1 LOGIN mira")
  }

  @Test func `the client waits for a name that the own lost connection still holds`() {
    var harness = ClientSessionHarness.tagged()
    harness.handle(.closed(reason: "the connection timed out"))
    harness.advanceClock(by: .seconds(1))
    harness.events = []
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence", "@label=1 ERR username-taken LOGIN")
    #expect(harness.events.compactMap(\.notice).count == 1)
    harness.sent = []
    harness.advanceClock(by: .seconds(5))
    #expect(harness.takeSent() == ["@label=2 LOGIN neha"])
    harness.receive("@label=2 ERR username-taken LOGIN")
    #expect(harness.events.count == 1, "the notice is reported once: \(harness.events)")
    harness.advanceClock(by: .seconds(5))
    harness.receive("@label=3 OK LOGIN")
    #expect(harness.events.last == .online(.neha, capabilities: [.tags, .presence]))
  }

  @Test(arguments: [false, true])
  func `the client waits for a name that its own unanswered login may hold`(isClosed: Bool) {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence resume")
    if isClosed { harness.handle(.closed(reason: "connection reset")) } else { harness.advanceClock(by: .seconds(15)) }
    #expect(harness.events.last?.outage != nil)
    harness.advanceClock(by: .seconds(5))
    harness.handle(.opened(nil))
    harness.events = []
    harness.receive("CAP ACK tags presence resume", "@label=1 ERR username-taken LOGIN")
    #expect(harness.events.compactMap(\.notice).count == 1, "\(harness.events)")
    harness.sent = []
    harness.advanceClock(by: .seconds(5))
    #expect(harness.takeSent() == ["@label=2 LOGIN neha"])
    harness.receive("@label=2 OK LOGIN")
    #expect(harness.events.last == .online(.neha, capabilities: [.tags, .presence, .resume]))
  }

  @Test func `a login that was refused by a server that ignores CAP does not hold the name`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.advanceClock(by: .seconds(2))
    #expect(harness.takeSent() == [ClientSessionHarness.asks, "LOGIN neha"])
    harness.receive("ERR username-taken")
    harness.handle(.closed(reason: nil))
    harness.handle(.opened(nil))
    #expect(harness.takeSent() == ["LOGIN neha"])
    harness.receive("ERR username-taken")
    #expect(harness.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
  }

  @Test func `a login may hold the name although the late answer to CAP is an error`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.advanceClock(by: .seconds(2))
    #expect(harness.takeSent() == [ClientSessionHarness.asks, "LOGIN neha"])
    harness.receive("ERR unknown-command")
    harness.handle(.closed(reason: "the connection was reset"))
    harness.handle(.opened(nil))
    #expect(harness.takeSent() == ["LOGIN neha"])
    harness.events = []
    harness.receive("ERR username-taken")
    #expect(harness.events.compactMap(\.notice).count == 1, "\(harness.events)")
    harness.advanceClock(by: .seconds(5))
    #expect(harness.takeSent() == ["LOGIN neha"])
    harness.receive("OK")
    #expect(harness.events.last == .online(.neha, capabilities: []))
  }

  @Test func `a login that the server refused for another reason does not hold the name`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence", "@label=1 ERR server-full LOGIN Too many people.")
    #expect(harness.events.last?.outage != nil)
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(60))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence", "@label=1 ERR username-taken LOGIN")
    #expect(harness.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
  }

  @Test func `the client asks the user for another name when the name stays taken`() {
    var harness = ClientSessionHarness.tagged()
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence")
    let start = harness.now
    var label = 1
    while !harness.events.contains(where: { if case .nameRefused = $0 { true } else { false } }), label < 100 {
      harness.receive("@label=\(label) ERR username-taken LOGIN")
      label += 1
      harness.advanceClock(by: .seconds(5))
    }
    #expect(label == 15)
    #expect(harness.now - start == .seconds(70))
    // After the user was asked once, the client does not wait for the name again.
    harness.command(.useName(.neha))
    harness.receive("@label=\(label) ERR username-taken LOGIN")
    #expect(harness.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
  }

  @Test func `another name disconnects and logs in again`() {
    var harness = ClientSessionHarness.tagged()
    harness.command(.useName(.mira))
    #expect(harness.takeSent() == ["@label=3 QUIT"])
    #expect(harness.opened.count == 1)
    harness.handle(.closed(reason: nil))
    #expect(harness.opened.count == 2)
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence")
    #expect(harness.takeSent().last == "@label=1 LOGIN mira")
  }

  // MARK: Server limits

  @Test func `pings are sent before the idle timeout of the server`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence", "@label=1;idle=10 OK LOGIN", "@label=2 BATCH +r who", "BATCH -r")
    harness.takeAll()
    for _ in 1...10 {
      harness.advanceClock(by: .milliseconds(2500))
      #expect(harness.takeSent().contains { $0.hasSuffix("PING") }, "a PING is sent after a quarter of the timeout")
      harness.receive("PONG")
    }
    harness.receive("@idle=1 INFO the idle timeout is 1 s now")
    #expect(harness.events.compactMap(\.notice) == [])
    harness.sent = []
    harness.advanceClock(by: .milliseconds(500))
    #expect(harness.sent.count { $0.hasSuffix("PING") } == 2)
  }

  @Test func `after an idle disconnect pings are sent more often`() {
    var harness = ClientSessionHarness.plain()
    func longestSilence() -> Duration {
      var harness = harness
      var (longest, last) = (Duration.zero, harness.now)
      for _ in 1...600 {
        harness.advanceClock(by: .milliseconds(100))
        guard !harness.takeSent().isEmpty else { continue }
        longest = max(longest, harness.now - last)
        last = harness.now
      }
      return longest
    }
    // The roster is empty, so that the client sends nothing else.
    for _ in 1...3 {
      harness.receive("INFO disconnected-due-to-inactivity")
      harness.advanceClock(by: .seconds(31))
      harness.handle(.opened(nil))
      harness.receive("ERR what?", "OK", "ERR no such command")
    }
    #expect(longestSilence() < .seconds(3))
  }
}
