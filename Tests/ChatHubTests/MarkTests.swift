import ChatHub
import ChatProtocol
import Testing

@Suite struct MarkTests {
  @Test func `a mark only advances, up to the last message, and is stored`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (second, _) = stage.arrive("neha", token: token)
    let (third, _) = stage.arrive("neha", token: token, ["tags", "resume"])
    let (akash, _) = stage.arrive("akash")
    for number in 1...3 { stage.say(akash, "MSG \(number)") }
    stage.forget()
    #expect(stage.say(neha, "@label=1 MARK #lobby 2") == ["@label=1 OK MARK"])
    #expect(stage.heard(second) == ["MARK #lobby 2"])
    #expect(stage.heard(third) == [])
    #expect(stage.heard(akash) == [])
    #expect(stage.say(neha, "MARK #lobby 1", "MARK #lobby 2", "MARK #lobby 0") == ["OK MARK", "OK MARK", "OK MARK"])
    #expect(stage.heard(second) == [])
    stage.say(neha, "MARK #lobby 999")
    #expect(stage.heard(second) == ["MARK #lobby 3"])
    #expect(stage.log.marks.map(\.sequence) == [2, 3])
  }

  @Test func `it is sent at the next login, on another terminal and after a restart`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (akash, _) = stage.arrive("akash")
    stage.say(akash, "JOIN #build", "SAY #build x", "MSG hi", "DM neha psst")
    stage.say(neha, "JOIN #build", "MARK #build 1", "MARK #lobby 1", "MARK @akash 1")
    let second = stage.open(Stage.everything)
    let answer = stage.say(second, "@token=\(token) LOGIN neha")
    #expect(answer[1] == "@mark=1 SYNC #lobby e 1")
    #expect(answer[2].hasPrefix("@mark=1 SYNC @akash e."))
    #expect(answer.count == 3)
    #expect(stage.say(second, "JOIN #build").last == "@mark=1 SYNC #build e 1")
    stage.restart()
    let third = stage.open(Stage.everything)
    let later = stage.say(third, "@token=\(token) LOGIN neha")
    #expect(later[1...2] == ["SYNC #lobby e 1", "MARK #lobby 1"])
    #expect(later[3].hasPrefix("@mark=1 SYNC @akash e."))
    #expect(stage.say(third, "JOIN #build").last == "@mark=1 SYNC #build e 1")
  }

  @Test(arguments: [
    ("MARK #other 1", "ERR not-in-room MARK"), ("MARK @nobody 1", "ERR user-not-found MARK"),
    ("MARK #lobby", "ERR invalid-mark-format"), ("MARK #lobby x", "ERR invalid-mark-format"),
    ("MARK #lobby -1", "ERR invalid-mark-format"), ("MARK", "ERR invalid-mark-format"),
    ("MARK #lobby 1 2", "ERR invalid-mark-format"),
  ])
  func `an invalid mark is refused`(line: String, error: String) {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha")
    #expect(stage.say(neha, line).first?.hasPrefix(error) == true)
    #expect(stage.log.marks.isEmpty)
  }

  @Test func `a room's mark is sent to terminals in the room`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    let (second, _) = stage.arrive("neha", token: token)
    stage.say(neha, "JOIN #build", "SAY #build x", "MARK #build 1")
    #expect(stage.heard(second) == [])
  }

  @Test func `a mark that was set while the log was read is not set back`() {
    let stage = Stage()
    let (neha, token) = stage.arrive("neha")
    for number in 1...3 { stage.say(neha, "MSG \(number)") }
    stage.say(neha, "MARK #lobby 1")
    stage.leave(neha)
    stage.reading = .waits
    let (back, _) = stage.arrive("neha", token: token)
    #expect(stage.say(back, "MARK #lobby 3") == ["OK MARK"])
    stage.answerRead()
    #expect(stage.heard(back) == ["MARK #lobby 3"])
  }
}
