import ChatProtocol
import Testing

@testable import ChatUI

/// The input.
@Suite
struct InputScreenTests {
  private func cursor(_ stage: Stage) -> [Int] { stage.screen.cursor.map { [$0.row, $0.column] } ?? [] }

  @Test
  func `grows up to a quarter of the screen and keeps the cursor in view`() {
    var stage = Stage.online(20, 12)
    stage.type("0123456789abcdefg")
    #expect(cursor(stage) == [11, 19])
    stage.type("h")
    stage.expectScreen(
      """
       1 #lobby




      ─ Sun, 22 Nov 2026 ─
      -- connected to
        localhost:4000 as
        neha
       neha · localhost:4…
      › 0123456789abcdefgh
      """)
    #expect(cursor(stage) == [11, 2])
    stage.type("ijklmnopqrstuvwxyz0123456789abcdefghijklm")
    stage.expectScreen(
      """
       1 #lobby



      ─ Sun, 22 Nov 2026 ─
      -- connected to
        localhost:4000 as
        neha
       neha · localhost:4…
      › ijklmnopqrstuvwxyz
        0123456789abcdefgh
        ijklm
      """)
    stage.press("Ctrl+A")
    stage.expectScreen(
      """
       1 #lobby



      ─ Sun, 22 Nov 2026 ─
      -- connected to
        localhost:4000 as
        neha
       neha · localhost:4…
      › 0123456789abcdefgh
        ijklmnopqrstuvwxyz
        0123456789abcdefgh
      """)
    #expect(cursor(stage) == [9, 2])
  }

  @Test
  func `of several lines`() {
    var stage = Stage.online(40, 16)
    stage.type("one")
    stage.press("Alt+Enter")
    stage.type("two")
    stage.press("Alt+Enter")
    stage.expectScreen(
      """
       1 #lobby








      ─────── Sunday, 22 November 2026 ───────
      12:01 -- connected to localhost:4000 as
            neha
       neha · localhost:4000          F1 help
      › one
        two
      """)
    #expect(cursor(stage) == [15, 2])
    stage.press("↑", "→")
    #expect(cursor(stage) == [14, 3])
  }

  @Test
  func `with wide characters`() {
    var stage = Stage.online(20, 8)
    stage.type("0123456789abcdef你")
    stage.expectScreen(
      """
       1 #lobby
      ─ Sun, 22 Nov 2026 ─
      -- connected to
        localhost:4000 as
        neha
       neha · localhost:4…
      › 0123456789abcdef你
      """)
    #expect(cursor(stage) == [7, 2])
    stage.press("Ctrl+U")
    stage.type("你🇩🇪👍")
    #expect(cursor(stage) == [7, 8])
    stage.press("←", "←")
    #expect(cursor(stage) == [7, 4])
  }

  @Test
  func `shows a placeholder for invisible characters`() {
    var stage = Stage.online(40, 8)
    stage.paste("a\tb\u{200b}\u{202e}c")
    #expect(stage.screen.rows[7] == "› a b\u{fffd}\u{fffd}c")
    #expect(cursor(stage) == [7, 8])
  }
}
