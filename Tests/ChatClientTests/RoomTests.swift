import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Rooms besides the lobby, searches and read marks.
@Suite struct RoomTests {
  private static let dev = RoomName(known: "#dev")

  /// A session in `#dev`, with akash.
  private static func inDev() -> ClientSessionHarness {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.join(dev))
    harness.receive("@label=4;room=#dev OK JOIN", "SYNC #dev e1 0", "@room=#dev TOPIC akash Rust and \u{7}coffee")
    harness.receive("@label=5 BATCH +w who #dev", "@batch=w USER akash", "@batch=w USER neha", "BATCH -w")
    return harness
  }

  @Test func `a room is joined`() {
    var harness = Self.inDev()
    #expect(harness.takeSent() == ["@label=4 JOIN #dev", "@label=5 WHO #dev"])
    #expect(
      harness.takeEvents() == [
        .roomJoined(Self.dev), .synced(.room(Self.dev), Epoch(known: "e1"), head: 0, mark: nil),
        .older(.room(Self.dev), [], hasMore: false), .topic(Self.dev, "Rust and \u{fffd}coffee"),
        .roster(Self.dev, [Person(.akash), Person(.neha)]),
      ])
    harness.receive("@room=#dev;seq=1 MSG akash hi", "@room=#other;seq=1 MSG akash not for us")
    #expect(harness.takeEvents().compactMap(\.message).map(\.target) == [.room(Self.dev)])
    let id = harness.send("hello", to: .room(Self.dev))
    #expect(harness.takeSent() == ["@cid=1;label=6 SAY #dev hello"])
    harness.receive("@label=6;seq=2 OK SAY", "@room=#dev;seq=2 MSG neha hello")
    #expect(harness.takeEvents().compactMap(\.answers) == [id])
    harness.command(.join(Self.dev))
    #expect(harness.takeSent() == [])
    #expect(harness.takeEvents() == [.roomJoined(Self.dev)])
  }

  @Test func `a room is joined again after a lost connection`() {
    var harness = Self.inDev()
    harness.resume()
    #expect(harness.takeSent().contains("@label=1 RESUME t1 #lobby e1 5 #dev e1 0"))
    harness.takeAll()
    harness.receive("SYNC #dev e1 1", "BATCH +h history #dev", "@batch=h;seq=1;room=#dev MSG akash hi", "BATCH -h")
    #expect(harness.events.contains(.roomJoined(Self.dev)))
    #expect(harness.events.compactMap(\.message).map(\.isBacklog) == [true])

    var silent = Self.inDev()
    silent.resume()
    silent.takeAll()
    silent.advanceClock(by: .seconds(10))
    #expect(silent.takeSent().contains { $0.hasSuffix("JOIN #dev e1 0") }, "a room that was not resumed is joined")
  }

  @Test func `remembered rooms are joined at login`() {
    let cursors = [
      Cursor(target: .room(Self.dev), epoch: Epoch(known: "e1"), sequence: 9),
      Cursor(target: .lobby, epoch: Epoch(known: "e1"), sequence: 9),
      Cursor(target: .person(.akash), epoch: Epoch(known: "e1"), sequence: 9),
    ]
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory(token: "t1", cursors: cursors)))
    harness.logIn(again: true)
    #expect(harness.sent.filter { $0.contains("JOIN") } == ["@label=2 JOIN #dev"])
  }

  @Test func `a message to a remembered room waits for its join, however many rooms there are`() throws {
    let rooms = (1...9).map { RoomName(known: "#r\($0)") }
    let cursors = rooms.map { Cursor(target: .room($0), epoch: Epoch(known: "e1"), sequence: 9) }
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory(token: "t1", cursors: cursors)))
    let id = harness.send("hi", to: .room(rooms[8]))
    harness.logIn(again: true)
    let first = harness.takeSent()
    #expect(first.contains("@label=9 JOIN #r8"))
    #expect(!first.contains { $0.contains("#r9") })
    harness.receive("@label=2;room=#r1 OK JOIN")
    let sent = harness.takeSent()
    let join = try #require(sent.firstIndex { $0.hasSuffix(" JOIN #r9") })
    let say = try #require(sent.firstIndex { $0.hasSuffix(" SAY #r9 hi") })
    #expect(join < say)
    // A join that is refused holds up nothing.
    let asking = sent[join].prefix { $0 != " " }
    let saying = sent[say].drop { $0 != ";" }.dropFirst().prefix { $0 != " " }
    harness.receive("\(asking) ERR private-room JOIN It is private.", "@\(saying) ERR not-in-room SAY Not there.")
    #expect(harness.events.contains(.joinFailed(rooms[8], reason: "It is private.")))
    #expect(harness.events.compactMap(\.answers) == [id])
  }

  @Test func `a room whose join is refused is left`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.join(Self.dev))
    harness.receive("@label=4 ERR too-many-rooms JOIN Leave one first.")
    #expect(harness.takeEvents() == [.joinFailed(Self.dev, reason: "Leave one first.")])
    harness.takeAll()
    harness.resume()
    #expect(!harness.takeSent().contains { $0.contains("#dev") })

    var again = Self.inDev()
    again.takeAll()
    again.resume()
    again.advanceClock(by: .seconds(10))
    let label = again.takeSent().first { $0.contains("JOIN") }?.prefix { $0 != " " } ?? ""
    again.takeAll()
    again.receive("\(label) ERR too-many-rooms JOIN Leave one first.")
    #expect(again.takeEvents() == [.roomLeft(Self.dev, reason: "Leave one first.")])
  }

  @Test func `a room is left`() {
    var harness = Self.inDev()
    harness.takeAll()
    harness.command(.part(Self.dev))
    #expect(harness.takeSent() == ["@label=6 PART #dev"])
    #expect(harness.takeEvents() == [.roomLeft(Self.dev, reason: nil)])
    harness.receive("@room=#dev;seq=1 MSG akash too late", "@label=6 OK PART")
    #expect(harness.takeEvents() == [])
    harness.command(.part(Self.dev))
    harness.command(.part(.lobby))
    #expect(harness.takeEvents().count == 2)
    #expect(harness.takeSent() == [])

    var offline = Self.inDev()
    offline.handle(.closed(reason: nil))
    offline.takeAll()
    offline.command(.part(Self.dev))
    #expect(offline.takeEvents() == [.roomLeft(Self.dev, reason: nil)])
  }

  @Test func `a room that is joined again before the server has confirmed the departure is joined`() {
    var harness = Self.inDev()
    harness.takeAll()
    harness.command(.part(Self.dev))
    harness.command(.join(Self.dev))
    #expect(harness.takeSent() == ["@label=6 PART #dev", "@label=7 JOIN #dev"])
    harness.receive("@room=#dev;seq=1 MSG akash too late", "@label=6 OK PART", "@label=7;room=#dev OK JOIN")
    harness.receive("SYNC #dev e1 1")
    #expect(harness.takeEvents().filter { $0 == .roomJoined(Self.dev) || $0.message != nil } == [.roomJoined(Self.dev)])
    harness.receive("@room=#dev;seq=2 MSG akash welcome back")
    #expect(harness.takeSent().contains { $0.hasSuffix(" HISTORY #dev BEFORE 2 100") })

    var refused = ClientSessionHarness.withAllCapabilities()
    refused.command(.join(Self.dev))
    refused.command(.part(Self.dev))
    refused.command(.join(Self.dev))
    #expect(refused.takeSent() == ["@label=4 JOIN #dev", "@label=5 PART #dev", "@label=6 JOIN #dev"])
    refused.events = []
    refused.receive("@label=4 ERR private-room JOIN Not yet.", "@label=5 ERR not-in-room PART Not there.")
    #expect(refused.takeEvents() == [])
    refused.receive("@label=6;room=#dev OK JOIN", "SYNC #dev e1 0")
    #expect(refused.takeEvents().first == .roomJoined(Self.dev))
  }

  @Test func `an answer to a join from before a room was left does not stand for a join that waits`() {
    // Nine rooms: the ninth waits, because eight joins are the most.
    let rooms = (1...9).map { RoomName(known: "#r\($0)") }
    func rejoining(_ count: Int) -> ClientSessionHarness {
      var harness = ClientSessionHarness.withAllCapabilities()
      for room in rooms.prefix(count) { harness.command(.join(room)) }
      harness.command(.part(rooms[0]))
      harness.command(.join(rooms[0]))
      #expect(harness.takeSent().suffix(2) == ["@label=11 JOIN #r8", "@label=12 PART #r1"])
      harness.events = []
      return harness
    }

    var answered = rejoining(8)
    answered.receive("@label=4;room=#r1 OK JOIN")
    #expect(answered.takeSent() == ["@label=13 JOIN #r1"])
    #expect(answered.takeEvents() == [])

    var refused = rejoining(8)
    refused.receive("@label=4 ERR private-room JOIN Not yet.")
    #expect(refused.takeSent() == ["@label=13 JOIN #r1"])
    #expect(refused.takeEvents() == [])
    refused.receive("@label=12 ERR not-in-room PART Not there.", "@label=13;room=#r1 OK JOIN", "SYNC #r1 e1 0")
    #expect(refused.takeEvents().first == .roomJoined(rooms[0]))

    var waiting = rejoining(9)
    waiting.receive("@label=4;room=#r1 OK JOIN", "SYNC #r1 e1 0", "RESET #r1 e2")
    #expect(waiting.takeSent() == ["@label=13 JOIN #r9"])
    #expect(waiting.takeEvents() == [])
    waiting.receive("@label=12 OK PART", "@label=5;room=#r2 OK JOIN")
    #expect(waiting.takeSent() == ["@label=14 JOIN #r1"])
    waiting.receive("@label=14;room=#r1 OK JOIN", "SYNC #r1 e1 0")
    #expect(waiting.takeEvents().first == .roomJoined(rooms[0]))
  }

  @Test func `an answer from before a room was left is ignored`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.join(Self.dev))
    harness.receive("@label=4;room=#dev OK JOIN", "SYNC #dev e1 1")
    #expect(harness.takeSent().contains("@label=5 HISTORY #dev BEFORE 2 100"))
    harness.command(.part(Self.dev))
    harness.receive("@label=7 OK PART")
    harness.command(.join(Self.dev))
    harness.receive("@label=8;room=#dev OK JOIN", "SYNC #dev e1 3")
    harness.events = []
    harness.receive("@label=5 BATCH +p history #dev", "@batch=p;seq=1 MSG akash one", "BATCH -p")
    #expect(harness.events == [])
  }

  @Test func `a room that is left while it is resumed is left`() {
    var harness = Self.inDev()
    let id = harness.send("hi", to: .room(Self.dev))
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees)
    harness.command(.part(Self.dev))
    harness.takeAll()
    harness.receive("@label=1;token=t1 OK RESUME", "SYNC #dev e1 1")
    #expect(harness.takeSent().last?.hasSuffix(" PART #dev") == true)
    harness.events = []
    harness.receive("@room=#dev;seq=2 MSG akash hi", "@label=2;dup;seq=1 OK SAY")
    #expect(harness.events == [.sendConfirmed(id, sequence: nil, time: harness.wall)])
  }

  @Test func `room members are tracked`() {
    var harness = Self.inDev()
    harness.takeAll()
    let vik = Nickname(known: "vik")
    harness.receive(
      "JOINED vik", "@room=#dev JOINED vik", "@room=#dev JOINED vik", "@room=#other JOINED vik", "AWAY vik lunch",
      "@room=#dev LEFT vik parted", "@room=#dev LEFT vik parted", "@room=#dev JOINED vik", "LEFT vik quit",
      "@room=#dev LEFT vik quit")
    #expect(
      harness.takeEvents() == [
        .joined(vik, .lobby), .joined(vik, Self.dev), .away(vik, text: "lunch"),
        .left(vik, Self.dev, reason: "left the room"), .joined(vik, Self.dev),
        .left(vik, .lobby, reason: "said goodbye"),
      ])
  }

  @Test func `the topic is reported with its message`() {
    var harness = Self.inDev()
    harness.takeAll()
    harness.command(.setTopic(Self.dev, "Go"))
    harness.command(.setTopic(Self.dev, nil))
    #expect(harness.takeSent() == ["@label=6 TOPIC #dev Go", "@label=7 TOPIC #dev"])
    harness.receive("@room=#dev;seq=1 TOPIC neha Go", "@label=6;seq=1 OK TOPIC")
    let told = harness.takeEvents()
    #expect(told.first?.message?.kind == .topic)
    #expect(told.last == .topic(Self.dev, "Go"))
    harness.receive("@label=7 ERR topic-too-long TOPIC Too long.")
    #expect(harness.takeEvents() == [.serverError("Too long.")])
  }

  @Test func `rooms are listed`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.listRooms)
    #expect(harness.takeSent() == ["@label=4 ROOMS"])
    harness.receive("@label=4 BATCH +r rooms", "@batch=r ROOM #dev 3 a \u{202e}topic", "@batch=r ROOM #lobby 5 ")
    harness.receive("BATCH -r")
    #expect(
      harness.takeEvents() == [
        .rooms([
          RoomListing(name: Self.dev, people: 3, topic: "a topic"), RoomListing(name: .lobby, people: 5, topic: ""),
        ])
      ])
  }

  @Test func `a list of rooms that never arrives is not waited for`() {
    // All failures: refused, unanswered, unreadable, cut off, without a connection.
    var refused = ClientSessionHarness.withAllCapabilities()
    refused.command(.listRooms)
    refused.receive("@label=4 ERR unknown-command ROOMS There is no such command.")
    #expect(refused.takeEvents() == [.roomsFailed(reason: "There is no such command.")])
    var silent = ClientSessionHarness.withAllCapabilities()
    silent.command(.listRooms)
    for _ in 1...31 {
      silent.advanceClock(by: .seconds(1))
      silent.receive("INFO still here")
    }
    #expect(silent.takeEvents().contains(.roomsUnanswered(reason: "The server did not answer.", isOnline: true)))
    var endless = ClientSessionHarness.withAllCapabilities()
    endless.command(.listRooms)
    endless.receive("@label=4 BATCH +r rooms")
    for _ in 1...31 {
      endless.advanceClock(by: .seconds(1))
      endless.receive("@batch=r ROOM #lobby 5 ")
    }
    #expect(endless.takeEvents().contains(.roomsFailed(reason: "The server's answer cannot be read.")))
    var cut = ClientSessionHarness.withAllCapabilities()
    cut.command(.listRooms)
    cut.handle(.closed(reason: nil))
    let broken = "The connection broke before the server answered."
    #expect(cut.takeEvents().contains(.roomsUnanswered(reason: broken, isOnline: false)))
    cut.command(.listRooms)
    #expect(cut.takeEvents() == [.roomsUnanswered(reason: "There is no connection.", isOnline: false)])
  }

  @Test func `a server with one room reports that it has no others`() {
    var harness = ClientSessionHarness.tagged()
    for command in [.join(Self.dev), .part(Self.dev), .setTopic(.lobby, "x")] as [ClientCommand] {
      harness.command(command)
    }
    #expect(harness.takeEvents() == Array(repeating: .notice("This server has only one room."), count: 3))
    harness.command(.listRooms)
    #expect(harness.takeEvents() == [.roomsFailed(reason: "This server has only one room.")])
    #expect(harness.takeSent() == [])
    let id = harness.send("hi", to: .room(Self.dev))
    #expect(harness.takeEvents() == [.sendFailed(id, reason: "This server has only one room.")])
    harness.command(.showOlder(.lobby))
    harness.command(.search(1, in: nil, text: "x", before: nil))
    harness.command(.markRead(.lobby, 5))
    #expect(
      harness.takeEvents() == [
        .older(.lobby, [], hasMore: false), .searchFailed(1, reason: "This server cannot search."),
      ])
    #expect(harness.takeSent() == [])
  }

  // MARK: Searches

  @Test func `a search is answered`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.search(1, in: nil, text: "disk full", before: nil))
    harness.command(.search(2, in: .lobby, text: "disk", before: 77))
    #expect(harness.takeSent() == ["@label=4 SEARCH * 50 disk full", "@before=77;label=5 SEARCH #lobby 50 disk"])
    harness.receive("@label=4 BATCH +a search", "@batch=a;id=9;seq=1 MSG akash old", "BATCH -a")
    #expect(harness.takeEvents() == [], "the answer to an earlier search is discarded")
    harness.receive(
      "@label=5;more BATCH +b search", "@batch=b;id=9;seq=4;room=#dev MSG akash \u{1b}disk",
      "@batch=b;id=8;seq=1;to=mira DM neha disk", "BATCH -b")
    guard case .found(2, let messages, hasMore: true, stoppedBefore: nil)? = harness.takeEvents().first else {
      Issue.record("the results were not reported")
      return
    }
    #expect(messages.map(\.target) == [.room(Self.dev), .person(.mira)])
    #expect(messages.map(\.text) == ["\u{fffd}disk", "disk"])
    harness.command(.search(6, in: nil, text: "disk", before: nil))
    harness.receive("@label=6;before=5 BATCH +c search", "BATCH -c")
    #expect(harness.takeEvents() == [.found(6, [], hasMore: false, stoppedBefore: 5)])
    harness.command(.search(3, in: nil, text: "before:x", before: nil))
    harness.receive("@label=7 ERR invalid-search-format SEARCH Write it so.")
    #expect(harness.takeEvents() == [.searchFailed(3, reason: "Write it so.")])
    harness.command(.search(4, in: nil, text: "x", before: nil))
    harness.handle(.closed(reason: nil))
    #expect(harness.takeEvents().first == .searchFailed(4, reason: "There is no connection."))
    harness.command(.search(5, in: nil, text: "x", before: nil))
    #expect(harness.takeEvents() == [.searchFailed(5, reason: "There is no connection.")])
  }

  // MARK: Read marks

  @Test func `read marks only advance and are not sent too often`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.markRead(.lobby, 2))
    harness.command(.markRead(.lobby, 3))
    harness.command(.markRead(.lobby, 1))
    harness.command(.markRead(.lobby, 99))
    harness.command(.markRead(.person(.mira), 1))
    #expect(harness.takeSent() == ["@label=4 MARK #lobby 2"])
    harness.advanceClock(by: .milliseconds(999))
    #expect(harness.takeSent() == [])
    harness.advanceClock(by: .milliseconds(1))
    #expect(harness.takeSent() == ["@label=5 MARK #lobby 5"], "the mark is not beyond the last reported message")
    harness.receive("@label=4 OK MARK", "@label=5 OK MARK", "MARK #lobby 4", "MARK #lobby 5", "MARK #lobby 9")
    #expect(harness.takeEvents() == [.marked(.lobby, 9)])
  }

  @Test func `a read mark waits without a deadline while too many requests are unanswered`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.markRead(.lobby, 2))
    for _ in 1...70 { harness.command(.setTopic(.lobby, "x")) }
    harness.command(.markRead(.lobby, 3))
    harness.advanceClock(by: .milliseconds(1500), judgingSilence: false)
    harness.handle(.timer)
    #expect(harness.session.nextDeadline.map { $0 > harness.now } == true)
    harness.takeAll()
    harness.receive("@label=4 OK MARK")
    #expect(harness.takeSent().map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == ["MARK #lobby 3"])
  }

  @Test func `the last read mark is sent before QUIT`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.markRead(.lobby, 2))
    harness.command(.markRead(.lobby, 3))
    harness.takeAll()
    harness.command(.quit)
    #expect(harness.takeSent() == ["@label=5 MARK #lobby 3", "@label=6 QUIT"])
  }

  @Test func `a lost read mark is sent again`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.markRead(.lobby, 2))
    harness.resume()
    #expect(harness.takeSent().last?.hasSuffix("MARK #lobby 2") == true)
  }
}
