import ChatProtocol
import Testing

@testable import ChatUI

@Suite
struct InputScreenTests {
  private func cursor(_ harness: InterfaceHarness) -> [Int] { harness.screen.cursor.map { [$0.row, $0.column] } ?? [] }

  @Test
  func `the input grows up to a quarter of the screen and keeps the cursor in view`() {
    var harness = InterfaceHarness.online(20, 12)
    harness.type("0123456789abcdefg")
    #expect(cursor(harness) == [11, 19])
    harness.type("h")
    harness.expectScreen(
      """
       1 #lobby       1 ☺




      ─ Sun, 22 Nov 2026 ─
       -- connected to
         localhost:4000 as
         neha
       neha · localhost:4…
      › 0123456789abcdefgh
      """)
    #expect(cursor(harness) == [11, 2])
    harness.type("ijklmnopqrstuvwxyz0123456789abcdefghijklm")
    harness.expectScreen(
      """
       1 #lobby       1 ☺



      ─ Sun, 22 Nov 2026 ─
       -- connected to
         localhost:4000 as
         neha
       neha · localhost:4…
      › ijklmnopqrstuvwxyz
        0123456789abcdefgh
        ijklm
      """)
    harness.press("Ctrl+A")
    harness.expectScreen(
      """
       1 #lobby       1 ☺



      ─ Sun, 22 Nov 2026 ─
       -- connected to
         localhost:4000 as
         neha
       neha · localhost:4…
      › 0123456789abcdefgh
        ijklmnopqrstuvwxyz
        0123456789abcdefgh
      """)
    #expect(cursor(harness) == [9, 2])
  }

  @Test
  func `the input of several lines`() {
    var harness = InterfaceHarness.online(40, 16)
    harness.type("one")
    harness.press("Alt+Enter")
    harness.type("two")
    harness.press("Alt+Enter")
    harness.expectScreen(
      """
       1 #lobby                           1 ☺








      ─────── Sunday, 22 November 2026 ───────
       12:01 -- connected to localhost:4000 as
               neha
       neha · localhost:4000          F1 help
       #lobby› one
               two
      """)
    #expect(cursor(harness) == [15, 9])
    harness.press("↑", "→")
    #expect(cursor(harness) == [14, 10])
  }

  @Test
  func `the input with wide characters`() {
    var harness = InterfaceHarness.online(20, 8)
    harness.type("0123456789abcdef你")
    harness.expectScreen(
      """
       1 #lobby       1 ☺
      ─ Sun, 22 Nov 2026 ─
       -- connected to
         localhost:4000 as
         neha
       neha · localhost:4…
      › 0123456789abcdef你
      """)
    #expect(cursor(harness) == [7, 2])
    harness.press("Ctrl+U")
    harness.type("你🇩🇪👍")
    #expect(cursor(harness) == [7, 8])
    harness.press("←", "←")
    #expect(cursor(harness) == [7, 4])
  }

  @Test
  func `the input shows a placeholder for invisible characters`() {
    var harness = InterfaceHarness.online(40, 8)
    harness.paste("a\tb\u{200b}\u{202e}c")
    #expect(harness.screen.rows[7] == " #lobby› a b\u{fffd}\u{fffd}c")
    #expect(cursor(harness) == [7, 15])
  }
}
