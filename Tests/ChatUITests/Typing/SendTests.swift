import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Sent messages.
@Suite
struct SendTests {
  private enum SendResult: CaseIterable { case echo, confirmed, failed }

  private func answer(_ harness: inout InterfaceHarness, _ answer: SendResult) {
    switch answer {
    case .echo: harness.receiveMessage(from: "neha", "hi", answering: SendID(1))
    case .confirmed: harness.receive(.sendConfirmed(SendID(1), sequence: nil, time: harness.interface.now))
    case .failed: harness.receive(.sendFailed(SendID(1), reason: "It is too long."))
    }
  }

  @Test
  func `sent messages take one line, whatever the results and their order`() {
    for first in SendResult.allCases {
      for second in SendResult.allCases {
        var harness = InterfaceHarness.online(80, 24)
        let before = harness.pane.count
        harness.enter("hi")
        #expect(harness.pane.count == before + 1)
        #expect(harness.pane.last == "   ···  neha    hi")
        answer(&harness, first)
        answer(&harness, second)
        #expect(harness.pane.count == before + 1, "\(first), \(second)")
        let line = first == .failed ? "        !!      It is too long. Not sent: hi" : "        neha    hi"
        #expect(harness.pane.last == line, "\(first), \(second)")
        #expect(harness.input == (first == .failed ? "hi" : ""))
      }
    }
  }

  @Test
  func `sent messages keep blank lines inside, if the server accepts them`() {
    for (text, lines) in [
      ("one\n\ntwo", ["one", "\u{a0}", "two"]), ("\n \none\n\n", ["one"]),
      ("a\n\t\n\nb\n ", ["a", "\u{a0}", "\u{a0}", "b"]),
    ] {
      var harness = InterfaceHarness.online(80, 24, capabilities: .singleLines)
      harness.paste(text)
      harness.press("Enter")
      #expect(harness.takeSends().map(\.text) == lines.filter { $0 != "\u{a0}" })
      harness.receiveHead(head: 1, mark: 1)
      harness.paste(text)
      harness.press("Enter")
      #expect(harness.takeSends().map(\.text) == lines)
    }
    var harness = InterfaceHarness.online(80, 24, capabilities: .singleLines)
    harness.receiveHead(head: 1, mark: 1)
    harness.receiveMessage(from: "zoe", "one")
    harness.receiveMessage(from: "zoe", DisplayText.sanitize("\u{a0}"))
    harness.receiveMessage(from: "zoe", "two")
    #expect(harness.screen.rows.dropLast(2).suffix(3) == ["        zoe     one", "", "                two"])
  }

  @Test
  func `sent messages wait for a connection with a clock that has not started`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("one")
    harness.receive(.sending(SendID(1)))
    #expect(harness.pane.last == "   ···  neha    one")
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    harness.enter("two")
    #expect(harness.pane.suffix(2) == [" --:--  neha    one", " --:--          two"])
    #expect(harness.style(of: "two") == .dim)
    #expect(harness.memory.unconfirmed.map(\.wasTransmitted) == [true, false])
    harness.goOnline()
    #expect(harness.pane.suffix(2) == ["   ···  neha    one", "   ···          two"])
    harness.resize(20, 10)
    #expect(harness.pane.suffix(2) == [" ··· neha: one", " ··· neha: two"])
  }

  @Test
  func `sent messages stay in order while they wait`() {
    var harness = InterfaceHarness.online(80, 24, capabilities: .singleLines)
    harness.paste("one\ntwo\nthree")
    harness.press("Enter")
    harness.receiveMessage(from: "zoe", "between")
    harness.receiveMessage(from: "neha", "one", answering: SendID(1))
    #expect(
      harness.pane.suffix(4) == [
        "        zoe     between", "        neha    one", "   ···  neha    two", "   ···          three",
      ])
  }

  @Test
  func `sent messages return to the input in order, with a slash as typed`() {
    var harness = InterfaceHarness.online(80, 24, capabilities: .singleLines)
    harness.paste("//one\n/two\nthree")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["/one", "/two", "three"])
    for id in 1...3 { harness.receive(.sendFailed(SendID(UInt64(id)), reason: "Too many messages wait to be sent.")) }
    #expect(harness.input == "//one\n/two\nthree")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["/one", "/two", "three"])
    harness.type("x")
    harness.receive(.sendFailed(SendID(5), reason: "No."))
    #expect(harness.input == "x")
    harness.press("Ctrl+C")
    harness.receive(.sendFailed(SendID(6), reason: "No."))
    #expect(harness.input == "three")
    harness.enter("/me waves")
    #expect(harness.input == "")
  }

  @Test(arguments: ["/dm zoe two", "two"])
  func `a message that came back is not joined with what is typed next, and is recalled`(next: String) {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.enter("one")
    _ = harness.takeCommands()
    harness.receive(.sendFailed(SendID(1), reason: "You are muted."))
    #expect(harness.input == "one")
    harness.type(next)
    #expect(harness.input == next)
    let told = harness.interface.tabs.lobby.transcript.entries.last?.body
    #expect(told == .alert("You are muted. Not sent: one; ↑ brings it back"))
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["two"])
    harness.press("Alt+1", "↑", "↑")
    #expect(harness.input == "one")
  }

  @Test
  func `a message that came back is not joined with a paste, or a cut that is put back`() {
    func returned() -> InterfaceHarness {
      var harness = InterfaceHarness.online(80, 24)
      harness.type("cut")
      harness.press("Ctrl+U")
      harness.enter("one")
      harness.receive(.sendFailed(SendID(1), reason: "No."))
      harness.receiveMessage(from: "zoe", "in between")
      return harness
    }
    var harness = returned()
    harness.paste("two")
    #expect(harness.input == "two")
    #expect(harness.pane.last?.hasSuffix("the text that came back is put aside; ↑ brings it back") == true)
    harness = returned()
    harness.press("Ctrl+Y")
    #expect(harness.input == "cut")
    harness.press("↑")
    #expect(harness.input == "one")
  }

  @Test
  func `a message that came back is continued once the user has edited or recalled it`() {
    for keys in [["Ctrl+E"], ["↑", "↓"], ["Ctrl+C", "↑"], ["Backspace", "Ctrl+_"]] {
      var harness = InterfaceHarness.online(80, 24)
      harness.enter("one")
      harness.receive(.sendFailed(SendID(1), reason: "No."))
      for key in keys { harness.press(key) }
      harness.type("!")
      #expect(harness.input == "one!", "\(keys)")
    }
  }

  @Test
  func `a message that comes back while another one is edited goes to the history`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("one")
    harness.enter("two")
    harness.receive(.sendFailed(SendID(1), reason: "No."))
    harness.press("Ctrl+A")
    harness.receive(.sendFailed(SendID(2), reason: "No."))
    #expect(harness.input == "one")
    harness.press("↑")
    #expect(harness.input == "two")
  }

  @Test
  func `an unsent /me returns as typed`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("/me waves")
    harness.receive(.sendFailed(SendID(1), reason: "No."))
    #expect(harness.input == "/me waves")
  }

  @Test
  func `sent messages to one user are confirmed there, whatever tab is open`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.enter("/dm zoe psst")
    harness.press("Ctrl+N")
    harness.receive(.sendConfirmed(SendID(1), sequence: nil, time: .noon))
    #expect(harness.tabBar == " 1 #lobby  2 @zoe")
    harness.press("Ctrl+N")
    #expect(harness.pane.last == " 12:01  neha    psst")
  }

  @Test
  func `sent messages that fail out of view are reported in the current tab`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("/dm zoe psst")
    harness.press("Ctrl+N")
    harness.receive(.sendFailed(SendID(1), reason: "Nobody with this name is here."))
    #expect(harness.pane.suffix(2).joined().contains("Nobody with this name is here."))
    #expect(harness.input.isEmpty)
    harness.press("Ctrl+N")
    #expect(harness.input == "psst")
    harness.press("Enter")
    harness.enter("/close")
    harness.receive(.sendFailed(SendID(2), reason: "No."))
    #expect(harness.pane.last?.hasSuffix("No. Not sent: psst") == true)
    harness.receive(.sendFailed(SendID(2), reason: "No."))
    #expect(harness.pane.count { $0.contains("No. Not sent") } == 1)
  }

  @Test
  func `sent messages to oneself, and by oneself from elsewhere, go to the right tab`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    let (neha, zoe) = (Nickname(testing: "neha"), Nickname(testing: "zoe"))
    harness.enter("/dm neha note")
    harness.receive(
      .message(
        ChatMessage(target: .person(neha), author: neha, text: "note", time: .noon, isOwn: true, answersSend: SendID(1))
      ))
    #expect(harness.pane.suffix(1) == [" 12:01  neha    note"])
    #expect(harness.pane.count == 2)
    harness.receive(
      .message(ChatMessage(target: .person(zoe), author: neha, text: "from my telephone", time: .noon, isOwn: true)))
    #expect(harness.tabBar == " 1 #lobby  2 @neha  3 @zoe")
    #expect(!harness.takeCommands().contains(.bell))
  }

  @Test
  func `sent messages contain no control characters`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.type("a\u{1b}b\u{202e}c")
    harness.press("Enter")
    #expect(harness.pane.last == "   ···  neha    a\u{fffd}bc")
  }
}
