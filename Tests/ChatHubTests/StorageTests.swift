import ChatHub
import ChatProtocol
import ChatRecords
import Testing

@Suite struct StorageTests {
  @Test func `a failed message is not published, and only its author is told`() {
    let stage = Stage()
    let neha = stage.join("neha")
    let akash = stage.join("akash")
    stage.storage = .fails
    #expect(stage.say(neha, "MSG hello") == ["ERR storage-unavailable"])
    #expect(stage.say(neha, "DM akash psst") == ["ERR storage-unavailable"])
    #expect(stage.heard(akash) == [])
    stage.storage = .works
    #expect(stage.say(neha, "MSG again") == ["MSG neha again"])
    #expect(stage.heard(akash) == ["MSG neha again"])
  }

  @Test func `a message is not published before it is stored`() {
    let stage = Stage()
    let neha = stage.join("neha")
    let akash = stage.join("akash")
    stage.storage = .waits
    #expect(stage.say(neha, "MSG hello", "DM akash psst") == [])
    #expect(stage.heard(akash) == [])
    stage.answerStored()
    stage.answerStored()
    #expect(stage.heard(neha) == ["MSG neha hello"])
    #expect(stage.heard(akash) == ["MSG neha hello", "DM neha psst"])
  }

  @Test(arguments: [true, false])
  func `an author whose connection broke is sent no answer`(isStored: Bool) {
    let stage = Stage()
    let neha = stage.join("neha")
    let akash = stage.join("akash")
    stage.storage = .waits
    stage.say(neha, "MSG hello")
    stage.leave(neha, .lost)
    #expect(stage.heard(akash) == ["INFO neha disconnected"])
    stage.answerStored(successfully: isStored)
    #expect(stage.heard(akash) == (isStored ? ["MSG neha hello"] : []))
    #expect(stage.heard(neha) == [])
  }

  @Test func `a session that ends before the log answers misses the message, and its successor too`() {
    let stage = Stage()
    let neha = stage.join("neha", "tags")
    let akash = stage.join("akash")
    stage.storage = .waits
    stage.say(neha, "DM akash psst")
    stage.leave(akash)
    let successor = stage.open()
    stage.say(successor, "LOGIN akash")
    stage.forget()
    stage.answerStored()
    #expect(stage.heard(neha) == ["@\(Stage.place(1)) OK DM"])
    #expect(stage.heard(successor) == [])
  }

  @Test func `a message belongs to a room or a direct conversation`() throws {
    let stage = Stage()
    let neha = stage.join("Neha")
    let akash = stage.join("akash")
    stage.storage = .waits
    stage.say(neha, "MSG hi", "DM AKASH psst")
    stage.say(akash, "DM neha yes?")
    let drafts = stage.drafts
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
    let stage = Stage()
    let plain = stage.join("plain")
    let neha = stage.join("neha", "tags")
    stage.storage = .waits
    stage.say(plain, "MSG one")
    stage.say(neha, "MSG two")
    stage.answerStored(successfully: false, isFull: true)
    stage.answerStored(successfully: false, isFull: true)
    #expect(stage.heard(plain) == ["ERR storage-unavailable"])
    #expect(stage.heard(neha) == ["ERR storage-unavailable MSG The server's disk is full; it was not sent."])
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
