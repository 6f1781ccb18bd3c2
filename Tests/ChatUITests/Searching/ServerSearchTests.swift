import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct ServerSearchTests {
  private func asked(_ line: String) -> InterfaceCommand? {
    var harness = InterfaceHarness.online(80, 10)
    harness.enter("/dm zoe")
    _ = harness.takeCommands()
    harness.enter(line)
    return harness.takeCommands().first
  }

  @Test
  func `server search covers all conversations or one`() {
    #expect(asked("/search disk full") == .client(.search(1, in: nil, text: "disk full", before: nil)))
    #expect(
      asked("/search from:neha \"a phrase\" after:2026-11-01")
        == .client(.search(1, in: nil, text: "from:neha \"a phrase\" after:2026-11-01", before: nil)))
    #expect(asked("/search in:#garden disk") == .client(.search(1, in: .garden, text: "disk", before: nil)))
    #expect(
      asked("/search disk in:here") == .client(.search(1, in: Target(testing: "@zoe"), text: "disk", before: nil)))
    for line in ["/search", "/search in:garden disk", "/search in:here", "/search after:yesterday", "/search !!"] {
      #expect(asked(line) == nil, "\(line)")
    }
  }

  @Test
  func `a search that says nothing to search for is explained with what users type`() {
    for input in ["!!", "after:yesterday"] {
      var harness = InterfaceHarness.online(160, 10)
      harness.enter("/search \(input)")
      #expect(
        harness.pane.last?.hasSuffix(
          "cannot search for that: a search takes words with letters or digits, from:NAME, and after:, before: or on:YYYY-MM-DD"
        )
          == true, "\(harness.pane)")
    }
  }

  @Test
  func `server search needs a connection`() {
    var harness = InterfaceHarness.online(140, 10)
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(9))))
    harness.enter("/search disk")
    #expect(harness.takeCommands() == [])
    #expect(harness.pane.last?.hasSuffix("not connected: only what is loaded can be searched, with Ctrl+S") == true)
  }

  @Test
  func `server search lists results page by page while scrolling`() {
    var harness = InterfaceHarness.online(80, 9)
    harness.enter("/search disk full")
    #expect(harness.screen.rows[1] == " “disk full”  asking the server…")
    _ = harness.takeCommands()
    harness.receive(.found(1, [ChatMessage].found(301...302) + .found(1...18, in: "#garden"), hasMore: true))
    harness.expectScreen(
      """
       1 #lobby                                                                   1 ☺
       “disk full”  20+ found
       22 Nov 11:06 #lobby       zoe          disk full, 302
       22 Nov 11:06 #lobby       zoe          disk full, 301
       22 Nov 11:01 #garden      zoe          disk full, 18
       22 Nov 11:01 #garden      zoe          disk full, 17
       22 Nov 11:01 #garden      zoe          disk full, 16
       Enter: go there · PgDn: more · Esc
       #lobby›
      """)
    #expect(harness.style(of: " 22 Nov 11:06 #lobby       zoe          disk full, 302") == .reversed)
    #expect(harness.style(of: "disk full, 302") == .bold, "a match in the selected row is bold and not reversed")
    #expect(harness.style(of: ", 302") == .reversed)
    #expect(harness.style(of: "disk full, 301") == .reversed)
    #expect(harness.style(of: ", 301") == .plain)
    harness.press("PgDn", "PgDn")
    #expect(harness.takeCommands() == [])
    harness.press("PgDn")
    #expect(harness.takeCommands() == [.client(.search(1, in: nil, text: "disk full", before: 1))])
    #expect(harness.screen.rows[1] == " “disk full”  asking for more…")
    harness.press("PgDn", "End")
    #expect(harness.takeCommands() == [])
    harness.receive(.found(2, .found(1...5), hasMore: false))
    harness.receive(.found(1, [], hasMore: true))
    #expect(harness.screen.rows[1] == " “disk full”  20 found")
    harness.press("Esc")
    #expect(harness.interface.overlays.isEmpty)
    harness.receive(.found(1, .found(1...5), hasMore: false))
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test
  func `server search reports that the search took too long, and continues on request`() {
    var harness = InterfaceHarness.online(80, 9)
    harness.enter("/search disk full")
    _ = harness.takeCommands()
    harness.receive(.found(1, [], hasMore: false, stoppedBefore: 500))
    #expect(harness.screen.rows[1] == " “disk full”  nothing found so far; the search took too long")
    #expect(harness.screen.rows[7] == " PgDn: search on · Esc: back")
    harness.press("PgDn")
    #expect(harness.takeCommands() == [.client(.search(1, in: nil, text: "disk full", before: 500))])
    harness.receive(.found(1, .found(11...12), hasMore: false, stoppedBefore: 10))
    #expect(harness.screen.rows[1] == " “disk full”  2 found so far; the search took too long")
    harness.press("↓", "↓")
    #expect(harness.takeCommands() == [.client(.search(1, in: nil, text: "disk full", before: 10))])
    harness.receive(.found(1, [], hasMore: false))
    #expect(harness.screen.rows[1] == " “disk full”  2 found")
  }

  @Test
  func `server search at 40 by 10 and 20 by 5`() {
    var harness = InterfaceHarness.online(40, 10)
    harness.enter("/search disk full")
    var old = [ChatMessage].found(3...4)
    old[1].time = Timestamp(milliseconds: Timestamp.noon.milliseconds - 400 * 86_400_000)
    harness.receive(.found(1, [ChatMessage].found(18...19, in: "#garden") + old, hasMore: false))
    harness.press("↓")
    harness.expectScreen(
      """
       1 #lobby                           1 ☺
       “disk full”  4 found
       22 Nov 11:01 #garden
         zoe: disk full, 19
       22 Nov 11:01 #garden
         zoe: disk full, 18
       22 Nov 11:01 #lobby
         zoe: disk full, 4
       Enter: go there · Esc
       #lobby›
      """)
    harness.press("End")
    #expect(harness.screen.rows[6] == " 2025-10-18 12:01 #lobby")
    harness.resize(20, 5)
    harness.expectScreen(
      """
       1 #lobby       1 ☺
       “disk ful…  4 found
       2025-10-18 12:01 …
       Enter: go there
      ›
      """)
  }

  @Test
  func `server search explains a failure`() {
    var harness = InterfaceHarness.online(80, 9)
    harness.enter("/search disk")
    harness.receive(.searchFailed(1, reason: "The server cannot read what was said before at the moment."))
    #expect(harness.screen.rows[1] == " “disk”  The server cannot read what was said before at the moment.")
    #expect(harness.screen.rows[7] == " Esc: back")
    harness.press("Enter", "↓")
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(9))))
    #expect(harness.screen.rows[1] == " “disk”  The connection was lost.")
    harness.press("Esc")
    harness.goOnline()
    harness.enter("/search disk")
    harness.receive(.found(2, [], hasMore: false))
    #expect(harness.screen.rows[1] == " “disk”  nothing was found")
  }

  @Test
  func `server search goes to a loaded result`() {
    var harness = InterfaceHarness.online(80, 9)
    harness.receive(.roomJoined(RoomName(testing: "#garden")))
    harness.receiveHead("#garden", head: 100, mark: 100)
    harness.receive(.older(.garden, .found(1...100, in: "#garden").reversed(), hasMore: false))
    harness.enter("/search full")
    harness.receive(.found(1, .found(1...100, in: "#garden"), hasMore: false))
    for _ in 0..<49 { harness.press("↓") }
    harness.press("Enter")
    #expect(harness.interface.tabs.current.target == .garden)
    harness.expectScreen(
      """
       1 #lobby  2 #garden
       11:01  zoe     disk full, 48
                      disk full, 49
                      disk full, 50
       11:01  zoe   ▶ disk full, 51
                      disk full, 52
                      disk full, 53
       ▼ 47 below · result 50 of 100, F3 next, Alt+S list                     F1 help
       #garden›
      """)
    #expect(harness.style(of: "full", fromRow: 3) == Style(.standard, .reversed))
    harness.press("Esc")
    #expect(harness.style(of: "full", fromRow: 3) == .plain)
    #expect(!harness.screen.rows.joined().contains("▶"))
  }

  @Test
  func `the jump to a result requests older messages until it is loaded`() {
    var harness = InterfaceHarness.online(80, 9)
    harness.receiveHead(head: 500, mark: 500)
    harness.receivePage(401...500)
    harness.enter("/search x")
    harness.receive(.found(1, .found(123...123), hasMore: false))
    _ = harness.takeCommands()
    harness.press("Enter")
    #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: 401))])
    #expect(harness.statusRow == " on the way back to it… Esc stops")
    for first in [301, 201] {
      harness.receivePage(first...(first + 99))
      #expect(harness.takeCommands() == [.client(.showOlder(.lobby, before: first))])
    }
    harness.receivePage(101...200)
    #expect(harness.takeCommands() == [])
    #expect(harness.pane.contains { $0.contains("▶ 123") })
  }

  @Test
  func `the jump to a result stops when the user leaves, no page arrives, or the message is gone`() {
    func started() -> InterfaceHarness {
      var harness = InterfaceHarness.online(80, 9)
      harness.enter("/dm zoe")
      harness.press("Alt+1")
      harness.receiveHead(head: 500, mark: 500)
      harness.receivePage(401...500)
      harness.enter("/search x")
      harness.receive(.found(1, .found(123...123), hasMore: false))
      harness.press("Enter")
      _ = harness.takeCommands()
      return harness
    }
    var harness = started()
    harness.press("Esc")
    harness.receivePage(301...400)
    #expect(harness.takeCommands() == [])
    harness = started()
    harness.press("Alt+2")
    harness.receivePage(301...400)
    #expect(harness.takeCommands() == [])
    harness = started()
    for _ in 0..<20 { harness.receivePage(401...500) }
    #expect(harness.takeCommands().count < 10)
    #expect(harness.statusRow.contains("too far back"))
    harness = started()
    harness.receivePage(301...400, hasMore: false)
    #expect(harness.takeCommands() == [])
    harness = started()
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(9))))
    harness.receive(.reset(.lobby))
    #expect(harness.takeCommands() == [])
  }

  @Test
  func `server search keeps a bounded number of results`() {
    var harness = InterfaceHarness.online(80, 9)
    harness.enter("/search x")
    for page in 0..<60 {
      harness.receive(.found(1, .found((10_000 - page * 50 - 49)...(10_000 - page * 50)), hasMore: true))
      harness.press("End")
    }
    #expect(harness.screen.rows[1].contains("2000 found"))
  }
}
