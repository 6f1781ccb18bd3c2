import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Lines of plain dialect servers by other authors that arrive within an answer, or that resemble other lines.
@Suite struct ForeignLinesTests {
  private static let bob = Nickname(known: "bob")
  private static let carol = Nickname(known: "carol")
  private static let dave = Nickname(known: "dave")

  /// Stops the server and waits until a `WHO` is on the way.
  private static func awaitRoster(_ harness: inout ForeignServerHarness) {
    harness.stop()
    harness.advanceClock(by: .seconds(6))
  }

  // MARK: Within the roster

  @Test func `messages in the server's form are reported at once while a roster is awaited`() {
    var server = ForeignServer()
    server.message = { "<\($0)> \($1)" }
    var harness = ForeignServerHarness.settled(server, with: ["bob", "carol"])
    // Teaches the form of messages.
    harness.send("hi all")
    harness.advanceClock(by: .seconds(20))
    var expected = ["neha: hi all"]
    for author in ["bob", "carol", "bob"] {
      Self.awaitRoster(&harness)
      harness.receive("<\(author)> ok?")
      expected.append("\(author): ok?")
      #expect(harness.lines() == expected)
      harness.resume()
    }
    harness.advanceClock(by: .seconds(20))
    #expect(harness.lines() == expected)
    #expect(harness.notices == [])
  }

  @Test func `lines that wait for the next roster are reported before later lines`() {
    var server = ForeignServer()
    server.message = { "<\($0)> \($1)" }
    var harness = ForeignServerHarness.settled(server, with: ["bob", "carol"])
    Self.awaitRoster(&harness)
    harness.receive("<bob> lol")
    harness.resume()
    harness.receiveMessage("ok", by: "carol")
    #expect(harness.notices == ["<bob> lol", "<carol> ok"])
    harness.advanceClock(by: .seconds(20))
    #expect(harness.notices == ["<bob> lol", "<carol> ok"])
  }

  @Test func `reports of the server that differ in a number are not taken for a part of the roster`() {
    var harness = ForeignServerHarness.settled(with: ["bob", "carol"])
    for number in 1...3 {
      Self.awaitRoster(&harness)
      harness.receive("* Deploy \(number) failed")
      harness.resume()
      if number == 2 { harness.advanceClock(by: .seconds(20)) }
    }
    harness.advanceClock(by: .seconds(20))
    #expect(harness.notices == ["* Deploy 1 failed", "* Deploy 2 failed", "* Deploy 3 failed"])
  }

  @Test func `the server's own line within a roster that became shorter is reported`() {
    var server = ForeignServer()
    server.who = { $0.enumerated().map { "\($0.offset + 1). \($0.element)" } }
    var harness = ForeignServerHarness.settled(server, with: ["bob", "carol"])
    harness.leave("carol")
    Self.awaitRoster(&harness)
    harness.receive("*** The server will restart in 5 minutes")
    harness.resume()
    harness.advanceClock(by: .seconds(20))
    #expect(harness.notices == ["*** The server will restart in 5 minutes"])
    #expect(harness.departures == [Self.carol])
  }

  @Test(arguments: ["END", "just you"])
  func `a new line of the roster is not reported`(end: String) {
    var server = ForeignServer()
    server.who = { $0.map { "USER \($0)" } + [$0.count == 2 ? "just the two of you" : end] }
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    harness.arrive("zoe")
    harness.advanceClock(by: .seconds(6))
    harness.receiveMessage("hello", by: "bob")
    harness.leave("zoe")
    harness.advanceClock(by: .seconds(11))
    #expect(harness.notices == [])
  }

  // MARK: Names

  @Test(arguments: [" (you)", " - you", " *"])
  func `a remark on the own name is not a part of it`(remark: String) {
    var server = ForeignServer()
    server.who = { $0.map { "USER \($0)\($0 == "neha" ? remark : "")" } }
    var harness = ForeignServerHarness(server, with: ["bob"])
    harness.advanceClock(by: .seconds(11))
    #expect(harness.rosters.last == ["bob", "neha"])
    #expect(harness.notices == [])
  }

  @Test func `a remark on another name is not a part of it`() {
    var harness = ForeignServerHarness.settled(with: ["bob", "Harshit Kumar"])
    harness.server.who = { $0.map { "USER \($0)\($0 == "neha" ? "" : " (away)")" } }
    harness.advanceClock(by: .seconds(11))
    harness.command(.who)
    harness.advanceClock(by: .seconds(1))
    #expect(harness.rosters.last?.sorted() == ["Harshit Kumar", "bob", "neha"])
    #expect(harness.arrivals + harness.departures == [])
  }

  @Test(arguments: [false, true])
  func `a message that names a newcomer does not hide arrivals`(isFormKnown: Bool) {
    var server = ForeignServer()
    server.message = { "[\($0)] \($1)" }
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    if isFormKnown { harness.send("hello") }
    harness.arrive("dave")
    harness.receiveMessage("hi from me", by: "dave")
    harness.advanceClock(by: .seconds(6))
    for name in ["erin", "frank"] {
      harness.arrive(name)
      harness.advanceClock(by: .seconds(6))
    }
    let later = [Nickname(known: "erin"), Nickname(known: "frank")]
    #expect(harness.arrivals == (isFormKnown ? [Self.dave] + later : later))
  }

  @Test func `an arrival that is announced within a roster is not reported twice`() {
    var server = ForeignServer()
    server.arrival = { "*** \($0) has joined" }
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    for name in ["zoe", "kim"] {
      Self.awaitRoster(&harness)
      harness.arrive(name)
      harness.resume()
      harness.advanceClock(by: .seconds(11))
    }
    #expect(harness.notices == ["*** zoe has joined", "*** kim has joined"])
    #expect(harness.arrivals == [])
  }

  @Test func `the message of a newcomer waits for a slow roster`() {
    var harness = ClientSessionHarness.plain()
    harness.advanceClock(by: .seconds(5))
    harness.receive("USER neha", "USER akash")
    #expect(harness.takeSent() == ["WHO", "PING"])
    harness.advanceClock(by: .seconds(3))
    harness.receive("PONG", "MSG dave me too")
    harness.advanceClock(by: .seconds(4))
    #expect(harness.events.compactMap(\.notice) == [])
    harness.receive("USER neha", "USER akash", "USER dave", "PONG")
    #expect(harness.events.compactMap(\.message).map(\.author) == [Self.dave])
    #expect(harness.events.compactMap(\.notice) == [])
  }

  @Test func `a name that no roster could show is not given up`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.stop()
    harness.receive("MSG dave hi")
    harness.advanceClock(by: .seconds(4))
    #expect(harness.notices == ["MSG dave hi"])
    harness.arrive("dave")
    harness.receive("MSG dave again")
    harness.resume()
    harness.advanceClock(by: .seconds(1))
    #expect(harness.notices == ["MSG dave hi"])
    #expect(harness.lines() == ["dave: again"])
  }

  // MARK: Sends

  @Test func `a direct message that the server repeats with the recipient's name is a receipt`() {
    var server = ForeignServer()
    server.receipt = { _, reader, text in "DM \(reader) \(text)" }
    var harness = ForeignServerHarness.settled(server, with: ["bob"])
    for text in ["psst  secret", "psst  secret", "more"] {
      let id = harness.send(text, to: .person(Self.bob))
      harness.advanceClock(by: .seconds(3))
      #expect(harness.outcomes(of: id).count == 1)
    }
    #expect(harness.messages == [])
    #expect(harness.notices == [])
  }

  @Test func `an answer with the same words is a message if the server sends no receipts`() {
    var harness = ForeignServerHarness.settled(with: ["bob"])
    harness.send("hello", to: .person(Self.bob))
    harness.advanceClock(by: .seconds(3))
    harness.stop()
    harness.send("hi", to: .person(Self.bob))
    harness.receive("DM bob hi")
    #expect(harness.lines(in: .person(Self.bob)) == ["bob: hi"])
  }

  @Test func `a message that the server has read is confirmed although the connection breaks`() {
    var server = ForeignServer()
    server.echoes = false
    var harness = ForeignServerHarness.settled(server)
    let id = harness.send("before")
    harness.advanceClock(by: .seconds(1))
    #expect(harness.server.received.suffix(2) == ["MSG before", "PING"])
    harness.kill()
    #expect(harness.outcomes(of: id).count == 1)
    guard case .sendConfirmed? = harness.outcomes(of: id).first else {
      Issue.record("\(harness.outcomes(of: id))")
      return
    }
  }

  // MARK: Login

  @Test func `a login that is refused in the server's own words asks for another name`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("ERR unknown-command", "Sorry, that name is already in use")
    harness.advanceClock(by: .seconds(3))
    #expect(harness.takeSent().last == "WHO")
    let id = harness.send("hi")
    harness.receive("ERR not-logged-in")
    #expect(harness.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
    #expect(!harness.events.contains { $0.answers == id }, "the message waits for the login")
    harness.command(.useName(.mira))
    #expect(harness.takeSent() == ["LOGIN mira"])
    harness.receive("OK")
    #expect(harness.sent.contains("MSG hi"))
  }
}
