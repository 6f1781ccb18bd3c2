import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Rooms besides the lobby, searches and read marks.
@Suite struct RoomTests {
  private static let dev = RoomName(known: "#dev")

  /// A session in `#dev`, with akash.
  private static func inDev() -> Play {
    var play = Play.modern()
    play.command(.join(dev))
    play.server("@label=4;room=#dev OK JOIN", "SYNC #dev e1 0", "@room=#dev TOPIC akash Rust and \u{7}coffee")
    play.server("@label=5 BATCH +w who #dev", "@batch=w USER akash", "@batch=w USER neha", "BATCH -w")
    return play
  }

  @Test func `a room is joined`() {
    var play = Self.inDev()
    #expect(play.takeSent() == ["@label=4 JOIN #dev", "@label=5 WHO #dev"])
    #expect(
      play.takeEvents() == [
        .roomJoined(Self.dev), .synced(.room(Self.dev), Epoch(known: "e1"), head: 0, mark: nil),
        .older(.room(Self.dev), [], hasMore: false), .topic(Self.dev, "Rust and \u{fffd}coffee"),
        .roster(Self.dev, [Person(.akash), Person(.neha)]),
      ])
    play.server("@room=#dev;seq=1 MSG akash hi", "@room=#other;seq=1 MSG akash not for us")
    #expect(play.takeEvents().compactMap(\.message).map(\.target) == [.room(Self.dev)])
    let id = play.say("hello", to: .room(Self.dev))
    #expect(play.takeSent() == ["@cid=1;label=6 SAY #dev hello"])
    play.server("@label=6;seq=2 OK SAY", "@room=#dev;seq=2 MSG neha hello")
    #expect(play.takeEvents().compactMap(\.answers) == [id])
    play.command(.join(Self.dev))
    #expect(play.takeSent() == [])
    #expect(play.takeEvents() == [.roomJoined(Self.dev)])
  }

  @Test func `a room is joined again after a lost connection`() {
    var play = Self.inDev()
    play.resume()
    #expect(play.takeSent().contains("@label=1 RESUME t1 #lobby e1 5 #dev e1 0"))
    play.takeAll()
    play.server("SYNC #dev e1 1", "BATCH +h history #dev", "@batch=h;seq=1;room=#dev MSG akash hi", "BATCH -h")
    #expect(play.events.contains(.roomJoined(Self.dev)))
    #expect(play.events.compactMap(\.message).map(\.isBacklog) == [true])

    var silent = Self.inDev()
    silent.resume()
    silent.takeAll()
    silent.pass(.seconds(10))
    #expect(silent.takeSent().contains { $0.hasSuffix("JOIN #dev e1 0") }, "what was not resumed is joined")
  }

  @Test func `remembered rooms are joined at login`() {
    let cursors = [
      Cursor(target: .room(Self.dev), epoch: Epoch(known: "e1"), sequence: 9),
      Cursor(target: .lobby, epoch: Epoch(known: "e1"), sequence: 9),
      Cursor(target: .person(.akash), epoch: Epoch(known: "e1"), sequence: 9),
    ]
    var play = Play()
    play.command(.connect(.home, ClientMemory(token: "t1", cursors: cursors)))
    play.logIn(again: true)
    #expect(play.sent.filter { $0.contains("JOIN") } == ["@label=2 JOIN #dev"])
  }

  @Test func `a room whose join is refused is left`() {
    var play = Play.modern()
    play.command(.join(Self.dev))
    play.server("@label=4 ERR too-many-rooms JOIN Leave one first.")
    #expect(play.takeEvents() == [.joinFailed(Self.dev, reason: "Leave one first.")])
    play.takeAll()
    play.resume()
    #expect(!play.takeSent().contains { $0.contains("#dev") })

    var again = Self.inDev()
    again.takeAll()
    again.resume()
    again.pass(.seconds(10))
    let label = again.takeSent().first { $0.contains("JOIN") }?.prefix { $0 != " " } ?? ""
    again.takeAll()
    again.server("\(label) ERR too-many-rooms JOIN Leave one first.")
    #expect(again.takeEvents() == [.roomLeft(Self.dev, reason: "Leave one first.")])
  }

  @Test func `a room is left`() {
    var play = Self.inDev()
    play.takeAll()
    play.command(.part(Self.dev))
    #expect(play.takeSent() == ["@label=6 PART #dev"])
    play.server("@label=6 OK PART", "@room=#dev;seq=1 MSG akash too late")
    #expect(play.takeEvents() == [.roomLeft(Self.dev, reason: nil)])
    play.command(.part(Self.dev))
    play.command(.part(.lobby))
    #expect(play.takeEvents().count == 2)
    #expect(play.takeSent() == [])

    var offline = Self.inDev()
    offline.handle(.closed(reason: nil))
    offline.takeAll()
    offline.command(.part(Self.dev))
    #expect(offline.takeEvents() == [.roomLeft(Self.dev, reason: nil)])
  }

  @Test func `an answer from before a room was left is ignored`() {
    var play = Play.modern()
    play.command(.join(Self.dev))
    play.server("@label=4;room=#dev OK JOIN", "SYNC #dev e1 1")
    #expect(play.takeSent().contains("@label=5 HISTORY #dev BEFORE 2 100"))
    play.command(.part(Self.dev))
    play.server("@label=7 OK PART")
    play.command(.join(Self.dev))
    play.server("@label=8;room=#dev OK JOIN", "SYNC #dev e1 3")
    play.events = []
    play.server("@label=5 BATCH +p history #dev", "@batch=p;seq=1 MSG akash one", "BATCH -p")
    #expect(play.events == [])
  }

  @Test func `a room that is left while it is resumed is left`() {
    var play = Self.inDev()
    let id = play.say("hi", to: .room(Self.dev))
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    play.handle(.opened(nil))
    play.server(Play.agrees)
    play.command(.part(Self.dev))
    play.takeAll()
    play.server("@label=1;token=t1 OK RESUME", "SYNC #dev e1 1")
    #expect(play.takeSent().last?.hasSuffix(" PART #dev") == true)
    play.events = []
    play.server("@room=#dev;seq=2 MSG akash hi", "@label=2;dup;seq=1 OK SAY")
    #expect(play.events == [.sendConfirmed(id, sequence: nil, time: play.wall)])
  }

  @Test func `room members are tracked`() {
    var play = Self.inDev()
    play.takeAll()
    let vik = Nickname(known: "vik")
    play.server(
      "JOINED vik", "@room=#dev JOINED vik", "@room=#dev JOINED vik", "@room=#other JOINED vik", "AWAY vik lunch",
      "@room=#dev LEFT vik parted", "@room=#dev LEFT vik parted", "@room=#dev JOINED vik", "LEFT vik quit",
      "@room=#dev LEFT vik quit")
    #expect(
      play.takeEvents() == [
        .joined(vik, .lobby), .joined(vik, Self.dev), .away(vik, text: "lunch"),
        .left(vik, Self.dev, reason: "left the room"), .joined(vik, Self.dev),
        .left(vik, .lobby, reason: "said goodbye"),
      ])
  }

  @Test func `the topic is reported with its message`() {
    var play = Self.inDev()
    play.takeAll()
    play.command(.setTopic(Self.dev, "Go"))
    play.command(.setTopic(Self.dev, nil))
    #expect(play.takeSent() == ["@label=6 TOPIC #dev Go", "@label=7 TOPIC #dev"])
    play.server("@room=#dev;seq=1 TOPIC neha Go", "@label=6;seq=1 OK TOPIC")
    let told = play.takeEvents()
    #expect(told.first?.message?.kind == .topic)
    #expect(told.last == .topic(Self.dev, "Go"))
    play.server("@label=7 ERR topic-too-long TOPIC Too long.")
    #expect(play.takeEvents() == [.serverError("Too long.")])
  }

  @Test func `rooms are listed`() {
    var play = Play.modern()
    play.command(.listRooms)
    #expect(play.takeSent() == ["@label=4 ROOMS"])
    play.server("@label=4 BATCH +r rooms", "@batch=r ROOM #dev 3 a \u{202e}topic", "@batch=r ROOM #lobby 5 ")
    play.server("BATCH -r")
    #expect(
      play.takeEvents() == [
        .rooms([
          RoomListing(name: Self.dev, people: 3, topic: "a topic"), RoomListing(name: .lobby, people: 5, topic: ""),
        ])
      ])
  }

  @Test func `a list of rooms that never arrives is not waited for`() {
    // All failures: refused, unanswered, unreadable, cut off, without a connection.
    var refused = Play.modern()
    refused.command(.listRooms)
    refused.server("@label=4 ERR unknown-command ROOMS There is no such command.")
    #expect(refused.takeEvents() == [.roomsFailed(reason: "There is no such command.")])
    var silent = Play.modern()
    silent.command(.listRooms)
    for _ in 1...31 {
      silent.pass(.seconds(1))
      silent.server("INFO still here")
    }
    #expect(silent.takeEvents().contains(.roomsFailed(reason: "The server did not answer.")))
    var endless = Play.modern()
    endless.command(.listRooms)
    endless.server("@label=4 BATCH +r rooms")
    for _ in 1...31 {
      endless.pass(.seconds(1))
      endless.server("@batch=r ROOM #lobby 5 ")
    }
    #expect(endless.takeEvents().contains(.roomsFailed(reason: "The server's answer cannot be read.")))
    var cut = Play.modern()
    cut.command(.listRooms)
    cut.handle(.closed(reason: nil))
    #expect(cut.takeEvents().contains(.roomsFailed(reason: "The connection broke before the server answered.")))
    cut.command(.listRooms)
    #expect(cut.takeEvents() == [.roomsFailed(reason: "There is no connection.")])
  }

  @Test func `a server with one room reports that it has no others`() {
    var play = Play.tagged()
    for command in [.join(Self.dev), .part(Self.dev), .setTopic(.lobby, "x")] as [ClientCommand] {
      play.command(command)
    }
    #expect(play.takeEvents() == Array(repeating: .notice("This server has only one room."), count: 3))
    play.command(.listRooms)
    #expect(play.takeEvents() == [.roomsFailed(reason: "This server has only one room.")])
    #expect(play.takeSent() == [])
    let id = play.say("hi", to: .room(Self.dev))
    #expect(play.takeEvents() == [.sendFailed(id, reason: "This server has only one room.")])
    play.command(.showOlder(.lobby))
    play.command(.search(1, in: nil, text: "x", before: nil))
    play.command(.markRead(.lobby, 5))
    #expect(
      play.takeEvents() == [
        .older(.lobby, [], hasMore: false), .searchFailed(1, reason: "This server cannot search."),
      ])
    #expect(play.takeSent() == [])
  }

  // MARK: Searches

  @Test func `a search is answered`() {
    var play = Play.modern()
    play.command(.search(1, in: nil, text: "disk full", before: nil))
    play.command(.search(2, in: .lobby, text: "disk", before: 77))
    #expect(play.takeSent() == ["@label=4 SEARCH * 50 disk full", "@before=77;label=5 SEARCH #lobby 50 disk"])
    play.server("@label=4 BATCH +a search", "@batch=a;id=9;seq=1 MSG akash old", "BATCH -a")
    #expect(play.takeEvents() == [], "a later one ended it")
    play.server(
      "@label=5;more BATCH +b search", "@batch=b;id=9;seq=4;room=#dev MSG akash \u{1b}disk",
      "@batch=b;id=8;seq=1;to=mira DM neha disk", "BATCH -b")
    guard case .found(2, let messages, hasMore: true, stoppedBefore: nil)? = play.takeEvents().first else {
      Issue.record("nothing was found")
      return
    }
    #expect(messages.map(\.target) == [.room(Self.dev), .person(.mira)])
    #expect(messages.map(\.text) == ["\u{fffd}disk", "disk"])
    play.command(.search(6, in: nil, text: "disk", before: nil))
    play.server("@label=6;before=5 BATCH +c search", "BATCH -c")
    #expect(play.takeEvents() == [.found(6, [], hasMore: false, stoppedBefore: 5)])
    play.command(.search(3, in: nil, text: "before:x", before: nil))
    play.server("@label=7 ERR invalid-search-format SEARCH Write it so.")
    #expect(play.takeEvents() == [.searchFailed(3, reason: "Write it so.")])
    play.command(.search(4, in: nil, text: "x", before: nil))
    play.handle(.closed(reason: nil))
    #expect(play.takeEvents().first == .searchFailed(4, reason: "There is no connection."))
    play.command(.search(5, in: nil, text: "x", before: nil))
    #expect(play.takeEvents() == [.searchFailed(5, reason: "There is no connection.")])
  }

  // MARK: Read marks

  @Test func `read marks only advance and are not sent too often`() {
    var play = Play.modern()
    play.command(.markRead(.lobby, 2))
    play.command(.markRead(.lobby, 3))
    play.command(.markRead(.lobby, 1))
    play.command(.markRead(.lobby, 99))
    play.command(.markRead(.person(.mira), 1))
    #expect(play.takeSent() == ["@label=4 MARK #lobby 2"])
    play.pass(.milliseconds(999))
    #expect(play.takeSent() == [])
    play.pass(.milliseconds(1))
    #expect(play.takeSent() == ["@label=5 MARK #lobby 5"], "no further than what was told")
    play.server("@label=4 OK MARK", "@label=5 OK MARK", "MARK #lobby 4", "MARK #lobby 5", "MARK #lobby 9")
    #expect(play.takeEvents() == [.marked(.lobby, 9)])
  }

  @Test func `the last read mark is sent before QUIT`() {
    var play = Play.modern()
    play.command(.markRead(.lobby, 2))
    play.command(.markRead(.lobby, 3))
    play.takeAll()
    play.command(.quit)
    #expect(play.takeSent() == ["@label=5 MARK #lobby 3", "@label=6 QUIT"])
  }

  @Test func `a lost read mark is sent again`() {
    var play = Play.modern()
    play.command(.markRead(.lobby, 2))
    play.resume()
    #expect(play.takeSent().last?.hasSuffix("MARK #lobby 2") == true)
  }
}
