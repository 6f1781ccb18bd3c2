import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Wide characters.
@Suite
struct WideTextTests {
  @Test
  func `wide characters stay whole at the pane's edge`() {
    var harness = InterfaceHarness.online(20, 12)
    harness.receiveMessage(from: "zoe", "你好你好你好你好你好你好")
    harness.receiveMessage(from: "zoe", "🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪")
    harness.receiveMessage(from: "zoe", "x👍👍👍👍👍👍👍👍👍")
    harness.expectScreen(
      """
       1 #lobby       1 ☺
       -- connected to
         localhost:4000 as
         neha
       zoe: 你好你好你好你
         好你好你好
       zoe: 🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪
         🇩🇪🇩🇪
       zoe: x👍👍👍👍👍👍
         👍👍👍
       neha · localhost:4…
      ›
      """)
  }

  @Test
  func `wide characters are replaced as a whole when drawn over`() {
    var screen = Screen(size: Screen.Size(rows: 1, columns: 8))
    screen.put("你好你好", row: 0, column: 0)
    screen.put("xx", row: 0, column: 1)
    #expect(screen.rows == [" xx 你好"])
    screen.fill(Layout.Area(row: 0, column: 5, rows: 1, columns: 2))
    #expect(screen.rows == [" xx"])
    #expect(screen.cells.allSatisfy { $0.character != nil })
  }

  @Test
  func `wide characters are visible however many letters form one cluster`() {
    var harness = InterfaceHarness.online(20, 12)
    let text = Array(repeating: "क", count: 30).joined(separator: "\u{94d}")
    harness.receiveMessage(from: "zoe", text)
    #expect(harness.pane.joined().unicodeScalars.count { $0 == "क" } == 30)
  }

  @Test
  func `wide characters and ASCII are drawn from a string as from its characters`() {
    var random = SeededGenerator()
    for _ in 0..<4000 {
      var screen = Screen(size: Screen.Size(rows: 2, columns: 20))
      for _ in 0..<6 {
        let text =
          random.flip() ? random.rawText(upTo: 12) : random.rawText(upTo: 3) + "plain" + random.rawText(upTo: 3)
        let (row, column) = (random.number(-1...2), random.number(-2...21))
        let end: Int? = random.flip() ? nil : random.number(0...25)
        var expected = screen
        let behind = expected.put(Array(text), row: row, column: column, style: .dim, end: end)
        #expect(screen.put(text, row: row, column: column, style: .dim, end: end) == behind)
        #expect(screen == expected, "\(random): \(text.debugDescription) at \(column) to \(String(describing: end))")
      }
    }
  }
}
