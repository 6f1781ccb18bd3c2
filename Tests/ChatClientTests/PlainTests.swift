import ChatClient
import ChatModel
import ChatProtocol
import Testing

@Suite struct PlainTests {
  /// The server answers `LOGIN`; the test supplies all further lines.
  private static func loggedIn() -> Play {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("ERR unknown-command", "OK")
    return play
  }

  @Test func `the first roster is reported although the poll before it had no answer`() {
    var play = Self.loggedIn()
    // Longer than a server may be silent that has not answered a PING yet.
    play.pass(.seconds(4))
    #expect(!play.takeEvents().contains { $0.rosterNames != nil })
    for _ in 0..<3 { play.server("USER neha", "PONG") }
    play.pass(.seconds(6))
    play.server("USER neha", "PONG")
    #expect(play.takeEvents().contains { $0.rosterNames == ["neha"] }, "also where one is alone")
  }

  @Test func `requests are sent one line at a time`() {
    var play = Self.loggedIn()
    play.say("hi")
    #expect(play.takeSent() == [Play.asks, "LOGIN neha", "WHO"])
    play.server("USER akash")
    #expect(play.takeSent() == ["PING"], "it marks the end of the roster")
    play.server("USER neha")
    #expect(play.takeSent() == ["MSG hi"], "the answer makes room for the next line")
    play.pass(.milliseconds(30))
    play.server("PONG", "MSG neha hi")
    #expect(play.events.contains(.roster(.lobby, [Person(.akash), Person(.neha)])))
    #expect(play.events.contains(.lag(.milliseconds(30), wasAsked: false)))
  }

  @Test func `an unanswered line delays the next one only briefly`() {
    var play = Play.plain()
    play.say("one", to: .person(.akash))
    play.say("two")
    play.say("three")
    #expect(play.takeSent() == ["DM akash one"])
    play.pass(.milliseconds(249))
    #expect(play.takeSent() == [])
    play.pass(.milliseconds(1))
    #expect(play.takeSent() == ["MSG two"])
    play.server("MSG akash unrelated")
    #expect(play.takeSent() == [])
    play.server("MSG neha two")
    #expect(play.takeSent() == ["MSG three"])
  }

  // MARK: The roster

  @Test func `the roster is polled every five seconds and reported when it changes`() {
    var play = Play.plain()
    play.pass(.seconds(5))
    #expect(play.takeSent() == ["WHO"])
    play.server("USER neha", "USER akash", "PONG")
    #expect(play.takeEvents().compactMap(\.rosterNames) == [])
    play.pass(.seconds(5))
    play.server("USER neha", "USER akash", "USER mira", "PONG")
    #expect(play.takeEvents().compactMap(\.rosterNames) == [["neha", "akash", "mira"]])
    play.command(.who)
    play.server("USER neha", "USER akash", "USER mira", "PONG")
    #expect(play.takeEvents().compactMap(\.rosterNames) == [["neha", "akash", "mira"]], "asked for")
  }

  @Test func `an error ends the roster as well`() {
    var play = Self.loggedIn()
    play.events = []
    play.server("USER neha", "USER akash", "ERR unknown-command")
    #expect(play.events == [.roster(.lobby, [Person(.neha), Person(.akash)])])
  }

  @Test func `a roster without an end consists of the lines that arrived`() {
    var play = Self.loggedIn()
    play.events = []
    play.server("USER akash")
    play.pass(.seconds(2))
    #expect(play.events == [.roster(.lobby, [Person(.akash), Person(.neha)])])
  }

  @Test func `a slow roster is waited for`() {
    var play = Self.loggedIn()
    play.events = []
    play.pass(.milliseconds(1900))
    play.server("USER akash")
    play.pass(.milliseconds(1900))
    play.server("USER mira", "PONG")
    #expect(play.events.compactMap(\.rosterNames) == [["akash", "mira", "neha"]])
  }

  @Test func `a roster in one line is recognised`() {
    var play = Self.loggedIn()
    play.events = []
    play.sent = []
    play.server("USERS akash, neha,mira")
    #expect(play.takeSent() == ["PING"])
    play.server("PONG")
    #expect(play.events.contains(.roster(.lobby, [Person(.akash), Person(.neha), Person(.mira)])))
    play.pass(.seconds(5))
    #expect(play.sent == ["WHO"])
  }

  @Test func `a server without a roster is not polled forever`() {
    var play = Self.loggedIn()
    play.events = []
    play.server("ERR unknown-command")
    #expect(play.events == [])
    play.sent = []
    play.pass(.seconds(14))
    #expect(!play.sent.contains("WHO"))
    play.server("MSG akash hi")
    #expect(play.events.contains(.noticed(.akash)), "who knows when she came")
    play.command(.who)
    #expect(play.sent.last == "WHO")

    var silent = Self.loggedIn()
    silent.pass(.seconds(120))
    #expect(silent.sent.count { $0 == "WHO" } == 3)
    #expect(silent.closes == 0, "silence proves nothing of a server that never answers")
  }

  @Test func `departures and authors of messages are known at once`() {
    var play = Play.plain()
    play.server("INFO akash disconnected", "MSG mira: hello")
    let hello = ChatMessage(target: .lobby, author: .mira, text: "hello", time: play.wall, isOwn: false)
    #expect(play.takeEvents() == [.left(.akash, .lobby, reason: "disconnected")])
    play.pass(.milliseconds(500))
    #expect(play.takeSent() == ["WHO"], "whether that is somebody's name")
    play.server("USER neha", "USER mira", "PONG")
    let roster = ClientEvent.roster(.lobby, [Person(.neha), Person(.mira)])
    #expect(play.takeEvents() == [.lag(.zero, wasAsked: false), .joined(.mira, .lobby), roster, .message(hello)])
    play.pass(.seconds(5))
    play.server("USER neha", "USER mira", "USER akash", "INFO akash disconnected", "PONG")
    #expect(play.takeEvents().compactMap(\.rosterNames) == [], "who left meanwhile is not brought back")
  }

  // MARK: Messages

  @Test func `an echo may have its white space collapsed`() {
    var play = Play.plain()
    let id = play.say(" so\tmany   spaces ")
    play.server("MSG neha so many spaces")
    #expect(play.events.compactMap(\.message).map(\.text) == ["so many spaces"])
    #expect(play.events.compactMap(\.answers) == [id])
  }

  @Test func `a text that the server changed is matched to its send`() {
    var play = Play.plain()
    let id = play.say("shout")
    play.server("MSG neha SHOUT")
    #expect(play.events.compactMap(\.answers) == [id])
  }

  @Test func `silence confirms no message`() {
    var play = Play.plain()
    play.say("hi")
    play.say("psst", to: .person(.akash))
    play.pass(.seconds(14))
    #expect(play.takeEvents() == [])
    #expect(play.sent.contains("PING"))
  }

  @Test func `a pong to a later ping confirms a message unless an echo follows`() {
    var play = Play.plain()
    let id = play.say("hi")
    let time = play.wall
    play.command(.ping)
    play.pass(.milliseconds(250))
    #expect(play.takeSent() == ["MSG hi", "PING"])
    play.server("PONG")
    play.pass(.milliseconds(1999))
    #expect(play.takeEvents() == [.lag(.zero, wasAsked: false)])
    play.pass(.milliseconds(1))
    #expect(play.takeEvents() == [.sendConfirmed(id, sequence: nil, time: time)])
    play.server("MSG neha hi")
    #expect(play.takeEvents() == [], "an echo that comes after all was shown already")
  }

  @Test func `direct messages fail by an error or are confirmed by a timeout`() {
    var play = Play.plain()
    let room = play.say("hello")
    play.pass(.milliseconds(250))
    let direct = play.say("psst", to: .person(.mira))
    play.pass(.milliseconds(250))
    #expect(play.takeSent() == ["MSG hello", "PING", "DM mira psst"])
    play.server("ERR user-not-found")
    #expect(
      play.takeEvents() == [
        .sendFailed(
          direct, reason: ErrorCode.userNotFound.explanation, failure: .refused(.userNotFound))
      ])
    play.server("ERR I do not like it")
    #expect(play.takeEvents() == [.sendFailed(room, reason: "The server says: I do not like it")])
    play.server("ERR something else")
    #expect(play.takeEvents() == [.serverError("The server says: something else")])
  }

  @Test func `an error about a ping does not fail a message`() {
    var play = Self.loggedIn()
    play.server("USER neha", "USER akash", "ERR unknown-command")
    play.takeAll()
    let start = play.wall
    let id = play.say("psst", to: .person(.akash))
    play.pass(.milliseconds(250))
    play.command(.ping)
    play.server("ERR unknown-command")
    #expect(play.takeEvents().first == .sendConfirmed(id, sequence: nil, time: start))
  }

  @Test func `away is reported as unsupported`() {
    var play = Play.plain()
    play.command(.away("lunch"))
    #expect(play.sent == [])
    #expect(play.events.compactMap(\.notice).count == 1)
  }

  @Test func `unknown lines are shown up to a limit`() {
    var play = Play.plain()
    for number in 1...100 { play.server("blah \(number)") }
    #expect(play.takeEvents().compactMap(\.notice).count == 100)
    play.server("blah", "blah")
    #expect(play.takeEvents().compactMap(\.notice).count == 0)
    play.pass(.seconds(1))
    #expect(play.takeEvents().compactMap(\.notice) == ["2 lines of the server not shown"])
    play.server("blah", "blah")
    play.pass(.seconds(1))
    #expect(play.takeEvents().compactMap(\.notice) == ["blah", "1 line of the server not shown"])
  }

  /// Every kind of line that a server can send unasked and that is shown as a notice.
  @Test(arguments: ["MOTD line ", "ERR no-such-thing there is none of it ", "INFO line ", "blah "])
  func `a flood of server notices is cut off and counted`(line: String) {
    for isTagged in [false, true] {
      var play = isTagged ? Play.tagged() : Play.plain()
      play.takeAll()
      for number in 1...10_000 { play.server("\(line)\(number)") }
      #expect(play.takeEvents().count == 100, "\(line)")
      play.pass(.seconds(1))
      #expect(play.takeEvents().compactMap(\.notice) == ["9900 lines of the server not shown"], "\(line)")
    }
  }

  @Test func `a flood before the login is cut off and counted`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.takeAll()
    for number in 1...10_000 { play.server("MOTD line \(number)") }
    #expect(play.takeEvents().count == 100)
    play.server("CAP ACK tags presence", "@label=1 OK LOGIN")
    play.pass(.seconds(2))
    #expect(play.takeEvents().compactMap(\.notice).contains("9900 lines of the server not shown"))
  }
}
