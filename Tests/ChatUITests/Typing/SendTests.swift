import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Sent messages.
@Suite
struct SendTests {
  private enum Answer: CaseIterable { case echo, confirmed, failed }

  private func answer(_ stage: inout Stage, _ answer: Answer) {
    switch answer {
    case .echo: stage.say("neha", "hi", answering: SendID(1))
    case .confirmed: stage.hear(.sendConfirmed(SendID(1), sequence: nil, time: stage.interface.now))
    case .failed: stage.hear(.sendFailed(SendID(1), reason: "It is too long."))
    }
  }

  @Test
  func `take one line, whatever the results and their order`() {
    for first in Answer.allCases {
      for second in Answer.allCases {
        var stage = Stage.online(80, 24)
        let before = stage.pane.count
        stage.enter("hi")
        #expect(stage.pane.count == before + 1)
        #expect(stage.pane.last == "  ···       neha │ hi")
        answer(&stage, first)
        answer(&stage, second)
        #expect(stage.pane.count == before + 1, "\(first), \(second)")
        let line = first == .failed ? "12:01         !! │ It is too long. Not sent: hi" : "12:01       neha │ hi"
        #expect(stage.pane.last == line, "\(first), \(second)")
        #expect(stage.input == (first == .failed ? "hi" : ""))
      }
    }
  }

  @Test
  func `keep blank lines inside, if the server accepts them`() {
    for (text, lines) in [
      ("one\n\ntwo", ["one", "\u{a0}", "two"]), ("\n \none\n\n", ["one"]),
      ("a\n\t\n\nb\n ", ["a", "\u{a0}", "\u{a0}", "b"]),
    ] {
      var stage = Stage.online(80, 24)
      stage.paste(text)
      stage.press("Enter")
      #expect(stage.takeSends().map(\.text) == lines.filter { $0 != "\u{a0}" })
      stage.sync(head: 1, mark: 1)
      stage.paste(text)
      stage.press("Enter")
      #expect(stage.takeSends().map(\.text) == lines)
    }
    var stage = Stage.online(80, 24)
    stage.sync(head: 1, mark: 1)
    stage.say("zoe", "one")
    stage.say("zoe", DisplayText.sanitize("\u{a0}"))
    stage.say("zoe", "two")
    #expect(stage.pane.suffix(3) == ["12:01        zoe │ one", "12:01        zoe │", "12:01        zoe │ two"])
  }

  @Test
  func `wait for a connection with a clock that has not started`() {
    var stage = Stage.online(80, 24)
    stage.enter("one")
    stage.hear(.sending(SendID(1)))
    #expect(stage.pane.last == "  ···       neha │ one")
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    stage.enter("two")
    #expect(stage.pane.suffix(2) == ["--:--       neha │ one", "--:--       neha │ two"])
    #expect(stage.style(of: "two") == .dim)
    #expect(stage.memory.unconfirmed.map(\.wasTransmitted) == [true, false])
    stage.connect()
    #expect(stage.pane.suffix(2) == ["  ···       neha │ one", "  ···       neha │ two"])
    stage.resize(20, 10)
    #expect(stage.pane.suffix(2) == ["··· neha: one", "··· neha: two"])
  }

  @Test
  func `stay in order while they wait`() {
    var stage = Stage.online(80, 24)
    stage.paste("one\ntwo\nthree")
    stage.press("Enter")
    stage.say("zoe", "between")
    stage.say("neha", "one", answering: SendID(1))
    #expect(
      stage.pane.suffix(4) == [
        "12:01        zoe │ between", "12:01       neha │ one", "  ···       neha │ two", "  ···       neha │ three",
      ])
  }

  @Test
  func `return to the input in order, with a slash as typed`() {
    var stage = Stage.online(80, 24)
    stage.paste("//one\n/two\nthree")
    stage.press("Enter")
    #expect(stage.takeSends().map(\.text) == ["/one", "/two", "three"])
    for id in 1...3 { stage.hear(.sendFailed(SendID(UInt64(id)), reason: "Too many messages wait to be sent.")) }
    #expect(stage.input == "//one\n/two\nthree")
    stage.press("Enter")
    #expect(stage.takeSends().map(\.text) == ["/one", "/two", "three"])
    stage.type("x")
    stage.hear(.sendFailed(SendID(5), reason: "No."))
    #expect(stage.input == "x")
    stage.press("Ctrl+C")
    stage.hear(.sendFailed(SendID(6), reason: "No."))
    #expect(stage.input == "three")
    stage.enter("/me waves")
    #expect(stage.input == "")
  }

  @Test
  func `return /me as typed`() {
    var stage = Stage.online(80, 24)
    stage.enter("/me waves")
    stage.hear(.sendFailed(SendID(1), reason: "No."))
    #expect(stage.input == "/me waves")
  }

  @Test
  func `to one user are confirmed there, whatever tab is open`() {
    var stage = Stage.online(80, 24, with: ["zoe"])
    stage.enter("/dm zoe psst")
    stage.press("Ctrl+N")
    stage.hear(.sendConfirmed(SendID(1), sequence: nil, time: .noon))
    #expect(stage.screen.rows[0] == " 1 #lobby  2 @zoe")
    stage.press("Ctrl+N")
    #expect(stage.pane.last == "12:01       neha │ psst")
  }

  @Test
  func `that fail out of view are reported in the current tab`() {
    var stage = Stage.online(80, 24)
    stage.enter("/dm zoe psst")
    stage.press("Ctrl+N")
    stage.hear(.sendFailed(SendID(1), reason: "Nobody with this name is here."))
    #expect(stage.pane.suffix(2).joined().contains("Nobody with this name is here."))
    #expect(stage.input.isEmpty)
    stage.press("Ctrl+N")
    #expect(stage.input == "psst")
    stage.press("Enter")
    stage.enter("/close")
    stage.hear(.sendFailed(SendID(2), reason: "No."))
    #expect(stage.pane.last?.hasSuffix("No. Not sent: psst") == true)
    stage.hear(.sendFailed(SendID(2), reason: "No."))
    #expect(stage.pane.count { $0.contains("No. Not sent") } == 1)
  }

  @Test
  func `to oneself, and by oneself from elsewhere, go to the right tab`() {
    var stage = Stage.online(80, 24, with: ["zoe"])
    let (neha, zoe) = (Nickname(testing: "neha"), Nickname(testing: "zoe"))
    stage.enter("/dm neha note")
    stage.hear(
      .message(
        ChatMessage(target: .person(neha), author: neha, text: "note", time: .noon, isOwn: true, answersSend: SendID(1))
      ))
    #expect(stage.pane.suffix(1) == ["12:01       neha │ note"])
    #expect(stage.pane.count == 2)
    stage.hear(
      .message(ChatMessage(target: .person(zoe), author: neha, text: "from my telephone", time: .noon, isOwn: true)))
    #expect(stage.screen.rows[0] == " 1 #lobby  2 @neha  3 @zoe")
    #expect(!stage.takeCommands().contains(.bell))
  }

  @Test
  func `contain no control characters`() {
    var stage = Stage.online(80, 24)
    stage.type("a\u{1b}b\u{202e}c")
    stage.press("Enter")
    #expect(stage.pane.last == "  ···       neha │ a\u{fffd}bc")
  }
}
