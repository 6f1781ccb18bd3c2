import TestSupport
import Testing

@testable import ChatUI

@Suite
struct HelpScreenTests {
  @Test
  func `help at 80 by 24`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.press("F1")
    harness.expectScreen(
      """
       1 #lobby                                                                   1 ☺
      Tabs
       Alt+1 … Alt+9, Alt+0           tab 1 to 9, tab 10
       Ctrl+N Ctrl+P, Alt+→ Alt+←     next, previous tab
       Alt+A                          next tab with something new, then back
       Alt+J                          go to a tab by its number
       Alt+/                          the tab before this one
       Ctrl+G, Alt+K                  go to a tab, room, person or server

      Reading
       PgUp PgDn                      scroll by a page
       Alt+Home Alt+End               oldest, newest
       Alt+U                          first unread line
       Alt+P Alt+N                    mention before, after
       Ctrl+S                         search this tab, Enter: on the server
       Alt+S                          the list of search results again
       F3 Shift+F3                    next, previous search result
       Ctrl+O                         copy a link
       Alt+L                          only the text, to copy it

      Typing
       Enter                          send
       PgDn: more · any other key: back
       #lobby›
      """)
    harness.press("End")
    harness.expectScreen(
      """
       1 #lobby                                                                   1 ☺
       /close                         close this tab, and leave its room
       /clear                         clear this pane
       /share                         show the command to connect, and copy it
       /tab NUMBER|NAME               go to a tab by its number or name: work/#dev
       /to #ROOM|NAME                 write to a room or a person from now on
       /help                          show keys and commands
       /quit                          leave

      For operators
       /kick NAME [REASON]            disconnect a member
       /ban WHO [SPAN] [REASON]       ban a name, address, network or key:…
       /unban WHO                     lift a ban
       /mute NAME [SPAN] [REASON]     mute a member; SPAN: 30m 12h 7d 2w
       /unmute NAME                   lift a mute
       /bans                          list bans and mutes
       /slow SECONDS                  limit messages here to one per SECONDS; 0: off
       /delete #ROOM [REASON]         delete a room and its messages
       /op NAME                       make a member an operator
       /deop NAME                     remove an operator
       /ops                           list the operators
       /audit [NUMBER]                list the latest operator actions
       any other key: back
       #lobby›
      """)
    harness.press("x")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.input.isEmpty)
  }

  @Test
  func `help at 40 by 10, page by page`() {
    var harness = InterfaceHarness.online(40, 10)
    harness.enter("/help")
    harness.press("PgDn", "PgDn", "↑")
    harness.expectScreen(
      """
       1 #lobby                           1 ☺
                           one
       Ctrl+G, Alt+K       go to a tab, room,
                           person or server

      Reading
       PgUp PgDn           scroll by a page
       Alt+Home Alt+End    oldest, newest
       PgDn: more · any other key: back
       #lobby›
      """)
  }

  @Test(.computing)
  func `help at 20 by 5, row by row to the end`() {
    var harness = InterfaceHarness.online(20, 5)
    harness.press("F1")
    harness.expectScreen(
      """
       1 #lobby       1 ☺
      Tabs
       Alt+1 … Alt+9,
       PgDn: more
      ›
      """)
    var seen: Set<String> = []
    for _ in 0..<500 {
      harness.screen.rows[1...2].forEach { seen.insert($0) }
      harness.press("↓")
    }
    for row in HelpPage.rows(width: 20) { #expect(seen.contains(row.text), "\(row.text)") }
    harness.press("End", "↓", "Home")
    #expect(harness.interface.overlays.top as? HelpPage == HelpPage())
  }

  @Test
  func `help returns to the overlay that was open`() {
    var harness = InterfaceHarness(80, 24)
    harness.receive(.nameRefused(.init(testing: "neha"), .taken, suggestion: .init(testing: "neha2")))
    harness.advanceClock(by: 1)
    harness.press("F1", "Esc")
    #expect(harness.screen.rows[23] == " name› neha2")
    harness.press("F1")
    harness.goOnline()
    harness.press("Esc")
    #expect(harness.interface.overlays.isEmpty)
  }
}
