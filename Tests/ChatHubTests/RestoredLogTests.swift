import ChatProtocol
import Testing

@testable import ChatHub

/// A cursor states which messages a client has. A log that was restored from a copy reuses their numbers for other
/// messages; a log that continues after a restart does not.
@Suite struct RestoredLogTests {
  private let harness = HubHarness()

  @Test func `after a restart missing messages are sent, in the new epoch`() {
    let (akash, _) = harness.logInTagged("akash")
    let (neha, token) = harness.logInTagged("neha")
    harness.send(as: akash, "MSG 1", "MSG 2", "DM neha 1", "DM neha 2")
    let pair = HubHarness.epoch(of: "akash", in: harness.takeOutput(of: neha))
    harness.send(as: akash, "MSG 3", "DM neha 3")
    harness.restart(epoch: "f")
    let (akash2, _) = harness.logInTagged("akash")
    harness.send(as: akash2, "MSG 4")
    let (_, answer) = harness.resume(token, "#lobby e 2 @akash \(pair) 3")
    #expect(answer.contains("@since=e SYNC #lobby f 4"))
    #expect(!answer.contains { $0.hasPrefix("RESET") && $0.contains("#lobby") })
    #expect(answer.filter { $0.contains(" MSG akash ") }.count == 2)
  }

  @Test func `a restored log sends the messages that replaced the lost ones`() {
    let (akash, _) = harness.logInTagged("akash")
    let (neha, token) = harness.logInTagged("neha")
    for number in 1...5 { harness.send(as: akash, "MSG \(number)") }
    let copy = harness.log
    for number in 6...10 { harness.send(as: akash, "MSG \(number)") }
    harness.disconnect(neha)
    harness.log = copy
    harness.restart(epoch: "f")
    let (other, _) = harness.logInTagged("zoe")
    for number in 6...13 { harness.send(as: other, "MSG other \(number)") }
    let (_, answer) = harness.resume(token, "#lobby e 10")
    #expect(
      answer.prefix(3).map { $0.split(separator: " ").prefix(3).joined(separator: " ") }.contains("RESET #lobby f"))
    #expect(answer.contains("SYNC #lobby f 13"))
    #expect(!answer.contains { $0.contains(" MSG ") })
  }

  /// - Parameter sequence: of the cursor; the copy had five messages.
  @Test(arguments: [(0, true), (4, true), (5, true), (6, false), (10, false), (13, false), (99, false)])
  func `a cursor is valid up to the copy`(sequence: Int, isGood: Bool) {
    let (akash, token) = harness.logInTagged("akash")
    for number in 1...5 { harness.send(as: akash, "MSG \(number)") }
    let copy = harness.log
    for number in 6...10 { harness.send(as: akash, "MSG \(number)") }
    // The copy is restored twice, with server runs without messages in between.
    harness.log = copy
    harness.restart(epoch: "f")
    harness.restart(epoch: "g")
    let (zoe, _) = harness.logInTagged("zoe")
    for number in 6...13 { harness.send(as: zoe, "MSG other \(number)") }
    harness.restart(epoch: "h")
    let (_, answer) = harness.resume(token, "#lobby e \(sequence)")
    #expect(answer.contains { $0.contains("RESET #lobby h") } == !isGood)
    #expect(answer.contains(isGood ? "@since=e SYNC #lobby h 13" : "SYNC #lobby h 13"))
  }

  @Test func `an epoch that began after the copy was made is unknown to the log`() {
    let (akash, token) = harness.logInTagged("akash")
    harness.send(as: akash, "MSG 1", "MSG 2")
    let copy = harness.log
    harness.restart(epoch: "f")
    harness.log = copy
    harness.restart(epoch: "g")
    let (_, answer) = harness.resume(token, "#lobby f 1")
    #expect(answer.contains("RESET #lobby g"))
  }

  @Test func `rooms and direct conversations are restored too`() {
    let (akash, akashToken) = harness.logInTagged("akash")
    let (neha, token) = harness.logInTagged("neha")
    harness.send(as: akash, "JOIN #build", "SAY #build 1", "DM neha 1")
    let pair = HubHarness.epoch(of: "akash", in: harness.takeOutput(of: neha))
    let copy = harness.log
    harness.send(as: akash, "SAY #build 2", "SAY #build 3", "DM neha 2", "DM neha 3")
    harness.log = copy
    harness.restart(epoch: "f")
    // The same two users by their tokens; their messages get the numbers 2 to 4.
    let (akash2, _) = harness.resume(akashToken, "#build e 3")
    let (neha2, _) = harness.resume(token)
    for text in ["x", "y", "z"] { harness.send(as: akash2, "SAY #build \(text)", "DM neha \(text)") }
    harness.disconnect(neha2)
    let (neha3, answer) = harness.resume(token, "#build e 3 @akash \(pair) 3")
    let told = answer + harness.takeOutput(of: neha3)
    let other = HubHarness.epoch(of: "akash", in: told)
    #expect(told.contains("RESET #build f") && told.contains("SYNC #build f 4"))
    #expect(told.contains("RESET @akash \(other)") && told.contains("SYNC @akash \(other) 4"))
    #expect(!told.contains { $0.contains(" MSG akash ") || $0.contains(" DM akash ") })
    harness.send(as: neha3, "PART #build", "JOIN #build e 2")
    #expect(harness.actions.contains { if case .send(neha3, .reset(.room, _), _) = $0 { true } else { false } })
    harness.disconnect(neha3)
    // Messages from before the copy was made are still valid.
    let (neha4, again) = harness.resume(token, "#build e 1 @akash \(pair) 1")
    let missed = again + harness.takeOutput(of: neha4)
    #expect(missed.count { $0.contains(" MSG akash ") } == 3 && missed.count { $0.contains(" DM akash ") } == 3)
    #expect(!missed.contains { $0.contains("RESET") })
  }

  @Test func `a mark is never beyond the last message`() {
    let (akash, token) = harness.logInTagged("akash")
    for number in 1...5 { harness.send(as: akash, "MSG \(number)") }
    harness.send(as: akash, "MARK #lobby 5")
    let marks = harness.log.marks
    harness.log = LogModel()
    for mark in marks { harness.log.keep(mark) }
    harness.restart(epoch: "f")
    let (akash2, answer) = harness.resume(token, "")
    let told = answer + harness.takeOutput(of: akash2)
    #expect(!told.contains { $0.contains("mark=") && !$0.contains("mark=0") })
    #expect(!told.contains { $0.hasPrefix("MARK #lobby") && $0 != "MARK #lobby 0" })
  }
}
