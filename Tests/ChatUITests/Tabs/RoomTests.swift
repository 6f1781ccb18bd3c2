import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct RoomTests {
  private let garden = RoomName(testing: "#garden")

  /// A session in the garden with akash; zoe is only in the lobby.
  private func harness(_ columns: Int = 80, _ rows: Int = 18) -> InterfaceHarness {
    var harness = InterfaceHarness.online(columns, rows, with: ["akash", "zoe"])
    harness.enter("/join garden")
    harness.receive(.roomJoined(garden), .topic(garden, "Which trees to plant in spring"))
    harness.receive(.roster(garden, ["akash", "neha"].map { Person(Nickname(testing: $0)) }))
    harness.receiveHead("#garden", head: 2, mark: 2)
    harness.receivePage(1...2, in: "#garden", by: "akash", hasMore: false)
    _ = harness.takeCommands()
    return harness
  }

  @Test
  func `rooms at 80 by 18, with their own members and topic`() {
    var harness = harness()
    harness.receiveMessage(from: "akash", "birches, I think", in: "#garden")
    harness.expectScreen(
      """
       1 #lobby  2 #garden                       Which trees to plant in spring · 2 ☺










      ───────────────────────────── beginning of #garden ─────────────────────────────
      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       11:01  akash   1
                      2
       12:01          birches, I think
       neha · localhost:4000                                                  F1 help
       #garden›
      """)
    #expect(harness.style(of: "Which trees") == .dim)
    harness.press("Alt+1")
    #expect(harness.screen.rows[0].hasSuffix("  3 ☺"))
    harness.press("Alt+2")
    harness.resize(100, 16)
    harness.expectScreen(
      """
       1 #lobby  2 #garden                                                                        F1 help
       Which trees to plant in spring                                                 2 in #garden
                                                                                      ● akash
                                                                                      ● neha          you





      ──────────────────────────── beginning of #garden ────────────────────────────
      ────────────────────────── Sunday, 22 November 2026 ──────────────────────────
       11:01   akash   1
                       2
       12:01           birches, I think
       neha · localhost:4000
       #garden›
      """)
  }

  @Test
  func `have no topic row on a low or narrow screen, and cut a long topic`() {
    var harness = harness()
    harness.resize(40, 10)
    harness.expectScreen(
      """
       1 #lobby  2 #garden   Which tre… · 2 ☺



      ───────── beginning of #garden ─────────
      ─────── Sunday, 22 November 2026 ───────
       11:01 akash: 1
             akash: 2
       neha · localhost:4000          F1 help
       #garden›
      """)
    harness.resize(20, 5)
    harness.expectScreen(
      """
      ‹ 2 #garden     2 ☺
       akash: 1
       akash: 2
       neha · localhost:4…
      ›
      """)
    harness.resize(100, 15)
    #expect(harness.screen.rows[0].hasSuffix("    Which trees to plant in spring · 2 ☺"))
    harness.resize(36, 16)
    #expect(harness.screen.rows[0] == " 1 #lobby  2 #garden            2 ☺")
  }

  @Test
  func `an answer to a join that comes late does not move the user while something else is typed`() {
    var harness = InterfaceHarness.online(80, 10, with: ["zoe"])
    harness.receive(.offline(Outage(reason: "the connection was lost", retryIn: .seconds(5))))
    harness.enter("/join garden")
    #expect(harness.statusRow == " not connected: you join #garden as soon as you are")
    harness.enter("/dm zoe")
    harness.type("sec")
    harness.goOnline()
    harness.receive(.roomJoined(garden))
    harness.type("ret")
    #expect(harness.interface.tabs.current.target == Target(testing: "@zoe"))
    #expect(harness.input == "secret")
    // Text that was typed in the same tab, and a search.
    for other in ["text", "Ctrl+S"] {
      var harness = InterfaceHarness.online(80, 10, with: ["zoe"])
      harness.enter("/join garden")
      if other == "text" { harness.type(other) } else { harness.press(other) }
      harness.receive(.roomJoined(garden))
      #expect(harness.interface.tabs.currentIndex == 0, "\(other)")
      #expect(harness.interface.overlays.isEmpty == (other == "text"))
      #expect(harness.tabBar.hasPrefix(" 1 #lobby  2 #garden"))
    }
    // A draft from before the request does not hold it.
    harness = InterfaceHarness.online(80, 10, with: ["zoe"])
    harness.type("draft")
    var interface = harness.interface
    let request = interface.join(garden)
    #expect(request == [.client(.join(garden))])
    _ = interface.update(.server(.local, .client(.roomJoined(garden))))
    #expect(interface.tabs.currentIndex == 1)
  }

  @Test(arguments: ["garden", "#garden", " #GARDEN "])
  func `rooms are joined and left by commands`(name: String) {
    var harness = InterfaceHarness.online(80, 10)
    harness.enter("/join \(name)")
    #expect(harness.takeCommands() == [.client(.join(garden))])
    #expect(harness.tabBar == " 1 #lobby")
    harness.receive(.roomJoined(garden))
    #expect(harness.tabBar == " 1 #lobby  2 #garden")
    #expect(harness.interface.tabs.currentIndex == 1)
    harness.enter("hello")
    #expect(harness.takeSends().map(\.to) == [.room(garden)])
    // The room is already joined.
    harness.press("Alt+1")
    harness.enter("/join \(name)")
    #expect(harness.takeCommands() == [])
    #expect(harness.interface.tabs.currentIndex == 1)
    harness.press("Alt+1")
    harness.enter("/part \(name)")
    #expect(harness.takeCommands() == [.client(.part(garden))])
    #expect(harness.tabBar == " 1 #lobby")
    harness.receive(.roomLeft(garden, reason: nil))
    #expect(harness.interface.tabs.tabs.count == 1)
  }

  @Test(arguments: ["/part", "/close"])
  func `rooms are left when their tab is closed`(command: String) {
    var harness = harness()
    harness.enter(command)
    #expect(harness.takeCommands() == [.client(.part(garden))])
    #expect(harness.tabBar == " 1 #lobby")
    harness.receiveMessage(from: "akash", "who was that?", in: "#garden")
    #expect(harness.tabBar == " 1 #lobby")
  }

  @Test
  func `rooms with the name of the lobby or an invalid name are refused`() {
    var harness = InterfaceHarness.online(120, 10)
    harness.enter("/join \(String(repeating: "x", count: 64))")
    #expect(harness.pane.joined().contains("A room's name has a #"))
    harness.enter("/part")
    #expect(harness.pane.last?.hasSuffix("nobody leaves the lobby; /quit leaves the chat") == true)
    harness.enter("/part lobby")
    #expect(harness.pane.last?.hasSuffix("nobody leaves the lobby; /quit leaves the chat") == true)
    harness.enter("/join #lobby")
    harness.enter("/dm zoe")
    harness.enter("/part")
    #expect(harness.pane.last?.hasSuffix("this is no room; /close closes the tab") == true)
    harness.enter("/topic x")
    #expect(harness.pane.last?.hasSuffix("only rooms have a topic") == true)
    harness.enter("/join")
    #expect(harness.pane.last?.hasSuffix("this tab is no room: name one, as in /join #ROOM") == true)
    #expect(harness.takeCommands() == [])
  }

  @Test
  func `rooms that the user was removed from stay readable`() {
    var harness = harness(120)
    harness.receive(.roomLeft(garden, reason: "too many rooms"))
    #expect(harness.pane.last?.hasSuffix("you are not in #garden any more: too many rooms") == true)
    #expect(harness.statusRow.hasPrefix(" not in #garden, /join tries to go back · neha "))
    harness.enter("/join")
    #expect(harness.takeCommands() == [.client(.join(garden))])
    harness.receive(.roomJoined(garden))
    #expect(harness.statusRow == " neha · localhost:4000")
    harness.receive(.roomLeft(garden, reason: "too many rooms"))
    harness.enter("/close")
    #expect(harness.takeCommands() == [])
    harness.receive(.roomLeft(RoomName(testing: "#attic"), reason: "it is locked"))
    #expect(harness.pane.last?.hasSuffix("#attic: it is locked") == true)
  }

  @Test
  func `rooms that are joined again do not change the current tab or the order`() {
    var harness = harness()
    harness.press("Alt+1")
    harness.receive(.roomJoined(RoomName(testing: "#attic")), .roomJoined(garden))
    #expect(harness.tabBar == " 1 #lobby  2 #garden  3 #attic")
    #expect(harness.interface.tabs.currentIndex == 0)
  }

  @Test
  func `rooms have their own arrivals and departures; a disconnect counts in all of them`() {
    var harness = harness()
    harness.receiveJoin("zoe", room: "#garden")
    #expect(harness.pane.last?.hasSuffix("·       zoe joined") == true)
    #expect(harness.screen.rows[0].hasSuffix(" · 3 ☺"))
    harness.receive(.away(Nickname(testing: "akash"), text: "lunch"))
    harness.press("F8")
    #expect(harness.style(of: "◌ akash  ") == .dim)
    harness.press("F8")
    harness.receiveLeave("zoe", "parted", room: "#garden")
    #expect(harness.screen.rows[0].hasSuffix(" · 2 ☺"))
    harness.receiveLeave("akash", "the connection broke")
    #expect(harness.pane.last?.hasSuffix("akash left") == true)
    #expect(harness.screen.rows[0].hasSuffix(" · 1 ☺"))
    harness.press("Alt+1")
    #expect(harness.screen.rows[0].hasSuffix("  2 ☺"))
    #expect(harness.pane.last?.hasSuffix("akash left (the connection broke)") == true)
    #expect(!harness.pane.contains { $0.contains("zoe") })
  }

  @Test
  func `rooms have a topic that is shown, set and cleared`() {
    var harness = harness()
    harness.resize(120, 18)
    harness.enter("/topic")
    #expect(harness.pane.last?.hasSuffix("the topic of #garden: Which trees to plant in spring") == true)
    harness.enter("/topic Apples")
    harness.enter("/topic -")
    #expect(harness.takeCommands() == [.client(.setTopic(garden, "Apples")), .client(.setTopic(garden, nil))])
    harness.receive(.topic(garden, ""))
    #expect(harness.screen.rows[1].trimmingSpaces == "2 in #garden")
    harness.enter("/topic")
    #expect(harness.pane.last?.hasSuffix("#garden has no topic") == true)
  }

  @Test
  func `rooms are not waited for if they cannot be listed`() {
    var harness = harness(60, 10)
    harness.enter("/rooms")
    #expect(harness.statusRow.contains("asking for the rooms…"))
    harness.receive(.roomsFailed(reason: "This server has only one room."))
    #expect(!harness.statusRow.contains("asking"))
    #expect(harness.pane.last?.contains("only one room") == true)
    let before = harness.pane
    harness.receive(.roomsFailed(reason: "again"))
    #expect(harness.pane == before)
    harness.enter("/rooms")
    harness.receive(.roomsUnanswered(reason: "The server did not answer.", isOnline: true))
    #expect(!harness.statusRow.contains("asking"))
    #expect(harness.pane.last?.contains("did not answer") == true)
    harness.enter("/rooms")
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(5))))
    #expect(!harness.statusRow.contains("asking"))
    _ = harness.takeCommands()
    harness.enter("/rooms")
    #expect(harness.takeCommands() == [])
    #expect(!harness.statusRow.contains("asking"))
  }

  @Test
  func `rooms are listed by the number of members and joined with Enter`() {
    var harness = harness(60, 10)
    let rooms = [
      RoomListing(name: RoomName(testing: "#attic"), people: 1, topic: ""),
      RoomListing(name: .lobby, people: 12, topic: "Welcome"),
      RoomListing(name: garden, people: 2, topic: "Which trees to plant in spring, and where they would stand"),
    ]
    harness.receive(.rooms(rooms))
    #expect(harness.interface.overlays.isEmpty)
    harness.enter("/rooms")
    #expect(harness.takeCommands() == [.client(.listRooms)])
    harness.receive(.rooms(rooms))
    harness.expectScreen(
      """
       1 #lobby  2 #garden   Which trees to plant in spring · 2 ☺
       Rooms  3 with people and topic
       #lobby  12 Welcome
       #garden  2 Which trees to plant in spring, and where they…
       #attic   1



       Enter: go in · Esc
       #garden›
      """)
    #expect(harness.style(of: "#lobby  12") == .reversed)
    harness.press("↓", "↓", "↓", "Enter")
    #expect(harness.takeCommands() == [.client(.join(RoomName(testing: "#attic")))])
    #expect(harness.interface.overlays.isEmpty)
    harness.enter("/rooms")
    harness.receive(.rooms([]))
    #expect(harness.screen.rows[1] == " Rooms  there are none")
    harness.press("Esc")
    #expect(harness.interface.overlays.isEmpty)
  }

  @Test
  func `rooms are completed, joined ones first, with or without their sign`() {
    var harness = harness()
    harness.receive(.rooms([RoomListing(name: RoomName(testing: "#gallery"), people: 1, topic: "")]))
    harness.type("see #g")
    harness.press("Tab")
    #expect(harness.input == "see #garden ")
    harness.press("Tab")
    #expect(harness.input == "see #gallery ")
    harness.press("Ctrl+C")
    harness.type("/jo")
    harness.press("Tab")
    harness.type("ga")
    harness.press("Tab", "Tab")
    #expect(harness.input == "/join #gallery ")
    harness.press("Ctrl+C")
    harness.enter("/clear")
    // Members of the room come before other users.
    harness.receive(.roster(garden, ["neha", "zoe"].map { Person(Nickname(testing: $0)) }))
    harness.type("/dm ")
    harness.press("Tab")
    #expect(harness.input == "/dm zoe ")
    harness.press("Tab")
    #expect(harness.input == "/dm akash ")
  }

  @Test
  func `rooms without sequence numbers are joined again`() {
    var harness = InterfaceHarness.online(80, 10)
    harness.enter("/join garden")
    harness.receive(.roomJoined(garden))
    _ = harness.takeCommands()
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    harness.goOnline()
    #expect(harness.takeCommands() == [.client(.join(garden))])
  }
}
