import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// The sidebar.
@Suite
struct SidebarTests {
  private let people = (1...30).map { $0 < 10 ? "p0\($0)" : "p\($0)" }

  @Test
  func `lists the present users by name`() {
    var stage = Stage.online(80, 9, with: ["zoe", "Akash", "李雷", "averyverylongname"])
    stage.hear(.away(Nickname(testing: "zoe"), text: ""))
    stage.expectScreen(
      """
       1 #lobby
                                                                      │ 5 here
                                                                      │ Akash
                                                                      │ averyverylong…
      ────────────────── Sunday, 22 November 2026 ─────────────────── │ neha
      12:01         -- │ connected to localhost:4000 as neha          │ zoe
      12:01         -- │ zoe is away                                  │ 李雷
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    #expect(stage.style(of: "zoe ") == .dim)
    #expect(stage.style(of: "neha ") == Style(.own, .bold))
    #expect(stage.style(of: "Akash") == Nickname(testing: "akash").style)
  }

  @Test
  func `shows the number of users that do not fit`() {
    Stage.online(80, 9, with: people).expectScreen(
      """
       1 #lobby
                                                                      │ 31 here
                                                                      │ neha
                                                                      │ p01
                                                                      │ p02
      ────────────────── Sunday, 22 November 2026 ─────────────────── │ p03
      12:01         -- │ connected to localhost:4000 as neha          │ +27 more
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
  }

  @Test
  func `lets the user choose a name`() {
    var stage = Stage.online(80, 9, with: people)
    stage.press("F6", "↓", "↓", "↓", "↓", "↓")
    stage.expectScreen(
      """
       1 #lobby
                                                                      │ 31 here
                                                                      │ p03
                                                                      │ p04
                                                                      │ p05
      ────────────────── Sunday, 22 November 2026 ─────────────────── │ p06
      12:01         -- │ connected to localhost:4000 as neha          │ 6 of 31
       ↑ ↓ choose · Enter writes to them · Esc  Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    #expect(stage.style(of: "p05") == .reversed)
    #expect(stage.screen.cursor == Screen.Position(row: 4, column: 66))
    stage.press("End", "↑")
    stage.expectScreen(
      """
       1 #lobby
                                                                      │ 31 here
                                                                      │ p27
                                                                      │ p28
                                                                      │ p29
      ────────────────── Sunday, 22 November 2026 ─────────────────── │ p30
      12:01         -- │ connected to localhost:4000 as neha          │ 30 of 31
       ↑ ↓ choose · Enter writes to them · Esc  Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    stage.press("Enter")
    #expect(stage.interface.tabs.current.target == .person(Nickname(testing: "p29")))
    #expect(stage.screen.cursor != nil)
  }

  @Test
  func `keeps the chosen name while other users come and go`() {
    var stage = Stage.online(80, 9, with: ["akash", "zoe"])
    stage.press("F6", "End")
    stage.join("bela", "carl")
    stage.leave("akash")
    stage.press("Enter")
    #expect(stage.interface.tabs.current.target == .person(Nickname(testing: "zoe")))
    stage.press("F6", "Home", "F6")
    #expect(stage.interface.overlays.isEmpty)
    stage.press("F6", "↓")
    stage.type("x")
    #expect(stage.interface.overlays.isEmpty)
    #expect(stage.input == "x")
    stage.press("F6")
    stage.hear(.offline(Outage(reason: "the server closed the connection", retryIn: nil)))
    #expect(stage.interface.overlays.isEmpty)
  }

  @Test
  func `is hidden with F8, and below 60 columns`() {
    var stage = Stage.online(80, 6, with: ["zoe"])
    stage.press("F8")
    stage.expectScreen(
      """
       1 #lobby

      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
      12:01           -- │ connected to localhost:4000 as neha
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    stage.press("F8")
    stage.resize(60, 6)
    stage.expectScreen(
      """
       1 #lobby
      ──────── Sunday, 22 November 2026 ───────── │ 2 here
      12:01 -- connected to localhost:4000 as     │ neha
            neha                                  │ zoe
       neha · localhost:4000                F1 help · Ctrl+Q quit
      ›
      """)
    stage.press("F6")
    stage.resize(59, 6)
    #expect(stage.interface.overlays.isEmpty)
    stage.expectScreen(
      """
       1 #lobby

      ──────────────── Sunday, 22 November 2026 ─────────────────
      12:01         -- │ connected to localhost:4000 as neha
       neha · localhost:4000               F1 help · Ctrl+Q quit
      ›
      """)
    stage.press("F6")
    #expect(stage.statusRow == " the list needs 60 columns; /who lists everybody")
  }
}
