import Testing

@testable import ChatUI

@Suite("Help")
struct HelpScreenTests {
  @Test("at 80 by 24")
  func standard() {
    var stage = Stage.online(80, 24)
    stage.press("F1")
    stage.expectScreen(
      """
       1 #lobby
      Tabs
       Alt+1 … Alt+9, Alt+0           tab 1 to 9, tab 10
       Ctrl+N Ctrl+P, Alt+→ Alt+←     next, previous tab
       Alt+A                          next tab with something new
       Alt+/                          the tab before this one
       Ctrl+G, Alt+K                  go to a tab, room or person by name

      Reading
       PgUp PgDn                      scroll by a page
       Alt+Home Alt+End               oldest, newest
       Alt+U                          first unread line
       Alt+P Alt+N                    mention before, after
       Ctrl+S                         search this tab, Enter: on the server

      Typing
       Enter                          send
       Alt+Enter                      begin a new line
       Tab Shift+Tab                  complete a name or command
       ↑ ↓                            what was sent before
       Ctrl+R                         search what was sent before
       Ctrl+A Ctrl+E, Home End        start, end
       PgDn: more · any other key: back
      ›
      """)
    stage.press("End")
    stage.expectScreen(
      """
       1 #lobby
       Esc                            close what is open, back to the newest

      Commands
       /dm NAME [TEXT]                write to one person, in a tab of their own
       /me TEXT                       say what you do: * neha waves
       /join [#ROOM]                  go into a room; one that nobody is in is made
       /part [#ROOM]                  leave a room, and close its tab
       /rooms                         list the rooms
       /topic [TEXT]                  show the room's topic, set it; - takes it away
       /search WORDS                  find what was said, from:NAME in:#ROOM on:DAY
       /who                           list who is here
       /ping                          measure the way to the server
       /name NAME                     use another name
       /connect HOST[:PORT]           join another server
       /away [TEXT]                   say that you are away, and why
       /back                          say that you are back
       /close                         close this tab, and leave its room
       /clear                         clear this pane
       /help                          keys and commands
       /quit                          leave
       //text                         send a text that begins with a slash
       any other key: back
      ›
      """)
    stage.press("x")
    #expect(stage.interface.mode == .chatting)
    #expect(stage.input.isEmpty)
  }

  @Test("at 40 by 10, page by page")
  func narrow() {
    var stage = Stage.online(40, 10)
    stage.enter("/help")
    stage.press("PgDn", "PgDn", "↑")
    stage.expectScreen(
      """
       1 #lobby

      Reading
       PgUp PgDn           scroll by a page
       Alt+Home Alt+End    oldest, newest
       Alt+U               first unread line
       Alt+P Alt+N         mention before,
                           after
       PgDn: more · any other key: back
      ›
      """)
  }

  @Test("at 20 by 5, row by row to the end")
  func tiny() {
    var stage = Stage.online(20, 5)
    stage.press("F1")
    stage.expectScreen(
      """
       1 #lobby
      Tabs
       Alt+1 … Alt+9,
       PgDn: more
      ›
      """)
    var seen: Set<String> = []
    for _ in 0..<500 {
      stage.screen.rows[1...2].forEach { seen.insert($0) }
      stage.press("↓")
    }
    for row in stage.interface.helpRows(width: 20) { #expect(seen.contains(row.text), "\(row.text)") }
    stage.press("End", "↓", "Home")
    #expect(stage.interface.mode == .help(scroll: 0, over: .chatting))
  }

  @Test("goes back to what was open")
  func nested() {
    var stage = Stage(80, 24)
    stage.hear(.nameRefused(.init(testing: "neha"), reason: "taken", suggestion: .init(testing: "neha2")))
    stage.press("F1", "Esc")
    #expect(stage.screen.rows[23] == "name› neha2")
    stage.press("F1")
    stage.hear(.online(.init(testing: "neha"), place: "localhost:4000", isPlain: false))
    stage.press("Esc")
    #expect(stage.interface.mode == .chatting)
  }
}
