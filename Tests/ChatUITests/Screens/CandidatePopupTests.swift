import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// The list of candidates of a completion.
@Suite
struct CandidatePopupTests {
  private func harness(_ columns: Int, _ rows: Int) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["zoe", "zack"])
    for number in 1...50 { harness.receiveMessage(from: "zoe", "line \(number)") }
    return harness
  }

  @Test
  func `at 80 by 24, commands with their usage`() {
    var harness = harness(80, 24)
    harness.type("/c")
    let before = harness.screen.rows
    harness.press("Tab", "Tab")
    harness.expectScreen(
      (before.prefix(17)
        + """
        ── 2 of 4 · Tab next · Esc close ───────────────────────────────────────────────
          /create #ROOM              create a room for invited people
          /connect NAME|HOST[:PORT]  open another server, beside those that are open
          /close                     close this tab, and leave its room
          /clear                     clear this pane
         neha · localhost:4000                                                  F1 help
         #lobby› /connect
        """.split(separator: "\n").map(String.init)).joined(separator: "\n"))
    #expect(harness.style(of: "/connect", fromRow: 18) == .reversed)
    #expect(harness.screen.cursor == Screen.Position(row: 23, column: 18))
    harness.press("Esc")
    #expect(harness.input == "/connect ")
    #expect(harness.screen.rows.dropLast() == before.dropLast(), "nothing has moved")
  }

  @Test
  func `at 120 by 40 and 40 by 10, the pane does not move, and the list of people stays`() {
    for (columns, rows, shown) in [(120, 40, 8), (40, 10, 5)] {
      var harness = harness(columns, rows)
      harness.type(":s")
      let before = harness.screen
      harness.type("t")
      harness.press("Tab")
      let popup = harness.screen
      let candidates = popup.rows.filter { $0.contains(":st") }
      #expect(candidates.count == min(shown, harness.interface.completion?.candidates.count ?? 0), "\(popup.rows)")
      let first = rows - 2 - candidates.count - 1
      #expect(popup.rows[..<first] == before.rows[..<first])
      if columns == 120 { #expect(popup.rows[2].contains("● neha")) }
      #expect(popup.rows[rows - 1].hasPrefix(" #lobby› ⭐"))
    }
  }

  @Test
  func `Tab, Shift+Tab and the arrows choose, more than fit are scrolled, and any other key closes the list`() {
    var harness = harness(40, 10)
    harness.type("/")
    harness.press("Tab")
    let count = SlashCommand.groups.filter { !$0.isForOperators }.flatMap(\.commands).count
    #expect(harness.screen.rows[2].hasPrefix("── 1 of \(count) "))
    harness.press("↓", "↓", "Tab", "↑")
    #expect(harness.screen.rows[2].hasPrefix("── 3 of \(count) "))
    harness.press("Shift+Tab", "Shift+Tab", "Shift+Tab")
    #expect(harness.screen.rows[2].hasPrefix("── \(count) of \(count) "))
    #expect(harness.screen.rows[7].hasPrefix("  /\(harness.input.dropFirst().dropLast())"))
    harness.receiveMessage(from: "zoe", "meanwhile")
    #expect(harness.screen.rows[2].hasPrefix("── \(count) of \(count) "), "it stays while messages arrive")
    harness.type("x")
    #expect(!harness.screen.rows.contains { $0.hasPrefix("── ") })
  }

  @Test
  func `the list appears only on Tab, with several candidates, and with space for it`() {
    var harness = harness(80, 24)
    func isShown(_ harness: InterfaceHarness) -> Bool { harness.screen.rows.contains { $0.hasPrefix("── ") } }
    harness.type("/")
    #expect(!isShown(harness))
    harness.type("dm z")
    harness.press("Tab")
    #expect(isShown(harness))
    harness.press("Ctrl+C")
    harness.type("zo")
    harness.press("Tab")
    #expect(!isShown(harness), "there is no choice")
    harness.press("Ctrl+C")
    harness.enter("sent before")
    harness.type("z")
    harness.press("Tab")
    #expect(isShown(harness))
    harness.resize(80, 9)
    #expect(!isShown(harness))
    harness.press("↑")
    #expect(harness.input == "sent before", "the arrows have their usual meaning")
  }

  @Test
  func `without the setting there is no list, and arrows and Esc have their usual meaning`() {
    var harness = harness(80, 24)
    var preferences = Preferences()
    preferences.showsCandidates = false
    harness.update(.preferences(preferences))
    harness.enter("sent before")
    harness.type("z")
    let before = harness.screen.rows
    harness.press("Tab")
    #expect(harness.screen.rows.dropLast() == before.dropLast())
    harness.press("Tab", "Shift+Tab")
    #expect(harness.input == "zoe: ")
    harness.press("↑")
    #expect(harness.input == "sent before")
  }

  @Test
  func `a click chooses a candidate, and does not reach what the list covers`() {
    var harness = harness(80, 24)
    harness.receiveMessage(from: "zoe", "http://a.example/" + String(repeating: "x", count: 300))
    harness.press("Alt+M")
    harness.type("/c")
    harness.press("Tab")
    harness.click("/close")
    #expect(harness.input == "/close ")
    _ = harness.takeCommands()
    harness.click("── 3 of 4")
    #expect(harness.takeCommands().isEmpty)
  }
}
