import ChatClient
import ChatModel
import ChatProtocol
import TestSupport
import Testing

/// Requests about keys, accounts and rooms, and events for redacted messages.
@Suite struct AdministeringTests {
  private static let ban = AdminRequest.ban(.name(.mira), for: .seconds(60), reason: "spam")

  @Test func `a request has one answer`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.admin(Self.ban))
    #expect(harness.takeSent() == ["@label=4 BAN @mira 60 spam"])
    harness.receive("@label=4 OK BAN", "@label=4 OK BAN", "@label=4 ERR not-operator BAN")
    #expect(harness.takeEvents().filter(\.isAnswer) == [.administered(Self.ban, .done(code: nil))])

    harness.command(.admin(.kick(.mira, reason: "")))
    harness.receive("@label=5 ERR not-operator KICK Only operators\u{1b} may.")
    #expect(
      harness.takeEvents() == [
        .administered(.kick(.mira, reason: ""), .refused(reason: "Only operators\u{fffd} may."))
      ])
    harness.command(.admin(.admit(uses: 1, for: .forever)))
    harness.receive("@label=6;code=abc\u{202e} OK ADMIT")
    #expect(
      harness.takeEvents() == [.administered(.admit(uses: 1, for: .forever), .done(code: "abc"))])
  }

  @Test func `a list is reported once with all its batches`() throws {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.admin(.listSanctions))
    harness.receive(
      "@label=4 BATCH +b sanctions", "@batch=b SANCTION ban @mira * akash spam\u{1b}[2J", "@batch=b OPERATOR akash",
      "@batch=b rubbish", "BATCH -b")
    let sanction = Sanction(kind: .ban, subject: .name(.mira), until: nil, by: .akash, reason: "spam\u{fffd}[2J")
    #expect(harness.takeEvents().filter(\.isAnswer) == [.administered(.listSanctions, .sanctions([sanction]))])

    harness.command(.admin(.listOperators))
    harness.command(.admin(.listActs(limit: 5)))
    harness.receive(
      "@label=6 BATCH +a acts", "@label=5 BATCH +o operators", "@batch=o OPERATOR akash",
      "@batch=a ACT 2026-11-22T10:00:00.000Z akash KICK mira no\u{202e}", "BATCH -o", "BATCH -a")
    let time = try #require(Timestamp("2026-11-22T10:00:00.000Z"))
    #expect(
      harness.takeEvents() == [
        .administered(.listOperators, .operators([.akash])),
        .administered(
          .listActs(limit: 5), .acts([Act(time: time, by: .akash, verb: .kick, subject: "mira", text: "no")])),
      ])
  }

  @Test(.computing) func `a list that never ends is abandoned`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.admin(.listActs(limit: 5)))
    harness.receive("@label=4 BATCH +a acts")
    for _ in 1...20_100 { harness.receive("@batch=a ACT 2026-11-22T10:00:00.000Z akash KICK mira") }
    harness.receive("BATCH -a")
    #expect(
      harness.takeEvents() == [
        .administered(.listActs(limit: 5), .refused(reason: "The server's answer cannot be read."))
      ])
    harness.command(.admin(.listOperators))
    harness.receive("@label=5 BATCH +o operators")
    for _ in 1...4 {
      harness.advanceClock(by: .seconds(10))
      harness.receive("@batch=o OPERATOR akash")
    }
    #expect(harness.takeEvents().count(where: \.isAnswer) == 1)
  }

  @Test func `a request that the session cannot send fails at once`() {
    var offline = ClientSessionHarness()
    offline.command(.admin(Self.ban))
    #expect(offline.events == [.administered(Self.ban, .refused(reason: "There is no connection."))])

    for var harness in [ClientSessionHarness.plain(), ClientSessionHarness.tagged()] {
      harness.command(.admin(Self.ban))
      harness.command(.admin(.listKeys))
      harness.command(.admin(.create(RoomName(known: "#den"))))
      #expect(harness.takeSent() == [])
      #expect(
        harness.takeEvents() == [
          .administered(Self.ban, .refused(reason: "This server has no operators.")),
          .administered(.listKeys, .refused(reason: "Without encryption nobody is known by a key.")),
          .administered(
            .create(RoomName(known: "#den")), .refused(reason: "This server has only one room.")),
        ])
    }

    var long = ClientSessionHarness.withAllCapabilities()
    let request = AdminRequest.kick(.mira, reason: String(repeating: "x", count: 5000))
    long.command(.admin(request))
    #expect(long.takeSent() == [])
    #expect(long.takeEvents().count(where: \.isAnswer) == 1)
  }

  @Test func `a lost connection and a timeout answer open requests`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.admin(Self.ban))
    harness.handle(.closed(reason: nil))
    #expect(harness.events.contains(.administered(Self.ban, .refused(reason: ClientWords.unanswered))))

    var silent = ClientSessionHarness.withAllCapabilities()
    silent.command(.admin(Self.ban))
    for _ in 1...31 {
      silent.advanceClock(by: .seconds(1))
      silent.receive("INFO alive")
    }
    #expect(silent.events.contains(.administered(Self.ban, .refused(reason: "The server did not answer."))))
  }

  @Test func `the number of open requests is limited`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    for _ in 1...100 { harness.command(.admin(.listOperators)) }
    #expect(harness.takeSent().count == 64)
    #expect(harness.takeEvents().count(where: \.isAnswer) == 36)
  }

  @Test func `a user who is removed from a room leaves it`() {
    let den = RoomName(known: "#den")
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.join(den))
    harness.receive("@label=4;room=#den OK JOIN", "SYNC #den e1 0", "@room=#den LEFT \(harness.session.name) kicked")
    #expect(harness.events.last == .roomLeft(den, reason: "You were removed from it."))
    harness.takeAll()
    harness.receive("@room=#den LEFT \(harness.session.name) kicked")
    #expect(harness.events.isEmpty)
  }

  @Test func `a room that was created is joined`() {
    let den = RoomName(known: "#den")
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.admin(.create(den)))
    #expect(harness.takeSent() == ["@label=4 CREATE #den"])
    harness.receive("@label=4;room=#den OK CREATE", "SYNC #den e1 0")
    #expect(harness.events.contains(.administered(.create(den), .done(code: nil))))
    #expect(harness.events.contains(.roomJoined(den)))
    #expect(!harness.takeSent().contains { $0.contains("JOIN") })
    harness.receive("@room=#den;seq=1;id=9 MSG neha first")
    #expect(harness.events.last?.message?.text == "first")
  }

  @Test func `the creation of a room that was left and asked for again does not stand for its join`() {
    let den = RoomName(known: "#den")
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.admin(.create(den)))
    // Eight joins are the most.
    for number in 1...7 { harness.command(.join(RoomName(known: "#r\(number)"))) }
    harness.command(.join(den))
    harness.command(.part(den))
    harness.command(.join(den))
    #expect(harness.takeSent().suffix(2) == ["@label=12 JOIN #den", "@label=13 PART #den"])
    harness.receive("@label=4;room=#den OK CREATE", "SYNC #den e1 0")
    #expect(!harness.takeEvents().contains(.roomJoined(den)))
    harness.receive("@label=12;room=#den OK JOIN", "SYNC #den e1 0")
    #expect(harness.takeSent().first == "@label=14 JOIN #den")
    harness.receive("@label=13 OK PART", "@label=14;room=#den OK JOIN", "SYNC #den e1 0")
    #expect(harness.takeEvents().contains(.roomJoined(den)))
  }

  // MARK: Redaction

  @Test func `a redaction is reported only for known conversations`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("REMOVED #lobby 5 akash", "REMOVED #elsewhere 5 akash", "REMOVED @mira 5 akash")
    #expect(harness.takeEvents() == [.redacted(.lobby, 5, by: .akash)])
  }

  @Test func `a message that is redacted while it is held back is shown without its text`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@seq=7;id=7 MSG mira secret")
    #expect(harness.takeEvents() == [], "a message is held until the one before it arrives")
    harness.receive("REMOVED #lobby 7 akash")
    harness.receive("@label=4 BATCH +p history #lobby", "@batch=p;seq=6;id=6 MSG akash six", "BATCH -p")
    let messages = harness.takeEvents().compactMap(\.message)
    #expect(messages.map(\.kind) == [.text, .redacted])
    #expect(messages.map(\.text) == ["six", ""])
  }

  @Test func `history marks redacted messages`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.showOlder(.lobby, before: 1))
    harness.receive("@seq=6;id=6;removed MSG mira (removed)")
    let message = harness.takeEvents().compactMap(\.message).last
    #expect(message?.kind == .redacted)
    #expect(message?.text == "")
    #expect(message?.sequence == 6)
  }
}

private enum ClientWords {
  static let unanswered = "The connection broke before the server answered."
}

extension ClientEvent {
  fileprivate var isAnswer: Bool { if case .administered = self { true } else { false } }
}
