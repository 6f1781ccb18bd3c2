import ChatClient
import ChatModel
import ChatProtocol
import Testing

@Suite struct ReconnectingTests {
  private static let refused = ConnectionFailure(.refused, reason: "connection refused")

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `the delays grow and are random`(seed: UInt64) {
    var play = Play(seed: seed)
    play.command(.connect(.home, ClientMemory()))
    var delays: [Duration] = []
    for _ in 1...9 {
      play.handle(.failed(Self.refused))
      guard let delay = play.events.last?.outage?.retryIn else { break }
      delays.append(delay)
      play.pass(delay)
    }
    #expect(play.opened.count == 10)
    for (delay, step) in zip(delays, [1, 2, 4, 8, 16, 30, 30, 30, 30]) {
      #expect(delay <= .seconds(step) && delay >= .milliseconds(step * 500), "seed \(seed): \(delays)")
    }
    #expect(Set(delays.suffix(4)).count > 1, "seed \(seed): \(delays)")
    var again = Play(seed: seed)
    again.command(.connect(.home, ClientMemory()))
    again.handle(.failed(Self.refused))
    #expect(again.events.last?.outage?.retryIn == delays.first)
  }

  @Test func `the first refused connection is reported`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.failed(Self.refused))
    #expect(play.events.last?.outage?.isFirst == true)
    #expect(play.events.last?.outage?.isRefused == true)
    play.command(.retryNow)
    #expect(play.events.last == .connecting(.home, attempt: 2))
    play.handle(.failed(Self.refused))
    #expect(play.events.last?.outage?.isFirst == false)

    var known = Play.tagged()
    known.pass(.seconds(1))
    known.handle(.closed(reason: nil))
    known.command(.retryNow)
    known.handle(.failed(ConnectionFailure(.timedOut, reason: "timed out")))
    #expect(known.events.last?.outage?.isFirst == false)
    #expect(known.events.last?.outage?.isRefused == false)
  }

  @Test func `the delays start again after a stable connection`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    for _ in 1...5 {
      play.handle(.failed(Self.refused))
      play.pass(.seconds(30))
    }
    play.comeBack()
    play.pass(.seconds(14))
    play.handle(.closed(reason: nil))
    #expect(play.events.last?.outage?.retryIn ?? .zero >= .seconds(15), "it did not hold")
    play.pass(.seconds(30))
    play.comeBack()
    play.pass(.seconds(29))
    play.server("PONG")
    play.pass(.seconds(1))
    play.handle(.closed(reason: nil))
    #expect(play.events.last?.outage?.retryIn ?? .seconds(9) <= .seconds(1), "it held")
  }

  @Test(arguments: [
    ("BYE server-shutting-down Going down.", "the server is shutting down"),
    ("INFO server-shutting-down", "the server is shutting down"),
    ("INFO disconnected-due-to-inactivity", "the server heard nothing from us for too long"),
    ("BYE disconnected-due-to-slow-reading x", "we read more slowly than the others write"),
  ])
  func `the reason of a disconnect is explained`(line: String, reason: String) {
    var play = Play.tagged()
    play.server(line)
    #expect(play.closes == 1)
    #expect(play.events.last?.outage?.reason == reason)
    play.pass(.seconds(1))
    #expect(play.opened.count == 2)
  }

  // MARK: Keepalive

  @Test func `a silent connection is pinged and closed`() {
    var play = Play.tagged()
    play.pass(.milliseconds(14_999))
    #expect(play.takeSent() == [])
    play.pass(.milliseconds(1))
    #expect(play.takeSent() == ["@label=3 PING"])
    play.pass(.milliseconds(70))
    play.server("@label=3 PONG")
    #expect(play.takeEvents() == [.lag(.milliseconds(70), wasAsked: false)])
    play.pass(.milliseconds(14_930))
    #expect(play.takeSent() == ["@label=4 PING"])
    play.pass(.seconds(14))
    play.server("MSG akash alive")
    play.pass(.seconds(10))
    #expect(play.closes == 0, "whatever is heard is a sign of life")
    play.pass(.seconds(30))
    #expect(play.closes == 1)
    #expect(play.events.compactMap(\.outage).first?.reason == "nothing was heard from the server for 15 seconds")
  }

  @Test func `a server is not considered silent while its lines wait unread`() {
    var play = Play.modern()
    let id = play.say("mine")
    play.pass(.seconds(10), judgingSilence: false)
    play.pass(.seconds(60), judgingSilence: false)
    #expect(play.takeSent().contains { $0.hasSuffix("PING") }, "the server must not find us idle")
    #expect(!play.events.contains { $0.outage != nil })
    play.server("@label=4;seq=6;id=6 OK MSG", "@seq=6 MSG neha mine")
    let confirmed = play.events.contains { if case .sendConfirmed(id, sequence: 6, _) = $0 { true } else { false } }
    #expect(confirmed)
    play.pass(.seconds(40))
    #expect(play.events.contains { $0.outage != nil })
  }

  @Test func `a silent plain connection is closed as well`() {
    var play = Play.plain()
    play.pass(.seconds(20))
    #expect(play.closes == 1)
  }

  @Test func `a server that sends lines is not pinged`() {
    var play = Play.tagged()
    for number in 1...10 {
      play.pass(.seconds(10))
      play.say("m\(number)")
      play.server("MSG neha m\(number)")
    }
    #expect(!play.sent.contains { $0.hasSuffix("PING") })
  }

  @Test func `the lag is measured on request`() {
    var play = Play.tagged()
    play.command(.ping)
    play.pass(.milliseconds(5))
    play.server("@label=3 PONG")
    #expect(play.events == [.lag(.milliseconds(5), wasAsked: true)])
  }

  // MARK: Messages and lost connections

  @Test func `offline messages are sent in order after login`() {
    var play = Play()
    let early = play.say("zero")
    play.command(.connect(.home, ClientMemory()))
    play.say("one")
    play.say("two", to: .person(.akash))
    play.handle(.opened(nil))
    play.say("three")
    #expect(play.takeSent() == [Play.asks])
    play.server("CAP ACK tags presence", "@label=1 OK LOGIN")
    #expect(
      play.takeSent().suffix(5)
        == ["@label=2 MSG zero", "@label=3 MSG one", "@label=4 DM akash two", "@label=5 MSG three", "@label=6 WHO"])
    play.server("MSG neha zero")
    #expect(play.events.compactMap(\.answers) == [early])
  }

  @Test func `the outbox is bounded`() {
    var play = Play()
    for number in 1...200 { play.say("m\(number)") }
    #expect(play.events == [])
    let over = play.say("over")
    #expect(play.events == [.sendFailed(over, reason: "Too many messages wait to be sent.", failure: .notStored)])
  }

  @Test func `a message that was being sent when the connection broke fails and is not sent again`() {
    var play = Play.tagged()
    let ids = (1...10).map { play.say("m\($0)") }
    play.server("MSG neha m1")
    play.handle(.closed(reason: "the connection was reset"))
    let failed = play.events.compactMap { event in
      if case .sendFailed(let id, "The connection broke before the server confirmed it.", .unconfirmed) = event {
        id
      } else {
        nil
      }
    }
    // Nine messages were sent, and the server answered one of them. The last one was never sent.
    #expect(failed == Array(ids[1...8]))
    play.pass(.seconds(1))
    play.comeBack()
    #expect(play.session.nextDeadline != nil)
    play.server("MSG neha m10")
    #expect(play.events.compactMap(\.answers) == [ids[9]])
  }

  @Test func `a message that waits for one server is not sent to another`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    let id = play.say("for home only")
    play.command(.connect(.elsewhere, ClientMemory()))
    #expect(play.closes == 1)
    #expect(play.opened == [.home, .elsewhere])
    #expect(play.events.contains { $0.answers == id })
    play.handle(.opened(nil))
    play.server("CAP ACK tags presence", "@label=1 OK LOGIN")
    #expect(!play.sent.contains { $0.contains("home") })
  }

  @Test func `connecting to another server leaves the first`() {
    var play = Play.tagged()
    play.command(.connect(.home, ClientMemory()))
    #expect(play.takeSent() == [], "that is where we are")
    play.command(.connect(.elsewhere, ClientMemory()))
    #expect(play.takeSent() == ["@label=3 QUIT"])
    play.pass(.milliseconds(500))
    #expect(play.closes == 1)
    #expect(play.opened == [.home, .elsewhere])
  }

  // MARK: Quitting

  @Test func `quitting sends QUIT and receives the last answers`() {
    var play = Play.tagged()
    let answered = play.say("answered")
    let unanswered = play.say("unanswered")
    play.command(.quit)
    #expect(play.takeSent().last == "@label=5 QUIT")
    #expect(!play.hasEnded)
    play.server("MSG neha answered")
    play.handle(.closed(reason: nil))
    #expect(play.hasEnded)
    #expect(play.events.compactMap(\.message).map(\.answersSend) == [answered])
    #expect(play.events.compactMap(\.answers) == [answered, unanswered])
    #expect(play.session.nextDeadline == nil)
    let late = play.say("late")
    #expect(play.events.last?.answers == late)
  }

  @Test func `quitting does not wait forever`() {
    var play = Play.tagged()
    play.command(.quit)
    play.pass(.milliseconds(500))
    #expect(play.closes == 1)
    #expect(play.hasEnded)
  }

  @Test func `quitting without a connection is immediate`() {
    var play = Play()
    play.command(.quit)
    #expect(play.hasEnded)

    var connecting = Play()
    connecting.command(.connect(.home, ClientMemory()))
    let id = connecting.say("hi")
    connecting.command(.quit)
    #expect(connecting.closes == 1)
    #expect(connecting.hasEnded)
    #expect(connecting.events.last?.answers == id)
  }
}
