import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Events of conversations with sequence numbers.
@Suite struct ConversationTests {
  // MARK: First page

  @Test func `the newest page is requested first`() throws {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.logIn(head: 7)
    #expect(harness.takeSent().suffix(2) == ["@label=2 WHO", "@label=3 HISTORY #lobby BEFORE 8 100"])
    #expect(
      harness.takeEvents().suffix(2) == [
        .online(.neha, capabilities: ClientSessionHarness.agreed),
        .synced(.lobby, Epoch(known: "e1"), head: 7, mark: nil),
      ])
    harness.receive("@seq=8;id=80 MSG akash live", "@label=3;more BATCH +p history #lobby")
    #expect(harness.takeEvents() == [], "live messages wait for the page")
    harness.receive("@batch=p;seq=6;id=60 MSG akash six", "@batch=p;seq=7;id=70 MSG neha seven", "BATCH -p")
    let told = harness.takeEvents()
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
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.logIn(head: 0)
    #expect(!harness.sent.contains { $0.contains("HISTORY") })
    #expect(harness.events.last == .older(.lobby, [], hasMore: false))
    harness.receive("@seq=1 MSG akash first")
    #expect(harness.events.last?.message?.sequence == 1)
  }

  @Test func `a failed first page blocks nothing`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.logIn(head: 7)
    harness.receive("@seq=8 MSG akash eight")
    harness.events = []
    harness.receive("@label=3 ERR history-unavailable HISTORY Not now.")
    #expect(harness.events.first == .older(.lobby, [], hasMore: true))
    #expect(harness.events.compactMap(\.message).map(\.text) == ["eight"])
  }

  // MARK: Live

  @Test func `duplicates are dropped`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@seq=6 MSG akash six", "@seq=6 MSG akash six", "@seq=3 MSG akash three", "@seq=0 MSG akash zero")
    #expect(
      harness.events.compactMap(\.message).map(\.text) == ["six", "zero"],
      "a message without a valid sequence is reported at once")
  }

  @Test func `a gap is filled before later messages are reported`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@seq=8 MSG akash eight", "@seq=9 MSG akash nine")
    #expect(harness.takeSent() == ["@label=4 HISTORY #lobby AFTER 5 300"])
    #expect(harness.takeEvents() == [])
    harness.receive(
      "@label=4 BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "@batch=p;seq=7 MSG akash seven",
      "@batch=p;seq=8 MSG akash eight", "BATCH -p")
    let messages = harness.takeEvents().compactMap(\.message)
    #expect(messages.map(\.text) == ["six", "seven", "eight", "nine"])
    #expect(messages.map(\.isBacklog) == [true, true, true, false])
    #expect(harness.takeSent() == [])
  }

  @Test func `a gap of messages that the server no longer stores is skipped`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@seq=9 MSG akash nine", "@label=4 BATCH +p history #lobby", "BATCH -p")
    #expect(harness.events.compactMap(\.message).map(\.text) == ["nine"])
    harness.receive("@seq=10 MSG akash ten")
    #expect(harness.events.compactMap(\.message).map(\.text) == ["nine", "ten"])
  }

  @Test func `a long gap is filled page by page`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@seq=8 MSG akash eight", "@label=4;more BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six")
    harness.receive("BATCH -p")
    #expect(harness.takeEvents().compactMap(\.message).map(\.text) == ["six"])
    #expect(harness.takeSent() == ["@label=4 HISTORY #lobby AFTER 5 300", "@label=5 HISTORY #lobby AFTER 6 300"])
    harness.receive("@label=5 BATCH +p history #lobby", "@batch=p;seq=7 MSG akash seven", "BATCH -p")
    #expect(harness.takeEvents().compactMap(\.message).map(\.text) == ["seven", "eight"])
  }

  @Test func `an answer without a pending request is ignored`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@seq=8 MSG akash eight", "SYNC #lobby e1 8")
    #expect(harness.takeSent() == ["@label=4 HISTORY #lobby AFTER 5 300", "@label=5 HISTORY #lobby AFTER 5 300"])
    harness.events = []
    harness.receive("@label=4;more BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "BATCH -p")
    #expect(harness.takeEvents() == [])
    #expect(harness.takeSent() == [])
    harness.receive(
      "@label=5 BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "@batch=p;seq=7 MSG akash seven")
    harness.receive("BATCH -p")
    #expect(harness.takeEvents().compactMap(\.message).map(\.text) == ["six", "seven", "eight"])
  }

  @Test func `a page may end before a message that was sent meanwhile`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("GAP #lobby 6 9")
    harness.send("one")
    harness.send("two")
    let sent = harness.takeSent()
    #expect(sent.first == "@label=4 HISTORY #lobby AFTER 5 300")
    harness.receive("@label=5;seq=6 OK MSG", "@label=6;seq=7 OK MSG")
    #expect(harness.takeEvents().compactMap(\.answers).count == 2)
    harness.receive("@label=4;more BATCH +p history #lobby", "@batch=p;seq=6 MSG neha one", "BATCH -p")
    #expect(harness.takeSent().last?.hasSuffix("HISTORY #lobby AFTER 7 300") == true, "the next page is requested")
  }

  @Test func `a gap that is too long resets the conversation`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@seq=500 MSG akash late")
    #expect(harness.takeEvents() == [.reset(.lobby)])
    #expect(harness.takeSent() == ["@label=4 HISTORY #lobby BEFORE 500 100"])
    harness.receive("@label=4;more BATCH +p history #lobby", "@batch=p;seq=499 MSG akash before", "BATCH -p")
    let told = harness.takeEvents()
    #expect(told.count == 2)
    #expect(told.last?.message?.text == "late")
  }

  @Test func `a page that never arrives is requested again and finally abandoned`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@seq=8 MSG akash eight")
    for _ in 1...2 {
      let label = harness.takeSent().last?.prefix { $0 != " " } ?? ""
      harness.receive("\(label) ERR history-unavailable HISTORY Not now.")
      #expect(harness.takeEvents() == [])
      harness.advanceClock(by: .seconds(5))
    }
    let label = harness.takeSent().last?.prefix { $0 != " " } ?? ""
    harness.receive("\(label) ERR history-unavailable HISTORY Not now.")
    let told = harness.takeEvents()
    #expect(told.prefix(2) == [.reset(.lobby), .older(.lobby, [], hasMore: true)])
    #expect(told.last?.message?.text == "eight")
  }

  @Test func `after a GAP line history and presence are requested again`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.advanceClock(by: .seconds(5))
    harness.receive("GAP #lobby 6 9")
    #expect(harness.takeSent() == ["@label=4 WHO", "@label=5 HISTORY #lobby AFTER 5 300"])
    harness.receive("GAP #lobby 9 6", "GAP #nowhere 1 5", "GAP #lobby 1 2")
    #expect(harness.takeSent() == [])
  }

  @Test func `held back messages are bounded and fetched again`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    for number in 7...600 { harness.receive("@seq=\(number) MSG akash m\(number)") }
    harness.receive("@label=4 BATCH +p history #lobby", "@batch=p;seq=6 MSG akash m6", "BATCH -p")
    let first = harness.takeEvents().compactMap(\.message?.sequence)
    #expect(first == Array(6...506))
    #expect(harness.takeSent().last == "@label=5 HISTORY #lobby AFTER 506 300")
    harness.receive("@label=5 BATCH +p history #lobby")
    for number in 507...600 { harness.receive("@batch=p;seq=\(number) MSG akash m\(number)") }
    harness.receive("BATCH -p")
    #expect(harness.takeEvents().compactMap(\.message?.sequence) == Array(507...600))
  }

  // MARK: Another log

  @Test func `another epoch resets the conversation`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("SYNC #lobby e2 1")
    #expect(harness.takeEvents() == [.reset(.lobby), .synced(.lobby, Epoch(known: "e2"), head: 1, mark: nil)])
    #expect(harness.takeSent() == ["@label=4 HISTORY #lobby BEFORE 2 100"])
  }

  @Test func `a continued epoch keeps the reported messages`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.resume()
    _ = harness.takeSent()
    _ = harness.takeEvents()
    harness.receive("@since=e1 SYNC #lobby e2 6", "BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "BATCH -p")
    let told = harness.takeEvents()
    #expect(
      told.prefix(2) == [
        .continued(.lobby, Epoch(known: "e2")), .synced(.lobby, Epoch(known: "e2"), head: 6, mark: nil),
      ])
    #expect(told.compactMap(\.message?.sequence) == [6])
    #expect(!told.contains(.reset(.lobby)))
    // The line is ignored: its epoch is not the one that was asked about.
    harness.receive("@since=e1 SYNC #lobby e3 6")
    #expect(harness.takeEvents().first == .reset(.lobby))
  }

  @Test func `a read mark of another log is discarded`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.markRead(.lobby, 5))
    harness.resume()
    harness.receive("RESET #lobby e2", "SYNC #lobby e2 2")
    let label = harness.takeSent().last?.prefix { $0 != " " } ?? ""
    harness.receive(
      "\(label) BATCH +p history #lobby", "@batch=p;seq=1 MSG akash a", "@batch=p;seq=2 MSG akash b", "BATCH -p")
    harness.advanceClock(by: .seconds(2))
    #expect(!harness.takeSent().contains { $0.contains("MARK") }, "a mark beyond the last message is not sent")
    harness.command(.markRead(.lobby, 1))
    #expect(harness.takeSent().last?.hasSuffix("MARK #lobby 1") == true)
  }

  @Test func `an own send is not matched to a foreign message at its place after a restore`() throws {
    var harness = ClientSessionHarness.withAllCapabilities()
    let id = harness.send("mine")
    harness.receive("GAP #lobby 6 6", "@label=4;seq=7;id=7;time=2026-11-22T10:00:00.001Z OK MSG")
    harness.resume()
    _ = harness.takeSent()
    _ = harness.takeEvents()
    harness.receive("@since=e1 SYNC #lobby e2 7", "BATCH +p history #lobby")
    for number in 6...7 {
      harness.receive("@batch=p;seq=\(number);id=\(number);time=2026-11-22T10:00:00.009Z MSG akash other\(number)")
    }
    harness.receive("BATCH -p")
    let told = harness.takeEvents()
    #expect(told.compactMap(\.message?.text) == ["other6", "other7"])
    #expect(told.compactMap(\.message).allSatisfy { $0.answersSend == nil })
    let failed = told.contains { if case .sendFailed(id, _, _) = $0 { true } else { false } }
    #expect(failed)
  }

  @Test func `a confirmed send beyond the end of a restored log fails`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let id = harness.send("mine")
    harness.receive("GAP #lobby 6 6", "@label=4;seq=7;id=7;time=2026-11-22T10:00:00.001Z OK MSG")
    harness.resume()
    _ = harness.takeEvents()
    harness.receive("@since=e1 SYNC #lobby e2 6")
    let failed = harness.takeEvents().contains { if case .sendFailed(id, _, _) = $0 { true } else { false } }
    #expect(failed, "a send that the new log cannot contain has failed")
  }

  @Test func `a reset before its SYNC is reported once`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("RESET #lobby e2", "SYNC #lobby e2 1")
    #expect(harness.takeEvents() == [.reset(.lobby), .synced(.lobby, Epoch(known: "e2"), head: 1, mark: nil)])
    let label = harness.takeSent().last?.prefix { $0 != " " } ?? ""
    harness.receive("\(label) BATCH +p history #lobby", "@batch=p;seq=1 MSG akash new", "BATCH -p")
    guard case .older(.lobby, let messages, hasMore: false)? = harness.takeEvents().first else {
      Issue.record("the page was not reported")
      return
    }
    #expect(messages.map(\.text) == ["new"])
  }

  // MARK: Older pages

  @Test func `older pages are requested one at a time`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.logIn(head: 7)
    harness.receive("@label=3;more BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "BATCH -p")
    harness.takeAll()
    harness.command(.showOlder(.lobby))
    harness.command(.showOlder(.lobby))
    #expect(harness.takeSent() == ["@label=4 HISTORY #lobby BEFORE 6 100"])
    harness.receive("@label=4 BATCH +p history #lobby", "@batch=p;seq=5 MSG akash five", "BATCH -p")
    #expect(harness.takeEvents().count == 1)
    harness.command(.showOlder(.lobby))
    #expect(harness.takeSent() == [])
    #expect(harness.takeEvents() == [.older(.lobby, [], hasMore: false)])
  }

  @Test func `an older page that was requested offline is reported once`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@label=9 PONG")
    harness.handle(.closed(reason: nil))
    harness.command(.showOlder(.lobby))
    // All five messages were reported before.
    #expect(harness.takeEvents().last == .older(.lobby, [], hasMore: false))

    var more = ClientSessionHarness()
    more.command(.connect(.home, ClientMemory()))
    more.logIn(head: 7)
    more.receive("@label=3;more BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "BATCH -p")
    more.command(.showOlder(.lobby))
    more.handle(.closed(reason: nil))
    more.command(.showOlder(.lobby))
    more.takeAll()
    more.advanceClock(by: .seconds(1))
    more.handle(.opened(nil))
    more.receive(ClientSessionHarness.agrees, "@label=1;token=t1 OK RESUME", "SYNC #lobby e1 7")
    #expect(more.takeSent().count { $0.contains("BEFORE 6") } == 1)
  }

  @Test func `a refused older page may be requested again`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.logIn(head: 7)
    harness.receive("@label=3;more BATCH +p history #lobby", "@batch=p;seq=6 MSG akash six", "BATCH -p")
    harness.command(.showOlder(.lobby))
    harness.takeAll()
    harness.receive("@label=4 ERR history-unavailable HISTORY Not now.")
    #expect(harness.takeEvents() == [.older(.lobby, [], hasMore: true)])
    harness.command(.showOlder(.lobby))
    #expect(harness.takeSent() == ["@label=5 HISTORY #lobby BEFORE 6 100"])
  }

  @Test func `history of a conversation without messages can be requested`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.showOlder(.person(.mira)))
    #expect(harness.takeSent() == ["@label=4 HISTORY @mira LATEST * 100"])
    harness.receive("@label=4 BATCH +p history @mira", "@batch=p;seq=3;to=mira DM neha hello", "BATCH -p")
    let told = harness.takeEvents()
    #expect(told.first == .synced(.person(.mira), Epoch(known: "e1"), head: 3, mark: nil))
    guard case .older(.person(.mira), let messages, hasMore: false)? = told.last else {
      Issue.record("\(told)")
      return
    }
    #expect(messages.map(\.isOwn) == [true])
    harness.command(.showOlder(.room(RoomName(known: "#elsewhere"))))
    #expect(harness.takeEvents() == [.older(.room(RoomName(known: "#elsewhere")), [], hasMore: false)])
  }

  // MARK: Direct conversations

  @Test func `a direct conversation begins with its first message`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("SYNC @mira e1.m 0", "@seq=1;id=60 DM mira hello", "@seq=2;id=61;to=mira DM neha from elsewhere")
    #expect(
      harness.events.prefix(2) == [
        .synced(.person(.mira), Epoch(known: "e1.m"), head: 0, mark: nil), .older(.person(.mira), [], hasMore: false),
      ])
    let messages = harness.events.compactMap(\.message)
    #expect(messages.map(\.target) == [.person(.mira), .person(.mira)])
    #expect(messages.map(\.isOwn) == [false, true])
    #expect(messages.map(\.answersSend) == [nil, nil])
  }

  @Test func `an own direct message has a sequence number`() throws {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("SYNC @mira e1.m 0", "@seq=1;id=60 DM mira hello")
    let id = harness.send("hi", to: .person(.mira))
    #expect(harness.takeSent() == ["@cid=1;epoch=e1.m;label=4 DM mira hi"])
    harness.events = []
    harness.receive("@label=4;seq=2;id=61;time=2026-11-22T10:00:00.123Z OK DM", "@seq=3;id=62 DM mira well?")
    let time = try #require(Timestamp("2026-11-22T10:00:00.123Z"))
    #expect(harness.events.first == .sendConfirmed(id, sequence: 2, time: time))
    #expect(harness.events.last?.message?.text == "well?")
    #expect(harness.sent == [], "no history is requested without a gap")
  }

  @Test func `a name that now belongs to another account resets the conversation`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("SYNC @mira e1.m 0", "@seq=1;id=60 DM mira hello", "@seq=2;id=61 DM mira old")
    harness.events = []
    harness.receive("@seq=1;id=70 DM mira I am new here")
    let start = ClientEvent.synced(.person(.mira), Epoch(known: "e1.m"), head: 0, mark: nil)
    #expect(harness.events.prefix(3) == [.reset(.person(.mira)), start, .older(.person(.mira), [], hasMore: false)])
    #expect(harness.events.last?.message?.text == "I am new here")
    harness.events = []
    harness.receive("SYNC @mira e1.n 0")
    #expect(harness.events.first == .reset(.person(.mira)))
  }

  // MARK: A first sign that is not the end of its conversation

  /// A session whose server has lost its log, resumed without a word about the conversation with mira, in which three
  /// messages were shown and one is unconfirmed.
  private func withChangedIdentity() -> (harness: ClientSessionHarness, send: SendID) {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("SYNC @mira e1.m 0")
    for number in 1...3 { harness.receive("@seq=\(number);id=\(number + 60) DM mira old\(number)") }
    let id = harness.send("mine", to: .person(.mira))
    harness.resume()
    harness.receive("SYNC #lobby e2 0")
    harness.handle(.closed(reason: nil))
    harness.command(.retryNow)
    harness.handle(.opened(nil))
    harness.takeAll()
    harness.receive(ClientSessionHarness.agrees, "@label=1;token=t1 OK RESUME", "SYNC #lobby e2 0")
    harness.events = []
    return (harness, id)
  }

  /// The label of the last request for a page of mira's conversation.
  private func label(of request: String, in harness: inout ClientSessionHarness) -> String {
    let line = harness.takeSent().last { $0.hasSuffix(" \(request)") }
    #expect(line != nil, "\(request) is not sent")
    return String(line?.prefix { $0 != " " } ?? "")
  }

  @Test func `messages after an own one that an earlier attempt had stored are shown in another conversation`() {
    var (harness, id) = withChangedIdentity()
    let sent = harness.takeSent().last { $0.hasSuffix("DM mira mine") } ?? ""
    let send = sent.split(separator: ";").last?.prefix { $0 != " " } ?? ""
    harness.receive("@\(send);dup;seq=1;id=1 OK DM")
    let request = label(of: "HISTORY @mira LATEST * 100", in: &harness)
    harness.receive("\(request) BATCH +p history @mira", "@batch=p;seq=1;id=1;to=mira DM neha mine")
    harness.receive("@batch=p;seq=2;id=2 DM mira new2", "@batch=p;seq=3;id=3 DM mira new3", "BATCH -p")
    let told = harness.takeEvents()
    #expect(told.first == .reset(.person(.mira)))
    #expect(told.contains { if case .synced(.person(.mira), _, head: 3, _) = $0 { true } else { false } })
    #expect(told.contains { if case .older(_, let page, _) = $0 { page.last?.text == "new3" } else { false } })
    #expect(told.compactMap(\.answers) == [id])
    harness.receive("@seq=4;id=4 DM mira new4")
    #expect(harness.takeEvents().compactMap(\.message?.text) == ["new4"])
  }

  @Test func `messages after an own one that an earlier attempt had stored are shown although the first page fails`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let id = harness.send("mine", to: .person(.mira))
    harness.receive("@label=4;dup;seq=1;id=61 OK DM")
    let first = label(of: "HISTORY @mira LATEST * 100", in: &harness)
    harness.receive("\(first) ERR history-unavailable HISTORY Not now.")
    #expect(harness.takeEvents().compactMap(\.answers) == [id])
    let next = label(of: "HISTORY @mira AFTER 1 300", in: &harness)
    harness.receive("\(next) BATCH +p history @mira", "@batch=p;seq=2;id=62 DM mira two", "BATCH -p")
    #expect(harness.takeEvents().compactMap(\.message?.text) == ["two"])
  }

  @Test func `a GAP line is the first sign of a conversation`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("GAP @mira 1 2")
    let request = label(of: "HISTORY @mira LATEST * 100", in: &harness)
    harness.receive("\(request) BATCH +p history @mira", "@batch=p;seq=1;id=61 DM mira one")
    harness.receive("@batch=p;seq=2;id=62 DM mira two", "BATCH -p", "@seq=3;id=63 DM mira three")
    #expect(harness.takeEvents().last?.message?.text == "three")
    #expect(!harness.takeSent().contains { $0.contains("HISTORY") })

    var (other, _) = withChangedIdentity()
    other.receive("GAP @mira 1 2")
    #expect(other.takeEvents() == [.reset(.person(.mira))])
    _ = label(of: "HISTORY @mira LATEST * 100", in: &other)
  }
}
