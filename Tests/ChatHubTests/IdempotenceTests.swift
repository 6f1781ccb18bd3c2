import ChatHub
import ChatProtocol
import Testing

/// A message that is sent again under its `cid` gets the first result.
@Suite struct IdempotenceTests {
  @Test func `a repeated send gets the same answer and is delivered once`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    let akash = stage.join("akash")
    stage.say(neha, "MSG earlier")
    stage.forget()
    #expect(stage.say(neha, "@cid=a;label=1 MSG hi").last == "@label=1;\(Stage.place(2)) OK MSG")
    #expect(stage.say(neha, "@cid=a;label=2 MSG hi") == ["@label=2;\(Stage.place(2));dup OK MSG"])
    #expect(stage.say(neha, "@cid=a;label=3 SAY #lobby hi") == ["@label=3;\(Stage.place(2));dup OK SAY"])
    #expect(stage.heard(akash) == ["MSG neha hi"])
    #expect(stage.say(neha, "@cid=b DM akash psst").last == "@\(Stage.place(1, id: 3)) OK DM")
    #expect(stage.say(neha, "@cid=b DM akash psst") == ["@\(Stage.place(1, id: 3));dup OK DM"])
    #expect(stage.heard(akash) == ["DM neha psst"])
  }

  @Test func `another message under the same cid is refused`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    stage.say(neha, "@cid=a MSG hi")
    #expect(stage.say(neha, "@cid=a;label=1 MSG ho").first?.hasPrefix("@label=1 ERR cid-conflict MSG") == true)
    #expect(stage.say(neha, "JOIN #x", "@cid=a SAY #x hi").last?.hasPrefix("ERR cid-conflict SAY") == true)
  }

  @Test(arguments: ["", #"a\sb"#, "é", String(repeating: "x", count: 65), #"\n"#])
  func `an invalid cid is refused and nothing is sent`(cid: String) {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    let akash = stage.join("akash")
    for line in ["MSG hi", "DM akash hi", "SAY #lobby hi", "TOPIC #lobby hi"] {
      #expect(stage.say(neha, "@cid=\(cid) \(line)").first?.hasPrefix("ERR invalid-cid") == true)
    }
    #expect(stage.heard(akash) == [])
    #expect(stage.say(neha, "@cid=\(cid) PING") == ["PONG"])
  }

  @Test func `the longest cid is accepted`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    let cid = String(repeating: "~", count: 64)
    #expect(stage.say(neha, "@cid=\(cid) MSG hi").count == 2)
    #expect(stage.say(neha, "@cid=\(cid) MSG hi").count == 1)
  }

  @Test func `the cid is separate for each member, across terminals and restarts`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (other, _) = stage.arrive("other")
    stage.say(neha, "@cid=a MSG hi")
    #expect(stage.say(other, "@cid=a MSG hi").untagged.suffix(2) == ["MSG other hi", "OK MSG"])
    let (second, _) = stage.arrive("neha", token: token)
    #expect(stage.say(second, "@cid=a MSG hi") == ["@\(Stage.place(1));dup OK MSG"])
    stage.restart()
    let (third, _) = stage.arrive("neha", token: token)
    #expect(stage.say(third, "@cid=a MSG hi") == ["@\(Stage.place(1));dup OK MSG"])
  }

  @Test func `a retry while the first send is pending is stored once`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let akash = stage.join("akash")
    stage.storage = .waits
    stage.say(neha, "@cid=a MSG hi")
    let (back, _) = stage.resume(token)
    #expect(stage.end(neha) == .takenOver)
    stage.say(back, "@cid=a;label=1 MSG hi")
    stage.storage = .works
    stage.answerStored()
    #expect(stage.heard(akash) == ["MSG neha hi"])
    #expect(stage.heard(back).suffix(2) == ["@\(Stage.place(1)) MSG neha hi", "@label=1;\(Stage.place(1));dup OK MSG"])
  }
}
