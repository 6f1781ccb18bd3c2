import ChatProtocol
import Testing

@testable import ChatUI

/// Searching the input history.
@Suite
struct HistorySearchTests {
  private func stage(_ columns: Int = 60) -> Stage {
    var stage = Stage.online(columns, 8)
    for line in ["git push", "lunch?", "git pull --rebase", "see you"] { stage.enter(line) }
    _ = stage.takeCommands()
    return stage
  }

  @Test
  func `shows the newest match, and the next with Ctrl+R`() {
    var stage = stage()
    stage.press("Ctrl+R")
    #expect(stage.screen.rows[7] == "history “”›")
    #expect(stage.statusRow.hasPrefix(" type what to look for · "))
    stage.type("git")
    #expect(stage.screen.rows[7] == "history “git”› git pull --rebase")
    stage.press("Ctrl+R")
    #expect(stage.screen.rows[7] == "history “git”› git push")
    stage.press("Ctrl+R")
    #expect(stage.statusRow == " none before it")
    stage.press("Ctrl+S")
    #expect(stage.screen.rows[7] == "history “git”› git pull --rebase")
    stage.press("Enter")
    #expect(stage.input == "git pull --rebase")
    #expect(stage.takeCommands() == [])
    stage.press("Enter")
    #expect(stage.takeSends().map(\.text) == ["git pull --rebase"])
  }

  @Test(arguments: [
    ("cafe\u{301}", "un café"), ("CAFÉ", "cafe\u{301} noir"), ("ｌｕｎ", "lunch?"), ("--re", "git pull --rebase"),
    ("git re", "git pull --rebase"), ("unch", "lunch?"), ("h?", "lunch?"), ("/dm z", "/dm zoe"), ("여", "안녕"),
  ])
  func `finds other spellings and matches inside a line`(typed: String, found: String) {
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
  func `is accepted by an editing key, and left with Esc`() {
    var stage = stage()
    stage.type("draft")
    stage.press("Ctrl+R", "l", "u", "n", "x")
    #expect(stage.statusRow.hasPrefix(" never sent here · "))
    stage.press("Backspace")
    #expect(stage.screen.rows[7] == "history “lun”› lunch?")
    stage.press("Esc")
    #expect(stage.input == "draft")
    stage.press("Ctrl+R", "l", "u", "Ctrl+A")
    stage.type("> ")
    #expect(stage.input == "> lunch?")
  }

  @Test
  func `fits on a narrow screen`() {
    var stage = stage(20)
    stage.press("Ctrl+R")
    stage.type(String(repeating: "git push ", count: 30))
    #expect(stage.screen.rows[7].hasPrefix("history “"))
    #expect(stage.screen.cursor != nil)
  }
}
