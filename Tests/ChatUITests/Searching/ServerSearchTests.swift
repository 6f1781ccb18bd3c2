import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Searching the server.
@Suite
struct ServerSearchTests {
  private let garden = Target(testing: "#garden")

  /// Numbered messages in descending order, as the server finds them.
  private func found(_ numbers: ClosedRange<Int>, in target: String = "#lobby") -> [ChatMessage] {
    numbers.reversed().map { number in
      var said = ChatMessage.numbered(number, in: target)
      said.text = "disk full, \(number)"
      return said
    }
  }

  private func asked(_ line: String) -> InterfaceCommand? {
    var stage = Stage.online(80, 10)
    stage.enter("/dm zoe")
    _ = stage.takeCommands()
    stage.enter(line)
    return stage.takeCommands().first
  }

  @Test
  func `covers all conversations or one`() {
    #expect(asked("/search disk full") == .client(.search(1, in: nil, text: "disk full", before: nil)))
    #expect(
      asked("/search from:neha \"a phrase\" after:2026-11-01")
        == .client(.search(1, in: nil, text: "from:neha \"a phrase\" after:2026-11-01", before: nil)))
    #expect(asked("/search in:#garden disk") == .client(.search(1, in: garden, text: "disk", before: nil)))
    #expect(
      asked("/search disk in:here") == .client(.search(1, in: Target(testing: "@zoe"), text: "disk", before: nil)))
    for line in ["/search", "/search in:garden disk", "/search in:here", "/search after:yesterday", "/search !!"] {
      #expect(asked(line) == nil, "\(line)")
    }
  }

  @Test
  func `needs a connection`() {
    var stage = Stage.online(140, 10)
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(9))))
    stage.enter("/search disk")
    #expect(stage.takeCommands() == [])
    #expect(stage.pane.last?.hasSuffix("not connected: only what is loaded can be searched, with Ctrl+S") == true)
  }

  @Test
  func `lists results page by page while scrolling`() {
    var stage = Stage.online(80, 9)
    stage.enter("/search disk full")
    #expect(stage.screen.rows[1] == " “disk full”  asking the server…")
    _ = stage.takeCommands()
    stage.hear(.found(1, found(301...302) + found(1...18, in: "#garden"), hasMore: true))
    stage.expectScreen(
      """
       1 #lobby
       “disk full”  20+ found
       22 Nov 11:06 #lobby       zoe          disk full, 302
       22 Nov 11:06 #lobby       zoe          disk full, 301
       22 Nov 11:01 #garden      zoe          disk full, 18
       22 Nov 11:01 #garden      zoe          disk full, 17
       22 Nov 11:01 #garden      zoe          disk full, 16
       Enter: go there · PgDn: more · Esc
      ›
      """)
    #expect(stage.style(of: " 22 Nov 11:06 #lobby       zoe          disk full, 302") == .reversed)
    #expect(stage.style(of: "disk full, 302") == .bold, "a match in the chosen row is not reversed")
    #expect(stage.style(of: ", 302") == .reversed)
    #expect(stage.style(of: "disk full, 301") == .reversed)
    #expect(stage.style(of: ", 301") == .plain)
    stage.press("PgDn", "PgDn")
    #expect(stage.takeCommands() == [])
    stage.press("PgDn")
    #expect(stage.takeCommands() == [.client(.search(1, in: nil, text: "disk full", before: 1))])
    #expect(stage.screen.rows[1] == " “disk full”  asking for more…")
    stage.press("PgDn", "End")
    #expect(stage.takeCommands() == [])
    stage.hear(.found(2, found(1...5), hasMore: false))
    stage.hear(.found(1, [], hasMore: true))
    #expect(stage.screen.rows[1] == " “disk full”  20 found")
    stage.press("Esc")
    #expect(stage.interface.overlays.isEmpty)
    stage.hear(.found(1, found(1...5), hasMore: false))
    #expect(stage.interface.overlays.isEmpty)
  }

  @Test
  func `reports that the search took too long, and continues on request`() {
    var stage = Stage.online(80, 9)
    stage.enter("/search disk full")
    _ = stage.takeCommands()
    stage.hear(.found(1, [], hasMore: false, stoppedBefore: 500))
    #expect(stage.screen.rows[1] == " “disk full”  nothing found so far; the search took too long")
    #expect(stage.screen.rows[7] == " PgDn: search on · Esc: back")
    stage.press("PgDn")
    #expect(stage.takeCommands() == [.client(.search(1, in: nil, text: "disk full", before: 500))])
    stage.hear(.found(1, found(11...12), hasMore: false, stoppedBefore: 10))
    #expect(stage.screen.rows[1] == " “disk full”  2 found so far; the search took too long")
    stage.press("↓", "↓")
    #expect(stage.takeCommands() == [.client(.search(1, in: nil, text: "disk full", before: 10))])
    stage.hear(.found(1, [], hasMore: false))
    #expect(stage.screen.rows[1] == " “disk full”  2 found")
  }

  @Test
  func `at 40 by 10 and 20 by 5`() {
    var stage = Stage.online(40, 10)
    stage.enter("/search disk full")
    var old = found(3...4)
    old[1].time = Timestamp(milliseconds: Timestamp.noon.milliseconds - 400 * 86_400_000)
    stage.hear(.found(1, found(18...19, in: "#garden") + old, hasMore: false))
    stage.press("↓")
    stage.expectScreen(
      """
       1 #lobby
       “disk full”  4 found
       22 Nov 11:01 #garden
         zoe: disk full, 19
       22 Nov 11:01 #garden
         zoe: disk full, 18
       22 Nov 11:01 #lobby
         zoe: disk full, 4
       Enter: go there · Esc
      ›
      """)
    stage.press("End")
    #expect(stage.screen.rows[6] == " 2025-10-18 12:01 #lobby")
    stage.resize(20, 5)
    stage.expectScreen(
      """
       1 #lobby
       “disk ful…  4 found
       2025-10-18 12:01 …
       Enter: go there
      ›
      """)
  }

  @Test
  func `explains a failure`() {
    var stage = Stage.online(80, 9)
    stage.enter("/search disk")
    stage.hear(.searchFailed(1, reason: "The server cannot read what was said before at the moment."))
    #expect(stage.screen.rows[1] == " “disk”  The server cannot read what was said before at the moment.")
    #expect(stage.screen.rows[7] == " Esc: back")
    stage.press("Enter", "↓")
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(9))))
    #expect(stage.screen.rows[1] == " “disk”  The connection was lost.")
    stage.press("Esc")
    stage.connect()
    stage.enter("/search disk")
    stage.hear(.found(2, [], hasMore: false))
    #expect(stage.screen.rows[1] == " “disk”  nothing was found")
  }

  @Test
  func `goes to a loaded result`() {
    var stage = Stage.online(80, 9)
    stage.hear(.roomJoined(RoomName(testing: "#garden")))
    stage.sync("#garden", head: 100, mark: 100)
    stage.hear(.older(garden, found(1...100, in: "#garden").reversed(), hasMore: false))
    stage.enter("/search full")
    stage.hear(.found(1, found(1...100, in: "#garden"), hasMore: false))
    for _ in 0..<49 { stage.press("↓") }
    stage.press("Enter")
    #expect(stage.interface.tabs.current.target == garden)
    stage.expectScreen(
      """
       1 #lobby  2 #garden
      11:01        zoe │ disk full, 48                                │
      11:01        zoe │ disk full, 49                                │
      11:01        zoe │ disk full, 50                                │
      11:01        zoe ▶ disk full, 51                                │
      11:01        zoe │ disk full, 52                                │
      11:01        zoe │ disk full, 53                                │
       ▼ 47 below · neha · localhost:4000       Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    #expect(stage.style(of: "full", fromRow: 3) == Style(.standard, .reversed))
    stage.press("Esc")
    #expect(stage.style(of: "full", fromRow: 3) == .plain)
    #expect(!stage.screen.rows.joined().contains("▶"))
  }

  @Test
  func `requests older messages until the result is loaded`() {
    var stage = Stage.online(80, 9)
    stage.sync(head: 500, mark: 500)
    stage.page(401...500)
    stage.enter("/search x")
    stage.hear(.found(1, found(123...123), hasMore: false))
    _ = stage.takeCommands()
    stage.press("Enter")
    #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: 401))])
    #expect(stage.statusRow == " on the way back to it… Esc stops")
    for first in [301, 201] {
      stage.page(first...(first + 99))
      #expect(stage.takeCommands() == [.client(.showOlder(.lobby, before: first))])
    }
    stage.page(101...200)
    #expect(stage.takeCommands() == [])
    #expect(stage.pane.contains { $0.contains("▶ 123") })
  }

  @Test
  func `stops when the user leaves, no page arrives, or the message is gone`() {
    func started() -> Stage {
      var stage = Stage.online(80, 9)
      stage.enter("/dm zoe")
      stage.press("Alt+1")
      stage.sync(head: 500, mark: 500)
      stage.page(401...500)
      stage.enter("/search x")
      stage.hear(.found(1, found(123...123), hasMore: false))
      stage.press("Enter")
      _ = stage.takeCommands()
      return stage
    }
    var stage = started()
    stage.press("Esc")
    stage.page(301...400)
    #expect(stage.takeCommands() == [])
    stage = started()
    stage.press("Alt+2")
    stage.page(301...400)
    #expect(stage.takeCommands() == [])
    stage = started()
    for _ in 0..<20 { stage.page(401...500) }
    #expect(stage.takeCommands().count < 10)
    #expect(stage.statusRow.contains("too far back"))
    stage = started()
    stage.page(301...400, hasMore: false)
    #expect(stage.takeCommands() == [])
    stage = started()
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(9))))
    stage.hear(.reset(.lobby))
    #expect(stage.takeCommands() == [])
  }

  @Test
  func `keeps a bounded number of results`() {
    var stage = Stage.online(80, 9)
    stage.enter("/search x")
    for page in 0..<60 {
      stage.hear(.found(1, found((10_000 - page * 50 - 49)...(10_000 - page * 50)), hasMore: true))
      stage.press("End")
    }
    #expect(stage.screen.rows[1].contains("2000 found"))
  }
}
