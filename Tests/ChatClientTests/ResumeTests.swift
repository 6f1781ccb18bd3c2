import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Resuming: tokens, cursors and open requests.
@Suite struct ResumeTests {
  @Test func `a token is reported and sent at the next login`() {
    var play = Play()
    play.command(.connect(.home, ClientMemory(token: "kept")))
    play.handle(.opened(nil))
    play.server(Play.agrees)
    #expect(play.takeSent().last == "@token=kept;label=1 LOGIN neha", "another terminal is not taken over")
    play.server("@label=1;token=next;name=Neha;again OK LOGIN")
    #expect(play.events.contains(.token("next")))
    #expect(play.events.contains(.online(Nickname(known: "Neha"), capabilities: Play.modernDialect)))
    #expect(play.session.name.text == "Neha")
  }

  @Test(arguments: ["", "two words", "t\u{1}", String(repeating: "t", count: 513)])
  func `an invalid token is not used`(token: String) {
    var play = Play()
    play.command(.connect(.home, ClientMemory(token: token)))
    play.handle(.opened(nil))
    play.server(Play.agrees)
    #expect(play.takeSent().last == "@label=1 LOGIN neha")
  }

  @Test func `a lost connection is resumed`() {
    var play = Play.modern()
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    play.takeAll()
    play.handle(.opened(nil))
    play.server(Play.agrees)
    #expect(play.takeSent() == [Play.asks, "@label=1 RESUME t1 #lobby e1 5"])
    play.server("@label=1;token=t2 OK RESUME", "SYNC #lobby e1 7")
    #expect(!play.takeSent().contains { $0.contains("HISTORY") }, "the server sends it by itself")
    play.server("@seq=8 MSG akash eight", "BATCH +h history #lobby", "@batch=h;seq=6 MSG akash six")
    play.events = []
    play.server("@batch=h;seq=7 MSG akash seven", "BATCH -h")
    #expect(play.events.compactMap(\.message).map(\.text) == ["six", "seven", "eight"])
    #expect(play.events.compactMap(\.message).map(\.isBacklog) == [true, true, false])
  }

  @Test func `messages that the server does not push are fetched`() {
    var play = Play.modern()
    play.resume()
    play.server("SYNC #lobby e1 7", "GAP #lobby 6 7")
    #expect(play.takeSent().last?.hasSuffix("HISTORY #lobby AFTER 5 300") == true)

    var silent = Play.modern()
    silent.resume()
    silent.server("SYNC #lobby e1 7")
    silent.pass(.seconds(10))
    #expect(silent.takeSent().last?.hasSuffix("HISTORY #lobby AFTER 5 300") == true)

    var much = Play.modern()
    much.resume()
    much.events = []
    much.server("SYNC #lobby e1 900", "GAP #lobby 6 900")
    #expect(much.events.last == .reset(.lobby))
    #expect(much.takeSent().last?.hasSuffix("HISTORY #lobby LATEST * 100") == true)
  }

  @Test func `an unknown token leads to a login`() {
    var play = Play.modern()
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    play.handle(.opened(nil))
    play.server(Play.agrees, "@label=1 ERR invalid-token RESUME Log in.")
    #expect(play.takeSent().last == "@label=2 LOGIN neha")
    play.server("@label=2;token=t9 OK LOGIN")
    #expect(play.events.contains(.token("t9")))
  }

  @Test func `a taken name is reported at once after an unknown token`() {
    var play = Play.modern()
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    play.handle(.opened(nil))
    play.server(Play.agrees, "@label=1 ERR username-taken RESUME Somebody has it.")
    #expect(play.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
    play.command(.useName(.mira))
    #expect(play.takeSent().last == "@token=t1;label=2 LOGIN mira")
  }

  @Test func `a login with another name sends the token`() {
    var play = Play.modern()
    play.command(.useName(.mira))
    play.handle(.closed(reason: nil))
    play.handle(.opened(nil))
    play.server(Play.agrees)
    #expect(play.takeSent().last == "@token=t1;label=1 LOGIN mira")
    play.server("@label=1;token=t2;name=mira;again OK LOGIN", "SYNC #lobby e1 7")
    #expect(play.takeSent().last == "@label=3 HISTORY #lobby AFTER 5 300", "nobody sends it by itself")
  }

  @Test func `a session that was taken over does not take over in turn`() {
    var play = Play.modern()
    play.server("BYE taken-over You are connected anew.")
    play.pass(.seconds(1))
    play.handle(.opened(nil))
    play.server(Play.agrees)
    #expect(play.takeSent().last == "@token=t1;label=1 LOGIN neha")
  }

  @Test func `a slow server gets no second login without capabilities`() {
    var play = Play.modern()
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    play.takeAll()
    play.handle(.opened(nil))
    play.pass(.seconds(9))
    #expect(play.takeSent() == [Play.asks])
    play.pass(.seconds(1))
    #expect(play.takeSent() == [])
    #expect(play.events.last?.outage?.reason == "the server did not answer")
  }

  @Test func `as many cursors as fit are sent with RESUME and the other rooms are joined`() {
    var play = Play.modern()
    let rooms = (100...299).map { RoomName(known: "#a-room-with-quite-a-long-name-\($0)") }
    var label = 4
    for room in rooms {
      play.command(.join(room))
      play.server("@label=\(label);room=\(room) OK JOIN", "SYNC \(room) e1 0")
      let who = label + 1
      play.server("@label=\(who) BATCH +w who \(room)", "BATCH -w")
      label += 2
    }
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    play.takeAll()
    play.handle(.opened(nil))
    play.server(Play.agrees)
    let resume = play.takeSent().last ?? ""
    let line = resume.dropFirst("@label=1 ".count)
    #expect(line.utf8.count <= 4096 && line.utf8.count > 4000)
    let resumed = line.split(separator: " ").count { $0.hasPrefix("#a-room") }
    #expect(resumed > 80 && resumed < 200)
    play.server("@label=1;token=t1 OK RESUME")
    #expect(play.takeSent().count { $0.contains("JOIN #a-room") && $0.hasSuffix(" e1 0") } == 8, "so many at a time")
    play.takeAll()
    for room in rooms.prefix(resumed) { play.server("SYNC \(room) e1 0") }
    #expect(play.events.count { if case .roomJoined = $0 { true } else { false } } == resumed)
  }

  // MARK: Sends

  @Test func `a send survives a lost connection`() {
    var play = Play.modern()
    let first = play.say("one")
    let second = play.say("two", to: .person(.akash))
    #expect(play.takeSent() == ["@cid=1;label=4 MSG one", "@cid=2;label=5 DM akash two"])
    play.resume()
    #expect(!play.events.contains { $0.answers != nil })
    #expect(play.takeSent().prefix(4).suffix(2) == ["@cid=1;label=2 MSG one", "@cid=2;label=3 DM akash two"])
    #expect(play.sendings == [first, second], "told once")
    play.events = []
    play.server("SYNC #lobby e1 7", "BATCH +h history #lobby", "@batch=h;seq=6 MSG neha one")
    play.server("@batch=h;seq=7 MSG neha one", "BATCH -h")
    #expect(play.events.compactMap(\.answers) == [], "which of them it is the server will say")
    play.server("@label=2;dup;seq=7 OK MSG")
    #expect(play.events.compactMap(\.message).map(\.answersSend) == [nil, first])
    play.server("@label=3;seq=1 OK DM")
    #expect(play.events.compactMap(\.answers) == [first, second])
  }

  /// Conversations with users who are known only by name are not remembered.
  @Test func `the account that a message is addressed to outlives the client`() {
    var play = Play.modern()
    play.server("@epoch=e1.m JOINED mira")
    play.handle(.closed(reason: nil))
    play.events = []
    let id = play.say("for mira alone", to: .person(.mira))
    guard case .addressed(id, let epoch)? = play.events.first else {
      Issue.record("it is told: \(play.events)")
      return
    }
    #expect(play.say("for all") != id)
    #expect(play.events.count { if case .addressed = $0 { true } else { false } } == 1)

    let kept = OutgoingMessage(
      id: id, target: .person(.mira), text: "for mira alone", time: play.wall, epoch: epoch)
    // The next client, and another one that takes over the message after the name has passed to another account.
    for takesOver in [false, true] {
      var next = Play()
      next.command(.connect(.home, ClientMemory(token: "t0", unconfirmed: takesOver ? [] : [kept])))
      next.logIn(head: 0, again: true)
      if takesOver {
        next.server("@epoch=e1.n JOINED mira")
        next.command(.takeOver([kept]))
      }
      let line = next.takeSent().first { $0.contains(" DM mira ") }
      #expect(line?.contains("epoch=e1.m;") == true, "\(line ?? "nothing")")
      #expect(!next.events.contains { if case .addressed = $0 { true } else { false } })
    }
  }

  @Test func `a message that was sent before an unknown token fails`() {
    var play = Play.modern()
    let sent = play.say("one")
    play.handle(.closed(reason: nil))
    let unsent = play.say("two")
    play.pass(.seconds(1))
    play.handle(.opened(nil))
    play.server(Play.agrees, "@label=1 ERR invalid-token RESUME Log in.", "@label=2;token=t9 OK LOGIN")
    #expect(play.events.compactMap(\.answers) == [sent])
    #expect(
      play.events.contains(
        .sendFailed(sent, reason: "The connection broke before the server confirmed it.", failure: .unconfirmed)))
    #expect(play.takeSent().contains("@cid=2;label=3 MSG two"))
    _ = unsent
  }

  @Test(arguments: [true, false])
  func `a kept message is sent again if the session is resumed`(again: Bool) {
    let kept = [
      OutgoingMessage(
        id: SendID(0xab), target: .lobby, text: "on the wire", time: Timestamp(milliseconds: 0), wasTransmitted: true),
      OutgoingMessage(id: SendID(0xcd), target: .lobby, text: "never sent", time: Timestamp(milliseconds: 0)),
    ]
    var play = Play()
    let early = play.say("early")
    play.command(.connect(.home, ClientMemory(token: "t0", unconfirmed: kept)))
    play.logIn(head: 0, again: again)
    let messages = play.takeSent().filter { $0.contains(" MSG ") }
    let expected = ["@cid=ab;label=2 MSG on the wire", "@cid=cd;label=3 MSG never sent", "@cid=1;label=4 MSG early"]
    if again {
      #expect(messages == expected)
      #expect(play.sendings == [SendID(0xcd), early])
    } else {
      #expect(messages == ["@cid=cd;label=2 MSG never sent", "@cid=1;label=3 MSG early"])
      #expect(play.events.compactMap(\.answers) == [SendID(0xab)])
    }
  }

  @Test func `a message that the server cannot store fails with the server's reason`() {
    var play = Play.modern()
    let id = play.say("one")
    play.server("@label=4 ERR storage-unavailable MSG The disk is full.")
    #expect(
      play.events == [
        .sendFailed(id, reason: "The disk is full.", failure: .refused(.storageUnavailable))
      ])
  }

  @Test(arguments: [true, false])
  func `an own message completes its send once`(echoIsFirst: Bool) {
    var play = Play.modern()
    let id = play.say("one")
    let lines = ["@seq=6;id=60 MSG neha one", "@label=4;seq=6;id=60 OK MSG"]
    for line in echoIsFirst ? lines : lines.reversed() { play.server(line) }
    #expect(play.events.count == 1)
    #expect(play.events.compactMap(\.answers) == [id])
    play.server("@seq=7 MSG akash two")
    #expect(play.sent.count == 1, "the message was counted")
    #expect(play.events.last?.message?.text == "two")
  }

  @Test func `an equal text from another terminal does not complete a send`() {
    var play = Play.modern()
    let id = play.say("ok")
    play.server("@seq=6 MSG neha ok")
    #expect(play.events == [])
    play.server("@label=4;seq=7 OK MSG", "@seq=7 MSG neha ok")
    #expect(play.events.first?.message?.answersSend == nil)
    #expect(play.events.first?.message?.sequence == 6)
    #expect(play.events.compactMap(\.answers) == [id])
  }

  @Test func `an unanswered send delays its conversation only for a while`() {
    var play = Play.modern()
    let id = play.say("ok")
    play.server("@seq=6 MSG neha ok", "@seq=7 MSG akash well")
    #expect(play.takeEvents() == [])
    for _ in 1...6 {
      play.pass(.seconds(5))
      play.server("MOTD still here")
    }
    let told = play.takeEvents()
    #expect(told.contains(.sendFailed(id, reason: "The server did not confirm it.", failure: .unconfirmed)))
    #expect(told.compactMap(\.message).map(\.text) == ["ok", "well"])
  }
}
