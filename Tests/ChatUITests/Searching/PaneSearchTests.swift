import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Searching the pane.
@Suite
struct PaneSearchTests {
  private func stage(_ columns: Int = 60, _ rows: Int = 9) -> Stage {
    var stage = Stage.online(columns, rows)
    stage.sync(head: 200, mark: 200)
    let page = (101...200).map { number in
      var said = ChatMessage.numbered(number)
      if number % 40 == 0 { said.text = "The DISK is full, \(number)" }
      return said
    }
    stage.hear(.older(.lobby, page, hasMore: true))
    _ = stage.takeCommands()
    return stage
  }

  @Test
  func `shows matches while typing, newest first, and continues from there`() {
    var stage = stage()
    stage.press("Ctrl+S")
    stage.type("disk")
    stage.expectScreen(
      """
       1 #lobby
      11:04 zoe: 197                              │ 1 here
      11:04 zoe: 198                              │ neha
      11:04 zoe: 199                              │
      11:04 zoe: The DISK is full, 200            │
      12:01 -- connected to localhost:4000 as     │
            neha                                  │
       1 of 3 · ↑ older ↓ newer · Enter: server · Esc     F1 help
      search› disk
      """)
    #expect(stage.style(of: "DISK") == Style(.standard, .reversed))
    #expect(stage.style(of: " is full") == .plain)
    #expect(stage.style(of: "11:04", fromRow: 4) == Style(.faint, .reversed))
    #expect(stage.screen.cursor == Screen.Position(row: 8, column: 12))
    stage.press("Ctrl+S")
    #expect(stage.statusRow.hasPrefix(" 2 of 3 "))
    #expect(stage.pane.contains("11:03 zoe: The DISK is full, 160"))
    stage.press("↑")
    #expect(stage.pane.contains("11:03 zoe: The DISK is full, 120"))
    #expect(stage.takeCommands() == [])
    stage.press("↑")
    #expect(stage.statusRow == " none before it is loaded; Enter asks the server")
    stage.press("Ctrl+R", "↓")
    #expect(stage.pane.contains("11:04 zoe: The DISK is full, 200"))
    stage.press("↓")
    #expect(stage.statusRow == " none after it")
  }

  @Test
  func `narrows down, reports no match, stays with Esc, or returns with Ctrl+C`() {
    var stage = stage()
    let pane = stage.pane
    stage.press("Ctrl+S", "1", "2", "0")
    #expect(stage.statusRow.hasPrefix(" 1 of 1 "))
    stage.type("x")
    #expect(stage.statusRow.hasPrefix(" not found here "))
    stage.press("Backspace", "Esc")
    #expect(stage.interface.overlays.isEmpty)
    #expect(stage.pane.contains("11:03 zoe: The DISK is full, 120"))
    #expect(stage.statusRow.hasPrefix(" ▼ "))
    // Later typing does not extend the search.
    stage.type("hi")
    #expect(stage.input == "hi")
    stage.press("Ctrl+C", "Esc")
    #expect(stage.pane == pane)
    stage.press("Ctrl+S", "1", "2", "0", "Ctrl+C")
    #expect(stage.statusRow.hasPrefix(" type what to look for "))
    stage.press("Ctrl+C")
    #expect(stage.interface.overlays.isEmpty)
    #expect(stage.pane == pane)
  }

  @Test
  func `starts at the scroll position`() {
    var stage = stage()
    for _ in 0..<8 { stage.press("PgUp") }
    stage.press("Ctrl+S")
    stage.type("full")
    #expect(stage.pane.contains("11:03 zoe: The DISK is full, 160"))
  }

  @Test
  func `requests older messages near the first one`() {
    var stage = stage()
    stage.press("Ctrl+S")
    stage.type("10")
    for _ in 0..<9 { stage.press("↑") }
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: 101))])
    stage.page(1...100, hasMore: false)
    stage.press("↑")
    #expect(stage.pane.contains("11:02 zoe: 100") || stage.pane.contains("11:02 zoe: 101"))
  }

  @Test
  func `is left by keys of the main view and kept by others`() {
    var stage = stage()
    stage.enter("/dm zoe")
    stage.press("Ctrl+S", "a", "Alt+1")
    #expect(stage.interface.overlays.isEmpty)
    #expect(stage.interface.tabs.currentIndex == 0)
    stage.press("Ctrl+S")
    stage.paste("is\nfull")
    #expect(stage.screen.rows[8] == "search› is full")
    #expect(stage.statusRow.hasPrefix(" 1 of 3 "))
    stage.press("F1", "Esc")
    #expect(stage.screen.rows[8] == "search› is full")
    stage.press("Enter")
    #expect(stage.takeCommands().last == .client(.search(1, in: .lobby, text: "is full", before: nil)))
  }

  @Test(arguments: [
    ("STRASSE", "straße strasse"), ("ÉTÉ", "un été"), ("你好", "你好吗"), ("café", "cafe\u{301}"),
    ("cafe\u{301}", "un café"),
    ("cafe", "Café!"), ("ｄｉｓｋ", "disk"), ("disk", "ＤＩＳＫ"), ("ﾃﾞｰﾀ", "データベース"), ("istanbul", "İSTANBUL"), ("한구", "한국어"),
    ("full disk", "a disk that is full"), ("“is full”", "it is full"), ("from:zoe x", "x"),
    ("from:Zoe\u{200b} x", ""),
    ("on:2026-11-22 x", "x"),
  ])
  func `finds other spellings`(needle: String, text: String) {
    var stage = Stage.online(60, 9)
    stage.say("zoe", text)
    stage.press("Ctrl+S")
    stage.type(needle)
    #expect(stage.statusRow.hasPrefix(text.isEmpty ? " not found here " : " 1 of 1 "))
  }

  @Test(
    arguments: [
      ("number 4", ["number 4", "4 is a number", "number 41", "number 14", "numbers 4"], 3),
      ("ada", ["Canada", "ada", "Adam"], 2),
      ("\"number 4\"", ["number 4", "number 41", "4 number"], 1), ("number", ["number", "numbers", "renumber"], 2),
      ("京", ["東京都", "東"], 1), ("from:zoe", ["a", "b"], 2), ("from:neha", ["a"], 0), ("!!", ["!!"], 0),
      ("before:2026-11-22", ["a"], 0),
    ] as [(String, [String], Int)])
  func `finds words like the server`(needle: String, texts: [String], count: Int) throws {
    var stage = Stage.online(60, 9)
    for text in texts { stage.say("zoe", text) }
    stage.press("Ctrl+S")
    stage.type(needle)
    #expect(stage.statusRow.hasPrefix(count == 0 ? " not found here " : " 1 of \(count) "))
    let terms = SearchQuery(needle).flatMap(SearchTerms.init)
    let author = Nickname(testing: "zoe")
    let found = texts.filter { text in
      terms.map { $0.allow(author: author) && $0.allow(time: .noon) && $0.allow(text: text) } ?? false
    }
    #expect(found.count == count)
  }

  @Test
  func `draws matches at any width`() {
    for width in [20, 24, 40, 60, 80, 100] {
      var stage = Stage.online(width, 12)
      stage.say("zoe", "a long line with 你好 and 你好吗, broken where it has to be: 你好")
      stage.press("Ctrl+S")
      stage.type("你")
      #expect(stage.style(of: "你") == Style(.standard, .reversed))
      #expect(stage.style(of: "and") == .plain)
    }
  }

  /// 5,000 lines in scripts that are slow to fold.
  private func long() -> Stage {
    var stage = Stage.online(80, 24)
    stage.sync(head: 0)
    let words = ["한국어", "を読みます", "Größe", "дискотека", "東京都", "ปลา", "Čeština", "ガ"]
    for number in 1...5000 {
      let text = (0..<6).map { words[(number + $0 * 3) % words.count] }.joined(separator: " ")
      stage.say("zoe", "\(text) \(number)", sequence: number)
    }
    return stage
  }

  @Test
  func `folds each line once and not with every key`() throws {
    var stage = long()
    stage.press("Ctrl+S")
    stage.type("größe")
    stage.press("↑", "Backspace", "↑")
    var search = try #require(stage.interface.overlays.top as? PaneSearch)
    #expect(search.texts.count == stage.interface.tabs.lobby.transcript.entries.count { $0.isSaid })
    #expect(search.matches.count > 1000)
    stage.say("zoe", "Größe once more", sequence: 5001)
    stage.press("↑")
    search = try #require(stage.interface.overlays.top as? PaneSearch)
    #expect(
      stage.interface.tabs.lobby.transcript.entry(withSequence: 5001).map { search.matches.contains($0.id) } == true)
  }

  @Test
  func `keeps no text of removed lines`() throws {
    var stage = Stage.online(80, 24)
    stage.press("Ctrl+S")
    stage.type("한")
    for number in 1...12_000 {
      stage.say("zoe", "한국어 \(number)")
      if number % 500 == 0 { stage.press("↑") }
    }
    let search = try #require(stage.interface.overlays.top as? PaneSearch)
    #expect(search.texts.kept <= 2 * stage.interface.tabs.lobby.transcript.entries.count)
  }
}
