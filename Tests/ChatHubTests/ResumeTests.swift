import ChatHub
import ChatProtocol
import Testing

@Suite struct ResumeTests {
  @Test func `it takes over the connection of the token without an announcement`() {
    let stage = Stage()
    let (akash, _) = stage.arrive("akash")
    let (neha, token) = stage.arrive("neha")
    stage.say(akash, "JOIN #build")
    stage.say(neha, "JOIN #build", "JOIN #other")
    stage.say(akash, "JOIN #other", "AWAY")
    stage.forget()
    let back = stage.open(Stage.everything)
    let answer = stage.say(back, "@label=1 RESUME \(token) #build e 0")
    let next = Stage.token(in: answer)
    #expect(answer == ["@label=1;idle=60;token=\(next);name=neha OK RESUME", "SYNC #lobby e 0", "SYNC #build e 0"])
    #expect(stage.heard(neha) == ["BYE taken-over You are connected anew from elsewhere."])
    #expect(stage.end(neha) == .takenOver)
    // The resume did not list this room.
    #expect(stage.heard(akash) == ["@room=#other LEFT neha parted"])
    stage.say(akash, "MSG hi", "SAY #build hi")
    #expect(stage.heard(back).untagged == ["MSG akash hi", "MSG akash hi"])
    #expect(stage.heard(neha) == [])
    // The used token is as valid as the new one, and closes no connection.
    _ = stage.resume(token)
    #expect(stage.end(back) == nil)
    _ = stage.resume(next)
    #expect(stage.end(back) == .takenOver)
  }

  @Test func `unstored messages and waiting requests are not lost`() {
    let stage = Stage()
    let (akash, _) = stage.arrive("akash")
    let (neha, token) = stage.arrive("neha")
    stage.storage = .waits
    stage.say(neha, "MSG one", "PING", "MSG two")
    let (back, _) = stage.resume(token, "#lobby e 0")
    stage.forget()
    stage.answerStored()
    #expect(stage.heard(back) == ["@\(Stage.place(1)) MSG neha one"])
    #expect(stage.heard(akash) == ["@\(Stage.place(1)) MSG neha one"])
    #expect(stage.drafts.isEmpty)
  }

  @Test(arguments: ["RESUME", "RESUME x", "RESUME x #lobby", "RESUME x #lobby e x", "RESUME x lobby e 1"])
  func `an invalid token or cursor is refused, and a login still works`(line: String) {
    let stage = Stage()
    let id = stage.open(Stage.everything)
    let answer = stage.say(id, line)
    #expect(
      answer.first?.hasPrefix(line == "RESUME x" ? "ERR invalid-token RESUME" : "ERR invalid-resume-format") == true)
    #expect(stage.say(id, "LOGIN neha").untagged[0] == "OK LOGIN")
    #expect(stage.say(id, line).first?.hasPrefix("ERR already-logged-in RESUME") == true)
  }

  @Test func `missing messages are pushed, and later ones are live`() {
    let stage = Stage()
    let (akash, _) = stage.arrive("akash")
    let (neha, token) = stage.arrive("neha")
    stage.say(akash, "JOIN #build")
    for number in 1...3 { stage.say(akash, "MSG \(number)", "SAY #build \(number)", "DM neha \(number)") }
    let epoch = Stage.epoch(of: "akash", in: stage.heard(neha))
    stage.leave(neha)
    for number in 4...5 { stage.say(akash, "MSG \(number)", "SAY #build \(number)") }
    stage.reading = .waits
    let (back, answer) = stage.resume(token, "#lobby e 4 #build e 2 @akash \(epoch) 1")
    #expect(answer.untagged == ["OK RESUME", "SYNC #lobby e 5", "SYNC #build e 5"])
    stage.say(akash, "MSG 6", "SAY #build 6")
    #expect(stage.heard(back).untagged == ["MSG akash 6", "MSG akash 6"])
    stage.reading = .works
    while !stage.questions.isEmpty { stage.answerRead() }
    #expect(
      stage.heard(back) == [
        "SYNC @akash \(epoch) 3",
        "BATCH +0 history #lobby", "@batch=0;\(Stage.place(5, id: 12)) MSG akash 5", "BATCH -0",
        "BATCH +1 history #build", "@batch=1;\(Stage.place(3, id: 8));room=#build MSG akash 3",
        "@batch=1;\(Stage.place(4, id: 11));room=#build MSG akash 4",
        "@batch=1;\(Stage.place(5, id: 13));room=#build MSG akash 5", "BATCH -1",
        "BATCH +2 history @akash", "@batch=2;\(Stage.place(2, id: 6)) DM akash 2",
        "@batch=2;\(Stage.place(3, id: 9)) DM akash 3", "BATCH -2",
      ])
  }

  @Test func `too many missing messages are a gap`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    for number in 1...201 { stage.say(neha, "MSG \(number)") }
    stage.leave(neha)
    let (back, answer) = stage.resume(token, "#lobby e 0")
    #expect(answer.untagged == ["OK RESUME", "SYNC #lobby e 201", "GAP #lobby 1 201"])
    stage.leave(back)
    #expect(stage.resume(token, "#lobby e 1").1.count == 2 + 202)
    #expect(stage.resume(token, "#lobby e 201").1.untagged == ["OK RESUME", "SYNC #lobby e 201"])
  }

  @Test func `long messages are pushed up to a limit`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let long = String(repeating: "x", count: 4000)
    for _ in 1...100 { stage.say(neha, "MSG \(long)") }
    stage.leave(neha)
    let answer = stage.resume(token, "#lobby e 0").1
    let pushed = answer.count - 5
    #expect((20..<100).contains(pushed))
    #expect(answer.last == "GAP #lobby \(pushed + 1) 100")
  }

  @Test func `a failed read is a gap`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    stage.say(neha, "MSG 1", "MSG 2")
    stage.reading = .fails
    #expect(stage.resume(token, "#lobby e 1").1.untagged.last == "GAP #lobby 2 2")
  }

  @Test(arguments: ["x 1", "e.1 0", "e 3"])
  func `a cursor of another log, or beyond this one, is refused`(cursor: String) {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    stage.say(neha, "MSG 1", "MSG 2")
    #expect(
      stage.resume(token, "#lobby \(cursor)").1.untagged == ["OK RESUME", "RESET #lobby e", "SYNC #lobby e 2"])
  }

  @Test func `a join with a cursor is sent the same`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.say(akash, "JOIN #build", "SAY #build 1", "TOPIC #build t", "SAY #build 3")
    stage.forget()
    #expect(
      stage.say(neha, "JOIN #build e 1").untagged == [
        "OK JOIN", "SYNC #build e 3", "TOPIC akash t", "BATCH +0 history #build", "TOPIC akash t", "MSG akash 3",
        "BATCH -0",
      ])
    stage.say(neha, "PART #build")
    #expect(
      stage.say(neha, "JOIN #build f 1").untagged == ["OK JOIN", "RESET #build e", "SYNC #build e 3", "TOPIC akash t"])
  }

  @Test func `a push is not repeated after a part and a join`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.say(akash, "JOIN #build", "SAY #build 1")
    stage.forget()
    stage.reading = .waits
    stage.say(neha, "JOIN #build e 0", "PART #build", "JOIN #build e 0")
    stage.answerRead()
    stage.answerRead()
    #expect(stage.heard(neha).untagged == ["BATCH +0 history #build", "MSG akash 1", "BATCH -0"])
  }

  @Test func `a direct conversation is announced with its epoch before its first line`() {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.forget()
    let sent = stage.say(neha, "DM akash 1")
    let received = stage.heard(akash)
    #expect(sent.untagged.last == "OK DM" && sent.count == 2)
    #expect(received.untagged.last == "DM neha 1" && received.count == 2)
    #expect(sent[0].hasPrefix("SYNC @akash e.") && sent[0].hasSuffix(" 0"))
    #expect(received[0].hasPrefix("SYNC @neha e.") && received[0].hasSuffix(" 0"))
    #expect(stage.say(neha, "DM akash 2").untagged == ["OK DM"])
    #expect(stage.heard(akash).untagged == ["DM neha 2"])
  }

  @Test func `another bearer of a name is another conversation`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (first, firstToken) = stage.arrive("akash")
    stage.say(first, "DM neha from the first")
    let epoch = Stage.epoch(of: "akash", in: stage.heard(neha))
    stage.leave(first)
    let (second, _) = stage.arrive("akash")
    let answer = stage.say(neha, "HISTORY @akash LATEST * 9")
    #expect(answer.count == 3)
    #expect(answer.dropFirst() == ["BATCH +0 history @akash", "BATCH -0"])
    #expect(stage.say(neha, "DM akash to the second").untagged == ["OK DM"])
    let other = Stage.epoch(of: "akash", in: answer)
    #expect(other != epoch && !other.isEmpty)
    #expect(stage.heard(second).untagged.last == "DM neha to the second")
    let resumed = stage.resume(token, "@akash \(epoch) 1").1
    #expect(resumed.untagged == ["OK RESUME", "SYNC #lobby e 0", "RESET @akash \(other)", "SYNC @akash \(other) 1"])
    // The first user returns and may not read the second user's messages.
    stage.leave(second)
    let (back, _) = stage.arrive("akash", token: firstToken)
    stage.forget()
    #expect(
      stage.say(back, "HISTORY @neha LATEST * 9").untagged.filter { $0.hasPrefix("DM") } == ["DM akash from the first"])
  }

  @Test func `a late read is not taken for another bearer's conversation`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (first, _) = stage.arrive("akash")
    stage.say(first, "DM neha 1", "DM neha 2")
    let epoch = Stage.epoch(of: "akash", in: stage.heard(neha))
    let (second, _) = stage.arrive("neha", token: token)
    stage.reading = .waits
    let (back, _) = stage.resume(token, "@akash \(epoch) 1")
    stage.say(back, "@label=1 HISTORY @akash LATEST * 9")
    stage.leave(first)
    let (other, _) = stage.arrive("akash")
    stage.say(other, "DM neha from another")
    stage.forget()
    stage.answerRead()
    stage.answerRead()
    #expect(stage.heard(back).map { $0.prefix(37) } == ["@label=1 ERR user-not-found HISTORY N"])
    #expect(stage.heard(second) == [])
  }

  @Test func `direct conversations are sent at a resume under their current names`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (akash, akashs) = stage.arrive("akash")
    let (mira, _) = stage.arrive("mira")
    stage.say(akash, "DM neha 1", "DM neha 2")
    stage.say(mira, "DM neha 1")
    stage.leave(neha)
    stage.leave(akash)
    _ = stage.arrive("zara", token: akashs)
    let (back, answer) = stage.resume(token)
    let lines = answer.untagged
    #expect(lines.count == 4)
    #expect(lines[2].hasPrefix("SYNC @mira e.") && lines[2].hasSuffix(" 1"))
    #expect(lines[3].hasPrefix("SYNC @zara e.") && lines[3].hasSuffix(" 2"))
    #expect(stage.say(back, "HISTORY @zara LATEST * 9").count == 4)
  }

  @Test func `a former correspondent can be read and not written to`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.say(akash, "DM neha 1")
    stage.leave(akash)
    #expect(stage.say(neha, "HISTORY @Akash LATEST * 9").untagged.last(where: { $0.hasPrefix("DM") }) == "DM akash 1")
    #expect(stage.say(neha, "DM akash 2").first?.hasPrefix("ERR user-not-found") == true)
    stage.restart()
    let (back, _) = stage.arrive("neha", token: token)
    #expect(
      stage.say(back, "HISTORY @akash LATEST * 9").untagged == ["BATCH +0 history @akash", "DM akash 1", "BATCH -0"])
    #expect(stage.say(back, "SEARCH @akash 9 1").count == 3)
    #expect(stage.say(back, "MARK @akash 1") == ["OK MARK"])
  }

  @Test func `a cursor for an unknown user is reset`() {
    let stage = Stage()
    let (_, token) = stage.arrive("neha")
    #expect(stage.resume(token, "@ghost e.1 5").1.untagged.last == "RESET @ghost e")
  }

  // MARK: Before the log has read the correspondents

  @Test func `requests that need the correspondents wait, and so do later ones`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.say(akash, "DM neha 1")
    stage.restart()
    stage.reading = .waits
    let (back, answer) = stage.resume(token)
    #expect(answer.untagged == ["OK RESUME", "SYNC #lobby e 0"])
    #expect(stage.say(back, "PING", "HISTORY @akash LATEST * 9", "PING") == ["PONG"])
    stage.reading = .works
    stage.answerRead()
    let heard = stage.heard(back).untagged
    #expect(heard.first?.hasPrefix("SYNC @akash e.") == true)
    #expect(heard.contains("DM akash 1") && heard.contains("PONG"))
    _ = neha
  }

  @Test func `a failed read of the correspondents is repeated`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.say(akash, "DM neha 1")
    stage.leave(neha)
    stage.leave(akash)
    stage.reading = .fails
    let (back, answer) = stage.resume(token)
    #expect(answer.untagged == ["OK RESUME", "SYNC #lobby e 0"])
    stage.reading = .waits
    #expect(stage.say(back, "HISTORY @akash LATEST * 9").first?.hasPrefix("ERR history-unavailable") == true)
    stage.wait(.seconds(1))
    #expect(stage.say(back, "HISTORY @akash LATEST * 9") == [])
    stage.reading = .works
    stage.answerRead()
    let heard = stage.heard(back)
    #expect(heard.first?.hasPrefix("SYNC @akash e.") == true)
    #expect(heard.untagged[1...] == ["BATCH +0 history @akash", "DM akash 1", "BATCH -0"])
  }

  @Test func `a message that is published after the read is sent once`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.say(akash, "DM neha 1")
    let epoch = Stage.epoch(of: "akash", in: stage.heard(neha))
    stage.leave(neha)
    stage.reading = .waits
    stage.storage = .waits
    let (back, _) = stage.resume(token, "@akash \(epoch) 1")
    // One message is published during the read, one after it, and one is not in its result.
    stage.say(akash, "DM neha 2")
    stage.answerStored()
    stage.say(akash, "DM neha 3")
    let published = stage.commit()
    stage.answerRead()
    stage.say(akash, "DM neha 4")
    for outcome in published { stage.apply(outcome) }
    stage.answerStored()
    stage.answerRead()
    let heard = stage.heard(back).untagged
    for number in 1...4 {
      let count = heard.count { $0 == "DM akash \(number)" }
      #expect(count == (number == 1 ? 0 : 1), "\(number): \(heard)")
    }
    #expect(heard.filter { $0.hasPrefix("SYNC @akash") }.count >= 1)
  }

  @Test func `the same without earlier direct messages`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.say(akash, "DM neha 1")
    stage.leave(neha)
    stage.reading = .waits
    stage.storage = .waits
    let (back, _) = stage.resume(token)
    let (plain, _) = stage.arrive("neha", token: token, ["tags", "resume"])
    stage.say(akash, "DM neha 2")
    let published = stage.commit()
    stage.answerRead()
    for outcome in published { stage.apply(outcome) }
    for id in [back, plain] {
      let heard = stage.heard(id).untagged
      #expect(heard.count == 1, "\(heard)")
      #expect(heard.last?.hasSuffix(" 2") == true)
    }
  }
}
