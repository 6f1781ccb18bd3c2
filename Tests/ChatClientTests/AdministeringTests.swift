import ChatClient
import ChatModel
import ChatProtocol
import TestSupport
import Testing

/// Requests about keys, accounts and rooms, and events for redacted messages.
@Suite struct AdministeringTests {
  private static let ban = AdminRequest.ban(.name(.mira), for: .seconds(60), reason: "spam")

  @Test func `a request has one answer`() {
    var play = Play.modern()
    play.command(.admin(Self.ban))
    #expect(play.takeSent() == ["@label=4 BAN @mira 60 spam"])
    play.server("@label=4 OK BAN", "@label=4 OK BAN", "@label=4 ERR not-operator BAN")
    #expect(play.takeEvents().filter(\.isAnswer) == [.administered(Self.ban, .done(code: nil))])

    play.command(.admin(.kick(.mira, reason: "")))
    play.server("@label=5 ERR not-operator KICK Only operators\u{1b} may.")
    #expect(
      play.takeEvents() == [
        .administered(.kick(.mira, reason: ""), .refused(reason: "Only operators\u{fffd} may."))
      ])
    play.command(.admin(.admit(uses: 1, for: .forever)))
    play.server("@label=6;code=abc\u{202e} OK ADMIT")
    #expect(
      play.takeEvents() == [.administered(.admit(uses: 1, for: .forever), .done(code: "abc"))])
  }

  @Test func `a list is reported once with all its batches`() throws {
    var play = Play.modern()
    play.command(.admin(.listSanctions))
    play.server(
      "@label=4 BATCH +b sanctions", "@batch=b SANCTION ban @mira * akash spam\u{1b}[2J", "@batch=b OPERATOR akash",
      "@batch=b rubbish", "BATCH -b")
    let sanction = Sanction(kind: .ban, subject: .name(.mira), until: nil, by: .akash, reason: "spam\u{fffd}[2J")
    #expect(play.takeEvents().filter(\.isAnswer) == [.administered(.listSanctions, .sanctions([sanction]))])

    play.command(.admin(.listOperators))
    play.command(.admin(.listActs(limit: 5)))
    play.server(
      "@label=6 BATCH +a acts", "@label=5 BATCH +o operators", "@batch=o OPERATOR akash",
      "@batch=a ACT 2026-11-22T10:00:00.000Z akash KICK mira no\u{202e}", "BATCH -o", "BATCH -a")
    let time = try #require(Timestamp("2026-11-22T10:00:00.000Z"))
    #expect(
      play.takeEvents() == [
        .administered(.listOperators, .operators([.akash])),
        .administered(
          .listActs(limit: 5), .acts([Act(time: time, by: .akash, verb: .kick, subject: "mira", text: "no")])),
      ])
  }

  @Test(.computing) func `a list that never ends is abandoned`() {
    var play = Play.modern()
    play.command(.admin(.listActs(limit: 5)))
    play.server("@label=4 BATCH +a acts")
    for _ in 1...20_100 { play.server("@batch=a ACT 2026-11-22T10:00:00.000Z akash KICK mira") }
    play.server("BATCH -a")
    #expect(
      play.takeEvents() == [
        .administered(.listActs(limit: 5), .refused(reason: "The server's answer cannot be read."))
      ])
    play.command(.admin(.listOperators))
    play.server("@label=5 BATCH +o operators")
    for _ in 1...4 {
      play.pass(.seconds(10))
      play.server("@batch=o OPERATOR akash")
    }
    #expect(play.takeEvents().count(where: \.isAnswer) == 1)
  }

  @Test func `a request that the session cannot send fails at once`() {
    var offline = Play()
    offline.command(.admin(Self.ban))
    #expect(offline.events == [.administered(Self.ban, .refused(reason: "There is no connection."))])

    for var play in [Play.plain(), Play.tagged()] {
      play.command(.admin(Self.ban))
      play.command(.admin(.listKeys))
      play.command(.admin(.create(RoomName(known: "#den"))))
      #expect(play.takeSent() == [])
      #expect(
        play.takeEvents() == [
          .administered(Self.ban, .refused(reason: "This server has no operators.")),
          .administered(.listKeys, .refused(reason: "Without encryption nobody is known by a key.")),
          .administered(
            .create(RoomName(known: "#den")), .refused(reason: "This server has only one room.")),
        ])
    }

    var long = Play.modern()
    let request = AdminRequest.kick(.mira, reason: String(repeating: "x", count: 5000))
    long.command(.admin(request))
    #expect(long.takeSent() == [])
    #expect(long.takeEvents().count(where: \.isAnswer) == 1)
  }

  @Test func `a lost connection and a timeout answer open requests`() {
    var play = Play.modern()
    play.command(.admin(Self.ban))
    play.handle(.closed(reason: nil))
    #expect(play.events.contains(.administered(Self.ban, .refused(reason: ClientWords.unanswered))))

    var silent = Play.modern()
    silent.command(.admin(Self.ban))
    for _ in 1...31 {
      silent.pass(.seconds(1))
      silent.server("INFO alive")
    }
    #expect(silent.events.contains(.administered(Self.ban, .refused(reason: "The server did not answer."))))
  }

  @Test func `the number of open requests is limited`() {
    var play = Play.modern()
    for _ in 1...100 { play.command(.admin(.listOperators)) }
    #expect(play.takeSent().count == 64)
    #expect(play.takeEvents().count(where: \.isAnswer) == 36)
  }

  @Test func `a user who is removed from a room leaves it`() {
    let den = RoomName(known: "#den")
    var play = Play.modern()
    play.command(.join(den))
    play.server("@label=4;room=#den OK JOIN", "SYNC #den e1 0", "@room=#den LEFT \(play.session.name) kicked")
    #expect(play.events.last == .roomLeft(den, reason: "You were taken out of it."))
    play.takeAll()
    play.server("@room=#den LEFT \(play.session.name) kicked")
    #expect(play.events.isEmpty)
  }

  @Test func `a room that was created is joined`() {
    let den = RoomName(known: "#den")
    var play = Play.modern()
    play.command(.admin(.create(den)))
    #expect(play.takeSent() == ["@label=4 CREATE #den"])
    play.server("@label=4;room=#den OK CREATE", "SYNC #den e1 0")
    #expect(play.events.contains(.administered(.create(den), .done(code: nil))))
    #expect(play.events.contains(.roomJoined(den)))
    #expect(!play.takeSent().contains { $0.contains("JOIN") })
    play.server("@room=#den;seq=1;id=9 MSG neha first")
    #expect(play.events.last?.message?.text == "first")
  }

  // MARK: Redaction

  @Test func `a redaction is reported only for known conversations`() {
    var play = Play.modern()
    play.server("REMOVED #lobby 5 akash", "REMOVED #elsewhere 5 akash", "REMOVED @mira 5 akash")
    #expect(play.takeEvents() == [.redacted(.lobby, 5, by: .akash)])
  }

  @Test func `a message that is redacted while it is held back is shown without its text`() {
    var play = Play.modern()
    play.server("@seq=7;id=7 MSG mira secret")
    #expect(play.takeEvents() == [], "six is missing")
    play.server("REMOVED #lobby 7 akash")
    play.server("@label=4 BATCH +p history #lobby", "@batch=p;seq=6;id=6 MSG akash six", "BATCH -p")
    let messages = play.takeEvents().compactMap(\.message)
    #expect(messages.map(\.kind) == [.text, .redacted])
    #expect(messages.map(\.text) == ["six", ""])
  }

  @Test func `history marks redacted messages`() {
    var play = Play.modern()
    play.command(.showOlder(.lobby, before: 1))
    play.server("@seq=6;id=6;removed MSG mira (removed)")
    let message = play.takeEvents().compactMap(\.message).last
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
