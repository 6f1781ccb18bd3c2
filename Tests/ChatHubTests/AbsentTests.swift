import ChatHub
import ChatProtocol
import Testing

/// Direct messages to the owners of names who are offline.
@Suite struct AbsentTests {
  private let stage = Stage.provable()

  @Test func `they are stored and reported at the next login`() {
    stage.leave(stage.settle("Neha", Identity(1)))
    let (akash, _) = stage.arrive("akash")
    let answer = stage.say(akash, "@label=1 DM neha are you there?")
    #expect(answer.untagged.first?.hasPrefix("SYNC @Neha e.") == true)
    #expect(answer.last == "@label=1;\(Stage.place(1)) OK DM")
    stage.say(akash, "SAY @neha second")
    #expect(stage.say(akash, "WHO").untagged == ["BATCH +0 who", "USER akash", "BATCH -0"])
    #expect(
      stage.say(akash, "HISTORY @neha LATEST * 9").untagged.dropFirst().dropLast() == [
        "DM akash are you there?", "DM akash second",
      ])
    #expect(stage.say(akash, "MARK @neha 2").untagged == ["OK MARK"])
    #expect(stage.say(akash, "SEARCH @neha 9 second").untagged.count == 3)
    let (neha, welcome) = stage.come("neha", Identity(1))
    #expect(welcome.untagged.contains { $0.hasPrefix("SYNC @akash e.") && $0.hasSuffix(" 2") })
    #expect(stage.say(neha, "HISTORY @akash LATEST * 9").untagged[2] == "DM akash second")
    stage.say(neha, "DM akash yes")
    #expect(stage.heard(akash).untagged.contains("DM Neha yes"))
  }

  @Test func `only the owner reads them`() {
    stage.leave(stage.settle("neha", Identity(1)))
    let (akash, _) = stage.arrive("akash")
    stage.say(akash, "DM neha secret")
    #expect(stage.say(stage.open(), "LOGIN neha") == ["ERR username-reserved"])
    let (mira, _) = stage.arrive("mira")
    for line in ["SEARCH * 9 secret", "HISTORY @akash LATEST * 9", "HISTORY @neha LATEST * 9"] {
      #expect(!stage.say(mira, line).untagged.contains { $0.hasPrefix("DM") }, "\(line)")
    }
  }

  @Test func `without tags only present users can be written to`() {
    stage.leave(stage.settle("neha", Identity(1)))
    #expect(stage.say(stage.join("plain"), "DM neha hi") == ["ERR user-not-found"])
    #expect(stage.say(stage.join("presence", "presence"), "DM neha hi") == ["ERR user-not-found"])
    #expect(stage.say(stage.join("tags", "tags"), "DM neha hi") == ["@\(Stage.place(1)) OK DM"])
    #expect(stage.say(stage.join("other", "tags"), "DM nobody hi").isRefused("user-not-found", "DM"))
  }

  @Test func `an owned name is its owner's, whoever used it before`() {
    let (akash, _) = stage.arrive("akash")
    let (guest, _) = stage.arrive("neha")
    stage.say(akash, "DM neha to the guest")
    stage.leave(guest)
    func read(_ id: SessionID, _ name: String) -> [String] {
      stage.say(id, "HISTORY @\(name) LATEST * 9").untagged.filter { $0.hasPrefix("DM") }
    }
    stage.forget()
    #expect(read(akash, "neha") == ["DM akash to the guest"])
    stage.leave(stage.settle("neha", Identity(1)))
    #expect(read(akash, "neha") == [])
    stage.say(akash, "DM neha to the owner")
    #expect(read(akash, "neha") == ["DM akash to the owner"])
    let neha = stage.settle("neha", Identity(1))
    #expect(read(neha, "akash") == ["DM akash to the owner"])
  }

  @Test func `after a restart, and with the same cid, once`() {
    stage.leave(stage.settle("neha", Identity(1)))
    stage.restart()
    let (akash, token) = stage.arrive("akash")
    #expect(stage.say(akash, "@cid=a DM neha hi").untagged.last == "OK DM")
    stage.restart()
    let (back, _) = stage.arrive("akash", token: token)
    #expect(stage.say(back, "@cid=a DM neha hi").last == "@\(Stage.place(1));dup OK DM")
    #expect(stage.log.messages.count == 1)
  }
}
