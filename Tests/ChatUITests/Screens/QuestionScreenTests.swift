import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct QuestionScreenTests {
  private func offer(_ columns: Int, _ rows: Int) -> InterfaceHarness {
    var harness = InterfaceHarness(columns, rows, offersHost: true)
    harness.receive(
      .offline(Outage(reason: "connection refused", retryIn: .seconds(3), isRefused: true, isFirst: true)))
    harness.advanceClock(by: 1)
    return harness
  }

  @Test
  func `the question Host here?`() {
    var harness = offer(80, 12)
    harness.expectScreen(
      """
       1 #lobby


                ┌──────────────────────────────────────────────────────────┐
                │ Nothing listens on localhost:4000. Host the chat here?   │
                │ Enter: host   Esc: wait   Ctrl+Q: quit                   │
                └──────────────────────────────────────────────────────────┘



       offline, again in 2 s · neha · connection refused                      F1 help
       #lobby›
      """)
    // The start of the question.
    #expect(harness.screen.cursor == Screen.Position(row: 4, column: 12))
    harness.press("Ctrl+Y")
    #expect(harness.takeCommands().isEmpty)
    harness.press("Enter")
    #expect(harness.takeCommands() == [.host])
    harness.update(.host(.started(invitation: "swiftchat connect 192.0.2.7:4000")))
    #expect(harness.takeCommands() == [.client(.retryNow)])
    harness.goOnline()
    harness.expectScreen(
      """
       1 #lobby





      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  --      hosting here; others join with
                      swiftchat connect 192.0.2.7:4000
              --      connected to localhost:4000 as neha
       neha · hosting · swiftchat connect 192.0.2.7:4000                      F1 help
       #lobby›
      """)
  }

  @Test
  func `the question Host here? at 40 by 10, and declined`() {
    var harness = offer(40, 10)
    harness.expectScreen(
      """
       1 #lobby
       ┌────────────────────────────────────┐
       │ Nothing listens on localhost:4000. │
       │ Host the chat here?                │
       │ Enter: host                        │
       │ Esc: wait                          │
       │ Ctrl+Q: quit                       │
       └────────────────────────────────────┘
       offline, again in 2 s · neha · connect…
       #lobby›
      """)
    harness.press("Esc")
    harness.expectScreen(
      """
       1 #lobby




      ─────── Sunday, 22 November 2026 ───────
       12:01 -- waiting for localhost:4000;
               /connect HOST goes elsewhere
       offline, again in 2 s · neha · connect…
       #lobby›
      """)
    harness.receive(.connecting(Endpoint(testing: "localhost:4000"), attempt: 1))
    harness.receive(.offline(Outage(reason: "connection refused", retryIn: .seconds(3))))
    #expect(harness.pane.count == 3)
  }

  @Test
  func `the question Host here? at 20 by 5`() {
    offer(20, 5).expectScreen(
      """
       1 #lobby

       Host the chat here?
       Enter: yes  Esc: no
      ›
      """)
    offer(20, 4).expectScreen(
      """
       1 #lobby
       Host the chat here?
       Enter: yes  Esc: no
      ›
      """)
  }

  @Test
  func `a command for others that does not fit is not shown in part`() {
    let command = "swiftchat connect \"swiftchat://192.0.2.7:4000/?pin=\(String(repeating: "x", count: 43))\""
    for (columns, status) in [
      (80, " neha · hosting · /share shows the command for others                   F1 help"),
      (130, " neha · hosting · \(command)         F1 help"),
    ] {
      var harness = InterfaceHarness.online(columns, 12)
      harness.update(.host(.started(invitation: command)))
      #expect(harness.statusRow == status)
    }
  }

  @Test
  func `a failure to host is reported`() {
    var harness = offer(80, 6)
    harness.press("y")
    harness.update(.host(.failed(reason: "port 4000 is in use")))
    #expect(harness.pane.last == " 12:01  !!      cannot host: port 4000 is in use")
  }

  @Test
  func `suspending while hosting asks if others are connected`() {
    var harness = InterfaceHarness.online(80, 12)
    harness.update(.host(.started(invitation: "swiftchat connect 192.0.2.7:4000")))
    harness.press("Ctrl+Z")
    #expect(harness.takeCommands().contains(.suspend))
    harness.receiveJoin("zoe")
    for (answer, isSuspended) in [("Esc", false), ("Enter", false), ("y", true)] {
      harness.press("F1", "Ctrl+Z", "Ctrl+Z")
      #expect(harness.screen.rows.contains { $0.contains("this program is suspended") })
      #expect(harness.takeCommands().isEmpty)
      harness.press(answer)
      #expect(harness.takeCommands() == (isSuspended ? [.suspend] : []))
      #expect(harness.interface.overlays.top is HelpPage)
      harness.press("Esc")
    }
  }

  @Test
  func `the question Quit while hosting, with connected users`() {
    var harness = InterfaceHarness.online(80, 12)
    harness.update(.host(.started(invitation: "swiftchat connect 192.0.2.7:4000")))
    _ = harness.takeCommands()
    harness.receiveJoin("zoe")
    harness.press("Ctrl+Q")
    harness.expectScreen(
      """
       1 #lobby                                                                   2 ☺


                ┌──────────────────────────────────────────────────────────┐
                │ You are hosting, and somebody else is connected. Leaving │
      ──────────│ ends the chat for them.                                  │──────────
       12:01  --│ y: leave   Esc: stay                                     │
              --└──────────────────────────────────────────────────────────┘
                      swiftchat connect 192.0.2.7:4000
              ·       zoe joined
       neha · hosting · swiftchat connect 192.0.2.7:4000                      F1 help
       #lobby›
      """)
    harness.press("Enter")
    #expect(harness.takeCommands().isEmpty)
    harness.receiveJoin("kim")
    harness.enter("/quit")
    harness.resize(20, 5)
    harness.expectScreen(
      """
       1 #lobby       3 ☺
         192.0.2.7:4000
       End it for others?
       y: leave  Esc: stay
      ›
      """)
    harness.press("y")
    #expect(harness.takeCommands() == [.quit])
  }

  @Test
  func `quitting while hosting asks nothing without connected users`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.press("Ctrl+Q")
    #expect(harness.takeCommands() == [.quit])
  }

  @Test
  func `the question Another name?`() {
    var harness = InterfaceHarness(80, 8)
    harness.type("draft")
    harness.receive(
      .nameRefused(
        Nickname(testing: "neha"), .taken,
        suggestion: Nickname(testing: "neha2")))
    harness.advanceClock(by: 1)
    harness.expectScreen(
      """
       1 #lobby





       Choose another name: neha is taken.                                    F1 help
       name› neha2
      """)
    #expect(harness.screen.cursor == Screen.Position(row: 7, column: 12))
    #expect(harness.style(of: "Choose another") == Style(.alert, .bold))
    harness.press("Ctrl+U")
    harness.type("a b")
    harness.press("Enter")
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.statusRow.hasPrefix(" A name has 1 to 32 bytes, a letter or digit among them, no spaces. "))
    harness.press("Ctrl+C", "Ctrl+C")
    #expect(harness.statusRow == " Ctrl+Q quits")
    harness.paste("ne\nha\t3\u{1b}")
    harness.press("Enter")
    #expect(harness.takeCommands() == [.client(.useName(Nickname(testing: "neha3")))])
    #expect(harness.input == "draft")
  }

  @Test
  func `the question Many lines?`() {
    var harness = InterfaceHarness.online(80, 12, capabilities: .singleLines)
    harness.paste("1\n2\n3\n\n4\n5\n6\n")
    harness.press("Enter")
    harness.expectScreen(
      """
       1 #lobby                                                                   1 ☺

                ┌──────────────────────────────────────────────────────────┐
                │ Send 6 lines, each as a message?                         │
                │ Enter: send   Esc: not yet                               │
                └──────────────────────────────────────────────────────────┘
      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  --      connected to localhost:4000 as neha
       neha · localhost:4000                                                  F1 help
       #lobby› 5
               6
      """)
    harness.press("Esc")
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.input == "1\n2\n3\n\n4\n5\n6\n")
    harness.press("Enter", "Enter")
    #expect(harness.takeSends().map(\.text) == ["1", "2", "3", "4", "5", "6"])
    harness.paste("/dm zoe 1\n2\n3\n4\n5\n6")
    harness.press("Enter")
    #expect((harness.interface.overlays.top as? SendQuestion)?.lines == 6)
    harness.press("y")
    #expect(harness.takeSends().map(\.text) == ["1", "2", "3", "4", "5", "6"])
  }

  @Test
  func `the question Many lines? shows the first lines and the last one`() {
    var harness = InterfaceHarness.online(80, 24, capabilities: .singleLines)
    harness.paste("first\n\tsecond \u{1b}[2J\n" + String(repeating: "long ", count: 100) + "\n4\n5\nlast")
    harness.press("Enter")
    let rows = harness.screen.rows.drop { !$0.contains("┌") }.dropFirst().prefix { !$0.contains("└") }
    #expect(rows.count == 7, "\(rows)")
    #expect(rows.first?.contains("│ Send 6 lines, each as a message?") == true)
    let shown = rows.dropFirst().dropLast().map { $0.drop { $0 != "│" }.dropFirst().dropLast() }
    for (row, text) in zip(shown, ["   first ", "    second ", "   long long", "   … ", "   last "]) {
      #expect(row.hasPrefix(text), "\(row)")
    }
    harness.press("Enter")
    #expect(harness.takeSends().count == 6)
    var preferences = Preferences()
    preferences.linesWithoutAsking = 2
    harness.update(.preferences(preferences))
    harness.paste("1\n2\n3")
    harness.press("Enter")
    #expect(harness.interface.overlays.top is SendQuestion)
  }
}
