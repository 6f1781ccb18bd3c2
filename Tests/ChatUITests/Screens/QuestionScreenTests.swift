import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Questions.
@Suite
struct QuestionScreenTests {
  private func offer(_ columns: Int, _ rows: Int) -> Stage {
    var stage = Stage(columns, rows, offersHost: true)
    stage.hear(.offline(Outage(reason: "connection refused", retryIn: .seconds(3), isRefused: true, isFirst: true)))
    stage.wait(1)
    return stage
  }

  @Test
  func `Host here?`() {
    var stage = offer(80, 12)
    stage.expectScreen(
      """
       1 #lobby
                                                                      │
                                                                      │
                ┌──────────────────────────────────────────────────────────┐
                │ Nothing listens on localhost:4000. Host the chat here?   │
                │ Enter: host   Esc: wait   Ctrl+Q: quit                   │
                └──────────────────────────────────────────────────────────┘
                                                                      │
                                                                      │
                                                                      │
       offline, again in 2 s · neha · connection refused        F1 help · Ctrl+Q quit
      ›
      """)
    // The start of the question.
    #expect(stage.screen.cursor == Screen.Position(row: 4, column: 12))
    stage.press("Ctrl+Y")
    #expect(stage.takeCommands().isEmpty)
    stage.press("Enter")
    #expect(stage.takeCommands() == [.host])
    stage.happen(.host(.started(invitation: "swiftchat connect 192.0.2.7:4000")))
    #expect(stage.takeCommands() == [.client(.retryNow)])
    stage.connect()
    stage.expectScreen(
      """
       1 #lobby
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                                                                      │
      ────────────────── Sunday, 22 November 2026 ─────────────────── │
      12:01         -- │ hosting here; others join with               │
                       │ swiftchat connect 192.0.2.7:4000             │
      12:01         -- │ connected to localhost:4000 as neha          │
       neha · hosting · swiftchat connect 192.0.2.7:4000        F1 help · Ctrl+Q quit
      ›
      """)
  }

  @Test
  func `Host here? at 40 by 10, and declined`() {
    var stage = offer(40, 10)
    stage.expectScreen(
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
      ›
      """)
    stage.press("Esc")
    stage.expectScreen(
      """
       1 #lobby




      ─────── Sunday, 22 November 2026 ───────
      12:01 -- waiting for localhost:4000;
            /connect HOST goes elsewhere
       offline, again in 2 s · neha · connect…
      ›
      """)
    stage.hear(.connecting(Endpoint(testing: "localhost:4000"), attempt: 1))
    stage.hear(.offline(Outage(reason: "connection refused", retryIn: .seconds(3))))
    #expect(stage.pane.count == 3)
  }

  @Test
  func `Host here? at 20 by 5`() {
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
  func `hosting fails`() {
    var stage = offer(80, 6)
    stage.press("y")
    stage.happen(.host(.failed(reason: "port 4000 is in use")))
    #expect(stage.pane.last == "12:01         !! │ cannot host: port 4000 is in use")
  }

  @Test
  func `Quit while hosting, with connected users?`() {
    var stage = Stage.online(80, 12)
    stage.happen(.host(.started(invitation: "swiftchat connect 192.0.2.7:4000")))
    _ = stage.takeCommands()
    stage.join("zoe")
    stage.press("Ctrl+Q")
    stage.expectScreen(
      """
       1 #lobby
                                                                      │ 2 here
                                                                      │ neha
                ┌──────────────────────────────────────────────────────────┐
                │ You are hosting, and somebody else is connected. Leaving │
      ──────────│ ends the chat for them.                                  │
      12:01     │ y: leave   Esc: stay                                     │
      12:01     └──────────────────────────────────────────────────────────┘
                       │ swiftchat connect 192.0.2.7:4000             │
      12:01        --> │ zoe joined                                   │
       neha · hosting · swiftchat connect 192.0.2.7:4000        F1 help · Ctrl+Q quit
      ›
      """)
    stage.press("Enter")
    #expect(stage.takeCommands().isEmpty)
    stage.join("kim")
    stage.enter("/quit")
    stage.resize(20, 5)
    stage.expectScreen(
      """
       1 #lobby
        192.0.2.7:4000
       End it for others?
       y: leave  Esc: stay
      ›
      """)
    stage.press("y")
    #expect(stage.takeCommands() == [.quit])
  }

  @Test
  func `Quit while hosting, without connected users`() {
    var stage = Stage.online(80, 12, with: ["zoe"])
    stage.press("Ctrl+Q")
    #expect(stage.takeCommands() == [.quit])
  }

  @Test
  func `Another name?`() {
    var stage = Stage(80, 8)
    stage.type("draft")
    stage.hear(
      .nameRefused(
        Nickname(testing: "neha"), .taken,
        suggestion: Nickname(testing: "neha2")))
    stage.wait(1)
    stage.expectScreen(
      """
       1 #lobby
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                                                                      │
       Choose another name: neha is taken.      Tab completes · F1 help · Ctrl+Q quit
      name› neha2
      """)
    #expect(stage.screen.cursor == Screen.Position(row: 7, column: 11))
    #expect(stage.style(of: "Choose another") == Style(.alert, [.reversed, .bold]))
    stage.press("Ctrl+U")
    stage.type("a b")
    stage.press("Enter")
    #expect(stage.takeCommands().isEmpty)
    #expect(stage.statusRow.hasPrefix(" A name has 1 to 32 bytes, a letter or digit among them, no spaces. "))
    stage.press("Ctrl+C", "Ctrl+C")
    #expect(stage.statusRow == " Ctrl+Q quits")
    stage.paste("ne\nha\t3\u{1b}")
    stage.press("Enter")
    #expect(stage.takeCommands() == [.client(.useName(Nickname(testing: "neha3")))])
    #expect(stage.input == "draft")
  }

  @Test
  func `Many lines?`() {
    var stage = Stage.online(80, 12)
    stage.paste("1\n2\n3\n\n4\n5\n6\n")
    stage.press("Enter")
    stage.expectScreen(
      """
       1 #lobby
                                                                      │ 1 here
                ┌──────────────────────────────────────────────────────────┐
                │ Send 6 lines, each as a message?                         │
                │ Enter: send   Esc: not yet                               │
                └──────────────────────────────────────────────────────────┘
      ────────────────── Sunday, 22 November 2026 ─────────────────── │
      12:01         -- │ connected to localhost:4000 as neha          │
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      › 5
        6
      """)
    stage.press("Esc")
    #expect(stage.takeCommands().isEmpty)
    #expect(stage.input == "1\n2\n3\n\n4\n5\n6\n")
    stage.press("Enter", "Enter")
    #expect(stage.takeSends().map(\.text) == ["1", "2", "3", "4", "5", "6"])
    stage.paste("/dm zoe 1\n2\n3\n4\n5\n6")
    stage.press("Enter")
    #expect(stage.interface.overlays.top as? SendQuestion == SendQuestion(lines: 6))
    stage.press("y")
    #expect(stage.takeSends().map(\.text) == ["1", "2", "3", "4", "5", "6"])
  }
}
