import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct PaneSearchTests {
  private func harness(_ columns: Int = 60, _ rows: Int = 9) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows)
    harness.receiveHead(head: 200, mark: 200)
    let page = (101...200).map { number in
      var said = ChatMessage.numbered(number)
      if number % 40 == 0 { said.text = "The DISK is full, \(number)" }
      return said
    }
    harness.receive(.older(.lobby, page, hasMore: true))
    _ = harness.takeCommands()
    return harness
  }

  @Test
  func `pane search shows matches while typing, newest first, and continues from there`() {
    var harness = harness()
    harness.press("Ctrl+S")
    harness.type("disk")
    harness.expectScreen(
      """
       1 #lobby                                               1 ☺
       11:04  zoe     196
                      197
                      198
                      199
       11:04  zoe   ▶ The DISK is full, 200
       12:01  --      connected to localhost:4000 as neha
       1 of 3 · ↑ older ↓ newer · Enter: server · Esc     F1 help
       search› disk
      """)
    #expect(harness.style(of: "DISK") == Style(.standard, .reversed))
    #expect(harness.style(of: " is full") == .plain)
    #expect(harness.style(of: "11:04", fromRow: 5) == Style(.faint, .reversed))
    #expect(harness.screen.cursor == Screen.Position(row: 8, column: 13))
    harness.press("Ctrl+S")
    #expect(harness.statusRow.hasPrefix(" 2 of 3 "))
    #expect(harness.pane.contains(" 11:03  zoe   ▶ The DISK is full, 160"))
    harness.press("↑")
    #expect(harness.pane.contains(" 11:03  zoe   ▶ The DISK is full, 120"))
    #expect(harness.takeCommands() == [])
    harness.press("↑")
    #expect(harness.statusRow == " none before it is loaded; Enter asks the server")
    harness.press("Ctrl+R", "↓")
    #expect(harness.pane.contains(" 11:04  zoe   ▶ The DISK is full, 200"))
    harness.press("↓")
    #expect(harness.statusRow == " none after it")
  }

  @Test
  func `pane search narrows down, reports no match, stays with Esc, or returns with Ctrl+C`() {
    var harness = harness()
    let pane = harness.pane
    harness.press("Ctrl+S", "1", "2", "0")
    #expect(harness.statusRow.hasPrefix(" 1 of 1 "))
    harness.type("x")
    #expect(harness.statusRow.hasPrefix(" not found here "))
    harness.press("Backspace", "Esc")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.pane.contains(" 11:03  zoe   ▶ The DISK is full, 120"))
    #expect(harness.statusRow.hasPrefix(" ▼ "))
    // Later typing does not extend the search.
    harness.type("hi")
    #expect(harness.input == "hi")
    harness.press("Ctrl+C", "Esc")
    #expect(harness.pane == pane)
    harness.press("Ctrl+S", "1", "2", "0", "Ctrl+C")
    #expect(harness.statusRow.hasPrefix(" type what to look for "))
    harness.press("Ctrl+C")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.pane == pane)
  }

  @Test
  func `pane search starts at the scroll position`() {
    var harness = harness()
    for _ in 0..<8 { harness.press("PgUp") }
    harness.press("Ctrl+S")
    harness.type("full")
    #expect(harness.pane.contains(" 11:03  zoe   ▶ The DISK is full, 160"))
  }

  @Test
  func `pane search requests older messages near the first one`() {
    var harness = harness()
    harness.press("Ctrl+S")
    harness.type("10")
    for _ in 0..<9 { harness.press("↑") }
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: 101))])
    harness.receivePage(1...100, hasMore: false)
    harness.press("↑")
    #expect(harness.pane.contains(" 11:02  zoe   ▶ 100") || harness.pane.contains(" 11:02  zoe   ▶ 101"))
  }

  @Test
  func `pane search is left by keys of the main view and kept by others`() {
    var harness = harness()
    harness.enter("/dm zoe")
    harness.press("Ctrl+S", "a", "Alt+1")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.interface.tabs.currentIndex == 0)
    harness.press("Ctrl+S")
    harness.paste("is\nfull")
    #expect(harness.screen.rows[8] == " search› is full")
    #expect(harness.statusRow.hasPrefix(" 1 of 3 "))
    harness.press("F1", "Esc")
    #expect(harness.screen.rows[8] == " search› is full")
    harness.press("Enter")
    #expect(harness.takeCommands().last == .client(.search(1, in: .lobby, text: "is full", before: nil)))
  }

  @Test(arguments: [
    ("STRASSE", "straße strasse"), ("ÉTÉ", "un été"), ("你好", "你好吗"), ("café", "cafe\u{301}"),
    ("cafe\u{301}", "un café"),
    ("cafe", "Café!"), ("ｄｉｓｋ", "disk"), ("disk", "ＤＩＳＫ"), ("ﾃﾞｰﾀ", "データベース"), ("istanbul", "İSTANBUL"), ("한구", "한국어"),
    ("full disk", "a disk that is full"), ("“is full”", "it is full"), ("from:zoe x", "x"),
    ("from:Zoe\u{200b} x", ""),
    ("on:2026-11-22 x", "x"),
  ])
  func `pane search finds other spellings`(needle: String, text: String) {
    var harness = InterfaceHarness.online(60, 9)
    harness.receiveMessage(from: "zoe", text)
    harness.press("Ctrl+S")
    harness.type(needle)
    #expect(harness.statusRow.hasPrefix(text.isEmpty ? " not found here " : " 1 of 1 "))
  }

  @Test(
    arguments: [
      ("number 4", ["number 4", "4 is a number", "number 41", "number 14", "numbers 4"], 3),
      ("ada", ["Canada", "ada", "Adam"], 2),
      ("\"number 4\"", ["number 4", "number 41", "4 number"], 1), ("number", ["number", "numbers", "renumber"], 2),
      ("京", ["東京都", "東"], 1), ("from:zoe", ["a", "b"], 2), ("from:neha", ["a"], 0), ("!!", ["!!"], 0),
      ("before:2026-11-22", ["a"], 0),
    ] as [(String, [String], Int)])
  func `pane search finds words like the server`(needle: String, texts: [String], count: Int) throws {
    var harness = InterfaceHarness.online(60, 9)
    for text in texts { harness.receiveMessage(from: "zoe", text) }
    harness.press("Ctrl+S")
    harness.type(needle)
    #expect(harness.statusRow.hasPrefix(count == 0 ? " not found here " : " 1 of \(count) "))
    let terms = SearchQuery(needle).flatMap(SearchTerms.init)
    let author = Nickname(testing: "zoe")
    let found = texts.filter { text in
      terms.map { $0.allow(author: author) && $0.allow(time: .noon) && $0.allow(text: text) } ?? false
    }
    #expect(found.count == count)
  }

  @Test
  func `pane search draws matches at any width`() {
    for width in [20, 24, 40, 60, 80, 100] {
      var harness = InterfaceHarness.online(width, 12)
      harness.receiveMessage(from: "zoe", "a long line with 你好 and 你好吗, broken where it has to be: 你好")
      harness.press("Ctrl+S")
      harness.type("你")
      #expect(harness.style(of: "你") == Style(.standard, .reversed))
      #expect(harness.style(of: "and") == .plain)
    }
  }

  @Test
  func `a phrase is marked across formats, links and rows, and in blocks of code`() {
    var harness = InterfaceHarness.online(40, 16)
    harness.receiveMessage(from: "zoe", "a *bold* word, and _more_")
    harness.receiveMessage(from: "zoe", "read https://a.example now")
    harness.receiveMessage(from: "zoe", "this line is just as long as bold word is")
    harness.receiveMessage(from: "zoe", "x\n```\nno bold word\n```")
    harness.press("Ctrl+S")
    harness.type("\"bold word\"")
    #expect(harness.style(of: "*bold") == .dim)
    #expect(harness.style(of: "bold*") == Style(.standard, [.bold, .reversed]))
    #expect(harness.style(of: "* word") == Style(.faint, .reversed))
    #expect(harness.style(of: "word, and") == Style(.standard, .reversed))
    #expect(harness.style(of: ", and") == .plain)
    #expect(harness.style(of: "no bold word") == .plain)
    #expect(harness.style(of: "bold word", fromRow: 9) == Style(.standard, .reversed), "\(harness.pane)")
    #expect(harness.style(of: "word is") == Style(.standard, .reversed), "\(harness.pane)")
    harness.press("Ctrl+U")
    harness.type("\"read https\"")
    #expect(harness.style(of: "read") == Style(.standard, .reversed))
    #expect(harness.style(of: "https") == Style(.standard, [.underlined, .reversed]))
    #expect(harness.style(of: "://a") == Style(.standard, .underlined))
  }

  /// 5,000 lines in scripts that are slow to fold.
  private func long() -> InterfaceHarness {
    var harness = InterfaceHarness.online(80, 24)
    harness.receiveHead(head: 0)
    let words = ["한국어", "を読みます", "Größe", "дискотека", "東京都", "ปลา", "Čeština", "ガ"]
    for number in 1...5000 {
      let text = (0..<6).map { words[(number + $0 * 3) % words.count] }.joined(separator: " ")
      harness.receiveMessage(from: "zoe", "\(text) \(number)", sequence: number)
    }
    return harness
  }

  @Test
  func `pane search folds each line once and not with every key`() throws {
    var harness = long()
    harness.press("Ctrl+S")
    harness.type("größe")
    harness.press("↑", "Backspace", "↑")
    var search = try #require(harness.interface.overlays.top as? PaneSearch)
    #expect(search.texts.texts.count == harness.interface.tabs.lobby.transcript.entries.count { $0.isSaid })
    #expect(search.matches.count > 1000)
    harness.receiveMessage(from: "zoe", "Größe once more", sequence: 5001)
    harness.press("↑")
    search = try #require(harness.interface.overlays.top as? PaneSearch)
    #expect(
      harness.interface.tabs.lobby.transcript.entry(withSequence: 5001).map { search.matches.contains($0.id) } == true)
  }

  @Test
  func `pane search keeps no text of lines that are gone`() throws {
    var harness = InterfaceHarness.online(80, 24)
    harness.press("Ctrl+S")
    harness.type("한")
    for number in 1...12_000 {
      harness.receiveMessage(from: "zoe", "한국어 \(number)")
      if number % 500 == 0 { harness.press("↑") }
    }
    let search = try #require(harness.interface.overlays.top as? PaneSearch)
    #expect(search.texts.texts.count <= 2 * harness.interface.tabs.lobby.transcript.entries.count)
  }
}
