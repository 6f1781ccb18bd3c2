import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The switcher.
@Suite
struct SwitcherTests {
  private func stage(_ columns: Int = 40, _ rows: Int = 10) -> Stage {
    var stage = Stage.online(columns, rows, with: ["akash", "zoe", "kim", "gardener"])
    stage.hear(.roomJoined(RoomName(testing: "#garden")), .roomJoined(RoomName(testing: "#attic")))
    stage.hear(.rooms([RoomListing(name: RoomName(testing: "#cellar"), people: 3, topic: "")]))
    stage.write("zoe", "psst")
    _ = stage.takeCommands()
    return stage
  }

  @Test
  func `lists tabs with news first, then tabs, rooms and users`() {
    var stage = stage()
    stage.press("Ctrl+G")
    stage.expectScreen(
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
    #expect(stage.style(of: "@zoe •1", fromRow: 2) == .reversed)
    stage.press("Enter")
    #expect(stage.interface.tabs.current.target == Target(testing: "@zoe"))
  }

  @Test
  func `filters by letters in order, best match first`() {
    var stage = stage()
    stage.press("Alt+K")
    stage.type("gar")
    #expect(stage.screen.rows[2...4] == [" #garden", " @gardener", ""])
    stage.press("Ctrl+G", "Enter")
    #expect(stage.interface.tabs.current.target == Target(testing: "@gardener"))
    stage.press("Ctrl+G")
    stage.type("cl")
    #expect(stage.screen.rows[2...3] == [" #cellar", ""])
    stage.press("Enter")
    #expect(stage.takeCommands() == [.client(.join(RoomName(testing: "#cellar")))])
    stage.press("Ctrl+G")
    stage.type("nothing")
    #expect(stage.screen.rows[1] == " Go to  nothing is called so")
    stage.press("Enter")
    #expect(stage.interface.overlays.isEmpty)
    stage.press("Ctrl+G", "@", "k", "↓", "↑", "Tab", "Shift+Tab")
    #expect(stage.screen.rows[2] == " @kim")
    stage.press("Ctrl+C", "Ctrl+C")
    #expect(stage.interface.overlays.isEmpty)
  }

  @Test(arguments: [
    ("cafe", "#Café"), ("CAFE\u{301}", "#Café"), ("ｃａｆ", "#Café"), ("strasse", "@Straße"), ("ZO", "@Ｚｏë"),
    ("민수", "@민수"), ("ㅁ", "@민수"),
    ("タロ", "@ﾀﾛｳ"), ("#ca fe", "#Café"),
  ])
  func `finds a name in any spelling`(typed: String, found: String) {
    var switcher = Switcher(["#Café", "@Straße", "@Ｚｏë", "@민수", "@ﾀﾛｳ", "#lobby"].map(Target.init(testing:)))
    switcher.editor.insert(typed)
    switcher.narrow()
    #expect(switcher.matches == [Target(testing: found)])
  }

  @Test
  func `scrolls, also at 20 by 5`() {
    var stage = stage(20, 5)
    stage.press("Ctrl+G")
    var seen: Set<String> = []
    for _ in 0..<7 {
      seen.insert(stage.screen.rows[2])
      stage.press("↓")
    }
    #expect(seen.count == 7)
    #expect(!seen.contains(" @neha"), "nobody goes to themselves")
  }
}
