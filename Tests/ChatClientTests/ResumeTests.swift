import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// Resuming: tokens, cursors and open requests.
@Suite struct ResumeTests {
  @Test func `a token is reported and sent at the next login`() {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory(token: "kept")))
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees)
    #expect(
      harness.takeSent().last == "@token=kept;label=1 LOGIN neha",
      "a token of another run is sent with LOGIN, not with RESUME")
    harness.receive("@label=1;token=next;name=Neha;again OK LOGIN")
    #expect(harness.events.contains(.token("next")))
    #expect(harness.events.contains(.online(Nickname(known: "Neha"), capabilities: ClientSessionHarness.agreed)))
    #expect(harness.session.name.text == "Neha")
  }

  @Test(arguments: ["", "two words", "t\u{1}", String(repeating: "t", count: 513)])
  func `an invalid token is not used`(token: String) {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory(token: token)))
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees)
    #expect(harness.takeSent().last == "@label=1 LOGIN neha")
  }

  @Test func `a lost connection is resumed`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.takeAll()
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees)
    #expect(harness.takeSent() == [ClientSessionHarness.asks, "@label=1 RESUME t1 #lobby e1 5"])
    harness.receive("@label=1;token=t2 OK RESUME", "SYNC #lobby e1 7")
    #expect(!harness.takeSent().contains { $0.contains("HISTORY") }, "missed messages are not requested after RESUME")
    harness.receive("@seq=8 MSG akash eight", "BATCH +h history #lobby", "@batch=h;seq=6 MSG akash six")
    harness.events = []
    harness.receive("@batch=h;seq=7 MSG akash seven", "BATCH -h")
    #expect(harness.events.compactMap(\.message).map(\.text) == ["six", "seven", "eight"])
    #expect(harness.events.compactMap(\.message).map(\.isBacklog) == [true, true, false])
  }

  @Test func `messages that the server does not push are fetched`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.resume()
    harness.receive("SYNC #lobby e1 7", "GAP #lobby 6 7")
    #expect(harness.takeSent().last?.hasSuffix("HISTORY #lobby AFTER 5 300") == true)

    var silent = ClientSessionHarness.withAllCapabilities()
    silent.resume()
    silent.receive("SYNC #lobby e1 7")
    silent.advanceClock(by: .seconds(10))
    #expect(silent.takeSent().last?.hasSuffix("HISTORY #lobby AFTER 5 300") == true)

    var much = ClientSessionHarness.withAllCapabilities()
    much.resume()
    much.events = []
    much.receive("SYNC #lobby e1 900", "GAP #lobby 6 900")
    #expect(much.events.last == .reset(.lobby))
    #expect(much.takeSent().last?.hasSuffix("HISTORY #lobby LATEST * 100") == true)
  }

  @Test func `an unknown token leads to a login`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees, "@label=1 ERR invalid-token RESUME Log in.")
    #expect(harness.takeSent().last == "@label=2 LOGIN neha")
    harness.receive("@label=2;token=t9 OK LOGIN")
    #expect(harness.events.contains(.token("t9")))
  }

  @Test func `a taken name is reported at once after an unknown token`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees, "@label=1 ERR username-taken RESUME Somebody has it.")
    #expect(harness.events.last == .nameRefused(.neha, .taken, suggestion: Nickname("neha2")))
    harness.command(.useName(.mira))
    #expect(harness.takeSent().last == "@token=t1;label=2 LOGIN mira")
  }

  @Test func `a login with another name sends the token`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.useName(.mira))
    harness.handle(.closed(reason: nil))
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees)
    #expect(harness.takeSent().last == "@token=t1;label=1 LOGIN mira")
    harness.receive("@label=1;token=t2;name=mira;again OK LOGIN", "SYNC #lobby e1 7")
    #expect(
      harness.takeSent().last == "@label=3 HISTORY #lobby AFTER 5 300", "missed messages are requested after LOGIN")
  }

  @Test func `a session that was taken over does not take over in turn`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("BYE taken-over You are connected anew.")
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees)
    #expect(harness.takeSent().last == "@token=t1;label=1 LOGIN neha")
  }

  @Test func `a slow server gets no second login without capabilities`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.takeAll()
    harness.handle(.opened(nil))
    harness.advanceClock(by: .seconds(9))
    #expect(harness.takeSent() == [ClientSessionHarness.asks])
    harness.advanceClock(by: .seconds(1))
    #expect(harness.takeSent() == [])
    #expect(harness.events.last?.outage?.reason == "the server did not answer")
  }

  @Test func `as many cursors as fit are sent with RESUME and the other rooms are joined`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let rooms = (100...299).map { RoomName(known: "#a-room-with-quite-a-long-name-\($0)") }
    var label = 4
    for room in rooms {
      harness.command(.join(room))
      harness.receive("@label=\(label);room=\(room) OK JOIN", "SYNC \(room) e1 0")
      let who = label + 1
      harness.receive("@label=\(who) BATCH +w who \(room)", "BATCH -w")
      label += 2
    }
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.takeAll()
    harness.handle(.opened(nil))
    harness.receive(ClientSessionHarness.agrees)
    let resume = harness.takeSent().last ?? ""
    let line = resume.dropFirst("@label=1 ".count)
    #expect(line.utf8.count <= 4096 && line.utf8.count > 4000)
    let resumed = line.split(separator: " ").count { $0.hasPrefix("#a-room") }
    #expect(resumed > 80 && resumed < 200)
    harness.receive("@label=1;token=t1 OK RESUME")
    #expect(
      harness.takeSent().count { $0.contains("JOIN #a-room") && $0.hasSuffix(" e1 0") } == 8,
      "eight rooms are joined at a time")
    harness.takeAll()
    for room in rooms.prefix(resumed) { harness.receive("SYNC \(room) e1 0") }
    #expect(harness.events.count { if case .roomJoined = $0 { true } else { false } } == resumed)
  }

  // MARK: Sends

  @Test func `a send survives a lost connection`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let first = harness.send("one")
    let second = harness.send("two", to: .person(.akash))
    #expect(harness.takeSent() == ["@cid=1;label=4 MSG one", "@cid=2;label=5 DM akash two"])
    harness.resume()
    #expect(!harness.events.contains { $0.answers != nil })
    #expect(harness.takeSent().prefix(4).suffix(2) == ["@cid=1;label=2 MSG one", "@cid=2;label=3 DM akash two"])
    #expect(harness.sendings == [first, second], "each send is reported as sent once")
    harness.events = []
    harness.receive("SYNC #lobby e1 7", "BATCH +h history #lobby", "@batch=h;seq=6 MSG neha one")
    harness.receive("@batch=h;seq=7 MSG neha one", "BATCH -h")
    #expect(harness.events.compactMap(\.answers) == [], "an equal text in history confirms no send")
    harness.receive("@label=2;dup;seq=7 OK MSG")
    #expect(harness.events.compactMap(\.message).map(\.answersSend) == [nil, first])
    harness.receive("@label=3;seq=1 OK DM")
    #expect(harness.events.compactMap(\.answers) == [first, second])
  }

  /// Conversations with users who are known only by name are not remembered.
  @Test func `the account that a message is addressed to outlives the client`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@epoch=e1.m JOINED mira")
    harness.handle(.closed(reason: nil))
    harness.events = []
    let id = harness.send("for mira alone", to: .person(.mira))
    guard case .addressed(id, let epoch)? = harness.events.first else {
      Issue.record("it is told: \(harness.events)")
      return
    }
    #expect(harness.send("for all") != id)
    #expect(harness.events.count { if case .addressed = $0 { true } else { false } } == 1)

    let kept = OutgoingMessage(
      id: id, target: .person(.mira), text: "for mira alone", time: harness.wall, epoch: epoch)
    // The next client, and another one that takes over the message after the name has passed to another account.
    for takesOver in [false, true] {
      var next = ClientSessionHarness()
      next.command(.connect(.home, ClientMemory(token: "t0", unconfirmed: takesOver ? [] : [kept])))
      next.logIn(head: 0, again: true)
      if takesOver {
        next.receive("@epoch=e1.n JOINED mira")
        next.command(.takeOver([kept]))
      }
      let line = next.takeSent().first { $0.contains(" DM mira ") }
      #expect(line?.contains("epoch=e1.m;") == true, "\(line ?? "nothing")")
      #expect(!next.events.contains { if case .addressed = $0 { true } else { false } })
    }
  }

  @Test func `a message that was sent before an unknown token fails`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let sent = harness.send("one")
    harness.handle(.closed(reason: nil))
    let unsent = harness.send("two")
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(nil))
    harness.receive(
      ClientSessionHarness.agrees, "@label=1 ERR invalid-token RESUME Log in.", "@label=2;token=t9 OK LOGIN")
    #expect(harness.events.compactMap(\.answers) == [sent])
    #expect(
      harness.events.contains(
        .sendFailed(sent, reason: "The connection broke before the server confirmed it.", failure: .unconfirmed)))
    #expect(harness.takeSent().contains("@cid=2;label=3 MSG two"))
    _ = unsent
  }

  @Test(arguments: [true, false])
  func `a kept message is sent again if the session is resumed`(again: Bool) {
    let kept = [
      OutgoingMessage(
        id: SendID(0xab), target: .lobby, text: "on the wire", time: Timestamp(milliseconds: 0), wasTransmitted: true),
      OutgoingMessage(id: SendID(0xcd), target: .lobby, text: "never sent", time: Timestamp(milliseconds: 0)),
    ]
    var harness = ClientSessionHarness()
    let early = harness.send("early")
    harness.command(.connect(.home, ClientMemory(token: "t0", unconfirmed: kept)))
    harness.logIn(head: 0, again: again)
    let messages = harness.takeSent().filter { $0.contains(" MSG ") }
    let expected = ["@cid=ab;label=2 MSG on the wire", "@cid=cd;label=3 MSG never sent", "@cid=1;label=4 MSG early"]
    if again {
      #expect(messages == expected)
      #expect(harness.sendings == [SendID(0xcd), early])
    } else {
      #expect(messages == ["@cid=cd;label=2 MSG never sent", "@cid=1;label=3 MSG early"])
      #expect(harness.events.compactMap(\.answers) == [SendID(0xab)])
    }
  }

  @Test func `a message that the server cannot store fails with the server's reason`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let id = harness.send("one")
    harness.receive("@label=4 ERR storage-unavailable MSG The disk is full.")
    #expect(
      harness.events == [
        .sendFailed(id, reason: "The disk is full.", failure: .refused(.storageUnavailable))
      ])
  }

  @Test(arguments: [true, false])
  func `an own message completes its send once`(echoIsFirst: Bool) {
    var harness = ClientSessionHarness.withAllCapabilities()
    let id = harness.send("one")
    let lines = ["@seq=6;id=60 MSG neha one", "@label=4;seq=6;id=60 OK MSG"]
    for line in echoIsFirst ? lines : lines.reversed() { harness.receive(line) }
    #expect(harness.events.count == 1)
    #expect(harness.events.compactMap(\.answers) == [id])
    harness.receive("@seq=7 MSG akash two")
    #expect(harness.sent.count == 1, "no history is requested without a gap")
    #expect(harness.events.last?.message?.text == "two")
  }

  @Test func `an equal text from another terminal does not complete a send`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let id = harness.send("ok")
    harness.receive("@seq=6 MSG neha ok")
    #expect(harness.events == [])
    harness.receive("@label=4;seq=7 OK MSG", "@seq=7 MSG neha ok")
    #expect(harness.events.first?.message?.answersSend == nil)
    #expect(harness.events.first?.message?.sequence == 6)
    #expect(harness.events.compactMap(\.answers) == [id])
  }

  @Test func `an unanswered send delays its conversation only for a while`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    let id = harness.send("ok")
    harness.receive("@seq=6 MSG neha ok", "@seq=7 MSG akash well")
    #expect(harness.takeEvents() == [])
    for _ in 1...6 {
      harness.advanceClock(by: .seconds(5))
      harness.receive("MOTD still here")
    }
    let told = harness.takeEvents()
    #expect(told.contains(.sendFailed(id, reason: "The server did not confirm it.", failure: .unconfirmed)))
    #expect(told.compactMap(\.message).map(\.text) == ["ok", "well"])
  }
}
