import ChatHub
import ChatProtocol
import Testing

/// A slow reader misses messages and is told which.
@Suite struct LagTests {
  @Test func `a gap is reported for each conversation with missed messages`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    let (mira, _) = stage.arrive("mira")
    for id in [neha, akash] { stage.say(id, "JOIN #build", "JOIN #quiet") }
    stage.say(akash, "MSG 1", "SAY #build 1", "SAY #quiet 1", "DM neha 1")
    stage.say(mira, "DM neha 1")
    stage.forget()
    stage.lag(neha)
    stage.say(akash, "MSG 2", "MSG 3", "SAY #build 2", "DM neha 2", "DM neha 3", "DM mira psst")
    #expect(stage.heard(neha) == [])
    #expect(stage.say(neha, "PING") == ["PONG"])
    #expect(stage.say(neha, "SAY #build 3").untagged == ["OK SAY"])
    stage.catchUp(neha)
    #expect(stage.heard(neha) == ["GAP #lobby 2 3", "GAP #build 2 3", "GAP @akash 2 3"])
    stage.say(akash, "MSG 4", "DM neha 4")
    #expect(stage.heard(neha).untagged == ["MSG akash 4", "DM akash 4"])
    stage.catchUp(neha)
    #expect(stage.heard(neha) == [])
  }

  @Test func `a conversation that began meanwhile is introduced`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.lag(neha)
    stage.say(akash, "DM neha 1", "DM neha 2")
    #expect(stage.heard(neha).isEmpty)
    stage.catchUp(neha)
    let heard = stage.heard(neha)
    #expect(heard.count == 2)
    #expect(heard.first?.hasPrefix("SYNC @akash e.") == true)
    #expect(heard.first?.hasSuffix(" 0") == true)
    #expect(heard.last == "GAP @akash 1 2")
  }

  @Test func `only the present rooms are reported after joins and parts`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.say(neha, "JOIN #left", "JOIN #back")
    stage.say(akash, "JOIN #left", "JOIN #back", "JOIN #new", "SAY #new 1")
    stage.forget()
    stage.lag(neha)
    stage.say(akash, "SAY #left 1", "SAY #back 1", "SAY #new 2")
    #expect(stage.say(neha, "PART #left", "PART #back", "JOIN #back", "JOIN #new").last == "SYNC #new e 2")
    stage.say(akash, "SAY #left 2", "SAY #back 2", "SAY #new 3")
    stage.catchUp(neha)
    #expect(stage.heard(neha) == ["GAP #back 2 2", "GAP #new 3 3"])
  }

  @Test func `read marks that moved meanwhile are sent once`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (second, _) = stage.arrive("neha", token: token)
    for number in 1...3 { stage.say(neha, "MSG \(number)") }
    stage.forget()
    stage.lag(second)
    stage.say(neha, "MARK #lobby 1", "MARK #lobby 2")
    #expect(stage.heard(second) == [])
    stage.catchUp(second)
    #expect(stage.heard(second) == ["MARK #lobby 2"])
  }

  @Test func `history is read when the send queue has room`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    stage.say(neha, "MSG 1")
    stage.lag(neha)
    #expect(stage.say(neha, "HISTORY #lobby LATEST * 9", "PING") == ["PONG"])
    #expect(stage.questions.isEmpty)
    stage.catchUp(neha)
    #expect(stage.heard(neha).untagged == ["BATCH +0 history #lobby", "MSG neha 1", "BATCH -0"])
  }

  @Test func `the session can still be closed and leave`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    let (mira, _) = stage.arrive("mira")
    let (akash, _) = stage.arrive("akash")
    stage.lag(neha)
    stage.lag(mira)
    stage.stall(neha)
    #expect(stage.end(neha) == .slow)
    stage.say(mira, "QUIT")
    #expect(stage.end(mira) == .quit)
    #expect(stage.heard(akash) == ["LEFT neha slow", "LEFT mira quit"])
    stage.catchUp(neha)
  }

  @Test func `without resume nothing is skipped`() {
    let stage = Stage()
    let neha = stage.join("neha", "tags", "rooms", "history")
    let akash = stage.join("akash")
    stage.apply(.lagging(neha))
    stage.say(akash, "DM neha psst")
    #expect(stage.heard(neha).untagged.last == "DM akash psst")
    stage.apply(.caughtUp(neha))
    #expect(stage.heard(neha) == [])
  }
}
