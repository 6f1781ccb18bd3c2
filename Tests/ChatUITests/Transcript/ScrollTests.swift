import ChatProtocol
import Testing

@testable import ChatUI

/// Scrolling.
@Suite
struct ScrollTests {
  /// Numbered lines, in a pane of five rows.
  private func counted(_ count: Int, _ columns: Int = 50) -> Stage {
    var stage = Stage.online(columns, 8)
    for number in 1...count { stage.say("zoe", "\(number)") }
    return stage
  }

  /// The numbers in view.
  private func numbers(_ stage: Stage) -> [Int] {
    stage.pane.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
  }

  @Test
  func `by pages keeps one row in view, and down reverses up`() {
    var stage = counted(30)
    #expect(numbers(stage) == [26, 27, 28, 29, 30])
    stage.press("PgUp")
    #expect(numbers(stage) == [22, 23, 24, 25, 26])
    stage.press("PgUp")
    #expect(numbers(stage) == [18, 19, 20, 21, 22])
    #expect(stage.statusRow.hasPrefix(" ▼ 8 below "))
    stage.press("PgDn")
    #expect(numbers(stage) == [22, 23, 24, 25, 26])
    stage.press("PgDn")
    #expect(numbers(stage) == [26, 27, 28, 29, 30])
    #expect(!stage.statusRow.contains("▼"))
    for _ in 0..<20 { stage.press("PgUp") }
    #expect(stage.pane.first?.contains("Sunday") == true)
    let top = stage.pane
    stage.press("Alt+End")
    #expect(numbers(stage) == [26, 27, 28, 29, 30])
    stage.press("Alt+Home")
    #expect(stage.pane == top)
    stage.press("Esc")
    #expect(numbers(stage) == [26, 27, 28, 29, 30])
  }

  @Test
  func `keeps its position during new messages, and shows their number`() {
    var stage = counted(30)
    stage.press("PgUp")
    let before = stage.pane
    for number in 31...60 { stage.say("zoe", "\(number)") }
    stage.join("kim")
    #expect(stage.pane == before)
    #expect(stage.statusRow.hasPrefix(" ▼ 34 below "))
    stage.type("mine")
    #expect(stage.pane == before)
    stage.press("Enter")
    #expect(stage.pane.last == "  ··· neha: mine")
  }

  @Test
  func `restores its position after any resizing`() {
    var stage = Stage.online(80, 12)
    for number in 1...60 { stage.say("zoe", "\(number) " + String(repeating: "word ", count: number)) }
    stage.press("PgUp", "PgUp", "PgUp")
    let before = stage.pane
    for (columns, rows) in [(40, 30), (20, 5), (200, 60), (1, 1), (60, 12), (80, 12)] {
      stage.resize(columns, rows)
      #expect(stage.screen.rows.count == rows)
    }
    #expect(stage.pane == before)
    // When all later rows are in view, the pane follows the newest.
    stage.resize(200, 200)
    #expect(!stage.statusRow.contains("▼"))
    stage.resize(80, 12)
    stage.say("zoe", "last")
    #expect(stage.pane.last?.hasSuffix("│ last") == true)
  }

  @Test
  func `keeps its position for hours, and drops the oldest lines when they are out of view`() {
    var stage = counted(Transcript.maximumEntries - 100)
    stage.press("Alt+Home")
    for _ in 0..<100 { stage.press("PgDn") }
    let before = stage.pane
    for number in 0..<6000 { stage.say("kim", "x\(number)") }
    #expect(stage.pane == before)
    #expect(stage.interface.tabs.lobby.transcript.entries.count > Transcript.maximumEntries)
    stage.press("Esc")
    #expect(stage.interface.tabs.lobby.transcript.entries.count <= Transcript.maximumEntries)
    #expect(stage.pane.last?.hasSuffix("x5999") == true)
  }

  @Test
  func `reaches the end of the buffer even for a reader who stays scrolled up`() {
    var stage = counted(100)
    stage.press("Alt+Home")
    for number in 0..<Transcript.maximumEntriesAbove { stage.say("kim", "x\(number)") }
    #expect(stage.interface.tabs.lobby.transcript.entries.count <= Transcript.maximumEntriesAbove)
    // The lines being read were dropped, so the oldest remaining ones are shown.
    #expect(stage.pane.first?.contains("Sunday") == true)
    #expect(stage.pane.count == 5)
    let pane = stage.pane
    stage.say("kim", "more")
    #expect(stage.pane == pane)
  }

  @Test
  func `keeps its position when separators come and go`() {
    var stage = Stage.online(50, 8)
    stage.enter("/dm zoe")
    for number in 1...30 { stage.say("zoe", "\(number)") }
    stage.press("Alt+1", "Alt+U", "PgDn", "PgUp")
    let before = numbers(stage)
    stage.press("Alt+2", "Alt+1")
    #expect(numbers(stage) == before)
  }

  @Test
  func `through entries that are taller than the pane`() {
    var stage = Stage.online(50, 8)
    stage.say("zoe", (1...60).map { "word\($0)" }.joined(separator: " "))
    let all = stage.interface.walk(in: Layout.Area(row: 0, column: 0, rows: 100, columns: 50)).page(at: .bottom).rows
      .count
    var seen: Set<String> = Set(stage.pane)
    for _ in 0..<10 {
      stage.press("PgUp")
      seen.formUnion(stage.pane)
    }
    #expect(seen.count == all)
    #expect(stage.pane.first?.contains("Sunday") == true)
    #expect(stage.statusRow.hasPrefix(" ▼ "))
  }

  @Test
  func `does nothing when everything is in view`() {
    for rows in [8, 24] {
      var stage = Stage(50, rows)
      stage.press("PgUp", "PgDn", "Alt+Home", "PgUp", "Esc", "Alt+Home")
      stage.say("zoe", "neha, hi")
      let pane = stage.pane
      for key in ["PgUp", "Alt+Home", "Alt+P", "PgDn", "Alt+N", "Alt+End"] {
        stage.press(key)
        #expect(stage.pane == pane)
        #expect(!stage.statusRow.contains("▼"))
      }
    }
  }

  @Test
  func `follows the newest even if the last entry is hidden`() {
    var stage = counted(30)
    for number in 0..<30 { stage.join("p\(number)") }
    stage.press("Alt+=", "x")
    #expect(numbers(stage) == [26, 27, 28, 29, 30])
    stage.press("PgUp")
    #expect(numbers(stage) == [22, 23, 24, 25, 26])
    stage.press("PgDn")
    #expect(!stage.statusRow.contains("▼"))
    stage.say("zoe", "31")
    #expect(numbers(stage) == [27, 28, 29, 30, 31])
  }

  @Test
  func `skips no unconfirmed message`() {
    var stage = counted(30)
    stage.paste("31\n32\n33")
    stage.press("Enter")
    #expect(numbers(stage) == [29, 30, 31, 32, 33])
    stage.press("PgUp")
    #expect(numbers(stage) == [25, 26, 27, 28, 29])
    #expect(stage.statusRow.hasPrefix(" ▼ 4 below "))
    stage.press("PgDn")
    #expect(numbers(stage) == [29, 30, 31, 32, 33])
  }

  @Test
  func `goes from mention to mention`() {
    var stage = counted(10)
    for number in 11...60 { stage.say("zoe", number % 10 == 0 || number < 13 ? "neha \(number)" : "\(number)") }
    stage.press("Alt+P")
    #expect(numbers(stage).last == 60)
    #expect(stage.statusRow == " zoe mentioned you at 12:01")
    for number in [50, 40, 30, 20, 12, 11] {
      stage.press("Alt+P")
      #expect(numbers(stage).last == number)
    }
    stage.press("Alt+P")
    #expect(stage.statusRow == " no mention before")
    for number in [12, 20, 30] {
      stage.press("Alt+N")
      #expect(numbers(stage).last == number)
    }
    stage.press("Alt+End", "Alt+N")
    #expect(stage.statusRow == " no mention after")
  }

  @Test
  func `is remembered for each tab`() {
    var stage = counted(30)
    stage.press("PgUp")
    let before = stage.pane
    stage.enter("/help")
    stage.press("Esc")
    #expect(stage.pane != before)
    stage.press("PgUp")
    stage.write("kim", "hi")
    stage.press("Alt+2", "Alt+1")
    #expect(stage.pane == before)
  }
}
