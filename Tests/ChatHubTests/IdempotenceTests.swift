import ChatHub
import ChatProtocol
import Testing

/// A message that is sent again under its `cid` gets the first result.
@Suite struct IdempotenceTests {
  @Test func `a repeated send gets the same answer and is delivered once`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let akash = harness.logIn("akash")
    harness.send(as: neha, "MSG earlier")
    harness.discardOutput()
    #expect(harness.send(as: neha, "@cid=a;label=1 MSG hi").last == "@label=1;\(HubHarness.place(2)) OK MSG")
    #expect(harness.send(as: neha, "@cid=a;label=2 MSG hi") == ["@label=2;\(HubHarness.place(2));dup OK MSG"])
    #expect(harness.send(as: neha, "@cid=a;label=3 SAY #lobby hi") == ["@label=3;\(HubHarness.place(2));dup OK SAY"])
    #expect(harness.takeOutput(of: akash) == ["MSG neha hi"])
    #expect(harness.send(as: neha, "@cid=b DM akash psst").last == "@\(HubHarness.place(1, id: 3)) OK DM")
    #expect(harness.send(as: neha, "@cid=b DM akash psst") == ["@\(HubHarness.place(1, id: 3));dup OK DM"])
    #expect(harness.takeOutput(of: akash) == ["DM neha psst"])
  }

  @Test func `another message under the same cid is refused`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    harness.send(as: neha, "@cid=a MSG hi")
    #expect(harness.send(as: neha, "@cid=a;label=1 MSG ho").first?.hasPrefix("@label=1 ERR cid-conflict MSG") == true)
    #expect(harness.send(as: neha, "JOIN #x", "@cid=a SAY #x hi").last?.hasPrefix("ERR cid-conflict SAY") == true)
  }

  @Test(arguments: ["", #"a\sb"#, "é", String(repeating: "x", count: 65), #"\n"#])
  func `an invalid cid is refused and nothing is sent`(cid: String) {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let akash = harness.logIn("akash")
    for line in ["MSG hi", "DM akash hi", "SAY #lobby hi", "TOPIC #lobby hi"] {
      #expect(harness.send(as: neha, "@cid=\(cid) \(line)").first?.hasPrefix("ERR invalid-cid") == true)
    }
    #expect(harness.takeOutput(of: akash) == [])
    #expect(harness.send(as: neha, "@cid=\(cid) PING") == ["PONG"])
  }

  @Test func `the longest cid is accepted`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let cid = String(repeating: "~", count: 64)
    #expect(harness.send(as: neha, "@cid=\(cid) MSG hi").count == 2)
    #expect(harness.send(as: neha, "@cid=\(cid) MSG hi").count == 1)
  }

  @Test func `the cid is separate for each member, across terminals and restarts`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (other, _) = harness.logInTagged("other")
    harness.send(as: neha, "@cid=a MSG hi")
    #expect(harness.send(as: other, "@cid=a MSG hi").untagged.suffix(2) == ["MSG other hi", "OK MSG"])
    let (second, _) = harness.logInTagged("neha", token: token)
    #expect(harness.send(as: second, "@cid=a MSG hi") == ["@\(HubHarness.place(1));dup OK MSG"])
    harness.restart()
    let (third, _) = harness.logInTagged("neha", token: token)
    #expect(harness.send(as: third, "@cid=a MSG hi") == ["@\(HubHarness.place(1));dup OK MSG"])
  }

  @Test func `a retry while the first send is pending is stored once`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let akash = harness.logIn("akash")
    harness.storage = .waits
    harness.send(as: neha, "@cid=a MSG hi")
    let (back, _) = harness.resume(token)
    #expect(harness.closeReason(of: neha) == .takenOver)
    harness.send(as: back, "@cid=a;label=1 MSG hi")
    harness.storage = .works
    harness.answerStore()
    #expect(harness.takeOutput(of: akash) == ["MSG neha hi"])
    #expect(
      harness.takeOutput(of: back).suffix(2) == [
        "@\(HubHarness.place(1)) MSG neha hi", "@label=1;\(HubHarness.place(1));dup OK MSG",
      ])
  }

  /// The log reports the pairs of a member after the login; a repeated send may be answered before.
  @Test func `a duplicate is not announced as the end of its conversation`() {
    let harness = HubHarness()
    let (akash, _) = harness.logInTagged("akash")
    let (neha, token) = harness.logInTagged("neha")
    let epoch = HubHarness.epoch(of: "akash", in: harness.send(as: neha, "@cid=a DM akash one"))
    harness.send(as: akash, "DM neha two", "DM neha three")
    harness.disconnect(neha)
    harness.reading = .waits
    let (back, _) = harness.logInTagged("neha", token: token)
    #expect(harness.send(as: back, "@cid=a DM akash one") == ["@\(HubHarness.place(1));dup OK DM"])
    harness.answerRead()
    #expect(harness.takeOutput(of: back) == ["SYNC @akash \(epoch) 3"])
    harness.disconnect(back)
    #expect(!epoch.isEmpty)
    let (resumed, _) = harness.resume(token, "@akash \(epoch) 0")
    harness.discardOutput()
    #expect(harness.send(as: resumed, "@cid=a DM akash one") == ["@\(HubHarness.place(1));dup OK DM"])
    harness.answerRead()
    #expect(harness.takeOutput(of: resumed) == ["SYNC @akash \(epoch) 3"])
    harness.answerRead()
    #expect(harness.takeOutput(of: resumed).untagged.contains("DM akash three"))
  }
}
