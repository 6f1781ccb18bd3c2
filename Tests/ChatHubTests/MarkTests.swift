import ChatHub
import ChatProtocol
import Testing

@Suite struct MarkTests {
  @Test func `a mark only advances, up to the last message, and is stored`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (second, _) = harness.logInTagged("neha", token: token)
    let (third, _) = harness.logInTagged("neha", token: token, ["tags", "resume"])
    let (akash, _) = harness.logInTagged("akash")
    for number in 1...3 { harness.send(as: akash, "MSG \(number)") }
    harness.discardOutput()
    #expect(harness.send(as: neha, "@label=1 MARK #lobby 2") == ["@label=1 OK MARK"])
    #expect(harness.takeOutput(of: second) == ["MARK #lobby 2"])
    #expect(harness.takeOutput(of: third) == [])
    #expect(harness.takeOutput(of: akash) == [])
    #expect(
      harness.send(as: neha, "MARK #lobby 1", "MARK #lobby 2", "MARK #lobby 0") == ["OK MARK", "OK MARK", "OK MARK"])
    #expect(harness.takeOutput(of: second) == [])
    harness.send(as: neha, "MARK #lobby 999")
    #expect(harness.takeOutput(of: second) == ["MARK #lobby 3"])
    #expect(harness.log.marks.map(\.sequence) == [2, 3])
  }

  @Test func `a read mark is sent at the next login, on another terminal and after a restart`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (akash, _) = harness.logInTagged("akash")
    harness.send(as: akash, "JOIN #build", "SAY #build x", "MSG hi", "DM neha psst")
    harness.send(as: neha, "JOIN #build", "MARK #build 1", "MARK #lobby 1", "MARK @akash 1")
    let second = harness.connect(HubHarness.allCapabilities)
    let answer = harness.send(as: second, "@token=\(token) LOGIN neha")
    #expect(answer[1] == "@mark=1 SYNC #lobby e 1")
    #expect(answer[2].hasPrefix("@mark=1 SYNC @akash e."))
    #expect(answer.count == 3)
    #expect(harness.send(as: second, "JOIN #build").last == "@mark=1 SYNC #build e 1")
    harness.restart()
    let third = harness.connect(HubHarness.allCapabilities)
    let later = harness.send(as: third, "@token=\(token) LOGIN neha")
    #expect(later[1...2] == ["SYNC #lobby e 1", "MARK #lobby 1"])
    #expect(later[3].hasPrefix("@mark=1 SYNC @akash e."))
    #expect(harness.send(as: third, "JOIN #build").last == "@mark=1 SYNC #build e 1")
  }

  @Test func `a page of a room is read once its mark is known`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    harness.send(as: neha, "MSG one", "MARK #lobby 1")
    harness.restart()
    harness.reading = .waits
    let again = harness.connect(HubHarness.allCapabilities)
    harness.send(as: again, "@token=\(token) LOGIN neha", "HISTORY #lobby LATEST * 9")
    #expect(harness.reads.count == 1)
    harness.answerRead()
    #expect(harness.reads.count == 1)
    let isPage = if case .page = harness.reads.first?.request { true } else { false }
    #expect(isPage && harness.takeOutput(of: again).last == "MARK #lobby 1")
    // If the log cannot be read, requests are answered nevertheless.
    harness.restart()
    let last = harness.connect(HubHarness.allCapabilities)
    harness.send(as: last, "@token=\(token) LOGIN neha", "HISTORY #lobby LATEST * 9")
    harness.answerRead(successfully: false)
    #expect(harness.reads.count == 1)
  }

  @Test(arguments: [
    ("MARK #other 1", "ERR not-in-room MARK"), ("MARK @nobody 1", "ERR user-not-found MARK"),
    ("MARK #lobby", "ERR invalid-mark-format"), ("MARK #lobby x", "ERR invalid-mark-format"),
    ("MARK #lobby -1", "ERR invalid-mark-format"), ("MARK", "ERR invalid-mark-format"),
    ("MARK #lobby 1 2", "ERR invalid-mark-format"),
  ])
  func `an invalid mark is refused`(line: String, error: String) {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha")
    #expect(harness.send(as: neha, line).first?.hasPrefix(error) == true)
    #expect(harness.log.marks.isEmpty)
  }

  @Test func `a room's mark is sent to terminals in the room`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    let (second, _) = harness.logInTagged("neha", token: token)
    harness.send(as: neha, "JOIN #build", "SAY #build x", "MARK #build 1")
    #expect(harness.takeOutput(of: second) == [])
  }

  @Test func `a mark that was set while the log was read is not set back`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha")
    for number in 1...3 { harness.send(as: neha, "MSG \(number)") }
    harness.send(as: neha, "MARK #lobby 1")
    harness.disconnect(neha)
    harness.reading = .waits
    let (back, _) = harness.logInTagged("neha", token: token)
    #expect(harness.send(as: back, "MARK #lobby 3") == ["OK MARK"])
    harness.answerRead()
    #expect(harness.takeOutput(of: back) == ["MARK #lobby 3"])
  }
}
