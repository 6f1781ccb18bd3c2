import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct SwitcherTests {
  private func harness(_ columns: Int = 40, _ rows: Int = 10) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["akash", "zoe", "kim", "gardener"])
    harness.receive(.roomJoined(RoomName(testing: "#garden")), .roomJoined(RoomName(testing: "#attic")))
    harness.receive(.rooms([RoomListing(name: RoomName(testing: "#cellar"), people: 3, topic: "")]))
    harness.receiveDirectMessage(from: "zoe", "psst")
    _ = harness.takeCommands()
    return harness
  }

  @Test
  func `the switcher lists tabs with news first, then tabs, rooms and users`() {
    var harness = harness()
    harness.press("Ctrl+G")
    harness.expectScreen(
      """
       1 #lobby  2 #garden          4 @zoe•1 ›
       Go to  7
       @zoe •1
       #garden
       #attic
       #cellar
       @akash
       @gardener
       ↑ ↓ choose · Enter: go there · Esc
       go to›
      """)
    #expect(harness.style(of: "@zoe •1", fromRow: 2) == .reversed)
    harness.press("Enter")
    #expect(harness.interface.tabs.current.target == Target(testing: "@zoe"))
  }

  @Test
  func `the switcher filters by letters in order, best match first`() {
    var harness = harness()
    harness.press("Alt+K")
    harness.type("gar")
    #expect(harness.screen.rows[2...4] == [" #garden", " @gardener", ""])
    harness.press("Ctrl+G", "Enter")
    #expect(harness.interface.tabs.current.target == Target(testing: "@gardener"))
    harness.press("Ctrl+G")
    harness.type("cl")
    #expect(harness.screen.rows[2...3] == [" #cellar", ""])
    harness.press("Enter")
    #expect(harness.takeCommands() == [.client(.join(RoomName(testing: "#cellar")))])
    harness.press("Ctrl+G")
    harness.type("nothing")
    #expect(harness.screen.rows[1] == " Go to  nothing is called so")
    harness.press("Enter")
    #expect(harness.interface.overlays.isEmpty)
    harness.press("Ctrl+G", "@", "k", "↓", "↑", "Tab", "Shift+Tab")
    #expect(harness.screen.rows[2] == " @kim")
    harness.press("Ctrl+C", "Ctrl+C")
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test(arguments: [
    ("cafe", "#Café"), ("CAFE\u{301}", "#Café"), ("ｃａｆ", "#Café"), ("strasse", "@Straße"), ("ZO", "@Ｚｏë"),
    ("민수", "@민수"), ("ㅁ", "@민수"),
    ("タロ", "@ﾀﾛｳ"), ("#ca fe", "#Café"),
  ])
  func `the switcher finds a name in any spelling`(typed: String, found: String) {
    let names = ["#Café", "@Straße", "@Ｚｏë", "@민수", "@ﾀﾛｳ", "#lobby"]
    var switcher = Switcher(
      names.map { name in
        let place = TabPlace(server: .local, target: Target(testing: name))
        return Destination(place: .conversation(place), name: name, server: nil)
      })
    switcher.editor.insert(typed)
    switcher.narrow()
    #expect(switcher.matches.map(\.name) == [found])
  }

  @Test
  func `the switcher scrolls, also at 20 by 5`() {
    var harness = harness(20, 5)
    harness.press("Ctrl+G")
    var seen: Set<String> = []
    for _ in 0..<7 {
      seen.insert(harness.screen.rows[2])
      harness.press("↓")
    }
    #expect(seen.count == 7)
    #expect(!seen.contains(" @neha"), "the switcher does not list the user")
  }
}
