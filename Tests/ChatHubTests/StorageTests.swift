import ChatHub
import ChatProtocol
import Testing

@Suite struct StorageTests {
  @Test func `what could not be stored is seen by nobody, and its sender alone is told`() {
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

  @Test func `nothing is seen before it is stored`() {
    let stage = Stage()
    let neha = stage.join("neha")
    let akash = stage.join("akash")
    stage.storage = .waits
    #expect(stage.say(neha, "MSG hello", "DM akash psst") == [])
    #expect(stage.heard(akash) == [])
    stage.answerStored(successfully: true)
    stage.answerStored(successfully: true)
    #expect(stage.heard(neha) == ["MSG neha hello"])
    #expect(stage.heard(akash) == ["MSG neha hello", "DM neha psst"])
  }

  @Test(arguments: [true, false])
  func `an author who is gone when the log answers is not told`(isStored: Bool) {
    let stage = Stage()
    let neha = stage.join("neha")
    let akash = stage.join("akash")
    stage.storage = .waits
    stage.say(neha, "MSG hello")
    stage.leave(neha)
    #expect(stage.heard(akash) == ["INFO neha disconnected"])
    stage.answerStored(successfully: isStored)
    #expect(stage.heard(akash) == (isStored ? ["MSG neha hello"] : []))
    #expect(stage.heard(neha) == [])
  }

  @Test func `a reader who is gone when the log answers misses it, and its successor does not get it twice`() {
    let stage = Stage()
    let neha = stage.join("neha", "tags")
    let akash = stage.join("akash")
    stage.storage = .waits
    stage.say(neha, "DM akash psst")
    stage.leave(akash)
    stage.answerStored(successfully: true)
    #expect(stage.heard(neha) == ["INFO akash disconnected", "@\(Stage.timeTag) OK DM"])
  }

  @Test func `what the log stores is a room's or two people's`() throws {
    let stage = Stage()
    let neha = stage.join("Neha")
    let akash = stage.join("akash")
    stage.storage = .waits
    stage.say(neha, "MSG hi", "DM AKASH psst")
    stage.say(akash, "DM neha yes?")
    let name = try #require(Nickname("neha"))
    let other = try #require(Nickname("akash"))
    let pair = Conversation.pair(Conversation.Pair(name, other))
    #expect(
      stage.drafts == [
        NewMessage(conversation: .room(.lobby), author: name, text: "hi"),
        NewMessage(conversation: pair, author: name, text: "psst"),
        NewMessage(conversation: pair, author: other, text: "yes?"),
      ])
  }

  @Test func `an answer that nobody waits for is ignored`() throws {
    let name = try #require(Nickname("neha"))
    let draft = NewMessage(conversation: .room(.lobby), author: name, text: "hi")
    var hub = Hub()
    var actions: [HubAction] = []
    let now = MonotonicTime(nanoseconds: 0)
    hub.apply(.stored(.success(StoredMessage(draft, sequence: 1, time: Stage.time))), at: now, into: &actions)
    hub.apply(.stored(.failure(HubCommand.StorageFailure())), at: now, into: &actions)
    #expect(actions.isEmpty)
  }
}
