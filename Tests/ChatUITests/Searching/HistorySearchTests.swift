import ChatProtocol
import Testing

@testable import ChatUI

/// Searching the input history.
@Suite
struct HistorySearchTests {
  private func harness(_ columns: Int = 60) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, 8)
    for line in ["git push", "lunch?", "git pull --rebase", "see you"] { harness.enter(line) }
    _ = harness.takeCommands()
    return harness
  }

  @Test
  func `history search shows the newest match, and the next with Ctrl+R`() {
    var harness = harness()
    harness.press("Ctrl+R")
    #expect(harness.screen.rows[7] == " history “”›")
    #expect(harness.statusRow.hasPrefix(" type what to look for · "))
    harness.type("git")
    #expect(harness.screen.rows[7] == " history “git”› git pull --rebase")
    harness.press("Ctrl+R")
    #expect(harness.screen.rows[7] == " history “git”› git push")
    harness.press("Ctrl+R")
    #expect(harness.statusRow == " none before it")
    harness.press("Ctrl+S")
    #expect(harness.screen.rows[7] == " history “git”› git pull --rebase")
    harness.press("Enter")
    #expect(harness.input == "git pull --rebase")
    #expect(harness.takeCommands() == [])
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["git pull --rebase"])
  }

  @Test(arguments: [
    ("cafe\u{301}", "un café"), ("CAFÉ", "cafe\u{301} noir"), ("ｌｕｎ", "lunch?"), ("--re", "git pull --rebase"),
    ("git re", "git pull --rebase"), ("unch", "lunch?"), ("h?", "lunch?"), ("/dm z", "/dm zoe"), ("여", "안녕"),
  ])
  func `history search finds other spellings and matches inside a line`(typed: String, found: String) {
    var history = InputHistory()
    for line in ["un café", "cafe\u{301} noir", "lunch?", "git pull --rebase", "/dm zoe"] where line == found {
      history.append(line)
    }
    var search = HistorySearch()
    search.needle = typed
    search.look(through: history)
    #expect(search.found == (typed == "여" ? nil : found))
  }

  @Test
  func `history search is accepted by an editing key, and left with Esc`() {
    var harness = harness()
    harness.type("draft")
    harness.press("Ctrl+R", "l", "u", "n", "x")
    #expect(harness.statusRow.hasPrefix(" never sent here · "))
    harness.press("Backspace")
    #expect(harness.screen.rows[7] == " history “lun”› lunch?")
    harness.press("Esc")
    #expect(harness.input == "draft")
    harness.press("Ctrl+R", "l", "u", "Ctrl+A")
    harness.type("> ")
    #expect(harness.input == "> lunch?")
  }

  @Test
  func `history search fits on a narrow screen`() {
    var harness = harness(20)
    harness.press("Ctrl+R")
    harness.type(String(repeating: "git push ", count: 30))
    #expect(harness.screen.rows[7].hasPrefix("history “"))
    #expect(harness.screen.cursor != nil)
  }
}
