import ChatHub
import ChatProtocol
import Testing

@Suite struct ResumeTests {
  @Test func `a resume takes over the connection of the token without an announcement`() {
    let harness = HubHarness()
    let (akash, _) = harness.logInTagged("akash")
    let (neha, token) = harness.logInTagged("neha")
    harness.send(as: akash, "JOIN #build")
    harness.send(as: neha, "JOIN #build", "JOIN #other")
    harness.send(as: akash, "JOIN #other", "AWAY")
    harness.discardOutput()
    let back = harness.connect(HubHarness.allCapabilities)
    let answer = harness.send(as: back, "@label=1 RESUME \(token) #build e 0")
    let next = HubHarness.token(in: answer)
    #expect(answer == ["@label=1;idle=60;token=\(next);name=neha OK RESUME", "SYNC #lobby e 0", "SYNC #build e 0"])
    #expect(harness.takeOutput(of: neha) == ["BYE taken-over You are connected anew from elsewhere."])
    #expect(harness.closeReason(of: neha) == .takenOver)
    // The resume did not list this room.
    #expect(harness.takeOutput(of: akash) == ["@room=#other LEFT neha parted"])
    harness.send(as: akash, "MSG hi", "SAY #build hi")
    #expect(harness.takeOutput(of: back).untagged == ["MSG akash hi", "MSG akash hi"])
    #expect(harness.takeOutput(of: neha) == [])
    // The used token is as valid as the new one, and closes no connection.
    _ = harness.resume(token)
    #expect(harness.closeReason(of: back) == nil)
    _ = harness.resume(next)
    #expect(harness.closeReason(of: back) == .takenOver)
  }

  @Test func `unstored messages and waiting requests are not lost`() {
    let harness = HubHarness()
    let (akash, _) = harness.logInTagged("akash")
    let (neha, token) = harness.logInTagged("neha")
    harness.storage = .waits
    harness.send(as: neha, "MSG one", "PING", "MSG two")
    let (back, _) = harness.resume(token, "#lobby e 0")
    harness.discardOutput()
    harness.answerStore()
    #expect(harness.takeOutput(of: back) == ["@\(HubHarness.place(1)) MSG neha one"])
    #expect(harness.takeOutput(of: akash) == ["@\(HubHarness.place(1)) MSG neha one"])
    #expect(harness.drafts.isEmpty)
  }

  @Test(arguments: ["RESUME", "RESUME x", "RESUME x #lobby", "RESUME x #lobby e x", "RESUME x lobby e 1"])
  func `an invalid token or cursor is refused, and a login still works`(line: String) {
    let harness = HubHarness()
    let id = harness.connect(HubHarness.allCapabilities)
    let answer = harness.send(as: id, line)
    #expect(
      answer.first?.hasPrefix(line == "RESUME x" ? "ERR invalid-token RESUME" : "ERR invalid-resume-format") == true)
    #expect(harness.send(as: id, "LOGIN neha").untagged[0] == "OK LOGIN")
    #expect(harness.send(as: id, line).first?.hasPrefix("ERR already-logged-in RESUME") == true)
  }

  @Test func `missing messages are pushed, and later ones are live`() {
    let harness = HubHarness()
    let (akash, _) = harness.logInTagged("akash")
    let (neha, token) = harness.logInTagged("neha")
    harness.send(as: akash, "JOIN #build")
    for number in 1...3 { harness.send(as: akash, "MSG \(number)", "SAY #build \(number)", "DM neha \(number)") }
    let epoch = HubHarness.epoch(of: "akash", in: harness.takeOutput(of: neha))
    harness.disconnect(neha)
    for number in 4...5 { harness.send(as: akash, "MSG \(number)", "SAY #build \(number)") }
    harness.reading = .waits
    let (back, answer) = harness.resume(token, "#lobby e 4 #build e 2 @akash \(epoch) 1")
    #expect(answer.untagged == ["OK RESUME", "SYNC #lobby e 5", "SYNC #build e 5"])
    harness.send(as: akash, "MSG 6", "SAY #build 6")
    #expect(harness.takeOutput(of: back).untagged == ["MSG akash 6", "MSG akash 6"])
    harness.reading = .works
    while !harness.reads.isEmpty { harness.answerRead() }
    #expect(
      harness.takeOutput(of: back) == [
        "SYNC @akash \(epoch) 3",
        "BATCH +0 history #lobby", "@batch=0;\(HubHarness.place(5, id: 12)) MSG akash 5", "BATCH -0",
        "BATCH +1 history #build", "@batch=1;\(HubHarness.place(3, id: 8));room=#build MSG akash 3",
        "@batch=1;\(HubHarness.place(4, id: 11));room=#build MSG akash 4",
        "@batch=1;\(HubHarness.place(5, id: 13));room=#build MSG akash 5", "BATCH -1",
        "BATCH +2 history @akash", "@batch=2;\(HubHarness.place(2, id: 6)) DM akash 2",
        "@batch=2;\(HubHarness.place(3, id: 9)) DM akash 3", "BATCH -2",
      ])
  }

  @Test func `too many missing messages are a gap`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    for number in 1...201 { harness.send(as: neha, "MSG \(number)") }
    harness.disconnect(neha)
    let (back, answer) = harness.resume(token, "#lobby e 0")
    #expect(answer.untagged == ["OK RESUME", "SYNC #lobby e 201", "GAP #lobby 1 201"])
    harness.disconnect(back)
    #expect(harness.resume(token, "#lobby e 1").1.count == 2 + 202)
    #expect(harness.resume(token, "#lobby e 201").1.untagged == ["OK RESUME", "SYNC #lobby e 201"])
  }

  @Test func `long messages are pushed up to a limit`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let long = String(repeating: "x", count: 4000)
    for _ in 1...100 { harness.send(as: neha, "MSG \(long)") }
    harness.disconnect(neha)
    let answer = harness.resume(token, "#lobby e 0").1
    let pushed = answer.count - 5
    #expect((20..<100).contains(pushed))
    #expect(answer.last == "GAP #lobby \(pushed + 1) 100")
  }

  @Test func `a failed read is a gap`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    harness.send(as: neha, "MSG 1", "MSG 2")
    harness.reading = .fails
    #expect(harness.resume(token, "#lobby e 1").1.untagged.last == "GAP #lobby 2 2")
  }

  @Test(arguments: ["x 1", "e.1 0", "e 3"])
  func `a cursor of another log, or beyond this one, is refused`(cursor: String) {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    harness.send(as: neha, "MSG 1", "MSG 2")
    #expect(
      harness.resume(token, "#lobby \(cursor)").1.untagged == ["OK RESUME", "RESET #lobby e", "SYNC #lobby e 2"])
  }

  @Test func `a join with a cursor is sent the same`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: akash, "JOIN #build", "SAY #build 1", "TOPIC #build t", "SAY #build 3")
    harness.discardOutput()
    #expect(
      harness.send(as: neha, "JOIN #build e 1").untagged == [
        "OK JOIN", "SYNC #build e 3", "TOPIC akash t", "BATCH +0 history #build", "TOPIC akash t", "MSG akash 3",
        "BATCH -0",
      ])
    harness.send(as: neha, "PART #build")
    #expect(
      harness.send(as: neha, "JOIN #build f 1").untagged == [
        "OK JOIN", "RESET #build e", "SYNC #build e 3", "TOPIC akash t",
      ])
  }

  @Test func `a push is not repeated after a part and a join`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: akash, "JOIN #build", "SAY #build 1")
    harness.discardOutput()
    harness.reading = .waits
    harness.send(as: neha, "JOIN #build e 0", "PART #build", "JOIN #build e 0")
    harness.answerRead()
    harness.answerRead()
    #expect(harness.takeOutput(of: neha).untagged == ["BATCH +0 history #build", "MSG akash 1", "BATCH -0"])
  }

  @Test func `a direct conversation is announced with its epoch before its first line`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.discardOutput()
    let sent = harness.send(as: neha, "DM akash 1")
    let received = harness.takeOutput(of: akash)
    #expect(sent.untagged.last == "OK DM" && sent.count == 2)
    #expect(received.untagged.last == "DM neha 1" && received.count == 2)
    #expect(sent[0].hasPrefix("SYNC @akash e.") && sent[0].hasSuffix(" 0"))
    #expect(received[0].hasPrefix("SYNC @neha e.") && received[0].hasSuffix(" 0"))
    #expect(harness.send(as: neha, "DM akash 2").untagged == ["OK DM"])
    #expect(harness.takeOutput(of: akash).untagged == ["DM neha 2"])
  }

  @Test func `another bearer of a name is another conversation`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (first, firstToken) = harness.logInTagged("akash")
    harness.send(as: first, "DM neha from the first")
    let epoch = HubHarness.epoch(of: "akash", in: harness.takeOutput(of: neha))
    harness.disconnect(first)
    let (second, _) = harness.logInTagged("akash")
    let answer = harness.send(as: neha, "HISTORY @akash LATEST * 9")
    #expect(answer.count == 3)
    #expect(answer.dropFirst() == ["BATCH +0 history @akash", "BATCH -0"])
    #expect(harness.send(as: neha, "DM akash to the second").untagged == ["OK DM"])
    let other = HubHarness.epoch(of: "akash", in: answer)
    #expect(other != epoch && !other.isEmpty)
    #expect(harness.takeOutput(of: second).untagged.last == "DM neha to the second")
    let resumed = harness.resume(token, "@akash \(epoch) 1").1
    #expect(resumed.untagged == ["OK RESUME", "SYNC #lobby e 0", "RESET @akash \(other)", "SYNC @akash \(other) 1"])
    // The first user returns and may not read the second user's messages.
    harness.disconnect(second)
    let (back, _) = harness.logInTagged("akash", token: firstToken)
    harness.discardOutput()
    #expect(
      harness.send(as: back, "HISTORY @neha LATEST * 9").untagged.filter { $0.hasPrefix("DM") } == [
        "DM akash from the first"
      ])
  }

  @Test func `a late read is not taken for another bearer's conversation`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (first, _) = harness.logInTagged("akash")
    harness.send(as: first, "DM neha 1", "DM neha 2")
    let epoch = HubHarness.epoch(of: "akash", in: harness.takeOutput(of: neha))
    let (second, _) = harness.logInTagged("neha", token: token)
    harness.reading = .waits
    let (back, _) = harness.resume(token, "@akash \(epoch) 1")
    harness.send(as: back, "@label=1 HISTORY @akash LATEST * 9")
    harness.disconnect(first)
    let (other, _) = harness.logInTagged("akash")
    harness.send(as: other, "DM neha from another")
    harness.discardOutput()
    harness.answerRead()
    harness.answerRead()
    #expect(harness.takeOutput(of: back).map { $0.prefix(37) } == ["@label=1 ERR user-not-found HISTORY N"])
    #expect(harness.takeOutput(of: second) == [])
  }

  @Test func `direct conversations are sent at a resume under their current names`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (akash, akashs) = harness.logInTagged("akash")
    let (mira, _) = harness.logInTagged("mira")
    harness.send(as: akash, "DM neha 1", "DM neha 2")
    harness.send(as: mira, "DM neha 1")
    harness.disconnect(neha)
    harness.disconnect(akash)
    _ = harness.logInTagged("zara", token: akashs)
    let (back, answer) = harness.resume(token)
    let lines = answer.untagged
    #expect(lines.count == 4)
    #expect(lines[2].hasPrefix("SYNC @mira e.") && lines[2].hasSuffix(" 1"))
    #expect(lines[3].hasPrefix("SYNC @zara e.") && lines[3].hasSuffix(" 2"))
    #expect(harness.send(as: back, "HISTORY @zara LATEST * 9").count == 4)
  }

  @Test func `a former correspondent can be read and not written to`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: akash, "DM neha 1")
    harness.disconnect(akash)
    #expect(
      harness.send(as: neha, "HISTORY @Akash LATEST * 9").untagged.last(where: { $0.hasPrefix("DM") }) == "DM akash 1")
    #expect(harness.send(as: neha, "DM akash 2").first?.hasPrefix("ERR user-not-found") == true)
    harness.restart()
    let (back, _) = harness.logInTagged("neha", token: token)
    #expect(
      harness.send(as: back, "HISTORY @akash LATEST * 9").untagged == [
        "BATCH +0 history @akash", "DM akash 1", "BATCH -0",
      ])
    #expect(harness.send(as: back, "SEARCH @akash 9 1").count == 3)
    #expect(harness.send(as: back, "MARK @akash 1") == ["OK MARK"])
  }

  @Test func `a cursor for an unknown user is reset`() {
    let harness = HubHarness()
    let (_, token) = harness.logInTagged("neha")
    #expect(harness.resume(token, "@ghost e.1 5").1.untagged.last == "RESET @ghost e")
  }

  // MARK: Before the log has read the correspondents

  @Test func `requests that need the correspondents wait, and so do later ones`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: akash, "DM neha 1")
    harness.restart()
    harness.reading = .waits
    let (back, answer) = harness.resume(token)
    #expect(answer.untagged == ["OK RESUME", "SYNC #lobby e 0"])
    #expect(harness.send(as: back, "PING", "HISTORY @akash LATEST * 9", "PING") == ["PONG"])
    harness.reading = .works
    harness.answerRead()
    let heard = harness.takeOutput(of: back).untagged
    #expect(heard.first?.hasPrefix("SYNC @akash e.") == true)
    #expect(heard.contains("DM akash 1") && heard.contains("PONG"))
    _ = neha
  }

  @Test func `a failed read of the correspondents is repeated`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: akash, "DM neha 1")
    harness.disconnect(neha)
    harness.disconnect(akash)
    harness.reading = .fails
    let (back, answer) = harness.resume(token)
    #expect(answer.untagged == ["OK RESUME", "SYNC #lobby e 0"])
    harness.reading = .waits
    #expect(harness.send(as: back, "HISTORY @akash LATEST * 9").first?.hasPrefix("ERR history-unavailable") == true)
    harness.advanceClock(by: .seconds(1))
    #expect(harness.send(as: back, "HISTORY @akash LATEST * 9") == [])
    harness.reading = .works
    harness.answerRead()
    let heard = harness.takeOutput(of: back)
    #expect(heard.first?.hasPrefix("SYNC @akash e.") == true)
    #expect(heard.untagged[1...] == ["BATCH +0 history @akash", "DM akash 1", "BATCH -0"])
  }

  @Test func `a message that is published after the read is sent once`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: akash, "DM neha 1")
    let epoch = HubHarness.epoch(of: "akash", in: harness.takeOutput(of: neha))
    harness.disconnect(neha)
    harness.reading = .waits
    harness.storage = .waits
    let (back, _) = harness.resume(token, "@akash \(epoch) 1")
    // One message is published during the read, one after it, and one is not in its result.
    harness.send(as: akash, "DM neha 2")
    harness.answerStore()
    harness.send(as: akash, "DM neha 3")
    let published = harness.commit()
    harness.answerRead()
    harness.send(as: akash, "DM neha 4")
    for outcome in published { harness.apply(outcome) }
    harness.answerStore()
    harness.answerRead()
    let heard = harness.takeOutput(of: back).untagged
    for number in 1...4 {
      let count = heard.count { $0 == "DM akash \(number)" }
      #expect(count == (number == 1 ? 0 : 1), "\(number): \(heard)")
    }
    #expect(heard.filter { $0.hasPrefix("SYNC @akash") }.count >= 1)
  }

  @Test func `a first direct message that is published after the read is sent once`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: akash, "DM neha 1")
    harness.disconnect(neha)
    harness.reading = .waits
    harness.storage = .waits
    let (back, _) = harness.resume(token)
    let (plain, _) = harness.logInTagged("neha", token: token, ["tags", "resume"])
    harness.send(as: akash, "DM neha 2")
    let published = harness.commit()
    harness.answerRead()
    for outcome in published { harness.apply(outcome) }
    for id in [back, plain] {
      let heard = harness.takeOutput(of: id).untagged
      #expect(heard.count == 1, "\(heard)")
      #expect(heard.last?.hasSuffix(" 2") == true)
    }
  }
}
