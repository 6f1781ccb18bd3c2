import ChatHub
import ChatProtocol
import Testing

/// A slow reader misses messages and is told which.
@Suite struct LagTests {
  @Test func `a gap is reported for each conversation with missed messages`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    let (mira, _) = harness.logInTagged("mira")
    for id in [neha, akash] { harness.send(as: id, "JOIN #build", "JOIN #quiet") }
    harness.send(as: akash, "MSG 1", "SAY #build 1", "SAY #quiet 1", "DM neha 1")
    harness.send(as: mira, "DM neha 1")
    harness.discardOutput()
    harness.lag(neha)
    harness.send(as: akash, "MSG 2", "MSG 3", "SAY #build 2", "DM neha 2", "DM neha 3", "DM mira psst")
    #expect(harness.takeOutput(of: neha) == [])
    #expect(harness.send(as: neha, "PING") == ["PONG"])
    #expect(harness.send(as: neha, "SAY #build 3").untagged == ["OK SAY"])
    harness.catchUp(neha)
    #expect(harness.takeOutput(of: neha) == ["GAP #lobby 2 3", "GAP #build 2 3", "GAP @akash 2 3"])
    harness.send(as: akash, "MSG 4", "DM neha 4")
    #expect(harness.takeOutput(of: neha).untagged == ["MSG akash 4", "DM akash 4"])
    harness.catchUp(neha)
    #expect(harness.takeOutput(of: neha) == [])
  }

  @Test func `a conversation that began meanwhile is introduced`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.lag(neha)
    harness.send(as: akash, "DM neha 1", "DM neha 2")
    #expect(harness.takeOutput(of: neha).isEmpty)
    harness.catchUp(neha)
    let heard = harness.takeOutput(of: neha)
    #expect(heard.count == 2)
    #expect(heard.first?.hasPrefix("SYNC @akash e.") == true)
    #expect(heard.first?.hasSuffix(" 0") == true)
    #expect(heard.last == "GAP @akash 1 2")
  }

  @Test func `only the present rooms are reported after joins and parts`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: neha, "JOIN #left", "JOIN #back")
    harness.send(as: akash, "JOIN #left", "JOIN #back", "JOIN #new", "SAY #new 1")
    harness.discardOutput()
    harness.lag(neha)
    harness.send(as: akash, "SAY #left 1", "SAY #back 1", "SAY #new 2")
    #expect(harness.send(as: neha, "PART #left", "PART #back", "JOIN #back", "JOIN #new").last == "SYNC #new e 2")
    harness.send(as: akash, "SAY #left 2", "SAY #back 2", "SAY #new 3")
    harness.catchUp(neha)
    #expect(harness.takeOutput(of: neha) == ["GAP #back 2 2", "GAP #new 3 3"])
  }

  @Test func `read marks that moved meanwhile are sent once`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (second, _) = harness.logInTagged("neha", token: token)
    for number in 1...3 { harness.send(as: neha, "MSG \(number)") }
    harness.discardOutput()
    harness.lag(second)
    harness.send(as: neha, "MARK #lobby 1", "MARK #lobby 2")
    #expect(harness.takeOutput(of: second) == [])
    harness.catchUp(second)
    #expect(harness.takeOutput(of: second) == ["MARK #lobby 2"])
  }

  @Test func `history is read when the send queue has room`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    harness.send(as: neha, "MSG 1")
    harness.lag(neha)
    #expect(harness.send(as: neha, "HISTORY #lobby LATEST * 9", "PING") == ["PONG"])
    #expect(harness.reads.isEmpty)
    harness.catchUp(neha)
    #expect(harness.takeOutput(of: neha).untagged == ["BATCH +0 history #lobby", "MSG neha 1", "BATCH -0"])
  }

  @Test func `the session can still be closed and leave`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let (mira, _) = harness.logInTagged("mira")
    let (akash, _) = harness.logInTagged("akash")
    harness.lag(neha)
    harness.lag(mira)
    harness.stall(neha)
    #expect(harness.closeReason(of: neha) == .slow)
    harness.send(as: mira, "QUIT")
    #expect(harness.closeReason(of: mira) == .quit)
    #expect(harness.takeOutput(of: akash) == ["LEFT neha slow", "LEFT mira quit"])
    harness.catchUp(neha)
  }

  @Test func `a session that closes before its messages are stored still ends after a request for missed messages`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: akash, "MSG 1")
    harness.lag(neha)
    harness.storage = .waits
    harness.send(as: neha, "SAY #lobby 2", "JOIN #lobby e 0")
    harness.disconnect(neha)
    #expect(harness.closeReason(of: neha) == nil)
    harness.answerStore()
    #expect(harness.closeReason(of: neha) == .closed)
    #expect(harness.takeOutput(of: akash).last == "LEFT neha closed")
  }

  @Test func `without resume nothing is skipped`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags", "rooms", "history")
    let akash = harness.logIn("akash")
    harness.apply(.lagging(neha))
    harness.send(as: akash, "DM neha psst")
    #expect(harness.takeOutput(of: neha).untagged.last == "DM akash psst")
    harness.apply(.caughtUp(neha))
    #expect(harness.takeOutput(of: neha) == [])
  }
}
