import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Other people's servers, with words and habits of their own.
@Suite struct ForeignServerTests {
  private static let bob = Nickname(known: "bob")

  // MARK: Negotiation

  @Test(arguments: [
    "ERR expected-login", "ERR unknown-command", "ERR not logged in", "ERR username-taken", "ERR invalid-username",
    "ERR CAP is nothing that I know", "ERR",
  ])
  func `a late answer to capabilities refuses no name`(answer: String) {
    var server = StandIn()
    server.expectsLogin = answer
    for delay in [2300, 4600, 7000, 14_000] {
      var visit = Visit(server, with: ["bob"], isStopped: true)
      visit.pass(.milliseconds(delay))
      visit.goOn()
      visit.pass(.seconds(10))
      #expect(visit.isOnline, "after \(delay) ms")
      #expect(visit.refusals == [])
      #expect(visit.errors == [])
      #expect(visit.rosters.last == ["bob", "neha"])
    }
  }

  @Test func `a server that passes over capabilities may refuse the name`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.pass(.seconds(2))
    play.server("ERR name in use")
    play.pass(.seconds(5))
    #expect(play.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
    play.sent = []
    play.command(.useName(.mira))
    #expect(play.takeSent() == ["LOGIN mira"])
    play.server("ERR name in use")
    #expect(play.events.last == .nameRefused(.mira, .taken, suggestion: Nickname("mira2")), "now it is about the name")
    play.command(.useName(.akash))
    play.server("OK")
    #expect(play.events.last == .online(.akash, dialect: []))
  }

  @Test func `two errors before the OK are no refusal either`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("ERR what?", "ERR I said: what?", "OK")
    #expect(play.events.contains(.online(.neha, dialect: [])))
    play.server("DM bob still there?")
    play.pass(.seconds(10))
    #expect(play.events.compactMap(\.message).map(\.text) == ["still there?"])
  }

  @Test func `direct messages before the OK are told`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("ERR what?", "DM bob early", "OK")
    #expect(play.events.compactMap(\.message).map(\.text) == ["early"])
  }

  // MARK: What was sent

  @Test func `nothing is confirmed by a server that has stopped`() {
    var visit = Visit.settled(with: ["bob"])
    visit.stop()
    let ids = [visit.say("M1"), visit.say("M2", to: .person(Self.bob))]
    visit.pass(.seconds(14))
    for id in ids { #expect(visit.outcomes(of: id) == []) }
    visit.kill()
    for id in ids {
      #expect(
        visit.outcomes(of: id) == [.sendFailed(id, reason: "The connection broke before the server confirmed it.")])
    }
  }

  @Test func `what a stopped server reads later is confirmed once`() {
    var visit = Visit.settled(with: ["bob"])
    visit.stop()
    let ids = [visit.say("M1"), visit.say("M2", to: .person(Self.bob)), visit.say("M3")]
    visit.pass(.seconds(9))
    visit.goOn()
    visit.pass(.seconds(5))
    for id in ids { #expect(visit.outcomes(of: id).count == 1) }
    #expect(visit.outcomes(of: ids[0]).first?.message?.text == "M1")
    #expect(
      visit.server.heard.filter { $0.hasPrefix("MSG") || $0.hasPrefix("DM") } == ["MSG M1", "DM bob M2", "MSG M3"])
  }

  @Test func `a direct message is confirmed by the answer to a later request`() {
    var visit = Visit.settled(with: ["bob"])
    let id = visit.say("psst", to: .person(Self.bob))
    visit.pass(.milliseconds(300))
    #expect(visit.outcomes(of: id).count == 1)
    #expect(visit.server.heard.suffix(2) == ["DM bob psst", "PING"])
  }

  @Test func `without echoes the answer to a later request confirms`() {
    var server = StandIn()
    server.echoes = false
    var visit = Visit.settled(server, with: ["bob"])
    let first = visit.say("one")
    visit.pass(.seconds(3))
    #expect(visit.outcomes(of: first).count == 1, "an echo may come behind it")
    let second = visit.say("two")
    visit.pass(.milliseconds(300))
    #expect(visit.outcomes(of: second).count == 1, "it is known that there is none")
    #expect(visit.messages == [])
  }

  @Test func `also where the only answers are errors`() {
    var server = StandIn()
    server.echoes = false
    server.knowsPing = false
    server.who = nil
    server.unknownCommand = "ERR huh"
    var visit = Visit.settled(server)
    let ids = [visit.say("one"), visit.say("two")]
    visit.pass(.seconds(5))
    for id in ids { #expect(visit.outcomes(of: id).first.map(Self.isConfirmed) == true) }
    #expect(visit.errors == [])
  }

  @Test func `a server that answers nothing confirms by being there`() {
    var server = StandIn()
    server.echoes = false
    server.knowsPing = false
    server.who = nil
    server.unknownCommand = nil
    var visit = Visit.settled(server)
    var ids = (1...20).map { visit.say("m\($0)") }
    visit.pass(.seconds(60))
    #expect(visit.server.heard.count { $0.hasPrefix("MSG") } == 20, "it holds up nothing")
    for id in ids { #expect(visit.outcomes(of: id) == []) }
    visit.say("hello", by: "bob")
    for id in ids { #expect(visit.outcomes(of: id).first.map(Self.isConfirmed) == true) }
    ids = [visit.say("late")]
    visit.kill()
    #expect(visit.outcomes(of: ids[0]).count == 1)
    #expect(visit.outcomes(of: ids[0]).first.map(Self.isConfirmed) == false)
  }

  private static func isConfirmed(_ event: ClientEvent) -> Bool {
    if case .sendConfirmed = event { true } else { event.message != nil }
  }

  @Test(arguments: ["ERR user-not-found ghost", "ERR no-such-user ghost", "ERR ghost is unknown to me"])
  func `an error about a direct message is explained`(error: String) {
    var server = StandIn()
    server.noSuchUser = { _ in error }
    var visit = Visit.settled(server, with: ["bob"])
    let id = visit.say("boo", to: .person(Nickname(known: "ghost")))
    visit.pass(.seconds(3))
    guard case .sendFailed(id, let reason)? = visit.outcomes(of: id).first else {
      Issue.record("\(visit.events)")
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
  func `an automatic poll tells nothing but names`(index: Int) {
    var server = StandIn()
    server.who = Self.frames[index]
    var visit = Visit(server, with: ["bob"])
    visit.pass(.seconds(31))
    #expect(visit.rosters.last == ["bob", "neha"])
    #expect(visit.notices == [])
    #expect(visit.errors == [])
    visit.come("zoe")
    visit.pass(.seconds(11))
    #expect(visit.rosters.last?.contains("zoe") == true)
    visit.go("bob")
    visit.pass(.seconds(11))
    #expect(visit.notices == [])
    #expect(visit.server.heard.count { $0 == "WHO" } > 8)
  }

  @Test func `the budget of notices is not spent on polls`() {
    var server = StandIn()
    server.who = Self.frames[0]
    var visit = Visit.settled(server, with: ["bob"])
    visit.pass(.seconds(300))
    for number in 1...40 { visit.server("notice \(number)") }
    #expect(visit.notices.count == 40)
  }

  @Test func `what is said while the roster comes in is told`() {
    var visit = Visit.settled(with: ["bob"])
    visit.pass(.seconds(5) - .milliseconds(1))
    visit.stop()
    visit.pass(.milliseconds(300))
    visit.server(
      "bob: first", "2 users online", "USER bob", "MSG bob second", "maintenance at noon", "USER neha", "bob: third")
    visit.goOn()
    visit.pass(.seconds(12))
    #expect(visit.lines().sorted() == ["bob: first", "bob: second", "bob: third"])
    #expect(visit.notices.contains("maintenance at noon"))
  }

  @Test func `the greeting is told once and is no frame`() {
    var server = StandIn()
    server.greeting = ["Welcome neha!", "Be kind, neha, akash"]
    server.who = Self.frames[0]
    var visit = Visit(server, with: ["bob"])
    visit.pass(.seconds(20))
    #expect(visit.notices == ["Welcome neha!", "Be kind, neha, akash"])
    #expect(visit.rosters.last == ["bob", "neha"])
  }

  @Test func `a stall during the answer invents nothing`() {
    for lines in [[], ["USER bob"], ["2 users online", "USER bob", "USER zoe"]] {
      var visit = Visit.settled(with: ["bob", "zoe"])
      visit.pass(.seconds(5))
      visit.stop()
      visit.pass(.seconds(5))
      for line in lines { visit.server(line) }
      visit.pass(.seconds(9))
      #expect(visit.takeEvents().filter { $0.rosterNames != nil } == [])
      visit.goOn()
      visit.say("still here", by: "bob")
      visit.pass(.seconds(11))
      #expect(visit.rosters == [], "nothing has changed")
      #expect(visit.arrivals + visit.departures == [])
    }
  }

  @Test func `a server that was stopped from the beginning is understood in the end`() {
    var visit = Visit(StandIn(), with: ["bob"])
    visit.stop()
    visit.pass(.seconds(60))
    #expect(visit.arrivals + visit.departures == [])
    visit.goOn()
    visit.pass(.seconds(10))
    #expect(visit.rosters.last == ["bob", "neha"])
    #expect(visit.arrivals + visit.departures == [])
  }

  @Test func `who comes and goes is told once`() {
    var visit = Visit.settled(with: ["bob"])
    visit.come("zoe")
    visit.pass(.seconds(6))
    visit.say("hi", by: "zoe")
    visit.pass(.seconds(6))
    visit.go("zoe")
    visit.pass(.seconds(6))
    #expect(visit.arrivals == [Nickname(known: "zoe")])
    #expect(visit.departures == [Nickname(known: "zoe")])

    visit = .settled(with: ["bob"])
    visit.come("zoe")
    visit.go("zoe")
    visit.pass(.seconds(6))
    #expect(visit.arrivals + visit.departures == [], "whose arrival was not told")
  }

  @Test(arguments: ["INFO % joined", "*** % has joined the chat", "JOINED %", "% connected (3 online)"])
  func `what the server announces is not told a second time`(words: String) {
    var server = StandIn()
    server.arrival = { words.replacing("%", with: $0) }
    server.departure = { words.replacing("%", with: $0).replacing("join", with: "leav") }
    var visit = Visit.settled(server, with: ["bob"])
    for name in ["zoe", "kim"] {
      visit.come(name)
      visit.pass(.seconds(6))
      visit.say("hi", by: name)
      #expect(visit.lines().last == "\(name): hi")
      visit.go(name)
      visit.pass(.seconds(6))
    }
    #expect(visit.notices.count == 4)
    #expect(visit.arrivals + visit.departures == [])
  }

  @Test func `a server that lists only the others`() {
    var server = StandIn()
    server.who = { $0.filter { $0 != "neha" }.map { "USER \($0)" } }
    var visit = Visit.settled(server, with: ["bob"])
    visit.go("bob")
    visit.pass(.seconds(6))
    #expect(visit.departures == [Self.bob])
    visit.command(.who)
    visit.pass(.seconds(1))
    #expect(visit.rosters.last == ["neha"], "nobody else is everybody")
    visit.come("zoe")
    visit.pass(.seconds(6))
    #expect(visit.rosters.last == ["zoe", "neha"])
  }

  @Test func `where nobody says who is there nothing is claimed`() {
    for isKnown in [true, false] {
      var server = StandIn()
      if isKnown { server.who = { ["\($0.count) people"] } } else { server.who = nil }
      var visit = Visit(server, with: ["bob"])
      visit.pass(.seconds(30))
      #expect(visit.rosters == [])
      #expect(visit.notices == [])
      visit.say("hi", by: "bob")
      #expect(visit.lines() == ["bob: hi"])
      #expect(visit.noticed == [Self.bob])
      #expect(visit.arrivals == [])
      visit.command(.who)
      visit.pass(.seconds(3))
      #expect(visit.notices == ["This server does not say who is here."])
      #expect(visit.rosters == [])
    }
  }

  // MARK: Names and forms

  @Test func `names of two words`() {
    let harshit = Nickname(spaced: "Harshit Kumar")
    var visit = Visit.settled(with: ["Harshit Kumar", "bob"])
    #expect(visit.server.people == ["Harshit Kumar", "bob", "neha"])
    visit.say("hello you", by: "Harshit Kumar")
    visit.server("DM Harshit Kumar and  you", "bob: Harshit Kumar left early", "INFO Harshit Kumar disconnected")
    #expect(visit.lines() == ["Harshit Kumar: hello you", "bob: Harshit Kumar left early"])
    #expect(visit.messages.map(\.author) == [harshit, harshit, Self.bob])
    #expect(harshit.map { visit.lines(in: .person($0)) } == ["Harshit Kumar: and  you"])
    #expect(visit.departures == [harshit])
  }

  @Test func `a reply goes to the whole name or to nobody`() throws {
    let harshit = try #require(Nickname(spaced: "Harshit Kumar"))
    var visit = Visit.settled(with: ["Harshit Kumar", "bob"])
    visit.say("psst", to: .person(harshit))
    #expect(visit.server.heard.contains("DM Harshit Kumar psst"))
    visit.come("Harshit")
    visit.pass(.seconds(6))
    let id = visit.say("secret", to: .person(harshit))
    #expect(visit.outcomes(of: id) == [.sendFailed(id, reason: "This server would take it for a message to Harshit.")])
    #expect(!visit.server.heard.contains("DM Harshit Kumar secret"))
  }

  @Test func `a spaced name means nobody on our own server`() throws {
    var play = Play.tagged()
    let id = play.say("secret", to: .person(try #require(Nickname(spaced: "Harshit Kumar"))))
    #expect(play.takeSent() == [])
    #expect(play.takeEvents() == [.sendFailed(id, reason: "Nobody with this name is here.")])
  }

  @Test(arguments: [
    "DM-SENT bob x", "DM neha -> bob x", "DM neha->bob: x", "DM sent to bob", "DM from bob: x",
    "MSG 2026-11-28 16:06:33 bob x", "MSG [16:06] bob: x", "PM bob x", "bob whispers: x", "Back soon", "Left turn",
    "Joined up", "Away we go", "USER", "User limit reached",
  ])
  func `a name that is not listed is nobody`(line: String) {
    var visit = Visit.settled(with: ["bob"])
    visit.say("y", to: .person(Self.bob))
    visit.pass(.seconds(1))
    visit.server(line)
    visit.pass(.seconds(12))
    #expect(visit.notices == [line], "once, as the server's own")
    #expect(visit.messages == [])
    #expect(visit.arrivals + visit.departures + visit.noticed == [])
    #expect(visit.rosters == [])
  }

  @Test func `a receipt confirms what it is for`() {
    var server = StandIn()
    server.receipt = { "DM \($0)->\($1): \($2)" }
    var visit = Visit.settled(server, with: ["bob"])
    let id = visit.say("x y", to: .person(Self.bob))
    visit.pass(.seconds(3))
    #expect(visit.outcomes(of: id).count == 1)
    #expect(visit.messages == [])
  }

  @Test func `what one writes to oneself is no receipt`() {
    var visit = Visit.settled()
    visit.say("note", to: .person(.neha))
    visit.pass(.seconds(3))
    #expect(visit.lines(in: .person(.neha)) == ["neha: note"])
  }

  @Test func `a newcomer is heard as soon as the server lists them`() {
    var visit = Visit.settled(with: ["bob"])
    visit.come("zoe")
    visit.say("hi", by: "zoe")
    visit.say("hello zoe", by: "bob")
    visit.server("DM zoe psst")
    visit.pass(.milliseconds(1200))
    #expect(visit.lines() == ["zoe: hi", "bob: hello zoe"], "in their order")
    #expect(visit.lines(in: .person(Nickname(known: "zoe"))) == ["zoe: psst"])
    #expect(visit.arrivals == [Nickname(known: "zoe")])
  }

  @Test func `who speaks and leaves at once is heard`() {
    var visit = Visit.settled(with: ["bob"])
    visit.come("zoe")
    visit.say("bye", by: "zoe")
    visit.go("zoe")
    visit.pass(.seconds(3))
    #expect(visit.lines() == ["zoe: bye"])
  }

  @Test func `nothing waits for a server that stops`() {
    var visit = Visit.settled(with: ["bob"])
    visit.stop()
    visit.server("MSG zoe hi", "MSG bob hello")
    visit.pass(.seconds(4))
    #expect(visit.notices == ["MSG zoe hi"])
    #expect(visit.lines() == ["bob: hello"])
    visit.server("MSG kim hi")
    visit.kill()
    #expect(visit.notices == ["MSG zoe hi", "MSG kim hi"], "what waits is told when the connection ends")
  }

  private static let forms: [@Sendable (String, String) -> String] = [
    { "\($0): \($1)" }, { "GMSG \($0): \($1)" }, { "[16:06:\($1.utf8.count)] <\($0)> \($1)" },
    { "MSG 2026-11-28 16:06:33 \($0) \($1)" }, { "MSG \($0): \($1)" }, { "MSG [\($0)] \($1)" }, { "\($0)> \($1)" },
  ]

  @Test(arguments: forms.indices)
  func `the form of messages is learned from our own`(index: Int) {
    var server = StandIn()
    server.message = Self.forms[index]
    var visit = Visit.settled(server, with: ["bob"])
    let id = visit.say("hello  there")
    visit.pass(.seconds(3))
    #expect(visit.outcomes(of: id).first?.message?.author == .neha)
    visit.say("me too: yes", by: "bob")
    visit.pass(.seconds(3))
    #expect(
      visit.lines() == ["neha: hello there", "bob: me too: yes"]
        || visit.lines() == ["neha: hello  there", "bob: me too: yes"])
    #expect(visit.notices == [])
  }

  @Test(arguments: [0, 1])
  func `forty messages that are no MSG can all be read`(index: Int) {
    var server = StandIn()
    server.message = Self.forms[index]
    server.echoes = false
    var visit = Visit.settled(server, with: ["bob"])
    for number in 1...40 { visit.say("line \(number)", by: "bob") }
    #expect(visit.messages.count + visit.notices.count == 40)
  }

  @Test func `what is not shown is counted`() {
    var visit = Visit.settled(with: ["bob"])
    for number in 1...250 { visit.server("blah \(number)") }
    visit.pass(.seconds(3))
    #expect(visit.notices.count == 101)
    #expect(visit.notices.last == "150 lines of the server not shown")
  }

  // MARK: Going

  @Test func `the answer to QUIT is not shown`() {
    var visit = Visit.settled(with: ["bob"])
    visit.command(.useName(.mira))
    visit.pass(.milliseconds(400))
    #expect(visit.server.heard.last == "QUIT")
    #expect(visit.errors + visit.notices == [])
    let server = visit.server
    #expect(server.people.contains("neha"))
  }

  @Test func `listing rooms ends`() {
    var visit = Visit.settled(with: ["bob"])
    visit.command(.listRooms)
    #expect(visit.events == [.roomsFailed(reason: "This server has only one room.")])
    visit.kill()
    _ = visit.takeEvents()
    visit.command(.listRooms)
    #expect(visit.events == [.roomsFailed(reason: "There is no connection.")])
  }

  // MARK: Ports that are something else's

  @Test(arguments: [
    [
      "HTTP/1.1 400 Bad Request", "Server: nginx", "Content-Type: text/html", "", "<html>", "<body>no</body>",
      "</html>",
    ],
    ["SSH-2.0-OpenSSH_9.2p1 Debian-2", "Invalid SSH identification string."],
  ])
  func `what is no chat server is named in one line`(page: [String]) {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    for _ in 1...3 {
      for _ in 1...2 {
        play.handle(.opened(nil))
        for line in page { play.server(line) }
        play.handle(.closed(reason: nil))
      }
      play.pass(.seconds(30))
    }
    #expect(play.events.compactMap(\.notice) == [])
    let outages = Set(play.events.compactMap(\.outage).map(\.reason))
    #expect(outages.count == 1)
    #expect(outages.first?.contains(page[0]) == true)
  }

  @Test func `a web server is not asked for its page again`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.failed(ConnectionFailure(.plain(said: "HTTP/1.1 400 Bad Request"), reason: "")))
    #expect(play.opened.count == 1)
    #expect(
      play.events.last?.outage?.reason == "home.example:4000 is a web server: it says \"HTTP/1.1 400 Bad Request\"")
  }

  @Test func `a server that knows nothing of logins is no chat`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.handle(.opened(nil))
    play.server("220 mail.example ESMTP")
    play.pass(.seconds(1))
    play.server("502 5.5.2 Error: command not recognized")
    play.pass(.seconds(1))
    play.server("502 5.5.2 Error: command not recognized")
    play.pass(.seconds(20))
    #expect(play.events.compactMap(\.outage).last?.reason.contains("no chat server") == true)
  }

  @Test func `encryption is tried again at each return`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    for _ in 1...2 {
      play.handle(.failed(ConnectionFailure(.plain(said: nil), reason: "")))
      play.handle(.opened(nil))
      play.server("ERR what?", "OK")
      play.handle(.closed(reason: nil))
      play.pass(.seconds(3))
    }
    #expect(play.events.compactMap(\.notice).count == 1, "that nothing is encrypted is said once")
    #expect(
      play.securities == [
        .encrypted(expecting: nil), .plain, .encrypted(expecting: nil), .plain, .encrypted(expecting: nil),
      ])
    let pin = Pin(known: 7)
    play.handle(.opened(pin))
    #expect(play.events.contains(.pinned(pin)))
  }
}
