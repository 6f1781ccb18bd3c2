import ChatHub
import ChatProtocol
import Testing

/// One user on several terminals.
@Suite struct TerminalTests {
  @Test func `a login sends token and name only to sessions with resume`() {
    let stage = Stage()
    let neha = stage.open(["tags", "resume"])
    let answer = stage.say(neha, "@label=1 LOGIN Neha")
    let token = Stage.token(in: answer)
    #expect(token.utf8.count > 64)
    #expect(answer == ["@label=1;idle=60;token=\(token);name=Neha OK LOGIN", "SYNC #lobby e 0"])
    #expect(stage.say(stage.open(["tags"]), "LOGIN x") == ["@idle=60 OK LOGIN"])
    #expect(stage.say(stage.open(["tags", "presence", "rooms", "marks"]), "LOGIN y") == ["@idle=60 OK LOGIN"])
  }

  @Test func `a token adds a terminal without an announcement`() {
    let stage = Stage()
    let (akash, _) = stage.arrive("akash")
    let (first, token) = stage.arrive("Neha")
    let second = stage.open(Stage.everything)
    let answer = stage.say(second, "@token=\(token) LOGIN NEHA")
    let other = Stage.token(in: answer)
    #expect(other != token)
    #expect(answer == ["@idle=60;token=\(other);name=Neha;again OK LOGIN", "SYNC #lobby e 0"])
    #expect(stage.heard(akash) == [])
    #expect(stage.heard(first) == [])
    #expect(stage.hub.peopleCount == 2)
    #expect(stage.say(akash, "WHO").untagged == ["BATCH +0 who", "USER akash", "USER Neha", "BATCH -0"])
    #expect(stage.say(akash, "MSG hi").untagged == ["MSG akash hi", "OK MSG"])
    #expect(stage.heard(first).untagged == ["MSG akash hi"])
    #expect(stage.heard(second).untagged == ["MSG akash hi"])
    stage.say(first, "QUIT")
    #expect(stage.heard(akash) == [])
    #expect(stage.say(stage.open(), "LOGIN neha") == ["ERR username-taken"])
    stage.leave(second)
    #expect(stage.heard(akash) == ["LEFT Neha closed"])
    #expect(stage.hub.peopleCount == 1)
  }

  @Test func `a direct message is sent to all terminals of the reader and the author`() {
    let stage = Stage()
    let (akash, akashs) = stage.arrive("akash")
    let (akash2, _) = stage.arrive("akash", token: akashs)
    let (akash3, _) = stage.arrive("akash", token: akashs, ["tags", "resume"])
    let (neha, nehas) = stage.arrive("neha")
    let (neha2, _) = stage.arrive("neha", token: nehas, ["tags", "resume"])
    #expect(stage.say(akash, "DM neha psst").last == "@\(Stage.place(1)) OK DM")
    #expect(stage.heard(akash2).last == "@\(Stage.place(1));to=neha DM akash psst")
    #expect(stage.heard(akash3) == [])
    #expect(stage.heard(neha).last == "@\(Stage.place(1)) DM akash psst")
    #expect(stage.heard(neha2).last == "@\(Stage.place(1)) DM akash psst")
  }

  @Test func `a message to oneself is sent to each terminal once`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (neha2, _) = stage.arrive("neha", token: token)
    #expect(stage.say(neha, "DM neha note").untagged.dropFirst() == ["DM neha note", "OK DM"])
    #expect(stage.heard(neha2).last == "@\(Stage.place(1));to=neha DM neha note")
  }

  @Test func `away applies to all of them`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (neha2, _) = stage.arrive("neha", token: token)
    stage.say(neha, "AWAY lunch")
    #expect(stage.heard(neha2) == ["AWAY neha lunch"])
    stage.leave(neha)
    #expect(stage.say(neha2, "WHO")[1].hasPrefix("@batch=0;away=lunch;epoch=e."))
    #expect(stage.say(neha2, "AWAY") == ["OK AWAY", "BACK neha"])
  }

  @Test func `a user has at most eight`() {
    let stage = Stage()
    let (first, token) = stage.arrive("neha")
    for _ in 1..<8 { _ = stage.arrive("neha", token: token) }
    let ninth = stage.open(Stage.everything)
    #expect(
      stage.say(ninth, "@token=\(token) LOGIN neha").untagged.first?.hasPrefix("ERR too-many-sessions LOGIN") == true)
    #expect(stage.end(ninth) == nil)
    // A takeover needs no free terminal.
    #expect(stage.say(ninth, "RESUME \(token)").untagged.first == "OK RESUME")
    #expect(stage.end(first) == .takenOver)
    #expect(stage.resume(token).1.untagged.first?.hasPrefix("ERR too-many-sessions RESUME") == true)
  }

  @Test func `under another name a token is another user while the first is present, and the same after`() throws {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let other = stage.open(Stage.everything)
    let answer = stage.say(other, "@token=\(token) LOGIN mira")
    #expect(!answer[0].contains(";again"))
    #expect(stage.hub.peopleCount == 2)
    let (akash, _) = stage.arrive("akash")
    stage.storage = .waits
    stage.say(neha, "DM akash from neha")
    stage.say(other, "DM akash from mira")
    try #require(stage.drafts.count == 2)
    #expect(stage.drafts[0].member != stage.drafts[1].member)
    let member = stage.drafts[0].member
    stage.answerStored()
    stage.answerStored()
    stage.leave(neha)
    let back = stage.open(Stage.everything)
    let later = stage.say(back, "@token=\(token) LOGIN zara")
    #expect(later[0].hasSuffix(";name=zara;again OK LOGIN"))
    stage.say(back, "DM akash from zara")
    #expect(stage.drafts.first?.member == member)
    #expect(stage.heard(akash).isEmpty == false)
  }

  @Test(arguments: ["", "x", "00", "0123456789abcdef"])
  func `an invalid token makes a new user`(token: String) {
    let stage = Stage()
    let id = stage.open(Stage.everything)
    #expect(stage.say(id, "@token=\(token) LOGIN neha")[0].hasSuffix(";name=neha OK LOGIN"))
    #expect(
      stage.say(stage.open(Stage.everything), "@token=\(token) LOGIN neha").untagged[0].hasPrefix("ERR username-taken"))
  }

  @Test func `a token is ignored without the resume capability`() {
    let stage = Stage()
    let (_, token) = stage.arrive("neha")
    let second = stage.open(["tags"])
    #expect(stage.say(second, "@token=\(token) LOGIN neha").untagged[0].hasPrefix("ERR username-taken"))
    #expect(stage.say(second, "RESUME \(token)").untagged[0].hasPrefix("ERR not-logged-in"))
  }

  @Test func `a name that another user has now is taken despite the token`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    stage.leave(neha)
    _ = stage.join("Neha")
    let back = stage.open(Stage.everything)
    #expect(stage.say(back, "@token=\(token) LOGIN neha").untagged[0].hasPrefix("ERR username-taken LOGIN"))
    #expect(stage.say(back, "RESUME \(token)").untagged[0].hasPrefix("ERR username-taken RESUME"))
    #expect(stage.say(back, "@token=\(token) LOGIN mira").untagged[0] == "OK LOGIN")
  }

  @Test func `a token is valid after a restart`() {
    let stage = Stage()
    let (_, token) = stage.arrive("neha")
    stage.restart()
    let back = stage.open(Stage.everything)
    #expect(stage.say(back, "@token=\(token) LOGIN neha")[0].hasSuffix(";name=neha;again OK LOGIN"))
  }

  @Test func `a login writes nothing, and reads only for returning members`() {
    let stage = Stage()
    stage.reading = .waits
    let (neha, token) = stage.arrive("neha")
    #expect(stage.questions.isEmpty)
    _ = stage.arrive("neha", token: token)
    #expect(stage.questions.isEmpty)
    stage.leave(neha)
    stage.restart()
    _ = stage.arrive("neha", token: token)
    #expect(stage.questions.count == 1)
    #expect(stage.log.messages.isEmpty && stage.log.marks.isEmpty)
  }
}
