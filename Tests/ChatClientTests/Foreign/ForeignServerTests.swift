import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Plain dialect servers by other authors, with their own wording and behaviour.
@Suite struct ForeignServerTests {
  private static let bob = Nickname(known: "bob")

  // MARK: Negotiation

  @Test(arguments: [
    "ERR expected-login", "ERR unknown-command", "ERR not logged in", "ERR username-taken", "ERR invalid-username",
    "ERR CAP is nothing that I know", "ERR",
  ])
  func `a late answer to the capability request does not refuse the name`(answer: String) {
    var server = ForeignServer()
    server.expectsLogin = answer
    for delay in [2300, 4600, 7000, 14_000] {
      var harness = ForeignServerHarness(server, with: ["bob"], isStopped: true)
      harness.advanceClock(by: .milliseconds(delay))
      harness.resume()
      harness.advanceClock(by: .seconds(10))
      #expect(harness.isOnline, "after \(delay) ms")
      #expect(harness.refusals == [])
      #expect(harness.errors == [])
      #expect(harness.rosters.last == ["bob", "neha"])
    }
  }

  @Test func `a server that ignores the capability request can refuse the name`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.advanceClock(by: .seconds(2))
    harness.receive("ERR name in use")
    harness.advanceClock(by: .seconds(5))
    #expect(harness.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
    harness.sent = []
    harness.command(.useName(.mira))
    #expect(harness.takeSent() == ["LOGIN mira"])
    harness.receive("ERR name in use")
    #expect(
      harness.events.last == .nameRefused(.mira, .taken, suggestion: Nickname("mira2")),
      "an error after LOGIN refuses the name")
    harness.command(.useName(.akash))
    harness.receive("OK")
    #expect(harness.events.last == .online(.akash, capabilities: []))
  }

  @Test func `two errors before the OK do not refuse the name`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("ERR what?", "ERR I said: what?", "OK")
    #expect(harness.events.contains(.online(.neha, capabilities: [])))
    harness.receive("DM bob still there?")
    harness.advanceClock(by: .seconds(10))
    #expect(harness.events.compactMap(\.message).map(\.text) == ["still there?"])
  }

  @Test func `direct messages before the OK are reported`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("ERR what?", "DM bob early", "OK")
    #expect(harness.events.compactMap(\.message).map(\.text) == ["early"])
  }

  // MARK: Sends

  @Test func `a stopped server confirms nothing`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.stop()
    let ids = [harness.send("M1"), harness.send("M2", to: .person(Self.bob))]
    harness.advanceClock(by: .seconds(14))
    for id in ids { #expect(harness.outcomes(of: id) == []) }
    harness.kill()
    for id in ids {
      #expect(
        harness.outcomes(of: id) == [
          .sendFailed(
            id, reason: "The connection broke before the server confirmed it.", failure: .unconfirmed)
        ])
    }
  }

  @Test func `a message that a stopped server reads later is confirmed once`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.stop()
    let ids = [harness.send("M1"), harness.send("M2", to: .person(Self.bob)), harness.send("M3")]
    harness.advanceClock(by: .seconds(9))
    harness.resume()
    harness.advanceClock(by: .seconds(5))
    for id in ids { #expect(harness.outcomes(of: id).count == 1) }
    #expect(harness.outcomes(of: ids[0]).first?.message?.text == "M1")
    #expect(
      harness.server.received.filter { $0.hasPrefix("MSG") || $0.hasPrefix("DM") } == ["MSG M1", "DM bob M2", "MSG M3"])
  }

  @Test func `a direct message is confirmed by the answer to a later request`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    let id = harness.send("psst", to: .person(Self.bob))
    harness.advanceClock(by: .milliseconds(300))
    #expect(harness.outcomes(of: id).count == 1)
    #expect(harness.server.received.suffix(2) == ["DM bob psst", "PING"])
  }

  @Test func `without echoes the answer to a later request confirms a message`() {
    var server = ForeignServer()
    server.echoes = false
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    let first = harness.send("one")
    harness.advanceClock(by: .seconds(3))
    #expect(harness.outcomes(of: first).count == 1, "a send is confirmed although its echo may still come")
    let second = harness.send("two")
    harness.advanceClock(by: .milliseconds(300))
    #expect(harness.outcomes(of: second).count == 1, "a later send is confirmed early, because the server has no echo")
    #expect(harness.messages == [])
  }

  @Test func `an error as the answer to a later request confirms a message`() {
    var server = ForeignServer()
    server.echoes = false
    server.knowsPing = false
    server.who = nil
    server.unknownCommand = "ERR huh"
    var harness = ForeignServerHarness.settled(server)
    let ids = [harness.send("one"), harness.send("two")]
    harness.advanceClock(by: .seconds(5))
    for id in ids { #expect(harness.outcomes(of: id).first.map(Self.isConfirmed) == true) }
    #expect(harness.errors == [])
  }

  @Test func `a server that answers nothing confirms messages with its next line`() {
    var server = ForeignServer()
    server.echoes = false
    server.knowsPing = false
    server.who = nil
    server.unknownCommand = nil
    var harness = ForeignServerHarness.settled(server)
    var ids = (1...20).map { harness.send("m\($0)") }
    harness.advanceClock(by: .seconds(60))
    #expect(
      harness.server.received.count { $0.hasPrefix("MSG") } == 20, "missing answers do not delay further messages")
    for id in ids { #expect(harness.outcomes(of: id) == []) }
    harness.receiveMessage("hello", by: "bob")
    for id in ids { #expect(harness.outcomes(of: id).first.map(Self.isConfirmed) == true) }
    ids = [harness.send("late")]
    harness.kill()
    #expect(harness.outcomes(of: ids[0]).count == 1)
    #expect(harness.outcomes(of: ids[0]).first.map(Self.isConfirmed) == false)
  }

  private static func isConfirmed(_ event: ClientEvent) -> Bool {
    if case .sendConfirmed = event { true } else { event.message != nil }
  }

  @Test(arguments: ["ERR user-not-found ghost", "ERR no-such-user ghost", "ERR ghost is unknown to me"])
  func `an error about a direct message is explained`(error: String) {
    var server = ForeignServer()
    server.noSuchUser = { _ in error }
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    let id = harness.send("boo", to: .person(Nickname(known: "ghost")))
    harness.advanceClock(by: .seconds(3))
    guard case .sendFailed(id, let reason, _)? = harness.outcomes(of: id).first else {
      Issue.record("\(harness.events)")
      return
    }
    #expect(reason.hasPrefix("Nobody with this name is here.") || reason.hasPrefix("The server says: "))
    #expect(reason.contains("ghost"))
  }

  // MARK: The roster

  private static let frames: [@Sendable ([String]) -> [String]] = [
    { ["\($0.count) users online"] + $0.map { "USER \($0)" } + ["--- End of List ---"] },
    { ["Active users:"] + $0.map { "USER \($0)" } },
    { ["Active users: \($0.joined(separator: ", "))"] },
    { ["INFO \($0.count) here at 16:06:\($0.count)"] + $0.map { "USER \($0)" } + ["OK done", "== END =="] },
    { ["*** Users ***"] + $0.map { "- \($0)" } + [""] },
    { ["USERS \($0.joined(separator: " "))", "that is all"] },
    { $0.map { "USER \($0)" } + [$0.count == 2 ? "just the two of you" : "END"] },
    { $0.map { "USER \($0) 192.0.2.\($0.count)" } },
  ]

  @Test(arguments: frames.indices)
  func `only names are reported from an automatic roster poll`(index: Int) {
    var server = ForeignServer()
    server.who = Self.frames[index]
    var harness = ForeignServerHarness(server, with: ["bob"])
    harness.advanceClock(by: .seconds(31))
    #expect(harness.rosters.last == ["bob", "neha"])
    #expect(harness.notices == [])
    #expect(harness.errors == [])
    harness.arrive("zoe")
    harness.advanceClock(by: .seconds(11))
    #expect(harness.rosters.last?.contains("zoe") == true)
    harness.leave("bob")
    harness.advanceClock(by: .seconds(11))
    #expect(harness.notices == [])
    #expect(harness.server.received.count { $0 == "WHO" } > 8)
  }

  @Test func `roster polls do not use up the notice limit`() {
    var server = ForeignServer()
    server.who = Self.frames[0]
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    harness.advanceClock(by: .seconds(300))
    for number in 1...40 { harness.receive("notice \(number)") }
    #expect(harness.notices.count == 40)
  }

  @Test func `messages between the lines of a roster are reported`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.advanceClock(by: .seconds(5) - .milliseconds(1))
    harness.stop()
    harness.advanceClock(by: .milliseconds(300))
    harness.receive(
      "bob: first", "2 users online", "USER bob", "MSG bob second", "maintenance at noon", "USER neha", "bob: third")
    harness.resume()
    harness.advanceClock(by: .seconds(12))
    #expect(harness.lines().sorted() == ["bob: first", "bob: second", "bob: third"])
    #expect(harness.notices.contains("maintenance at noon"))
  }

  @Test(arguments: ["bob: bye carol", "<bob> bye carol"])
  func `a message within a roster that became shorter is reported`(line: String) {
    var server = ForeignServer()
    server.message = { line.hasPrefix("<") ? "<\($0)> \($1)" : "\($0): \($1)" }
    let numbered: @Sendable ([String]) -> [String] = { $0.enumerated().map { "\($0.offset + 1). \($0.element)" } }
    server.who = numbered
    var harness = ForeignServerHarness.settled(server, with: ["bob", "carol"])
    // Teaches the form of messages.
    harness.send("hi all")
    harness.advanceClock(by: .seconds(20))
    let polls = harness.server.received.count { $0 == "WHO" }
    harness.leave("carol")
    harness.server.who = { numbered($0) + [line] }
    while harness.server.received.count(where: { $0 == "WHO" }) == polls {
      harness.advanceClock(by: .milliseconds(100))
    }
    harness.server.who = numbered
    harness.advanceClock(by: .seconds(20))
    #expect(harness.lines().filter { $0 == "bob: bye carol" }.count == 1, "\(harness.events)")
    #expect(harness.departures == [Nickname("carol")])
  }

  @Test func `the greeting is reported once and not taken for a part of the roster`() {
    var server = ForeignServer()
    server.greeting = ["Welcome neha!", "Be kind, neha, akash"]
    server.who = Self.frames[0]
    var harness = ForeignServerHarness(server, with: ["bob"])
    harness.advanceClock(by: .seconds(20))
    #expect(harness.notices == ["Welcome neha!", "Be kind, neha, akash"])
    #expect(harness.rosters.last == ["bob", "neha"])
  }

  @Test func `an interrupted roster answer reports no change`() {
    for lines in [[], ["USER bob"], ["2 users online", "USER bob", "USER zoe"]] {
      var harness = ForeignServerHarness.settled(with: ["bob", "zoe"])
      harness.advanceClock(by: .seconds(5))
      harness.stop()
      harness.advanceClock(by: .seconds(5))
      for line in lines { harness.receive(line) }
      harness.advanceClock(by: .seconds(9))
      #expect(harness.takeEvents().filter { $0.rosterNames != nil } == [])
      harness.resume()
      harness.receiveMessage("still here", by: "bob")
      harness.advanceClock(by: .seconds(11))
      #expect(harness.rosters == [], "an unchanged roster is not reported")
      #expect(harness.arrivals + harness.departures == [])
    }
  }

  @Test func `a server that was stopped at the start is understood when it resumes`() {
    var harness = ForeignServerHarness(ForeignServer(), with: ["bob"])
    harness.stop()
    harness.advanceClock(by: .seconds(60))
    #expect(harness.arrivals + harness.departures == [])
    harness.resume()
    harness.advanceClock(by: .seconds(10))
    #expect(harness.rosters.last == ["bob", "neha"])
    #expect(harness.arrivals + harness.departures == [])
  }

  @Test func `an arrival and a departure are each reported once`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.arrive("zoe")
    harness.advanceClock(by: .seconds(6))
    harness.receiveMessage("hi", by: "zoe")
    harness.advanceClock(by: .seconds(6))
    harness.leave("zoe")
    harness.advanceClock(by: .seconds(6))
    #expect(harness.arrivals == [Nickname(known: "zoe")])
    #expect(harness.departures == [Nickname(known: "zoe")])

    harness = .settled(with: ["bob"])
    harness.arrive("zoe")
    harness.leave("zoe")
    harness.advanceClock(by: .seconds(6))
    #expect(harness.arrivals + harness.departures == [], "a short visit is not reported")
  }

  @Test(arguments: ["INFO % joined", "*** % has joined the chat", "JOINED %", "% connected (3 online)"])
  func `an arrival that the server announces is not reported twice`(words: String) {
    var server = ForeignServer()
    server.arrival = { words.replacing("%", with: $0) }
    server.departure = { words.replacing("%", with: $0).replacing("join", with: "leav") }
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    for name in ["zoe", "kim"] {
      harness.arrive(name)
      harness.advanceClock(by: .seconds(6))
      harness.receiveMessage("hi", by: name)
      #expect(harness.lines().last == "\(name): hi")
      harness.leave(name)
      harness.advanceClock(by: .seconds(6))
    }
    #expect(harness.notices.count == 4)
    #expect(harness.arrivals + harness.departures == [])
  }

  @Test func `the own name is added to a roster that omits it`() {
    var server = ForeignServer()
    server.who = { $0.filter { $0 != "neha" }.map { "USER \($0)" } }
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    harness.leave("bob")
    harness.advanceClock(by: .seconds(6))
    #expect(harness.departures == [Self.bob])
    harness.command(.who)
    harness.advanceClock(by: .seconds(1))
    #expect(harness.rosters.last == ["neha"], "a roster of one user is complete")
    harness.arrive("zoe")
    harness.advanceClock(by: .seconds(6))
    #expect(harness.rosters.last == ["zoe", "neha"])
  }

  @Test func `without a usable roster no presence is reported`() {
    for isKnown in [true, false] {
      var server = ForeignServer()
      if isKnown { server.who = { ["\($0.count) people"] } } else { server.who = nil }
      var harness = ForeignServerHarness(server, with: ["bob"])
      harness.advanceClock(by: .seconds(30))
      #expect(harness.rosters == [])
      #expect(harness.notices == [])
      harness.receiveMessage("hi", by: "bob")
      #expect(harness.lines() == ["bob: hi"])
      #expect(harness.noticed == [Self.bob])
      #expect(harness.arrivals == [])
      harness.command(.who)
      harness.advanceClock(by: .seconds(3))
      #expect(harness.notices == ["This server does not say who is here."])
      #expect(harness.rosters == [])
    }
  }

  // MARK: Names and forms

  @Test func `names of two words are recognised`() {
    let harshit = Nickname(spaced: "Harshit Kumar")
    var harness = ForeignServerHarness.settled(with: ["Harshit Kumar", "bob"])
    #expect(harness.server.people == ["Harshit Kumar", "bob", "neha"])
    harness.receiveMessage("hello you", by: "Harshit Kumar")
    harness.receive("DM Harshit Kumar and  you", "bob: Harshit Kumar left early", "INFO Harshit Kumar disconnected")
    #expect(harness.lines() == ["Harshit Kumar: hello you", "bob: Harshit Kumar left early"])
    #expect(harness.messages.map(\.author) == [harshit, harshit, Self.bob])
    #expect(harshit.map { harness.lines(in: .person($0)) } == ["Harshit Kumar: and  you"])
    #expect(harness.departures == [harshit])
  }

  @Test func `a direct message to a name of two words is not sent if it would reach another user`() throws {
    let harshit = try #require(Nickname(spaced: "Harshit Kumar"))
    var harness = ForeignServerHarness.settled(with: ["Harshit Kumar", "bob"])
    harness.send("psst", to: .person(harshit))
    #expect(harness.server.received.contains("DM Harshit Kumar psst"))
    harness.arrive("Harshit")
    harness.advanceClock(by: .seconds(6))
    let id = harness.send("secret", to: .person(harshit))
    #expect(
      harness.outcomes(of: id) == [.sendFailed(id, reason: "This server would take it for a message to Harshit.")])
    #expect(!harness.server.received.contains("DM Harshit Kumar secret"))
  }

  @Test func `a name with a space is unknown on a swiftchat server`() throws {
    var harness = ClientSessionHarness.tagged()
    let id = harness.send("secret", to: .person(try #require(Nickname(spaced: "Harshit Kumar"))))
    #expect(harness.takeSent() == [])
    #expect(harness.takeEvents() == [.sendFailed(id, reason: "Nobody with this name is here.")])
  }

  @Test(arguments: [
    "DM-SENT bob x", "DM neha -> bob x", "DM neha->bob: x", "DM sent to bob", "DM from bob: x",
    "MSG 2026-11-28 16:06:33 bob x", "MSG [16:06] bob: x", "PM bob x", "bob whispers: x", "Back soon", "Left turn",
    "Joined up", "Away we go", "USER", "User limit reached",
  ])
  func `an unlisted name is not taken for a user`(line: String) {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.send("y", to: .person(Self.bob))
    harness.advanceClock(by: .seconds(1))
    harness.receive(line)
    harness.advanceClock(by: .seconds(12))
    #expect(harness.notices == [line], "the line is reported once, as a notice of the server")
    #expect(harness.messages == [])
    #expect(harness.arrivals + harness.departures + harness.noticed == [])
    #expect(harness.rosters == [])
  }

  @Test func `a receipt confirms its direct message`() {
    var server = ForeignServer()
    server.receipt = { "DM \($0)->\($1): \($2)" }
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    let id = harness.send("x y", to: .person(Self.bob))
    harness.advanceClock(by: .seconds(3))
    #expect(harness.outcomes(of: id).count == 1)
    #expect(harness.messages == [])
  }

  @Test func `a direct message to oneself is not taken for a receipt`() {
    var harness = ForeignServerHarness.settled()
    harness.send("note", to: .person(.neha))
    harness.advanceClock(by: .seconds(3))
    #expect(harness.lines(in: .person(.neha)) == ["neha: note"])
  }

  @Test func `messages of a newcomer are reported as soon as the roster lists the name`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.arrive("zoe")
    harness.receiveMessage("hi", by: "zoe")
    harness.receiveMessage("hello zoe", by: "bob")
    harness.receive("DM zoe psst")
    harness.advanceClock(by: .milliseconds(1200))
    #expect(harness.lines() == ["zoe: hi", "bob: hello zoe"], "messages are reported in order")
    #expect(harness.lines(in: .person(Nickname(known: "zoe"))) == ["zoe: psst"])
    #expect(harness.arrivals == [Nickname(known: "zoe")])
  }

  @Test func `the message of a user who leaves at once is reported`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.arrive("zoe")
    harness.receiveMessage("bye", by: "zoe")
    harness.leave("zoe")
    harness.advanceClock(by: .seconds(3))
    #expect(harness.lines() == ["zoe: bye"])
  }

  @Test func `a stopped server delays no line for long`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.stop()
    harness.receive("MSG zoe hi", "MSG bob hello")
    harness.advanceClock(by: .seconds(4))
    #expect(harness.notices == ["MSG zoe hi"])
    #expect(harness.lines() == ["bob: hello"])
    harness.receive("MSG kim hi")
    harness.kill()
    #expect(harness.notices == ["MSG zoe hi", "MSG kim hi"], "held lines are reported when the connection ends")
  }

  private static let forms: [@Sendable (String, String) -> String] = [
    { "\($0): \($1)" }, { "GMSG \($0): \($1)" }, { "[16:06:\($1.utf8.count)] <\($0)> \($1)" },
    { "MSG 2026-11-28 16:06:33 \($0) \($1)" }, { "MSG \($0): \($1)" }, { "MSG [\($0)] \($1)" }, { "\($0)> \($1)" },
  ]

  @Test(arguments: forms.indices)
  func `the message format is learned from own echoes`(index: Int) {
    var server = ForeignServer()
    server.message = Self.forms[index]
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    let id = harness.send("hello  there")
    harness.advanceClock(by: .seconds(3))
    #expect(harness.outcomes(of: id).first?.message?.author == .neha)
    harness.receiveMessage("me too: yes", by: "bob")
    harness.advanceClock(by: .seconds(3))
    #expect(
      harness.lines() == ["neha: hello there", "bob: me too: yes"]
        || harness.lines() == ["neha: hello  there", "bob: me too: yes"])
    #expect(harness.notices == [])
  }

  @Test(arguments: [0, 1])
  func `forty messages in an unknown format are all shown`(index: Int) {
    var server = ForeignServer()
    server.message = Self.forms[index]
    server.echoes = false
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    for number in 1...40 { harness.receiveMessage("line \(number)", by: "bob") }
    #expect(harness.messages.count + harness.notices.count == 40)
  }

  @Test func `notices beyond the limit are counted`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    for number in 1...250 { harness.receive("blah \(number)") }
    harness.advanceClock(by: .seconds(3))
    #expect(harness.notices.count == 101)
    #expect(harness.notices.last == "150 lines of the server not shown")
  }

  // MARK: Leaving

  @Test func `the answer to QUIT is not shown`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.command(.useName(.mira))
    harness.advanceClock(by: .milliseconds(400))
    #expect(harness.server.received.last == "QUIT")
    #expect(harness.errors + harness.notices == [])
    let server = harness.server
    #expect(server.people.contains("neha"))
  }

  @Test func `every request for rooms is answered`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.command(.listRooms)
    #expect(harness.events == [.roomsFailed(reason: "This server has only one room.")])
    harness.kill()
    _ = harness.takeEvents()
    harness.command(.listRooms)
    #expect(harness.events == [.roomsUnanswered(reason: "There is no connection.", isOnline: false)])
  }

  // MARK: Other services

  @Test(arguments: [
    [
      "HTTP/1.1 400 Bad Request", "Server: nginx", "Content-Type: text/html", "", "<html>", "<body>no</body>",
      "</html>",
    ],
    ["SSH-2.0-OpenSSH_9.2p1 Debian-2", "Invalid SSH identification string."],
  ])
  func `a port of another service is reported in one line`(page: [String]) {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    for _ in 1...3 {
      for _ in 1...2 {
        harness.handle(.opened(nil))
        for line in page { harness.receive(line) }
        harness.handle(.closed(reason: nil))
      }
      harness.advanceClock(by: .seconds(30))
    }
    #expect(harness.events.compactMap(\.notice) == [])
    let outages = Set(harness.events.compactMap(\.outage).map(\.reason))
    #expect(outages.count == 1)
    #expect(outages.first?.contains(page[0]) == true)
  }

  @Test func `a web server is not connected to again`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.failed(ConnectionFailure(.plain(said: "HTTP/1.1 400 Bad Request"), reason: "")))
    #expect(harness.opened.count == 1)
    #expect(
      harness.events.last?.outage?.reason == "home.example:4000 is a web server: it says \"HTTP/1.1 400 Bad Request\"")
  }

  @Test func `a server that rejects LOGIN as unknown is reported as no chat server`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("220 mail.example ESMTP")
    harness.advanceClock(by: .seconds(1))
    harness.receive("502 5.5.2 Error: command not recognized")
    harness.advanceClock(by: .seconds(1))
    harness.receive("502 5.5.2 Error: command not recognized")
    harness.advanceClock(by: .seconds(20))
    #expect(harness.events.compactMap(\.outage).last?.reason.contains("no chat server") == true)
  }

  @Test func `TLS is tried again at each reconnect`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    for _ in 1...2 {
      harness.handle(.failed(ConnectionFailure(.plain(said: nil), reason: "")))
      harness.handle(.opened(nil))
      harness.receive("ERR what?", "OK")
      harness.handle(.closed(reason: nil))
      harness.advanceClock(by: .seconds(3))
    }
    #expect(harness.events.compactMap(\.notice).count == 1, "the missing encryption is reported once")
    #expect(
      harness.securities == [
        .encrypted(expecting: nil), .plain, .encrypted(expecting: nil), .plain, .encrypted(expecting: nil),
      ])
    let pin = Pin(known: 7)
    harness.handle(.opened(pin))
    #expect(harness.events.contains(.pinned(pin)))
  }
}
