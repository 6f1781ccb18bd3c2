import ChatHub
import ChatProtocol
import ChatRecords
import Testing

@Suite struct StorageTests {
  @Test func `a failed message is not published, and only its author is told`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    let akash = harness.logIn("akash")
    harness.storage = .fails
    #expect(harness.send(as: neha, "MSG hello") == ["ERR storage-unavailable"])
    #expect(harness.send(as: neha, "DM akash psst") == ["ERR storage-unavailable"])
    #expect(harness.takeOutput(of: akash) == [])
    harness.storage = .works
    #expect(harness.send(as: neha, "MSG again") == ["MSG neha again"])
    #expect(harness.takeOutput(of: akash) == ["MSG neha again"])
  }

  @Test func `a message is not published before it is stored`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    let akash = harness.logIn("akash")
    harness.storage = .waits
    #expect(harness.send(as: neha, "MSG hello", "DM akash psst") == [])
    #expect(harness.takeOutput(of: akash) == [])
    harness.answerStore()
    harness.answerStore()
    #expect(harness.takeOutput(of: neha) == ["MSG neha hello"])
    #expect(harness.takeOutput(of: akash) == ["MSG neha hello", "DM neha psst"])
  }

  @Test(arguments: [true, false])
  func `an author whose connection broke is sent no answer`(isStored: Bool) {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    let akash = harness.logIn("akash")
    harness.storage = .waits
    harness.send(as: neha, "MSG hello")
    harness.disconnect(neha, .lost)
    #expect(harness.takeOutput(of: akash) == ["INFO neha disconnected"])
    harness.answerStore(successfully: isStored)
    #expect(harness.takeOutput(of: akash) == (isStored ? ["MSG neha hello"] : []))
    #expect(harness.takeOutput(of: neha) == [])
  }

  @Test func `a session that ends before the log answers misses the message, and its successor too`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags")
    let akash = harness.logIn("akash")
    harness.storage = .waits
    harness.send(as: neha, "DM akash psst")
    harness.disconnect(akash)
    let successor = harness.connect()
    harness.send(as: successor, "LOGIN akash")
    harness.discardOutput()
    harness.answerStore()
    #expect(harness.takeOutput(of: neha) == ["@\(HubHarness.place(1)) OK DM"])
    #expect(harness.takeOutput(of: successor) == [])
  }

  @Test func `a message belongs to a room or a direct conversation`() throws {
    let harness = HubHarness()
    let neha = harness.logIn("Neha")
    let akash = harness.logIn("akash")
    harness.storage = .waits
    harness.send(as: neha, "MSG hi", "DM AKASH psst")
    harness.send(as: akash, "DM neha yes?")
    let drafts = harness.drafts
    try #require(drafts.count == 3)
    #expect(drafts.map(\.text) == ["hi", "psst", "yes?"])
    #expect(drafts.map(\.author.text) == ["Neha", "Neha", "akash"])
    #expect(drafts.map(\.reader?.text) == [nil, "akash", "Neha"])
    #expect(drafts[0].conversation == .lobby)
    #expect(drafts[0].member == drafts[1].member && drafts[1].member != drafts[2].member)
    let pair = Conversation.pair(Conversation.Pair(drafts[1].member, drafts[2].member))
    #expect(drafts[1].conversation == pair && drafts[2].conversation == pair)
  }

  @Test func `a full disk is named in the text of the error`() {
    let harness = HubHarness()
    let plain = harness.logIn("plain")
    let neha = harness.logIn("neha", "tags")
    harness.storage = .waits
    harness.send(as: plain, "MSG one")
    harness.send(as: neha, "MSG two")
    harness.answerStore(successfully: false, isFull: true)
    harness.answerStore(successfully: false, isFull: true)
    #expect(harness.takeOutput(of: plain) == ["ERR storage-unavailable"])
    #expect(harness.takeOutput(of: neha) == ["ERR storage-unavailable MSG The server's disk is full; it was not sent."])
  }

  @Test func `an unexpected answer is ignored`() throws {
    let name = try #require(Nickname("neha"))
    let draft = NewMessage(conversation: .lobby, author: name, member: MemberID(1), text: "hi")
    var hub = Hub()
    var actions: [HubAction] = []
    let now = MonotonicTime(nanoseconds: 0)
    let stored = StoredMessage(draft, id: 1, sequence: 1, time: LogModel.time)
    hub.apply(.stored(.success(.stored(stored))), at: now, into: &actions)
    hub.apply(.stored(.failure(HubEvent.StorageFailure())), at: now, into: &actions)
    hub.apply(.read(ReadID(7), .success(.page(Page(messages: [stored], hasMore: false)))), at: now, into: &actions)
    hub.apply(.lagging(SessionID(7)), at: now, into: &actions)
    hub.apply(.caughtUp(SessionID(7)), at: now, into: &actions)
    #expect(actions.isEmpty)
  }
}
