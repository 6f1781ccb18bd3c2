import ChatHub
import ChatProtocol
import Testing

/// Direct messages to the owners of names who are offline.
@Suite struct AbsentTests {
  private let harness = HubHarness.withPin()

  @Test func `messages to absent users are stored and reported at the next login`() {
    harness.disconnect(harness.logInOwner("Neha", TestKey(1)))
    let (akash, _) = harness.logInTagged("akash")
    let answer = harness.send(as: akash, "@label=1 DM neha are you there?")
    #expect(answer.untagged.first?.hasPrefix("SYNC @Neha e.") == true)
    #expect(answer.last == "@label=1;\(HubHarness.place(1)) OK DM")
    harness.send(as: akash, "SAY @neha second")
    #expect(harness.send(as: akash, "WHO").untagged == ["BATCH +0 who", "USER akash", "BATCH -0"])
    #expect(
      harness.send(as: akash, "HISTORY @neha LATEST * 9").untagged.dropFirst().dropLast() == [
        "DM akash are you there?", "DM akash second",
      ])
    #expect(harness.send(as: akash, "MARK @neha 2").untagged == ["OK MARK"])
    #expect(harness.send(as: akash, "SEARCH @neha 9 second").untagged.count == 3)
    let (neha, welcome) = harness.requestLogin("neha", TestKey(1))
    #expect(welcome.untagged.contains { $0.hasPrefix("SYNC @akash e.") && $0.hasSuffix(" 2") })
    #expect(harness.send(as: neha, "HISTORY @akash LATEST * 9").untagged[2] == "DM akash second")
    harness.send(as: neha, "DM akash yes")
    #expect(harness.takeOutput(of: akash).untagged.contains("DM Neha yes"))
  }

  @Test func `only the owner reads messages to an absent user`() {
    harness.disconnect(harness.logInOwner("neha", TestKey(1)))
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: akash, "DM neha secret")
    #expect(harness.send(as: harness.connect(), "LOGIN neha") == ["ERR username-reserved"])
    let (mira, _) = harness.logInTagged("mira")
    for line in ["SEARCH * 9 secret", "HISTORY @akash LATEST * 9", "HISTORY @neha LATEST * 9"] {
      #expect(!harness.send(as: mira, line).untagged.contains { $0.hasPrefix("DM") }, "\(line)")
    }
  }

  @Test func `without tags only present users can be written to`() {
    harness.disconnect(harness.logInOwner("neha", TestKey(1)))
    #expect(harness.send(as: harness.logIn("plain"), "DM neha hi") == ["ERR user-not-found"])
    #expect(harness.send(as: harness.logIn("presence", "presence"), "DM neha hi") == ["ERR user-not-found"])
    #expect(harness.send(as: harness.logIn("tags", "tags"), "DM neha hi") == ["@\(HubHarness.place(1)) OK DM"])
    #expect(harness.send(as: harness.logIn("other", "tags"), "DM nobody hi").isRefused("user-not-found", "DM"))
  }

  @Test func `an owned name is its owner's, whoever used it before`() {
    let (akash, _) = harness.logInTagged("akash")
    let (guest, _) = harness.logInTagged("neha")
    harness.send(as: akash, "DM neha to the guest")
    harness.disconnect(guest)
    func read(_ id: SessionID, _ name: String) -> [String] {
      harness.send(as: id, "HISTORY @\(name) LATEST * 9").untagged.filter { $0.hasPrefix("DM") }
    }
    harness.discardOutput()
    #expect(read(akash, "neha") == ["DM akash to the guest"])
    harness.disconnect(harness.logInOwner("neha", TestKey(1)))
    #expect(read(akash, "neha") == [])
    harness.send(as: akash, "DM neha to the owner")
    #expect(read(akash, "neha") == ["DM akash to the owner"])
    let neha = harness.logInOwner("neha", TestKey(1))
    #expect(read(neha, "akash") == ["DM akash to the owner"])
  }

  @Test func `a message to an absent user is stored once, after a restart and with the same cid`() {
    harness.disconnect(harness.logInOwner("neha", TestKey(1)))
    harness.restart()
    let (akash, token) = harness.logInTagged("akash")
    #expect(harness.send(as: akash, "@cid=a DM neha hi").untagged.last == "OK DM")
    harness.restart()
    let (back, _) = harness.logInTagged("akash", token: token)
    #expect(harness.send(as: back, "@cid=a DM neha hi").last == "@\(HubHarness.place(1));dup OK DM")
    #expect(harness.log.messages.count == 1)
  }
}
