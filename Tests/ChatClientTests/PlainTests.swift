import ChatClient
import ChatModel
import ChatProtocol
import Testing

@Suite struct PlainTests {
  /// The server answers `LOGIN`; the test supplies all further lines.
  private static func loggedIn() -> ClientSessionHarness {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("ERR unknown-command", "OK")
    return harness
  }

  @Test func `the first roster is reported although the poll before it had no answer`() {
    var harness = Self.loggedIn()
    // Longer than a server may be silent that has not answered a PING yet.
    harness.advanceClock(by: .seconds(4))
    #expect(!harness.takeEvents().contains { $0.rosterNames != nil })
    for _ in 0..<3 { harness.receive("USER neha", "PONG") }
    harness.advanceClock(by: .seconds(6))
    harness.receive("USER neha", "PONG")
    #expect(harness.takeEvents().contains { $0.rosterNames == ["neha"] }, "a roster of the user alone is reported")
  }

  @Test func `requests are sent one line at a time`() {
    var harness = Self.loggedIn()
    harness.send("hi")
    #expect(harness.takeSent() == [ClientSessionHarness.asks, "LOGIN neha", "WHO"])
    harness.receive("USER akash")
    #expect(harness.takeSent() == ["PING"], "a PING marks the end of the roster")
    harness.receive("USER neha")
    #expect(harness.takeSent() == ["MSG hi"], "the next line is sent after the answer")
    harness.advanceClock(by: .milliseconds(30))
    harness.receive("PONG", "MSG neha hi")
    #expect(harness.events.contains(.roster(.lobby, [Person(.akash), Person(.neha)])))
    #expect(harness.events.contains(.lag(.milliseconds(30), wasAsked: false)))
  }

  @Test func `an unanswered line delays the next one only briefly`() {
    var harness = ClientSessionHarness.plain()
    harness.send("one", to: .person(.akash))
    harness.send("two")
    harness.send("three")
    #expect(harness.takeSent() == ["DM akash one"])
    harness.advanceClock(by: .milliseconds(249))
    #expect(harness.takeSent() == [])
    harness.advanceClock(by: .milliseconds(1))
    #expect(harness.takeSent() == ["MSG two"])
    harness.receive("MSG akash unrelated")
    #expect(harness.takeSent() == [])
    harness.receive("MSG neha two")
    #expect(harness.takeSent() == ["MSG three"])
  }

  // MARK: The roster

  @Test func `the roster is polled every five seconds and reported when it changes`() {
    var harness = ClientSessionHarness.plain()
    harness.advanceClock(by: .seconds(5))
    #expect(harness.takeSent() == ["WHO"])
    harness.receive("USER neha", "USER akash", "PONG")
    #expect(harness.takeEvents().compactMap(\.rosterNames) == [])
    harness.advanceClock(by: .seconds(5))
    harness.receive("USER neha", "USER akash", "USER mira", "PONG")
    #expect(harness.takeEvents().compactMap(\.rosterNames) == [["neha", "akash", "mira"]])
    harness.command(.who)
    harness.receive("USER neha", "USER akash", "USER mira", "PONG")
    #expect(
      harness.takeEvents().compactMap(\.rosterNames) == [["neha", "akash", "mira"]],
      "a requested roster is reported even if it is unchanged")
  }

  @Test func `an error ends the roster as well`() {
    var harness = Self.loggedIn()
    harness.events = []
    harness.receive("USER neha", "USER akash", "ERR unknown-command")
    #expect(harness.events == [.roster(.lobby, [Person(.neha), Person(.akash)])])
  }

  @Test func `a roster without an end consists of the lines that arrived`() {
    var harness = Self.loggedIn()
    harness.events = []
    harness.receive("USER akash")
    harness.advanceClock(by: .seconds(2))
    #expect(harness.events == [.roster(.lobby, [Person(.akash), Person(.neha)])])
  }

  @Test func `a slow roster is waited for`() {
    var harness = Self.loggedIn()
    harness.events = []
    harness.advanceClock(by: .milliseconds(1900))
    harness.receive("USER akash")
    harness.advanceClock(by: .milliseconds(1900))
    harness.receive("USER mira", "PONG")
    #expect(harness.events.compactMap(\.rosterNames) == [["akash", "mira", "neha"]])
  }

  @Test func `a roster in one line is recognised`() {
    var harness = Self.loggedIn()
    harness.events = []
    harness.sent = []
    harness.receive("USERS akash, neha,mira")
    #expect(harness.takeSent() == ["PING"])
    harness.receive("PONG")
    #expect(harness.events.contains(.roster(.lobby, [Person(.akash), Person(.neha), Person(.mira)])))
    harness.advanceClock(by: .seconds(5))
    #expect(harness.sent == ["WHO"])
  }

  @Test func `a server without a roster is not polled forever`() {
    var harness = Self.loggedIn()
    harness.events = []
    harness.receive("ERR unknown-command")
    #expect(harness.events == [])
    harness.sent = []
    harness.advanceClock(by: .seconds(14))
    #expect(!harness.sent.contains("WHO"))
    harness.receive("MSG akash hi")
    #expect(harness.events.contains(.noticed(.akash)), "the author of a message is present, without an arrival")
    harness.command(.who)
    #expect(harness.sent.last == "WHO")

    var silent = Self.loggedIn()
    silent.advanceClock(by: .seconds(120))
    #expect(silent.sent.count { $0 == "WHO" } == 3)
    #expect(silent.closes == 0, "the connection stays open to a server that never answers")
  }

  @Test func `departures and authors of messages are known at once`() {
    var harness = ClientSessionHarness.plain()
    harness.receive("INFO akash disconnected", "MSG mira: hello")
    let hello = ChatMessage(target: .lobby, author: .mira, text: "hello", time: harness.wall, isOwn: false)
    #expect(harness.takeEvents() == [.left(.akash, .lobby, reason: "disconnected")])
    harness.advanceClock(by: .milliseconds(500))
    #expect(harness.takeSent() == ["WHO"], "a roster is requested to check the name")
    harness.receive("USER neha", "USER mira", "PONG")
    let roster = ClientEvent.roster(.lobby, [Person(.neha), Person(.mira)])
    #expect(harness.takeEvents() == [.lag(.zero, wasAsked: false), .joined(.mira, .lobby), roster, .message(hello)])
    harness.advanceClock(by: .seconds(5))
    harness.receive("USER neha", "USER mira", "USER akash", "INFO akash disconnected", "PONG")
    #expect(harness.takeEvents().compactMap(\.rosterNames) == [], "a user who left during the roster poll stays absent")
  }

  // MARK: Messages

  @Test func `an echo may have its white space collapsed`() {
    var harness = ClientSessionHarness.plain()
    let id = harness.send(" so\tmany   spaces ")
    harness.receive("MSG neha so many spaces")
    #expect(harness.events.compactMap(\.message).map(\.text) == ["so many spaces"])
    #expect(harness.events.compactMap(\.answers) == [id])
  }

  @Test func `a text that the server changed is matched to its send`() {
    var harness = ClientSessionHarness.plain()
    let id = harness.send("shout")
    harness.receive("MSG neha SHOUT")
    #expect(harness.events.compactMap(\.answers) == [id])
  }

  @Test func `silence confirms no message`() {
    var harness = ClientSessionHarness.plain()
    harness.send("hi")
    harness.send("psst", to: .person(.akash))
    harness.advanceClock(by: .seconds(14))
    #expect(harness.takeEvents() == [])
    #expect(harness.sent.contains("PING"))
  }

  @Test func `a pong to a later ping confirms a message unless an echo follows`() {
    var harness = ClientSessionHarness.plain()
    let id = harness.send("hi")
    let time = harness.wall
    harness.command(.ping)
    harness.advanceClock(by: .milliseconds(250))
    #expect(harness.takeSent() == ["MSG hi", "PING"])
    harness.receive("PONG")
    harness.advanceClock(by: .milliseconds(1999))
    #expect(harness.takeEvents() == [.lag(.zero, wasAsked: false)])
    harness.advanceClock(by: .milliseconds(1))
    #expect(harness.takeEvents() == [.sendConfirmed(id, sequence: nil, time: time)])
    harness.receive("MSG neha hi")
    #expect(harness.takeEvents() == [], "a late echo is not reported again")
  }

  @Test func `direct messages fail by an error or are confirmed by a timeout`() {
    var harness = ClientSessionHarness.plain()
    let room = harness.send("hello")
    harness.advanceClock(by: .milliseconds(250))
    let direct = harness.send("psst", to: .person(.mira))
    harness.advanceClock(by: .milliseconds(250))
    #expect(harness.takeSent() == ["MSG hello", "PING", "DM mira psst"])
    harness.receive("ERR user-not-found")
    #expect(
      harness.takeEvents() == [
        .sendFailed(
          direct, reason: ErrorCode.userNotFound.explanation, failure: .refused(.userNotFound))
      ])
    harness.receive("ERR I do not like it")
    #expect(harness.takeEvents() == [.sendFailed(room, reason: "The server says: I do not like it")])
    harness.receive("ERR something else")
    #expect(harness.takeEvents() == [.serverError("The server says: something else")])
  }

  @Test func `an error about a ping does not fail a message`() {
    var harness = Self.loggedIn()
    harness.receive("USER neha", "USER akash", "ERR unknown-command")
    harness.takeAll()
    let start = harness.wall
    let id = harness.send("psst", to: .person(.akash))
    harness.advanceClock(by: .milliseconds(250))
    harness.command(.ping)
    harness.receive("ERR unknown-command")
    #expect(harness.takeEvents().first == .sendConfirmed(id, sequence: nil, time: start))
  }

  @Test func `away is reported as unsupported`() {
    var harness = ClientSessionHarness.plain()
    harness.command(.away("lunch"))
    #expect(harness.sent == [])
    #expect(harness.events.compactMap(\.notice).count == 1)
  }

  @Test func `unknown lines are shown up to a limit`() {
    var harness = ClientSessionHarness.plain()
    for number in 1...100 { harness.receive("blah \(number)") }
    #expect(harness.takeEvents().compactMap(\.notice).count == 100)
    harness.receive("blah", "blah")
    #expect(harness.takeEvents().compactMap(\.notice).count == 0)
    harness.advanceClock(by: .seconds(1))
    #expect(harness.takeEvents().compactMap(\.notice) == ["2 lines of the server not shown"])
    harness.receive("blah", "blah")
    harness.advanceClock(by: .seconds(1))
    #expect(harness.takeEvents().compactMap(\.notice) == ["blah", "1 line of the server not shown"])
  }

  /// Every kind of line that a server can send unasked and that is shown as a notice.
  @Test(arguments: ["MOTD line ", "ERR no-such-thing there is none of it ", "INFO line ", "blah "])
  func `a flood of server notices is cut off and counted`(line: String) {
    for isTagged in [false, true] {
      var harness = isTagged ? ClientSessionHarness.tagged() : ClientSessionHarness.plain()
      harness.takeAll()
      for number in 1...10_000 { harness.receive("\(line)\(number)") }
      #expect(harness.takeEvents().count == 100, "\(line)")
      harness.advanceClock(by: .seconds(1))
      #expect(harness.takeEvents().compactMap(\.notice) == ["9900 lines of the server not shown"], "\(line)")
    }
  }

  @Test func `a flood before the login is cut off and counted`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.takeAll()
    for number in 1...10_000 { harness.receive("MOTD line \(number)") }
    #expect(harness.takeEvents().count == 100)
    harness.receive("CAP ACK tags presence", "@label=1 OK LOGIN")
    harness.advanceClock(by: .seconds(2))
    #expect(harness.takeEvents().compactMap(\.notice).contains("9900 lines of the server not shown"))
  }
}
