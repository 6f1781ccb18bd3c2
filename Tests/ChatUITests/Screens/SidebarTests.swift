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
  func `the sidebar lists the present users by name`() {
    var harness = InterfaceHarness.online(80, 9, with: ["zoe", "Akash", "李雷", "averyverylongname"])
    harness.receive(.away(Nickname(testing: "zoe"), text: ""))
    harness.expectScreen(
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
    #expect(harness.style(of: "zoe ") == .dim)
    #expect(harness.style(of: "neha ") == Style(.own, .bold))
    #expect(harness.style(of: "Akash") == Nickname(testing: "akash").style)
  }

  @Test
  func `the sidebar shows the number of users that do not fit`() {
    InterfaceHarness.online(80, 9, with: people).expectScreen(
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
  func `the sidebar lets the user choose a name`() {
    var harness = InterfaceHarness.online(80, 9, with: people)
    harness.press("F6", "↓", "↓", "↓", "↓", "↓")
    harness.expectScreen(
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
    #expect(harness.style(of: "p05") == .reversed)
    #expect(harness.screen.cursor == Screen.Position(row: 4, column: 66))
    harness.press("End", "↑")
    harness.expectScreen(
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
    harness.press("Enter")
    #expect(harness.interface.tabs.current.target == .person(Nickname(testing: "p29")))
    #expect(harness.screen.cursor != nil)
  }

  @Test
  func `the sidebar keeps the chosen name while other users come and go`() {
    var harness = InterfaceHarness.online(80, 9, with: ["akash", "zoe"])
    harness.press("F6", "End")
    harness.receiveJoin("bela", "carl")
    harness.receiveLeave("akash")
    harness.press("Enter")
    #expect(harness.interface.tabs.current.target == .person(Nickname(testing: "zoe")))
    harness.press("F6", "Home", "F6")
    #expect(harness.interface.overlays.isEmpty)
    harness.press("F6", "↓")
    harness.type("x")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.input == "x")
    harness.press("F6")
    harness.receive(.offline(Outage(reason: "the server closed the connection", retryIn: nil)))
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test
  func `the sidebar is hidden with F8, and below 60 columns`() {
    var harness = InterfaceHarness.online(80, 6, with: ["zoe"])
    harness.press("F8")
    harness.expectScreen(
      """
       1 #lobby

      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
      12:01           -- │ connected to localhost:4000 as neha
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    harness.press("F8")
    harness.resize(60, 6)
    harness.expectScreen(
      """
       1 #lobby
      ──────── Sunday, 22 November 2026 ───────── │ 2 here
      12:01 -- connected to localhost:4000 as     │ neha
            neha                                  │ zoe
       neha · localhost:4000                F1 help · Ctrl+Q quit
      ›
      """)
    harness.press("F6")
    harness.resize(59, 6)
    #expect(harness.interface.overlays.isEmpty)
    harness.expectScreen(
      """
       1 #lobby

      ──────────────── Sunday, 22 November 2026 ─────────────────
      12:01         -- │ connected to localhost:4000 as neha
       neha · localhost:4000               F1 help · Ctrl+Q quit
      ›
      """)
    harness.press("F6")
    #expect(harness.statusRow == " the list needs 60 columns; /who lists everybody")
  }
}
