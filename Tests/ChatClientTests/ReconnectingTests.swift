import ChatClient
import ChatModel
import ChatProtocol
import Testing

@Suite struct ReconnectingTests {
  private static let refused = ConnectionFailure(.refused, reason: "connection refused")

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `the delays grow and are random`(seed: UInt64) {
    var harness = ClientSessionHarness(seed: seed)
    harness.command(.connect(.home, ClientMemory()))
    var delays: [Duration] = []
    for _ in 1...9 {
      harness.handle(.failed(Self.refused))
      guard let delay = harness.events.last?.outage?.retryIn else { break }
      delays.append(delay)
      harness.advanceClock(by: delay)
    }
    #expect(harness.opened.count == 10)
    for (delay, step) in zip(delays, [1, 2, 4, 8, 16, 30, 30, 30, 30]) {
      #expect(delay <= .seconds(step) && delay >= .milliseconds(step * 500), "seed \(seed): \(delays)")
    }
    #expect(Set(delays.suffix(4)).count > 1, "seed \(seed): \(delays)")
    var again = ClientSessionHarness(seed: seed)
    again.command(.connect(.home, ClientMemory()))
    again.handle(.failed(Self.refused))
    #expect(again.events.last?.outage?.retryIn == delays.first)
  }

  @Test func `the first refused connection is reported`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.failed(Self.refused))
    #expect(harness.events.last?.outage?.isFirst == true)
    #expect(harness.events.last?.outage?.isRefused == true)
    harness.command(.retryNow)
    #expect(harness.events.last == .connecting(.home, attempt: 2))
    harness.handle(.failed(Self.refused))
    #expect(harness.events.last?.outage?.isFirst == false)

    var known = ClientSessionHarness.tagged()
    known.advanceClock(by: .seconds(1))
    known.handle(.closed(reason: nil))
    known.command(.retryNow)
    known.handle(.failed(ConnectionFailure(.timedOut, reason: "timed out")))
    #expect(known.events.last?.outage?.isFirst == false)
    #expect(known.events.last?.outage?.isRefused == false)
  }

  @Test func `the delays start again after a stable connection`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    for _ in 1...5 {
      harness.handle(.failed(Self.refused))
      harness.advanceClock(by: .seconds(30))
    }
    harness.completeConnection()
    harness.advanceClock(by: .seconds(14))
    harness.handle(.closed(reason: nil))
    #expect(harness.events.last?.outage?.retryIn ?? .zero >= .seconds(15), "the delay grows after a short connection")
    harness.advanceClock(by: .seconds(30))
    harness.completeConnection()
    harness.advanceClock(by: .seconds(29))
    harness.receive("PONG")
    harness.advanceClock(by: .seconds(1))
    harness.handle(.closed(reason: nil))
    #expect(
      harness.events.last?.outage?.retryIn ?? .seconds(9) <= .seconds(1),
      "the delay starts again after a long connection")
  }

  @Test(arguments: [
    ("BYE server-shutting-down Going down.", "the server is shutting down"),
    ("INFO server-shutting-down", "the server is shutting down"),
    ("INFO disconnected-due-to-inactivity", "the server heard nothing from us for too long"),
    ("BYE disconnected-due-to-slow-reading x", "we read more slowly than the others write"),
  ])
  func `the reason of a disconnect is explained`(line: String, reason: String) {
    var harness = ClientSessionHarness.tagged()
    harness.receive(line)
    #expect(harness.closes == 1)
    #expect(harness.events.last?.outage?.reason == reason)
    harness.advanceClock(by: .seconds(1))
    #expect(harness.opened.count == 2)
  }

  // MARK: Keepalive

  @Test func `a silent connection is pinged and closed`() {
    var harness = ClientSessionHarness.tagged()
    harness.advanceClock(by: .milliseconds(14_999))
    #expect(harness.takeSent() == [])
    harness.advanceClock(by: .milliseconds(1))
    #expect(harness.takeSent() == ["@label=3 PING"])
    harness.advanceClock(by: .milliseconds(70))
    harness.receive("@label=3 PONG")
    #expect(harness.takeEvents() == [.lag(.milliseconds(70), wasAsked: false)])
    harness.advanceClock(by: .milliseconds(14_930))
    #expect(harness.takeSent() == ["@label=4 PING"])
    harness.advanceClock(by: .seconds(14))
    harness.receive("MSG akash alive")
    harness.advanceClock(by: .seconds(10))
    #expect(harness.closes == 0, "any line counts as an answer to PING")
    harness.advanceClock(by: .seconds(30))
    #expect(harness.closes == 1)
    #expect(harness.events.compactMap(\.outage).first?.reason == "nothing was heard from the server for 15 seconds")
  }

  @Test func `a server is not considered silent while its lines wait unread`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let id = harness.send("mine")
    harness.advanceClock(by: .seconds(10), judgingSilence: false)
    harness.advanceClock(by: .seconds(60), judgingSilence: false)
    #expect(harness.takeSent().contains { $0.hasSuffix("PING") }, "a PING is sent before the idle timeout")
    #expect(!harness.events.contains { $0.outage != nil })
    harness.receive("@label=4;seq=6;id=6 OK MSG", "@seq=6 MSG neha mine")
    let confirmed = harness.events.contains { if case .sendConfirmed(id, sequence: 6, _) = $0 { true } else { false } }
    #expect(confirmed)
    harness.advanceClock(by: .seconds(40))
    #expect(harness.events.contains { $0.outage != nil })
  }

  @Test func `a server that stores nothing and answers pings is kept, and what it owes is waited for`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let id = harness.send("mine")
    harness.command(.listRooms)
    harness.command(.who)
    #expect(harness.sent.last == "@label=6 WHO")
    // Any line puts the next ping off.
    harness.receive("JOINED mira")
    harness.events = []
    harness.advanceClockAnsweringPings(seconds: 100)
    #expect(harness.closes == 0)
    #expect(harness.takeEvents().allSatisfy { if case .lag = $0 { true } else { false } })
    harness.receive("@label=4;seq=6;id=6 OK MSG", "@seq=6 MSG neha mine")
    harness.receive("@label=5 BATCH +r rooms", "@batch=r ROOM #lobby 2 ", "BATCH -r")
    harness.receive("@label=6 BATCH +w who", "@batch=w USER neha", "@batch=w USER mira", "BATCH -w")
    #expect(harness.events.compactMap(\.rosterNames) == [["neha", "mira"]])
    #expect(harness.events.compactMap(\.answers) == [id])
    #expect(harness.events.contains { if case .rooms = $0 { true } else { false } })
    harness.send("more")
    harness.advanceClock(by: .seconds(15))
    #expect(harness.closes == 1, "a server that does not answer the ping either is given up as before")
  }

  @Test func `a request that waits behind no message fails in time although pings are answered`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.listRooms)
    harness.advanceClockAnsweringPings(seconds: 29)
    #expect(harness.takeEvents().allSatisfy { if case .lag = $0 { true } else { false } })
    harness.advanceClockAnsweringPings(seconds: 1)
    #expect(harness.events.contains { if case .roomsUnanswered(_, isOnline: true) = $0 { true } else { false } })
  }

  @Test func `a roster that the server does not send does not replace the known one`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.who)
    harness.advanceClockAnsweringPings(seconds: 30)
    #expect(harness.events.compactMap(\.rosterNames) == [["neha", "akash"]])
  }

  @Test func `a silent plain connection is closed as well`() {
    var harness = ClientSessionHarness.plain()
    harness.advanceClock(by: .seconds(20))
    #expect(harness.closes == 1)
  }

  @Test func `a server that sends lines is not pinged`() {
    var harness = ClientSessionHarness.tagged()
    for number in 1...10 {
      harness.advanceClock(by: .seconds(10))
      harness.send("m\(number)")
      harness.receive("MSG neha m\(number)")
    }
    #expect(!harness.sent.contains { $0.hasSuffix("PING") })
  }

  @Test func `the lag is measured on request`() {
    var harness = ClientSessionHarness.tagged()
    harness.command(.ping)
    harness.advanceClock(by: .milliseconds(5))
    harness.receive("@label=3 PONG")
    #expect(harness.events == [.lag(.milliseconds(5), wasAsked: true)])
  }

  // MARK: Messages and lost connections

  @Test func `offline messages are sent in order after login`() {
    var harness = ClientSessionHarness()
    let early = harness.send("zero")
    harness.command(.connect(.home, ClientMemory()))
    harness.send("one")
    harness.send("two", to: .person(.akash))
    harness.handle(.opened(nil))
    harness.send("three")
    #expect(harness.takeSent() == [ClientSessionHarness.asks])
    harness.receive("CAP ACK tags presence", "@label=1 OK LOGIN")
    #expect(
      harness.takeSent().suffix(5)
        == ["@label=2 MSG zero", "@label=3 MSG one", "@label=4 DM akash two", "@label=5 MSG three", "@label=6 WHO"])
    harness.receive("MSG neha zero")
    #expect(harness.events.compactMap(\.answers) == [early])
  }

  @Test func `the outbox is bounded`() {
    var harness = ClientSessionHarness()
    for number in 1...200 { harness.send("m\(number)") }
    #expect(harness.events == [])
    let over = harness.send("over")
    #expect(harness.events == [.sendFailed(over, reason: "Too many messages wait to be sent.", failure: .notStored)])
  }

  @Test func `a message that was being sent when the connection broke fails and is not sent again`() {
    var harness = ClientSessionHarness.tagged()
    let ids = (1...10).map { harness.send("m\($0)") }
    harness.receive("MSG neha m1")
    harness.handle(.closed(reason: "the connection was reset"))
    let failed = harness.events.compactMap { event in
      if case .sendFailed(let id, "The connection broke before the server confirmed it.", .unconfirmed) = event {
        id
      } else {
        nil
      }
    }
    // Nine messages were sent, and the server answered one of them. The last one was never sent.
    #expect(failed == Array(ids[1...8]))
    harness.advanceClock(by: .seconds(1))
    harness.completeConnection()
    #expect(harness.session.nextDeadline != nil)
    harness.receive("MSG neha m10")
    #expect(harness.events.compactMap(\.answers) == [ids[9]])
  }

  @Test func `a message that waits for one server is not sent to another`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    let id = harness.send("for home only")
    harness.command(.connect(.elsewhere, ClientMemory()))
    #expect(harness.closes == 1)
    #expect(harness.opened == [.home, .elsewhere])
    #expect(harness.events.contains { $0.answers == id })
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence", "@label=1 OK LOGIN")
    #expect(!harness.sent.contains { $0.contains("home") })
  }

  @Test func `connecting to another server leaves the first`() {
    var harness = ClientSessionHarness.tagged()
    harness.command(.connect(.home, ClientMemory()))
    #expect(harness.takeSent() == [], "connecting to the same server does nothing")
    harness.command(.connect(.elsewhere, ClientMemory()))
    #expect(harness.takeSent() == ["@label=3 QUIT"])
    harness.advanceClock(by: .milliseconds(500))
    #expect(harness.closes == 1)
    #expect(harness.opened == [.home, .elsewhere])
  }

  // MARK: Quitting

  @Test func `quitting sends QUIT and receives the last answers`() {
    var harness = ClientSessionHarness.tagged()
    let answered = harness.send("answered")
    let unanswered = harness.send("unanswered")
    harness.command(.quit)
    #expect(harness.takeSent().last == "@label=5 QUIT")
    #expect(!harness.hasEnded)
    harness.receive("MSG neha answered")
    harness.handle(.closed(reason: nil))
    #expect(harness.hasEnded)
    #expect(harness.events.compactMap(\.message).map(\.answersSend) == [answered])
    #expect(harness.events.compactMap(\.answers) == [answered, unanswered])
    #expect(harness.session.nextDeadline == nil)
    let late = harness.send("late")
    #expect(harness.events.last?.answers == late)
  }

  @Test func `quitting does not wait forever`() {
    var harness = ClientSessionHarness.tagged()
    harness.command(.quit)
    harness.advanceClock(by: .milliseconds(500))
    #expect(harness.closes == 1)
    #expect(harness.hasEnded)
  }

  @Test func `quitting without a connection is immediate`() {
    var harness = ClientSessionHarness()
    harness.command(.quit)
    #expect(harness.hasEnded)

    var connecting = ClientSessionHarness()
    connecting.command(.connect(.home, ClientMemory()))
    let id = connecting.send("hi")
    connecting.command(.quit)
    #expect(connecting.closes == 1)
    #expect(connecting.hasEnded)
    #expect(connecting.events.last?.answers == id)
  }
}
