import ChatProtocol
import Testing

@testable import ChatUI

@Suite
struct ScrollTests {
  /// Numbered lines, in a pane of five rows.
  private func counted(_ count: Int, _ columns: Int = 50) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, 8)
    for number in 1...count { harness.receiveMessage(from: "zoe", "\(number)") }
    return harness
  }

  /// The numbers in view.
  @Test
  func `scrolling by pages keeps one row in view, and down reverses up`() {
    var harness = counted(30)
    #expect(harness.numbersInPane == [26, 27, 28, 29, 30])
    harness.press("PgUp")
    #expect(harness.numbersInPane == [22, 23, 24, 25, 26])
    harness.press("PgUp")
    #expect(harness.numbersInPane == [18, 19, 20, 21, 22])
    #expect(harness.statusRow.hasPrefix(" ▼ 8 below "))
    harness.press("PgDn")
    #expect(harness.numbersInPane == [22, 23, 24, 25, 26])
    harness.press("PgDn")
    #expect(harness.numbersInPane == [26, 27, 28, 29, 30])
    #expect(!harness.statusRow.contains("▼"))
    for _ in 0..<20 { harness.press("PgUp") }
    #expect(harness.pane.first?.contains("Sunday") == true)
    let top = harness.pane
    harness.press("Alt+End")
    #expect(harness.numbersInPane == [26, 27, 28, 29, 30])
    harness.press("Alt+Home")
    #expect(harness.pane == top)
    harness.press("Esc")
    #expect(harness.numbersInPane == [26, 27, 28, 29, 30])
  }

  @Test
  func `scrolling keeps its position during new messages, and shows their number`() {
    var harness = counted(30)
    harness.press("PgUp")
    let before = harness.pane
    for number in 31...60 { harness.receiveMessage(from: "zoe", "\(number)") }
    harness.receiveJoin("kim")
    #expect(harness.pane == before)
    #expect(harness.statusRow.hasPrefix(" ▼ 34 below "))
    harness.type("mine")
    #expect(harness.pane == before)
    harness.press("Enter")
    #expect(harness.pane.last == "   ··· neha: mine")
  }

  @Test
  func `scrolling restores its position after any resizing`() {
    var harness = InterfaceHarness.online(80, 12)
    for number in 1...60 {
      harness.receiveMessage(from: "zoe", "\(number) " + String(repeating: "word ", count: number))
    }
    harness.press("PgUp", "PgUp", "PgUp")
    let before = harness.pane
    for (columns, rows) in [(40, 30), (20, 5), (200, 60), (1, 1), (60, 12), (80, 12)] {
      harness.resize(columns, rows)
      #expect(harness.screen.rows.count == rows)
    }
    #expect(harness.pane == before)
    // When all later rows are in view, the pane follows the newest.
    harness.resize(200, 200)
    #expect(!harness.statusRow.contains("▼"))
    harness.resize(80, 12)
    harness.receiveMessage(from: "zoe", "last")
    #expect(harness.pane.last?.hasSuffix(" last") == true)
  }

  @Test
  func `scrolling keeps its position for hours, and drops the oldest lines when they are out of view`() {
    var harness = counted(Transcript.maximumEntries - 100)
    harness.press("Alt+Home")
    for _ in 0..<100 { harness.press("PgDn") }
    let before = harness.pane
    for number in 0..<6000 { harness.receiveMessage(from: "kim", "x\(number)") }
    #expect(harness.pane == before)
    #expect(harness.interface.tabs.lobby.transcript.entries.count > Transcript.maximumEntries)
    harness.press("Esc")
    #expect(harness.interface.tabs.lobby.transcript.entries.count <= Transcript.maximumEntries)
    #expect(harness.pane.last?.hasSuffix("x5999") == true)
  }

  @Test
  func `scrolling reaches the end of the buffer even for a reader who stays scrolled up`() {
    var harness = counted(100)
    harness.press("Alt+Home")
    for number in 0..<Transcript.maximumEntriesAbove { harness.receiveMessage(from: "kim", "x\(number)") }
    #expect(harness.interface.tabs.lobby.transcript.entries.count <= Transcript.maximumEntriesAbove)
    // The lines being read were dropped, so the oldest remaining ones are shown.
    #expect(harness.pane.first?.contains("Sunday") == true)
    #expect(harness.pane.count == 5)
    let pane = harness.pane
    harness.receiveMessage(from: "kim", "more")
    #expect(harness.pane == pane)
  }

  @Test
  func `scrolling keeps its position when separators come and go`() {
    var harness = InterfaceHarness.online(50, 8)
    harness.enter("/dm zoe")
    for number in 1...30 { harness.receiveMessage(from: "zoe", "\(number)") }
    harness.press("Alt+1", "Alt+U", "PgDn", "PgUp")
    let before = harness.numbersInPane
    harness.press("Alt+2", "Alt+1")
    #expect(harness.numbersInPane == before)
  }

  @Test
  func `scrolling passes through entries that are taller than the pane`() {
    var harness = InterfaceHarness.online(50, 8)
    harness.receiveMessage(from: "zoe", (1...60).map { "word\($0)" }.joined(separator: " "))
    let all = harness.interface.walk(in: Layout.Area(row: 0, column: 0, rows: 100, columns: 50)).page(at: .bottom).rows
      .count
    var seen: Set<String> = Set(harness.pane)
    for _ in 0..<10 {
      harness.press("PgUp")
      seen.formUnion(harness.pane)
    }
    #expect(seen.count == all)
    #expect(harness.pane.first?.contains("Sunday") == true)
    #expect(harness.statusRow.hasPrefix(" ▼ "))
  }

  @Test
  func `scrolling does nothing when everything is in view`() {
    for rows in [8, 24] {
      var harness = InterfaceHarness(50, rows)
      harness.press("PgUp", "PgDn", "Alt+Home", "PgUp", "Esc", "Alt+Home")
      harness.receiveMessage(from: "zoe", "neha, hi")
      let pane = harness.pane
      for key in ["PgUp", "Alt+Home", "Alt+P", "PgDn", "Alt+N", "Alt+End"] {
        harness.press(key)
        // A jump marks the message.
        #expect(harness.pane.map { $0.replacing("▶", with: "▌") } == pane)
        #expect(!harness.statusRow.contains("▼"))
      }
    }
  }

  @Test
  func `scrolling follows the newest even if the last entry is hidden`() {
    var harness = counted(30)
    for number in 0..<30 { harness.receiveJoin("p\(number)") }
    harness.press("Alt+=", "x")
    #expect(harness.numbersInPane == [26, 27, 28, 29, 30])
    harness.press("PgUp")
    #expect(harness.numbersInPane == [22, 23, 24, 25, 26])
    harness.press("PgDn")
    #expect(!harness.statusRow.contains("▼"))
    harness.receiveMessage(from: "zoe", "31")
    #expect(harness.numbersInPane == [27, 28, 29, 30, 31])
  }

  @Test
  func `scrolling skips no unconfirmed message`() {
    var harness = counted(30)
    for number in 31...33 { harness.enter("\(number)") }
    #expect(harness.numbersInPane == [29, 30, 31, 32, 33])
    harness.press("PgUp")
    #expect(harness.numbersInPane == [25, 26, 27, 28, 29])
    #expect(harness.statusRow.hasPrefix(" ▼ 4 below "))
    harness.press("PgDn")
    #expect(harness.numbersInPane == [29, 30, 31, 32, 33])
  }

  @Test
  func `scrolling goes from mention to mention`() {
    var harness = counted(10)
    for number in 11...60 {
      harness.receiveMessage(from: "zoe", number % 10 == 0 || number < 13 ? "neha \(number)" : "\(number)")
    }
    harness.press("Alt+P")
    #expect(harness.numbersInPane.last == 60)
    #expect(harness.statusRow == " zoe mentioned you at 12:01")
    for number in [50, 40, 30, 20, 12, 11] {
      harness.press("Alt+P")
      #expect(harness.numbersInPane.last == number)
    }
    harness.press("Alt+P")
    #expect(harness.statusRow == " no mention before")
    for number in [12, 20, 30] {
      harness.press("Alt+N")
      #expect(harness.numbersInPane.last == number)
    }
    harness.press("Alt+End", "Alt+N")
    #expect(harness.statusRow == " no mention after")
  }

  @Test
  func `scrolling is remembered for each tab`() {
    var harness = counted(30)
    harness.press("PgUp")
    let before = harness.pane
    harness.enter("/help")
    harness.press("Esc")
    #expect(harness.pane != before)
    harness.press("PgUp")
    harness.receiveDirectMessage(from: "kim", "hi")
    harness.press("Alt+2", "Alt+1")
    #expect(harness.pane == before)
  }
}
