import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct LobbyScreenTests {
  /// A lobby with some messages of a morning.
  private func morning(_ columns: Int, _ rows: Int) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["akash", "zoe"])
    harness.receive(.messageOfTheDay("Be kind."))
    harness.receiveMessage(from: "akash", "good morning, everybody")
    harness.advanceClock(by: 60)
    harness.receiveJoin("kim", "lee")
    harness.receiveLeave("kim")
    harness.receiveMessage(
      from: "zoe", "the build is green again; who found the race in the log, and how did you find it?")
    harness.advanceClock(by: 60)
    harness.receiveMessage(from: "akash", "neha: was that you?")
    harness.receiveMessage(from: "neha", "yes, with a seed")
    harness.receiveMessage(from: "zoe", "/me claps")
    harness.advanceClock(by: 86_400)
    harness.receiveLeave("zoe", "the connection broke")
    harness.receive(.away(Nickname(testing: "akash"), text: "lunch"))
    return harness
  }

  @Test
  func `the lobby at 80 by 24`() {
    morning(80, 24).expectScreen(
      """
       1 #lobby                                                                   3 ☺








      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  --      connected to localhost:4000 as neha
              --      Be kind.
              akash   good morning, everybody
       12:02  ·       kim came and went · lee joined
              zoe     the build is green again; who found the race in the log, and how
                      did you find it?
       12:03  akash ▌ neha: was that you?
              neha    yes, with a seed
              *       zoe claps
      ─────────────────────────── Monday, 23 November 2026 ───────────────────────────
       12:03  ·       zoe left (the connection broke)
              ·       akash is away: lunch
       neha · localhost:4000                                                  F1 help
       #lobby›
      """)
  }

  @Test
  func `the lobby at 100 by 30`() {
    morning(100, 30).expectScreen(
      """
       1 #lobby                                                                                   F1 help
                                                                                      3 in #lobby
                                                                                      ● lee
                                                                                      ● neha          you
                                                                                      ◌ akash       lunch










      ────────────────────────── Sunday, 22 November 2026 ──────────────────────────
       12:01      --   connected to localhost:4000 as neha
                  --   Be kind.
               akash   good morning, everybody
       12:02       ·   kim came and went · lee joined
                 zoe   the build is green again; who found the race in the log, and
                       how did you find it?
       12:03   akash ▌ neha: was that you?
                neha   yes, with a seed
                   *   zoe claps
      ────────────────────────── Monday, 23 November 2026 ──────────────────────────
       12:03       ·   zoe left (the connection broke)
                   ·   akash is away: lunch
       neha · localhost:4000
       #lobby›
      """)
  }

  @Test
  func `at 120 by 40`() {
    morning(120, 40).expectScreen(
      """
       1 #lobby                                                                                                       F1 help
                                                                                                          3 in #lobby
                                                                                                          ● lee
                                                                                                          ● neha          you
                                                                                                          ◌ akash       lunch





















      ──────────────────────────────────── Sunday, 22 November 2026 ────────────────────────────────────
       12:01      --   connected to localhost:4000 as neha
                  --   Be kind.
               akash   good morning, everybody
       12:02       ·   kim came and went · lee joined
                 zoe   the build is green again; who found the race in the log, and how did you find it?
       12:03   akash ▌ neha: was that you?
                neha   yes, with a seed
                   *   zoe claps
      ──────────────────────────────────── Monday, 23 November 2026 ────────────────────────────────────
       12:03       ·   zoe left (the connection broke)
                   ·   akash is away: lunch
       neha · localhost:4000
       #lobby›
      """)
  }

  @Test
  func `the lobby at 40 by 10`() {
    morning(40, 10).expectScreen(
      """
       1 #lobby                           3 ☺
               and how did you find it?
       12:03▌akash: neha: was that you?
             neha: yes, with a seed
             * zoe claps
      ─────── Monday, 23 November 2026 ───────
       12:03 · zoe left (the connection broke)
             · akash is away: lunch
       neha · localhost:4000          F1 help
       #lobby›
      """)
  }

  @Test
  func `the lobby at 40 by 24`() {
    morning(40, 24).expectScreen(
      """
       1 #lobby                           3 ☺






      ─────── Sunday, 22 November 2026 ───────
       12:01 -- connected to localhost:4000 as
               neha
             -- Be kind.
             akash: good morning, everybody
       12:02 · kim came and went · lee joined
             zoe: the build is green again;
               who found the race in the log,
               and how did you find it?
       12:03▌akash: neha: was that you?
             neha: yes, with a seed
             * zoe claps
      ─────── Monday, 23 November 2026 ───────
       12:03 · zoe left (the connection broke)
             · akash is away: lunch
       neha · localhost:4000          F1 help
       #lobby›
      """)
  }

  @Test
  func `the lobby at 20 by 5`() {
    morning(20, 5).expectScreen(
      """
       1 #lobby       3 ☺
       · akash is away:
         lunch
       neha · localhost:4…
      ›
      """)
  }

  @Test
  func `the lobby at 20 by 20`() {
    morning(20, 20).expectScreen(
      """
       1 #lobby       3 ☺
       · kim came and went
         · lee joined
       zoe: the build is
         green again; who
         found the race in
         the log, and how
         did you find it?
      ▌akash: neha: was
      ▌  that you?
       neha: yes, with a
         seed
       * zoe claps
      ─ Mon, 23 Nov 2026 ─
       · zoe left (the
         connection broke)
       · akash is away:
         lunch
       neha · localhost:4…
      ›
      """)
  }

  @Test
  func `the lobby at 1 by 1`() {
    let harness = morning(1, 1)
    harness.expectScreen("t")
    #expect(harness.screen.cursor == nil)
  }

  @Test
  func `the lobby on a screen that is too small`() {
    morning(19, 5).expectScreen("too small")
    morning(20, 3).expectScreen("too small")
  }

  @Test
  func `the lobby shows meaning by style`() {
    let harness = morning(80, 24)
    #expect(harness.style(of: " 1 #lobby ") == Style(.standard, .underlined))
    #expect(harness.style(of: "neha: was that you?") == Style(.highlight))
    #expect(harness.style(of: "good morning") == .plain)
    #expect(harness.style(of: "yes, with") == .plain)
    #expect(harness.style(of: "▌") == Style(.highlight, .bold))
    #expect(harness.style(of: "neha    yes") == Style(.own))
    #expect(harness.style(of: "akash   good") == Nickname(testing: "AKASH").style)
    #expect(harness.style(of: "12:01") == .dim)
    #expect(harness.style(of: "zoe left") == .dim)
    #expect(harness.style(of: " · localhost:4000 ") == .dim)
    #expect(harness.style(of: "#lobby› ") == Style(.own))
    #expect(harness.screen.cursor == Screen.Position(row: 23, column: 9))
  }

  @Test
  func `times are local`() {
    var harness = InterfaceHarness(80, 6, offset: 13 * 3600)
    harness.receiveMessage(from: "akash", "hi")
    #expect(
      harness.pane == [
        "─────────────────────────── Monday, 23 November 2026 ───────────────────────────", " 01:01  akash   hi",
      ])
  }
}
