import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Events of conversations with sequence numbers.
@Suite struct ConversationTests {
  // MARK: First page

  @Test func `the newest page is requested first`() throws {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.logIn(head: 7)
    #expect(play.takeSent().suffix(2) == ["@label=2 WHO", "@label=3 HISTORY #lobby BEFORE 8 100"])
    #expect(
      play.takeEvents().suffix(2) == [
        .online(.neha, capabilities: Play.modernDialect), .synced(.lobby, Epoch(known: "e1"), head: 7, mark: nil),
      ])
    play.server("@seq=8;id=80 MSG akash live", "@label=3;more BATCH +p history #lobby")
    #expect(play.takeEvents() == [], "live waits for the page")
    play.server("@batch=p;seq=6;id=60 MSG akash six", "@batch=p;seq=7;id=70 MSG neha seven", "BATCH -p")
    let told = play.takeEvents()
    guard case .older(.lobby, let messages, hasMore: true) = try #require(told.first) else {
      Issue.record("\(told)")
      return
    }
    #expect(messages.map(\.text) == ["six", "seven"])
    #expect(messages.map(\.sequence) == [6, 7])
    #expect(messages.map(\.id) == [60, 70])
    #expect(messages.map(\.isOwn) == [false, true])
    #expect(messages.map(\.isBacklog) == [true, true])
    #expect(told.dropFirst().compactMap(\.message).map(\.text) == ["live"])
    #expect(told.last?.message?.isBacklog == false)
  }

  @Test func `an empty conversation is not fetched`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.logIn(head: 0)
    #expect(!play.sent.contains { $0.contains("HISTORY") })
    #expect(play.events.last == .older(.lobby, [], hasMore: false))
    play.server("@seq=1 MSG akash first")
    #expect(play.events.last?.message?.sequence == 1)
  }

  @Test func `a failed first page blocks nothing`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.logIn(head: 7)
    play.server("@seq=8 MSG akash eight")
    play.events = []
    play.server("@label=3 ERR history-unavailable HISTORY Not now.")
    #expect(play.events.first == .older(.lobby, [], hasMore: true))
    #expect(play.events.compactMap(\.message).map(\.text) == ["eight"])
  }

  // MARK: Live

  @Test func `duplicates are dropped`() {
    var play = Play.modern()
    play.server("@seq=6 MSG akash six", "@seq=6 MSG akash six", "@seq=3 MSG akash three", "@seq=0 MSG akash zero")
    #expect(play.events.compactMap(\.message).map(\.text) == ["six", "zero"], "what has no place is told as it comes")
  }

  @Test func `a gap is filled before later messages are reported`() {
    var play = Play.modern()
    play.server("@seq=8 MSG akash eight", "@seq=9 MSG akash nine")
    #expect(play.takeSent() == ["@label=4 HISTORY #lobby AFTER 5 300"])
    #expect(play.takeEvents() == [])
    play.server(
      "@label=4 BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "@batch=p;seq=7 MSG akash seven",
      "@batch=p;seq=8 MSG akash eight", "BATCH -p")
    let messages = play.takeEvents().compactMap(\.message)
    #expect(messages.map(\.text) == ["six", "seven", "eight", "nine"])
    #expect(messages.map(\.isBacklog) == [true, true, true, false])
    #expect(play.takeSent() == [])
  }

  @Test func `a gap of messages that the server no longer stores is skipped`() {
    var play = Play.modern()
    play.server("@seq=9 MSG akash nine", "@label=4 BATCH +p history #lobby", "BATCH -p")
    #expect(play.events.compactMap(\.message).map(\.text) == ["nine"])
    play.server("@seq=10 MSG akash ten")
    #expect(play.events.compactMap(\.message).map(\.text) == ["nine", "ten"])
  }

  @Test func `a long gap is filled page by page`() {
    var play = Play.modern()
    play.server("@seq=8 MSG akash eight", "@label=4;more BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six")
    play.server("BATCH -p")
    #expect(play.takeEvents().compactMap(\.message).map(\.text) == ["six"])
    #expect(play.takeSent() == ["@label=4 HISTORY #lobby AFTER 5 300", "@label=5 HISTORY #lobby AFTER 6 300"])
    play.server("@label=5 BATCH +p history #lobby", "@batch=p;seq=7 MSG akash seven", "BATCH -p")
    #expect(play.takeEvents().compactMap(\.message).map(\.text) == ["seven", "eight"])
  }

  @Test func `an answer without a pending request is ignored`() {
    var play = Play.modern()
    play.server("@seq=8 MSG akash eight", "SYNC #lobby e1 8")
    #expect(play.takeSent() == ["@label=4 HISTORY #lobby AFTER 5 300", "@label=5 HISTORY #lobby AFTER 5 300"])
    play.events = []
    play.server("@label=4;more BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "BATCH -p")
    #expect(play.takeEvents() == [])
    #expect(play.takeSent() == [])
    play.server("@label=5 BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "@batch=p;seq=7 MSG akash seven")
    play.server("BATCH -p")
    #expect(play.takeEvents().compactMap(\.message).map(\.text) == ["six", "seven", "eight"])
  }

  @Test func `a page may end before a message that was sent meanwhile`() {
    var play = Play.modern()
    play.server("GAP #lobby 6 9")
    play.say("one")
    play.say("two")
    let sent = play.takeSent()
    #expect(sent.first == "@label=4 HISTORY #lobby AFTER 5 300")
    play.server("@label=5;seq=6 OK MSG", "@label=6;seq=7 OK MSG")
    #expect(play.takeEvents().compactMap(\.answers).count == 2)
    play.server("@label=4;more BATCH +p history #lobby", "@batch=p;seq=6 MSG neha one", "BATCH -p")
    #expect(play.takeSent().last?.hasSuffix("HISTORY #lobby AFTER 7 300") == true, "there is more")
  }

  @Test func `a gap that is too long resets the conversation`() {
    var play = Play.modern()
    play.server("@seq=500 MSG akash late")
    #expect(play.takeEvents() == [.reset(.lobby)])
    #expect(play.takeSent() == ["@label=4 HISTORY #lobby BEFORE 500 100"])
    play.server("@label=4;more BATCH +p history #lobby", "@batch=p;seq=499 MSG akash before", "BATCH -p")
    let told = play.takeEvents()
    #expect(told.count == 2)
    #expect(told.last?.message?.text == "late")
  }

  @Test func `a page that never arrives is requested again and finally abandoned`() {
    var play = Play.modern()
    play.server("@seq=8 MSG akash eight")
    for _ in 1...2 {
      let label = play.takeSent().last?.prefix { $0 != " " } ?? ""
      play.server("\(label) ERR history-unavailable HISTORY Not now.")
      #expect(play.takeEvents() == [])
      play.pass(.seconds(5))
    }
    let label = play.takeSent().last?.prefix { $0 != " " } ?? ""
    play.server("\(label) ERR history-unavailable HISTORY Not now.")
    let told = play.takeEvents()
    #expect(told.prefix(2) == [.reset(.lobby), .older(.lobby, [], hasMore: true)])
    #expect(told.last?.message?.text == "eight")
  }

  @Test func `after a GAP line history and presence are requested again`() {
    var play = Play.modern()
    play.pass(.seconds(5))
    play.server("GAP #lobby 6 9")
    #expect(play.takeSent() == ["@label=4 WHO", "@label=5 HISTORY #lobby AFTER 5 300"])
    play.server("GAP #lobby 9 6", "GAP #nowhere 1 5", "GAP #lobby 1 2")
    #expect(play.takeSent() == [])
  }

  @Test func `held back messages are bounded and fetched again`() {
    var play = Play.modern()
    for number in 7...600 { play.server("@seq=\(number) MSG akash m\(number)") }
    play.server("@label=4 BATCH +p history #lobby", "@batch=p;seq=6 MSG akash m6", "BATCH -p")
    let first = play.takeEvents().compactMap(\.message?.sequence)
    #expect(first == Array(6...506))
    #expect(play.takeSent().last == "@label=5 HISTORY #lobby AFTER 506 300")
    play.server("@label=5 BATCH +p history #lobby")
    for number in 507...600 { play.server("@batch=p;seq=\(number) MSG akash m\(number)") }
    play.server("BATCH -p")
    #expect(play.takeEvents().compactMap(\.message?.sequence) == Array(507...600))
  }

  // MARK: Another log

  @Test func `another epoch resets the conversation`() {
    var play = Play.modern()
    play.server("SYNC #lobby e2 1")
    #expect(play.takeEvents() == [.reset(.lobby), .synced(.lobby, Epoch(known: "e2"), head: 1, mark: nil)])
    #expect(play.takeSent() == ["@label=4 HISTORY #lobby BEFORE 2 100"])
  }

  @Test func `a continued epoch keeps the reported messages`() {
    var play = Play.modern()
    play.resume()
    _ = play.takeSent()
    _ = play.takeEvents()
    play.server("@since=e1 SYNC #lobby e2 6", "BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "BATCH -p")
    let told = play.takeEvents()
    #expect(
      told.prefix(2) == [
        .continued(.lobby, Epoch(known: "e2")), .synced(.lobby, Epoch(known: "e2"), head: 6, mark: nil),
      ])
    #expect(told.compactMap(\.message?.sequence) == [6])
    #expect(!told.contains(.reset(.lobby)))
    // The line is ignored: its epoch is not the one that was asked about.
    play.server("@since=e1 SYNC #lobby e3 6")
    #expect(play.takeEvents().first == .reset(.lobby))
  }

  @Test func `a read mark of another log is discarded`() {
    var play = Play.modern()
    play.command(.markRead(.lobby, 5))
    play.resume()
    play.server("RESET #lobby e2", "SYNC #lobby e2 2")
    let label = play.takeSent().last?.prefix { $0 != " " } ?? ""
    play.server(
      "\(label) BATCH +p history #lobby", "@batch=p;seq=1 MSG akash a", "@batch=p;seq=2 MSG akash b", "BATCH -p")
    play.pass(.seconds(2))
    #expect(!play.takeSent().contains { $0.contains("MARK") }, "the 5 that was read is not there")
    play.command(.markRead(.lobby, 1))
    #expect(play.takeSent().last?.hasSuffix("MARK #lobby 1") == true)
  }

  @Test func `an own send is not matched to a foreign message at its place after a restore`() throws {
    var play = Play.modern()
    let id = play.say("mine")
    play.server("GAP #lobby 6 6", "@label=4;seq=7;id=7;time=2026-11-22T10:00:00.001Z OK MSG")
    play.resume()
    _ = play.takeSent()
    _ = play.takeEvents()
    play.server("@since=e1 SYNC #lobby e2 7", "BATCH +p history #lobby")
    for number in 6...7 {
      play.server("@batch=p;seq=\(number);id=\(number);time=2026-11-22T10:00:00.009Z MSG akash other\(number)")
    }
    play.server("BATCH -p")
    let told = play.takeEvents()
    #expect(told.compactMap(\.message?.text) == ["other6", "other7"])
    #expect(told.compactMap(\.message).allSatisfy { $0.answersSend == nil })
    let failed = told.contains { if case .sendFailed(id, _, _) = $0 { true } else { false } }
    #expect(failed)
  }

  @Test func `a confirmed send beyond the end of a restored log fails`() {
    var play = Play.modern()
    let id = play.say("mine")
    play.server("GAP #lobby 6 6", "@label=4;seq=7;id=7;time=2026-11-22T10:00:00.001Z OK MSG")
    play.resume()
    _ = play.takeEvents()
    play.server("@since=e1 SYNC #lobby e2 6")
    let failed = play.takeEvents().contains { if case .sendFailed(id, _, _) = $0 { true } else { false } }
    #expect(failed, "nobody may ever write a seventh message")
  }

  @Test func `a reset before its SYNC is reported once`() {
    var play = Play.modern()
    play.server("RESET #lobby e2", "SYNC #lobby e2 1")
    #expect(play.takeEvents() == [.reset(.lobby), .synced(.lobby, Epoch(known: "e2"), head: 1, mark: nil)])
    let label = play.takeSent().last?.prefix { $0 != " " } ?? ""
    play.server("\(label) BATCH +p history #lobby", "@batch=p;seq=1 MSG akash new", "BATCH -p")
    guard case .older(.lobby, let messages, hasMore: false)? = play.takeEvents().first else {
      Issue.record("no page")
      return
    }
    #expect(messages.map(\.text) == ["new"])
  }

  // MARK: Older pages

  @Test func `older pages are requested one at a time`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.logIn(head: 7)
    play.server("@label=3;more BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "BATCH -p")
    play.takeAll()
    play.command(.showOlder(.lobby))
    play.command(.showOlder(.lobby))
    #expect(play.takeSent() == ["@label=4 HISTORY #lobby BEFORE 6 100"])
    play.server("@label=4 BATCH +p history #lobby", "@batch=p;seq=5 MSG akash five", "BATCH -p")
    #expect(play.takeEvents().count == 1)
    play.command(.showOlder(.lobby))
    #expect(play.takeSent() == [])
    #expect(play.takeEvents() == [.older(.lobby, [], hasMore: false)])
  }

  @Test func `an older page that was requested offline is reported once`() {
    var play = Play.modern()
    play.server("@label=9 PONG")
    play.handle(.closed(reason: nil))
    play.command(.showOlder(.lobby))
    // All five messages were reported before.
    #expect(play.takeEvents().last == .older(.lobby, [], hasMore: false))

    var more = Play()
    more.command(.connect(.home, ClientMemory()))
    more.logIn(head: 7)
    more.server("@label=3;more BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "BATCH -p")
    more.command(.showOlder(.lobby))
    more.handle(.closed(reason: nil))
    more.command(.showOlder(.lobby))
    more.takeAll()
    more.pass(.seconds(1))
    more.handle(.opened(nil))
    more.server(Play.agrees, "@label=1;token=t1 OK RESUME", "SYNC #lobby e1 7")
    #expect(more.takeSent().count { $0.contains("BEFORE 6") } == 1)
  }

  @Test func `a refused older page may be requested again`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory()))
    play.logIn(head: 7)
    play.server("@label=3;more BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "BATCH -p")
    play.command(.showOlder(.lobby))
    play.takeAll()
    play.server("@label=4 ERR history-unavailable HISTORY Not now.")
    #expect(play.takeEvents() == [.older(.lobby, [], hasMore: true)])
    play.command(.showOlder(.lobby))
    #expect(play.takeSent() == ["@label=5 HISTORY #lobby BEFORE 6 100"])
  }

  @Test func `history of a conversation without messages can be requested`() {
    var play = Play.modern()
    play.command(.showOlder(.person(.mira)))
    #expect(play.takeSent() == ["@label=4 HISTORY @mira LATEST * 100"])
    play.server("@label=4 BATCH +p history @mira", "@batch=p;seq=3;to=mira DM neha hello", "BATCH -p")
    let told = play.takeEvents()
    #expect(told.first == .synced(.person(.mira), Epoch(known: "e1"), head: 3, mark: nil))
    guard case .older(.person(.mira), let messages, hasMore: false)? = told.last else {
      Issue.record("\(told)")
      return
    }
    #expect(messages.map(\.isOwn) == [true])
    play.command(.showOlder(.room(RoomName(known: "#elsewhere"))))
    #expect(play.takeEvents() == [.older(.room(RoomName(known: "#elsewhere")), [], hasMore: false)])
  }

  // MARK: Direct conversations

  @Test func `a direct conversation begins with its first message`() {
    var play = Play.modern()
    play.server("SYNC @mira e1.m 0", "@seq=1;id=60 DM mira hello", "@seq=2;id=61;to=mira DM neha from elsewhere")
    #expect(
      play.events.prefix(2) == [
        .synced(.person(.mira), Epoch(known: "e1.m"), head: 0, mark: nil), .older(.person(.mira), [], hasMore: false),
      ])
    let messages = play.events.compactMap(\.message)
    #expect(messages.map(\.target) == [.person(.mira), .person(.mira)])
    #expect(messages.map(\.isOwn) == [false, true])
    #expect(messages.map(\.answersSend) == [nil, nil])
  }

  @Test func `an own direct message has a sequence number`() throws {
    var play = Play.modern()
    play.server("SYNC @mira e1.m 0", "@seq=1;id=60 DM mira hello")
    let id = play.say("hi", to: .person(.mira))
    #expect(play.takeSent() == ["@cid=1;epoch=e1.m;label=4 DM mira hi"])
    play.events = []
    play.server("@label=4;seq=2;id=61;time=2026-11-22T10:00:00.123Z OK DM", "@seq=3;id=62 DM mira well?")
    let time = try #require(Timestamp("2026-11-22T10:00:00.123Z"))
    #expect(play.events.first == .sendConfirmed(id, sequence: 2, time: time))
    #expect(play.events.last?.message?.text == "well?")
    #expect(play.sent == [], "nothing is missing")
  }

  @Test func `a name that now belongs to another account resets the conversation`() {
    var play = Play.modern()
    play.server("SYNC @mira e1.m 0", "@seq=1;id=60 DM mira hello", "@seq=2;id=61 DM mira old")
    play.events = []
    play.server("@seq=1;id=70 DM mira I am new here")
    let start = ClientEvent.synced(.person(.mira), Epoch(known: "e1.m"), head: 0, mark: nil)
    #expect(play.events.prefix(3) == [.reset(.person(.mira)), start, .older(.person(.mira), [], hasMore: false)])
    #expect(play.events.last?.message?.text == "I am new here")
    play.events = []
    play.server("SYNC @mira e1.n 0")
    #expect(play.events.first == .reset(.person(.mira)))
  }
}
