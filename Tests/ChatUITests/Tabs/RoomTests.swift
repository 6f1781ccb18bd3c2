import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Rooms.
@Suite
struct RoomTests {
  private let garden = RoomName(testing: "#garden")

  /// A session in the garden with akash; zoe is only in the lobby.
  private func stage(_ columns: Int = 80, _ rows: Int = 18) -> Stage {
    var stage = Stage.online(columns, rows, with: ["akash", "zoe"])
    stage.enter("/join garden")
    stage.hear(.roomJoined(garden), .topic(garden, "Which trees to plant in spring"))
    stage.hear(.roster(garden, ["akash", "neha"].map { Person(Nickname(testing: $0)) }))
    stage.sync("#garden", head: 2, mark: 2)
    stage.page(1...2, in: "#garden", by: "akash", hasMore: false)
    _ = stage.takeCommands()
    return stage
  }

  @Test
  func `at 80 by 18, with their own members and topic`() {
    var stage = stage()
    stage.say("akash", "birches, I think", in: "#garden")
    stage.expectScreen(
      """
       1 #lobby  2 #garden
       Which trees to plant in spring
                                                                      │ 2 here
                                                                      │ akash
                                                                      │ neha
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                                                                      │
                                                                      │
      ──────────────────── beginning of #garden ───────────────────── │
      ────────────────── Sunday, 22 November 2026 ─────────────────── │
      11:01      akash │ 1                                            │
      11:01      akash │ 2                                            │
      12:01      akash │ birches, I think                             │
       neha · localhost:4000                    Tab completes · F1 help · Ctrl+Q quit
      ›
      """)
    #expect(stage.style(of: "Which trees") == .dim)
    stage.press("Alt+1")
    #expect(stage.screen.rows[1].hasSuffix("│ 3 here"))
  }

  @Test
  func `have no topic row on a low screen, and cut a long topic`() {
    var stage = stage()
    stage.resize(40, 10)
    stage.expectScreen(
      """
       1 #lobby  2 #garden



      ───────── beginning of #garden ─────────
      ─────── Sunday, 22 November 2026 ───────
      11:01 akash: 1
      11:01 akash: 2
       neha · localhost:4000          F1 help
      ›
      """)
    stage.resize(20, 5)
    stage.expectScreen(
      """
      ‹ 2 #garden
      akash: 1
      akash: 2
       neha · localhost:4…
      ›
      """)
    stage.resize(24, 16)
    #expect(stage.screen.rows[1] == " Which trees to plant …")
  }

  @Test(arguments: ["garden", "#garden", " #GARDEN "])
  func `are joined and left by commands`(name: String) {
    var stage = Stage.online(80, 10)
    stage.enter("/join \(name)")
    #expect(stage.takeCommands() == [.client(.join(garden))])
    #expect(stage.screen.rows[0] == " 1 #lobby")
    stage.hear(.roomJoined(garden))
    #expect(stage.screen.rows[0] == " 1 #lobby  2 #garden")
    #expect(stage.interface.tabs.currentIndex == 1)
    stage.enter("hello")
    #expect(stage.takeSends().map(\.to) == [.room(garden)])
    // The room is already joined.
    stage.press("Alt+1")
    stage.enter("/join \(name)")
    #expect(stage.takeCommands() == [])
    #expect(stage.interface.tabs.currentIndex == 1)
    stage.press("Alt+1")
    stage.enter("/part \(name)")
    #expect(stage.takeCommands() == [.client(.part(garden))])
    #expect(stage.screen.rows[0] == " 1 #lobby")
    stage.hear(.roomLeft(garden, reason: nil))
    #expect(stage.interface.tabs.tabs.count == 1)
  }

  @Test(arguments: ["/part", "/close"])
  func `are left when their tab is closed`(command: String) {
    var stage = stage()
    stage.enter(command)
    #expect(stage.takeCommands() == [.client(.part(garden))])
    #expect(stage.screen.rows[0] == " 1 #lobby")
    stage.say("akash", "who was that?", in: "#garden")
    #expect(stage.screen.rows[0] == " 1 #lobby")
  }

  @Test
  func `with the name of the lobby or an invalid name are refused`() {
    var stage = Stage.online(120, 10)
    stage.enter("/join \(String(repeating: "x", count: 64))")
    #expect(stage.pane.joined().contains("A room's name has a #"))
    stage.enter("/part")
    #expect(stage.pane.last?.hasSuffix("nobody leaves the lobby; /quit leaves the chat") == true)
    stage.enter("/part lobby")
    #expect(stage.pane.last?.hasSuffix("nobody leaves the lobby; /quit leaves the chat") == true)
    stage.enter("/join #lobby")
    stage.enter("/dm zoe")
    stage.enter("/part")
    #expect(stage.pane.last?.hasSuffix("this is no room; /close closes the tab") == true)
    stage.enter("/topic x")
    #expect(stage.pane.last?.hasSuffix("only rooms have a topic") == true)
    stage.enter("/join")
    #expect(stage.pane.last?.contains("write it as: /join") == true)
    #expect(stage.takeCommands() == [])
  }

  @Test
  func `from which the user was removed stay readable`() {
    var stage = stage(120)
    stage.hear(.roomLeft(garden, reason: "too many rooms"))
    #expect(stage.pane.last?.hasSuffix("you are not in #garden any more: too many rooms") == true)
    #expect(stage.statusRow.hasPrefix(" not in #garden, /join goes back · neha "))
    stage.enter("/join")
    #expect(stage.takeCommands() == [.client(.join(garden))])
    stage.hear(.roomJoined(garden))
    #expect(stage.statusRow.hasPrefix(" neha · localhost:4000 "))
    stage.hear(.roomLeft(garden, reason: "too many rooms"))
    stage.enter("/close")
    #expect(stage.takeCommands() == [])
    stage.hear(.roomLeft(RoomName(testing: "#attic"), reason: "it is locked"))
    #expect(stage.pane.last?.hasSuffix("#attic: it is locked") == true)
  }

  @Test
  func `that are joined again do not change the current tab or the order`() {
    var stage = stage()
    stage.press("Alt+1")
    stage.hear(.roomJoined(RoomName(testing: "#attic")), .roomJoined(garden))
    #expect(stage.screen.rows[0] == " 1 #lobby  2 #garden  3 #attic")
    #expect(stage.interface.tabs.currentIndex == 0)
  }

  @Test
  func `have their own arrivals and departures; a disconnect counts in all of them`() {
    var stage = stage()
    stage.join("zoe", room: "#garden")
    #expect(stage.pane.last?.hasSuffix("│ zoe joined") == true)
    #expect(stage.screen.rows[2].hasSuffix("│ 3 here"))
    stage.hear(.away(Nickname(testing: "akash"), text: "lunch"))
    #expect(stage.style(of: "akash  ", fromRow: 3) == .dim)
    stage.leave("zoe", "parted", room: "#garden")
    #expect(stage.screen.rows[2].hasSuffix("│ 2 here"))
    stage.leave("akash", "the connection broke")
    #expect(stage.pane.last?.hasSuffix("akash left") == true)
    #expect(stage.screen.rows[2].hasSuffix("│ 1 here"))
    stage.press("Alt+1")
    #expect(stage.screen.rows[1].hasSuffix("│ 2 here"))
    #expect(stage.pane.last?.hasSuffix("akash left (the connection broke)") == true)
    #expect(!stage.pane.contains { $0.contains("zoe") })
  }

  @Test
  func `have a topic that is shown, set and cleared`() {
    var stage = stage()
    stage.resize(120, 18)
    stage.enter("/topic")
    #expect(stage.pane.last?.hasSuffix("the topic of #garden: Which trees to plant in spring") == true)
    stage.enter("/topic Apples")
    stage.enter("/topic -")
    #expect(stage.takeCommands() == [.client(.setTopic(garden, "Apples")), .client(.setTopic(garden, nil))])
    stage.hear(.topic(garden, ""))
    #expect(stage.screen.rows[1].hasSuffix("│ 2 here"))
    stage.enter("/topic")
    #expect(stage.pane.last?.hasSuffix("#garden has no topic") == true)
  }

  @Test
  func `are not waited for if they cannot be listed`() {
    var stage = stage(60, 10)
    stage.enter("/rooms")
    #expect(stage.statusRow.contains("asking for the rooms…"))
    stage.hear(.roomsFailed(reason: "This server has only one room."))
    #expect(!stage.statusRow.contains("asking"))
    #expect(stage.pane.last?.contains("only one room") == true)
    let before = stage.pane
    stage.hear(.roomsFailed(reason: "again"))
    #expect(stage.pane == before)
    stage.enter("/rooms")
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(5))))
    #expect(!stage.statusRow.contains("asking"))
    _ = stage.takeCommands()
    stage.enter("/rooms")
    #expect(stage.takeCommands() == [])
    #expect(!stage.statusRow.contains("asking"))
  }

  @Test
  func `are listed by the number of members and joined with Enter`() {
    var stage = stage(60, 10)
    let rooms = [
      RoomListing(name: RoomName(testing: "#attic"), people: 1, topic: ""),
      RoomListing(name: .lobby, people: 12, topic: "Welcome"),
      RoomListing(name: garden, people: 2, topic: "Which trees to plant in spring, and where they would stand"),
    ]
    stage.hear(.rooms(rooms))
    #expect(stage.interface.overlays.isEmpty)
    stage.enter("/rooms")
    #expect(stage.takeCommands() == [.client(.listRooms)])
    stage.hear(.rooms(rooms))
    stage.expectScreen(
      """
       1 #lobby  2 #garden
       Rooms  3 with people and topic
       #lobby  12 Welcome
       #garden  2 Which trees to plant in spring, and where they…
       #attic   1



       Enter: go in · Esc
      ›
      """)
    #expect(stage.style(of: "#lobby  12") == .reversed)
    stage.press("↓", "↓", "↓", "Enter")
    #expect(stage.takeCommands() == [.client(.join(RoomName(testing: "#attic")))])
    #expect(stage.interface.overlays.isEmpty)
    stage.enter("/rooms")
    stage.hear(.rooms([]))
    #expect(stage.screen.rows[1] == " Rooms  there are none")
    stage.press("Esc")
    #expect(stage.interface.overlays.isEmpty)
  }

  @Test
  func `are completed, joined ones first, with or without their sign`() {
    var stage = stage()
    stage.hear(.rooms([RoomListing(name: RoomName(testing: "#gallery"), people: 1, topic: "")]))
    stage.type("see #g")
    stage.press("Tab")
    #expect(stage.input == "see #garden ")
    stage.press("Tab")
    #expect(stage.input == "see #gallery ")
    stage.press("Ctrl+C")
    stage.type("/jo")
    stage.press("Tab")
    stage.type("ga")
    stage.press("Tab", "Tab")
    #expect(stage.input == "/join #gallery ")
    stage.press("Ctrl+C")
    stage.enter("/clear")
    // Members of the room come before other users.
    stage.hear(.roster(garden, ["neha", "zoe"].map { Person(Nickname(testing: $0)) }))
    stage.type("/dm ")
    stage.press("Tab")
    #expect(stage.input == "/dm zoe ")
    stage.press("Tab")
    #expect(stage.input == "/dm akash ")
  }

  @Test
  func `without sequence numbers are joined again`() {
    var stage = Stage.online(80, 10)
    stage.enter("/join garden")
    stage.hear(.roomJoined(garden))
    _ = stage.takeCommands()
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    stage.connect()
    #expect(stage.takeCommands() == [.client(.join(garden))])
  }
}
