import ChatClient
import ChatModel
import ChatProtocol
import Testing

@Suite struct LoginTests {
  @Test func `requests capabilities and logs in with a label`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    #expect(play.opened == [.home])
    #expect(play.takeEvents() == [.connecting(.home, attempt: 1)])
    play.handle(.opened(nil))
    #expect(play.takeSent() == [Play.asks])
    play.server("CAP ACK tags presence")
    #expect(play.takeSent() == ["@label=1 LOGIN neha"])
    play.server("@label=1;time=2026-11-22T10:00:00.123Z OK LOGIN")
    #expect(play.takeEvents() == [.lag(.zero, wasAsked: false), .online(.neha, capabilities: [.tags, .presence])])
    #expect(play.takeSent() == ["@label=2 WHO"])
  }

  @Test(arguments: ["ERR unknown-command", "ERR not-logged-in", "ERR what?"])
  func `continues in the plain dialect on the same connection`(answer: String) {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server(answer)
    #expect(play.takeSent() == [Play.asks, "LOGIN neha"])
    play.server("OK")
    #expect(play.takeEvents().last == .online(.neha, capabilities: []))
    #expect(play.opened.count == 1)
  }

  @Test(arguments: [
    ("CAP LS tags presence rooms", "CAP REQ tags presence rooms"),
    ("CAP LS tags presence sasl=PLAIN typing", "CAP REQ tags presence"),
    ("CAP LS presence rooms history", "CAP REQ presence"),
    ("ERR unknown-command", "CAP REQ tags presence"),
  ])
  func `requests only the capabilities that are listed`(list: String, request: String) {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("CAP NAK tags presence rooms history resume marks moderation")
    #expect(play.takeSent() == [Play.asks, "CAP LS"])
    play.server(list)
    #expect(play.takeSent() == [request])
    play.server("CAP ACK" + request.dropFirst(7))
    #expect(play.takeSent() == [request.contains("tags") ? "@label=1 LOGIN neha" : "LOGIN neha"])
  }

  @Test func `a second refusal ends the capability negotiation`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("CAP NAK", "CAP LS tags presence", "CAP NAK")
    #expect(play.takeSent() == [Play.asks, "CAP LS", "CAP REQ tags presence", "LOGIN neha"])
    play.server("OK")
    #expect(play.takeEvents().last == .online(.neha, capabilities: []))

    var empty = Play()
    empty.command(.connect(.home, ClientMemory()))
    empty.handle(.opened(nil))
    empty.server("CAP NAK", "CAP LS")
    #expect(empty.takeSent() == [Play.asks, "CAP LS", "LOGIN neha"])
  }

  @Test func `uses the plain dialect when the server ignores the capability request`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.pass(.milliseconds(1999))
    #expect(play.takeSent() == [Play.asks])
    play.pass(.milliseconds(1))
    #expect(play.takeSent() == ["LOGIN neha"])
    // The answer to CAP was delayed until now.
    play.server("ERR unknown-command", "OK")
    #expect(play.takeEvents().last == .online(.neha, capabilities: []))
  }

  @Test func `a late capability agreement is used`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.pass(.seconds(2))
    play.server("CAP ACK tags presence", "OK LOGIN")
    #expect(play.takeEvents().last == .online(.neha, capabilities: [.tags, .presence]))
    #expect(play.takeSent().last == "@label=1 WHO")
  }

  @Test func `uses the acknowledged capabilities`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("CAP ACK tags", "@label=1 OK LOGIN")
    #expect(play.takeEvents().last == .online(.neha, capabilities: .tags))
    play.server("@label=2 BATCH +r who", "@batch=r USER neha", "BATCH -r")
    play.sent = []
    // Without presence the client must poll.
    play.pass(.seconds(5))
    #expect(play.takeSent() == ["@label=3 WHO"])
  }

  @Test func `a server that closes at the capability request gets the plain dialect for one connection`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.handle(.closed(reason: nil))
    #expect(play.opened == [.home, .home], "at once")
    #expect(!play.events.contains { $0.outage != nil })
    play.handle(.opened(nil))
    #expect(play.takeSent() == [Play.asks, "LOGIN neha"])
    play.server("OK")
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    play.sent = []
    play.handle(.opened(nil))
    #expect(play.takeSent() == [Play.asks], "it may have been chance")
  }

  @Test func `a server that refuses capabilities and closes gets the plain dialect for one connection`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("ERR unknown-command")
    play.handle(.closed(reason: "the connection was reset"))
    play.sent = []
    play.handle(.opened(nil))
    #expect(play.takeSent() == ["LOGIN neha"])
  }

  @Test func `a server that closes the plain connection too is asked for capabilities again`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.handle(.closed(reason: nil))
    play.handle(.opened(nil))
    play.handle(.closed(reason: nil))
    #expect(play.events.contains { $0.outage != nil })
    play.pass(.seconds(1))
    play.sent = []
    play.handle(.opened(nil))
    #expect(play.takeSent() == [Play.asks])
  }

  @Test func `a server that agreed once is always asked for capabilities`() {
    var play = Play.tagged()
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    play.handle(.opened(nil))
    play.handle(.closed(reason: nil))
    #expect(play.opened.count == 2)
    play.pass(.seconds(2))
    play.sent = []
    play.handle(.opened(nil))
    #expect(play.takeSent() == [Play.asks])
  }

  @Test func `a full server is not taken for a plain one`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("ERR server-full")
    #expect(play.closes == 1)
    #expect(play.events.last?.outage?.reason == "the server is full")
  }

  @Test func `greetings are shown and have no other effect`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("Welcome to the \u{1b}[31mchat!", "", "ERR unknown-command", "200 ready", "OK")
    #expect(play.events.compactMap(\.notice) == ["Welcome to the \u{fffd}[31mchat!", "200 ready"])
    #expect(play.events.last == .online(.neha, capabilities: []))
  }

  @Test func `a greeting in place of OK completes the login`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("ERR unknown", "Hello neha!")
    play.pass(.seconds(3))
    #expect(play.events.contains(.online(.neha, capabilities: [])))
  }

  @Test func `a server that sends nothing is abandoned`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.pass(.seconds(17))
    #expect(play.closes == 1)
    #expect(play.events.last?.outage?.reason == "the server did not answer")
  }

  // MARK: Names

  @Test func `after a refused name the user is asked on the same connection`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("CAP ACK tags presence", "@label=1 ERR username-taken LOGIN Somebody has it.")
    #expect(play.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
    play.sent = []
    play.command(.useName(Nickname(known: "neha2")))
    #expect(play.takeSent() == ["@label=2 LOGIN neha2"])
    play.server("@label=2 ERR username-taken LOGIN Somebody has it.")
    #expect(play.events.last == .nameRefused(Nickname(known: "neha2"), .taken, suggestion: Nickname("neha3")))
    play.command(.useName(.mira))
    play.server("@label=3 OK LOGIN")
    #expect(play.events.last == .online(.mira, capabilities: [.tags, .presence]))
    #expect(play.opened.count == 1)
  }

  @Test(arguments: [
    ("username-taken", NameRefusal.taken), ("name already in use", .taken), ("User exists", .taken),
    ("invalid-username", .invalid), ("bad username", .invalid), ("no", .invalid),
  ])
  func `refusals in the wording of plain servers are recognised`(words: String, refusal: NameRefusal) {
    var play = Play(name: Nickname(known: "ne.ha"))
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("ERR what?", "ERR \(words)")
    let suggestion = refusal == .taken ? "ne.ha2" : "neha"
    #expect(play.events.last == .nameRefused(Nickname(known: "ne.ha"), refusal, suggestion: Nickname(suggestion)))
  }

  @Test(arguments: [
    ("neha", "neha2"), ("neha2", "neha3"), ("neha9", "neha10"), ("7", "8"), ("neha1234567", "neha12345672"),
    ("abcdefghijklmnopqrstuvwxyzabcdef", "abcdefghijklmnopqrstuvwxyzabcde2"),
    ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa99", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa100"),
    ("ééééééééééééééé9", "ééééééééééééééé10"), ("éééééééééééééééé", "ééééééééééééééé2"),
  ])
  func `suggests the next name`(name: String, next: String) {
    var play = Play(name: Nickname(known: name))
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("ERR what?", "ERR username-taken")
    #expect(play.events.last == .nameRefused(Nickname(known: name), .taken, suggestion: Nickname(known: next)))
  }

  @Test func `does not reconnect while the user chooses a name`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("CAP ACK tags presence", "@label=1 ERR username-taken LOGIN")
    play.server("ERR login-timeout")
    #expect(play.closes == 1)
    play.pass(.seconds(600))
    #expect(play.opened.count == 1)
    play.command(.useName(.mira))
    #expect(play.opened.count == 2)
    play.handle(.opened(nil))
    play.server("CAP ACK tags presence")
    #expect(play.takeSent().last == "@label=1 LOGIN mira")
  }

  @Test func `waits for a name that the own lost connection still holds`() {
    var play = Play.tagged()
    play.handle(.closed(reason: "the connection timed out"))
    play.pass(.seconds(1))
    play.events = []
    play.handle(.opened(nil))
    play.server("CAP ACK tags presence", "@label=1 ERR username-taken LOGIN")
    #expect(play.events.compactMap(\.notice).count == 1)
    play.sent = []
    play.pass(.seconds(5))
    #expect(play.takeSent() == ["@label=2 LOGIN neha"])
    play.server("@label=2 ERR username-taken LOGIN")
    #expect(play.events.count == 1, "said once: \(play.events)")
    play.pass(.seconds(5))
    play.server("@label=3 OK LOGIN")
    #expect(play.events.last == .online(.neha, capabilities: [.tags, .presence]))
  }

  @Test func `asks the user for another name when the name stays taken`() {
    var play = Play.tagged()
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    play.handle(.opened(nil))
    play.server("CAP ACK tags presence")
    let start = play.now
    var label = 1
    while !play.events.contains(where: { if case .nameRefused = $0 { true } else { false } }), label < 100 {
      play.server("@label=\(label) ERR username-taken LOGIN")
      label += 1
      play.pass(.seconds(5))
    }
    #expect(label == 15)
    #expect(play.now - start == .seconds(70))
    // After the user was asked once, the client does not wait for the name again.
    play.command(.useName(.neha))
    play.server("@label=\(label) ERR username-taken LOGIN")
    #expect(play.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
  }

  @Test func `another name disconnects and logs in again`() {
    var play = Play.tagged()
    play.command(.useName(.mira))
    #expect(play.takeSent() == ["@label=3 QUIT"])
    #expect(play.opened.count == 1)
    play.handle(.closed(reason: nil))
    #expect(play.opened.count == 2)
    play.handle(.opened(nil))
    play.server("CAP ACK tags presence")
    #expect(play.takeSent().last == "@label=1 LOGIN mira")
  }

  // MARK: Server limits

  @Test func `pings are sent before the idle timeout of the server`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("CAP ACK tags presence", "@label=1;idle=10 OK LOGIN", "@label=2 BATCH +r who", "BATCH -r")
    play.takeAll()
    for _ in 1...10 {
      play.pass(.milliseconds(2500))
      #expect(play.takeSent().contains { $0.hasSuffix("PING") }, "a quarter of the timeout has passed")
      play.server("PONG")
    }
    play.server("@idle=1 INFO the idle timeout is 1 s now")
    #expect(play.events.compactMap(\.notice) == [])
    play.sent = []
    play.pass(.milliseconds(500))
    #expect(play.sent.count { $0.hasSuffix("PING") } == 2)
  }

  @Test func `after an idle disconnect pings are sent more often`() {
    var play = Play.plain()
    func longestSilence() -> Duration {
      var play = play
      var (longest, last) = (Duration.zero, play.now)
      for _ in 1...600 {
        play.pass(.milliseconds(100))
        guard !play.takeSent().isEmpty else { continue }
        longest = max(longest, play.now - last)
        last = play.now
      }
      return longest
    }
    // The roster is empty, so that the client sends nothing else.
    for _ in 1...3 {
      play.server("INFO disconnected-due-to-inactivity")
      play.pass(.seconds(31))
      play.handle(.opened(nil))
      play.server("ERR what?", "OK", "ERR no such command")
    }
    #expect(longestSilence() < .seconds(3))
  }
}
