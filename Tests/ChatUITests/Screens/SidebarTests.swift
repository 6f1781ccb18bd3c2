import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct SidebarTests {
  private let people = (1...30).map { $0 < 10 ? "p0\($0)" : "p\($0)" }

  @Test
  func `lists the users who are here, and then those who are away`() {
    var harness = InterfaceHarness.online(100, 12, with: ["zoe", "Akash", "李雷", "averyverylongname", "bela", "kim"])
    harness.receive(.away(Nickname(testing: "zoe"), text: ""), .away(Nickname(testing: "bela"), text: "lunch"))
    harness.receive(.guest(Nickname(testing: "kim")))
    harness.advanceClock(by: 12 * 60)
    harness.receiveDirectMessage(from: "Akash", "psst")
    harness.expectScreen(
      """
       1 #lobby  2 @Akash•1                                                                           7 ☺
                                                                                      ● Akash          •1
                                                                                      ● averyverylongname
                                                                                      ● ~kim
                                                                                      ● neha          you
                                                                                      ● 李雷
      ────────────────────────── Sunday, 22 November 2026 ──────────────────────────  ◌ bela        lunch
       12:01      --   connected to localhost:4000 as neha                            ○ zoe        12 min
                   ·   zoe is away
                   ·   bela is away: lunch
       neha · localhost:4000                                                                      F1 help
       #lobby›
      """)
    #expect(harness.style(of: "zoe  ") == .dim)
    #expect(harness.style(of: "neha  ") == Style(.own))
    #expect(harness.style(of: "Akash  ") == Nickname(testing: "akash").style)
    #expect(harness.style(of: "•1", fromRow: 1) == Style(.highlight, .bold))
    harness.receive(.back(Nickname(testing: "zoe")))
    #expect(harness.style(of: "zoe  ") == Nickname(testing: "zoe").style)
  }

  @Test
  func `tells for how long users have been away`() {
    for (seconds, shown) in [(59, "away"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (259_200, "3 d")]
      as [(Int64, String)]
    {
      var harness = InterfaceHarness.online(100, 8, with: ["zoe"])
      harness.receive(.away(Nickname(testing: "zoe"), text: "away"))
      harness.advanceClock(by: seconds)
      #expect(harness.screen.rows.contains { $0.contains("○ zoe ") && $0.hasSuffix(" " + shown) })
      // A new away text does not start the time again.
      harness.receive(.away(Nickname(testing: "zoe"), text: "tea"), .away(Nickname(testing: "zoe"), text: ""))
      #expect(harness.screen.rows.contains { $0.contains("○ zoe ") && $0.hasSuffix(" " + shown) })
      harness.receiveLeave("zoe")
      let people = ["neha", "zoe"].map { Person(Nickname(testing: $0), away: "") }
      harness.receive(.roster(.lobby, people))
      #expect(harness.screen.rows.contains { $0.contains("○ zoe ") && $0.hasSuffix(" away") })
    }
  }

  @Test
  func `the sidebar shows the number of users that do not fit`() {
    InterfaceHarness.online(100, 9, with: people).expectScreen(
      """
       1 #lobby                                                                                      31 ☺
                                                                                      ● neha          you
                                                                                      ● p01
                                                                                      ● p02
                                                                                      ● p03
      ────────────────────────── Sunday, 22 November 2026 ──────────────────────────  ● p04
       12:01      --   connected to localhost:4000 as neha                              +26 more
       neha · localhost:4000                                                                      F1 help
       #lobby›
      """)
  }

  @Test(arguments: [(100, 9), (80, 9), (40, 10)])
  func `the sidebar lets the user choose a name`(columns: Int, rows: Int) {
    var harness = InterfaceHarness.online(columns, rows, with: people)
    harness.press("F6", "↓", "↓", "↓", "↓", "↓")
    #expect(harness.style(of: "● p05") == .reversed)
    let row = harness.screen.cursor.map { harness.screen.rows[$0.row] }
    #expect(row?.contains("● p05") == true)
    harness.press("End", "↑")
    #expect(harness.style(of: "● p29") == .reversed)
    harness.press("Enter")
    #expect(harness.interface.tabs.current.target == .person(Nickname(testing: "p29")))
    #expect(harness.screen.cursor != nil)
  }

  @Test
  func `is laid over the transcript where there is no space beside it`() {
    var harness = InterfaceHarness.online(80, 9, with: people)
    harness.receiveMessage(from: "p01", "a line that is long enough to reach the other edge of the screen, and more")
    harness.press("F8", "↓", "↓", "↓", "↓", "↓")
    harness.expectScreen(
      """
       1 #lobby                                                                  31 ☺
                                                             ● p03
                                                             ● p04
      ─────────────────────────── Sunday, 22 November 2026 ─ ● p05
       12:01  --      connected to localhost:4000 as neha    ● p06
              p01     a line that is long enough to reach th ● p07
                      screen, and more                         6 of 31
       ↑ ↓ choose · Enter writes to them · Esc                                F1 help
       #lobby›
      """)
    harness.press("F8")
    harness.expectScreen(
      """
       1 #lobby                                                                  31 ☺


      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  --      connected to localhost:4000 as neha
              p01     a line that is long enough to reach the other edge of the
                      screen, and more
       neha · localhost:4000                                                  F1 help
       #lobby›
      """)
    #expect(harness.interface.view.showsSidebar)
    harness.resize(40, 10)
    harness.press("F8")
    harness.expectScreen(
      """
       1 #lobby                          31 ☺
                     ● neha               you
      ─────── Sunday ● p01
       12:01 -- conn ● p02
               neha  ● p03
             p01: a  ● p04
               to re ● p05
               scree   1 of 31
       ↑ ↓ choose · Enter writes to them · Esc
       #lobby›
      """)
    harness.resize(20, 5)
    harness.expectScreen(
      """
       1 #lobby      31 ☺
       ● neha         you
         1 of 31
       ↑ ↓ choose · Enter…
      ›
      """)
  }

  @Test
  func `the sidebar keeps the chosen name while other users come and go`() {
    var harness = InterfaceHarness.online(80, 9, with: ["akash", "zoe"])
    harness.press("F6", "End")
    harness.receiveJoin("bela", "carl")
    harness.receiveLeave("akash")
    harness.press("Enter")
    #expect(harness.interface.tabs.current.target == .person(Nickname(testing: "zoe")))
    harness.press("F6", "Home", "F6")
    #expect(harness.interface.overlays.isEmpty)
    harness.press("F6", "↓")
    harness.type("x")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.input == "x")
    harness.press("F6")
    harness.receive(.offline(Outage(reason: "the server closed the connection", retryIn: nil)))
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test
  func `the sidebar follows the key map`() {
    var harness = InterfaceHarness.online(80, 9, with: ["akash", "zoe"])
    var preferences = Preferences()
    preferences.keyMap = KeyMap(preset: .weechat)
    harness.update(.preferences(preferences))
    harness.receive(.roomJoined(RoomName(testing: "#dev")))
    // F7 opens and closes it, F6 goes to the next tab.
    harness.press("F7")
    #expect(harness.interface.overlays.top is SidebarChoice)
    harness.press("F7")
    #expect(harness.interface.overlays.isEmpty)
    harness.press("F7", "F6")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.interface.tabs.currentIndex == 1)
    harness.press("Alt+1", "F7", "Alt+↓")
    #expect(harness.interface.tabs.currentIndex == 1)
    preferences.keyMap = KeyMap(changes: [
      .toggleSidebar: [.alt("s")], .send: [.alt(.enter)], .newline: [Key(.enter)], .dismiss: [.alt("q")],
    ])
    harness.update(.preferences(preferences))
    harness.press("Alt+1", "Alt+S")
    #expect(harness.interface.overlays.top is SidebarChoice)
    harness.press("Alt+S")
    #expect(harness.interface.overlays.isEmpty)
    // The keys that the screen names work, too.
    harness.press("Alt+S", "Esc")
    #expect(harness.interface.overlays.isEmpty)
    harness.press("Alt+S", "Alt+Q")
    #expect(harness.interface.overlays.isEmpty)
    harness.press("Alt+S", "End", "Alt+Enter")
    #expect(harness.interface.tabs.current.target == .person(Nickname(testing: "zoe")))
  }

  @Test
  func `is hidden and shown with F8`() {
    var harness = InterfaceHarness.online(100, 8, with: ["zoe"])
    harness.press("F8")
    #expect(harness.interface.layout.sidebar == nil)
    harness.expectScreen(
      """
       1 #lobby                                                                                       2 ☺



      ───────────────────────────────────── Sunday, 22 November 2026 ─────────────────────────────────────
       12:01      --   connected to localhost:4000 as neha
       neha · localhost:4000                                                                      F1 help
       #lobby›
      """)
    harness.press("F8")
    #expect(harness.interface.layout.sidebar != nil)
    harness.press("F6")
    #expect(harness.interface.overlays.top is SidebarChoice)
    harness.press("F8")
    #expect(harness.interface.overlays.isEmpty)
    #expect(harness.interface.layout.sidebar == nil)
    harness.press("F6")
    #expect(harness.interface.layout.sidebar != nil, "choosing shows it again")
  }

  @Test
  func `keeps those who are away in order, compared with a naive list`() {
    var random = SeededGenerator()
    var roster = SortedRoster()
    var people: [Nickname: Person] = [:]
    for _ in 0..<500 {
      let name = Nickname(testing: "p\(random.number(0...20))")
      if random.number(0...3) == 0 {
        roster.remove(name)
        people[name] = nil
      } else {
        let person = Person(name, away: random.flip() ? "" : nil)
        roster.insert(person)
        people[name] = person
      }
      let sorted = people.values.sorted { $0.name < $1.name }
      let expected = sorted.filter { $0.away == nil } + sorted.filter { $0.away != nil }
      #expect(roster.listed(0..<roster.count) == expected, "\(random)")
      let first = random.number(0...roster.count)
      #expect(roster.listed(first..<roster.count) == Array(expected.dropFirst(first)), "\(random)")
      for (place, person) in expected.enumerated() { #expect(roster.listPlace(of: person.name) == place, "\(random)") }
    }
    #expect(SortedRoster(Array(people.values)) == roster)
  }
}
