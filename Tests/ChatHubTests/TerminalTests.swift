import ChatHub
import ChatProtocol
import Testing

/// One user on several terminals.
@Suite struct TerminalTests {
  @Test func `a login sends token and name only to sessions with resume`() {
    let harness = HubHarness()
    let neha = harness.connect(["tags", "resume"])
    let answer = harness.send(as: neha, "@label=1 LOGIN Neha")
    let token = HubHarness.token(in: answer)
    #expect(token.utf8.count > 64)
    #expect(answer == ["@label=1;idle=60;token=\(token);name=Neha OK LOGIN", "SYNC #lobby e 0"])
    #expect(harness.send(as: harness.connect(["tags"]), "LOGIN x") == ["@idle=60 OK LOGIN"])
    #expect(
      harness.send(as: harness.connect(["tags", "presence", "rooms", "marks"]), "LOGIN y") == ["@idle=60 OK LOGIN"])
  }

  @Test func `a token adds a terminal without an announcement`() {
    let harness = HubHarness()
    let (akash, _) = harness.logInTagged("akash")
    let (first, token) = harness.logInTagged("Neha")
    let second = harness.connect(HubHarness.allCapabilities)
    let answer = harness.send(as: second, "@token=\(token) LOGIN NEHA")
    let other = HubHarness.token(in: answer)
    #expect(other != token)
    #expect(answer == ["@idle=60;token=\(other);name=Neha;again OK LOGIN", "SYNC #lobby e 0"])
    #expect(harness.takeOutput(of: akash) == [])
    #expect(harness.takeOutput(of: first) == [])
    #expect(harness.hub.peopleCount == 2)
    #expect(harness.send(as: akash, "WHO").untagged == ["BATCH +0 who", "USER akash", "USER Neha", "BATCH -0"])
    #expect(harness.send(as: akash, "MSG hi").untagged == ["MSG akash hi", "OK MSG"])
    #expect(harness.takeOutput(of: first).untagged == ["MSG akash hi"])
    #expect(harness.takeOutput(of: second).untagged == ["MSG akash hi"])
    harness.send(as: first, "QUIT")
    #expect(harness.takeOutput(of: akash) == [])
    #expect(harness.send(as: harness.connect(), "LOGIN neha") == ["ERR username-taken"])
    harness.disconnect(second)
    #expect(harness.takeOutput(of: akash) == ["LEFT Neha closed"])
    #expect(harness.hub.peopleCount == 1)
  }

  @Test func `a direct message is sent to all terminals of the reader and the author`() {
    let harness = HubHarness()
    let (akash, akashs) = harness.logInTagged("akash")
    let (akash2, _) = harness.logInTagged("akash", token: akashs)
    let (akash3, _) = harness.logInTagged("akash", token: akashs, ["tags", "resume"])
    let (neha, nehas) = harness.logInTagged("neha")
    let (neha2, _) = harness.logInTagged("neha", token: nehas, ["tags", "resume"])
    #expect(harness.send(as: akash, "DM neha psst").last == "@\(HubHarness.place(1)) OK DM")
    #expect(harness.takeOutput(of: akash2).last == "@\(HubHarness.place(1));to=neha DM akash psst")
    #expect(harness.takeOutput(of: akash3) == [])
    #expect(harness.takeOutput(of: neha).last == "@\(HubHarness.place(1)) DM akash psst")
    #expect(harness.takeOutput(of: neha2).last == "@\(HubHarness.place(1)) DM akash psst")
  }

  @Test func `a message to oneself is sent to each terminal once`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (neha2, _) = harness.logInTagged("neha", token: token)
    #expect(harness.send(as: neha, "DM neha note").untagged.dropFirst() == ["DM neha note", "OK DM"])
    #expect(harness.takeOutput(of: neha2).last == "@\(HubHarness.place(1));to=neha DM neha note")
  }

  @Test func `away applies to all terminals of a user`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (neha2, _) = harness.logInTagged("neha", token: token)
    harness.send(as: neha, "AWAY lunch")
    #expect(harness.takeOutput(of: neha2) == ["AWAY neha lunch"])
    harness.disconnect(neha)
    #expect(harness.send(as: neha2, "WHO")[1].hasPrefix("@batch=0;away=lunch;epoch=e."))
    #expect(harness.send(as: neha2, "AWAY") == ["OK AWAY", "BACK neha"])
  }

  @Test func `a user has at most eight`() {
    let harness = HubHarness()
    let (first, token) = harness.logInTagged("neha")
    for _ in 1..<8 { _ = harness.logInTagged("neha", token: token) }
    let ninth = harness.connect(HubHarness.allCapabilities)
    #expect(
      harness.send(as: ninth, "@token=\(token) LOGIN neha").untagged.first?.hasPrefix("ERR too-many-sessions LOGIN")
        == true)
    #expect(harness.closeReason(of: ninth) == nil)
    // A takeover needs no free terminal.
    #expect(harness.send(as: ninth, "RESUME \(token)").untagged.first == "OK RESUME")
    #expect(harness.closeReason(of: first) == .takenOver)
    #expect(harness.resume(token).1.untagged.first?.hasPrefix("ERR too-many-sessions RESUME") == true)
  }

  @Test func `under another name a token is another user while the first is present, and the same after`() throws {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let other = harness.connect(HubHarness.allCapabilities)
    let answer = harness.send(as: other, "@token=\(token) LOGIN mira")
    #expect(!answer[0].contains(";again"))
    #expect(harness.hub.peopleCount == 2)
    let (akash, _) = harness.logInTagged("akash")
    harness.storage = .waits
    harness.send(as: neha, "DM akash from neha")
    harness.send(as: other, "DM akash from mira")
    try #require(harness.drafts.count == 2)
    #expect(harness.drafts[0].member != harness.drafts[1].member)
    let member = harness.drafts[0].member
    harness.answerStore()
    harness.answerStore()
    harness.disconnect(neha)
    let back = harness.connect(HubHarness.allCapabilities)
    let later = harness.send(as: back, "@token=\(token) LOGIN zara")
    #expect(later[0].hasSuffix(";name=zara;again OK LOGIN"))
    harness.send(as: back, "DM akash from zara")
    #expect(harness.drafts.first?.member == member)
    #expect(harness.takeOutput(of: akash).isEmpty == false)
  }

  @Test(arguments: ["", "x", "00", "0123456789abcdef"])
  func `an invalid token makes a new user`(token: String) {
    let harness = HubHarness()
    let id = harness.connect(HubHarness.allCapabilities)
    #expect(harness.send(as: id, "@token=\(token) LOGIN neha")[0].hasSuffix(";name=neha OK LOGIN"))
    #expect(
      harness.send(as: harness.connect(HubHarness.allCapabilities), "@token=\(token) LOGIN neha").untagged[0].hasPrefix(
        "ERR username-taken"))
  }

  @Test func `a token is ignored without the resume capability`() {
    let harness = HubHarness()
    let (_, token) = harness.logInTagged("neha")
    let second = harness.connect(["tags"])
    #expect(harness.send(as: second, "@token=\(token) LOGIN neha").untagged[0].hasPrefix("ERR username-taken"))
    #expect(harness.send(as: second, "RESUME \(token)").untagged[0].hasPrefix("ERR not-logged-in"))
  }

  @Test func `a name that another user has now is taken despite the token`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    harness.disconnect(neha)
    _ = harness.logIn("Neha")
    let back = harness.connect(HubHarness.allCapabilities)
    #expect(harness.send(as: back, "@token=\(token) LOGIN neha").untagged[0].hasPrefix("ERR username-taken LOGIN"))
    #expect(harness.send(as: back, "RESUME \(token)").untagged[0].hasPrefix("ERR username-taken RESUME"))
    #expect(harness.send(as: back, "@token=\(token) LOGIN mira").untagged[0] == "OK LOGIN")
  }

  @Test func `a token is valid after a restart`() {
    let harness = HubHarness()
    let (_, token) = harness.logInTagged("neha")
    harness.restart()
    let back = harness.connect(HubHarness.allCapabilities)
    #expect(harness.send(as: back, "@token=\(token) LOGIN neha")[0].hasSuffix(";name=neha;again OK LOGIN"))
  }

  @Test func `a login writes nothing, and reads only for returning members`() {
    let harness = HubHarness()
    harness.reading = .waits
    let (neha, token) = harness.logInTagged("neha")
    #expect(harness.reads.isEmpty)
    _ = harness.logInTagged("neha", token: token)
    #expect(harness.reads.isEmpty)
    harness.disconnect(neha)
    harness.restart()
    _ = harness.logInTagged("neha", token: token)
    #expect(harness.reads.count == 1)
    #expect(harness.log.messages.isEmpty && harness.log.marks.isEmpty)
  }
}
