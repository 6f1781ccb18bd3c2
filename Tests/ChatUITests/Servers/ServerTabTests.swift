import ChatModel
import ChatProtocol
import TerminalTypes
import Testing

@testable import ChatUI

/// Going from tab to tab across servers.
@Suite
struct ServerTabTests {
  private var harness: InterfaceHarness

  /// 1 work/#lobby, 2 work/#dev, 3 home/#lobby.
  init() throws { harness = try InterfaceHarness.withTwoServers(80, 24) }

  @Test
  mutating func `tab numbers run through the servers`() {
    for (key, place) in [("Alt+3", "home/#lobby"), ("Alt+2", "work/#dev"), ("Alt+4", "work/#dev")] {
      harness.press(key)
      #expect(harness.place == place)
    }
    harness.press("Alt+J")
    #expect(harness.statusRow.hasPrefix(" 1 to 3 "))
    harness.press("3", "Enter")
    #expect(harness.place == "home/#lobby")
    harness.enter("/tab 1")
    #expect(harness.place == "work/#lobby")
  }

  @Test
  mutating func `the next and previous tab may belong to another server`() {
    let places = ["work/#dev", "home/#lobby", "work/#lobby"]
    for place in places {
      harness.press("Ctrl+N")
      #expect(harness.place == place)
    }
    for place in places.reversed().dropFirst() + ["work/#lobby"] {
      harness.press("Ctrl+P")
      #expect(harness.place == place)
    }
    harness.press("Alt+3", "Alt+/")
    #expect(harness.place == "work/#lobby")
    harness.press("Alt+/")
    #expect(harness.place == "home/#lobby")
  }

  @Test
  mutating func `the next active tab may belong to another server, and leads back home`() {
    harness.receiveMessage(from: "zoe", "hello", in: "#dev")
    harness.server = .home
    harness.receiveMessage(from: "kim", "neha: tea?")
    harness.press("Alt+A")
    #expect(harness.place == "home/#lobby", "a mention is stronger than a message")
    harness.press("Alt+A")
    #expect(harness.place == "work/#dev")
    harness.press("Alt+A")
    #expect(harness.place == "work/#lobby")
    harness.press("Alt+A")
    #expect(harness.place == "work/#lobby")
  }

  @Test
  mutating func `/tab takes the name of a server`() {
    for (name, place) in [
      ("home/#lobby", "home/#lobby"), ("#dev", "work/#dev"), ("lobby", "work/#lobby"), ("home", "home/#lobby"),
      ("WORK/dev", "work/#dev"), ("192.0.2.7:4000/lobby", "home/#lobby"), ("work", "work/#dev"),
    ] {
      harness.enter("/tab \(name)")
      #expect(harness.place == place, "\(name)")
    }
    for name in ["lab", "lab/#dev", "home/#dev", "/", "home/", "4", "0", "-1"] {
      harness.enter("/tab \(name)")
      #expect(harness.place == "work/#dev", "\(name)")
      #expect(harness.pane.last?.hasSuffix("there is no tab \(name)") == true)
    }
  }

  @Test
  mutating func `the switcher lists tabs, people and servers of all servers`() throws {
    harness.receiveMessage(from: "zoe", "hello", in: "#dev")
    harness.press("Ctrl+G")
    #expect(
      harness.screen.rows[1...9] == [
        " Go to  7", " work/#dev •1", " home/#lobby", " home  server", " lab  connect to lab.example.org:4000",
        " work/@marco", " work/@zoe", " home/@kim", "",
      ])
    harness.type("kim")
    harness.press("Enter")
    #expect(harness.place == "home/@kim")
    // The letters of the server and of the tab together.
    harness.press("Ctrl+G")
    harness.type("workdev")
    harness.press("Enter")
    #expect(harness.place == "work/#dev")
    _ = harness.takeCommands()
    harness.press("Ctrl+G")
    harness.type("lab")
    harness.press("Enter")
    #expect(harness.takeCommands() == [.connect(try ShareLink("lab.example.org:4000"))])
    harness.press("Ctrl+G")
    harness.type("home")
    #expect(harness.screen.rows[2] == " home  server")
    harness.press("Enter")
    #expect(harness.place == "home/@kim", "its current tab")
    // A room that is joined at another server.
    harness.server = .work
    harness.receive(.rooms([RoomListing(name: RoomName(testing: "#cellar"), people: 1, topic: "")]))
    _ = harness.takeServerCommands()
    harness.press("Ctrl+G")
    harness.type("cellar")
    harness.press("Enter")
    #expect(
      harness.takeServerCommands() == [
        ServerCommand(server: .work, command: .client(.join(RoomName(testing: "#cellar"))))
      ])
  }

  @Test
  mutating func `drafts, cuts and scroll positions stay with their tabs`() {
    for number in 1...60 { harness.receiveMessage(from: "zoe", "line \(number)") }
    harness.press("PgUp")
    let scrolled = harness.pane
    harness.type("half a thought")
    harness.press("Alt+3")
    #expect(harness.input.isEmpty)
    harness.type("another")
    harness.press("Ctrl+U", "Alt+1")
    #expect(harness.input == "half a thought")
    #expect(harness.pane == scrolled)
    harness.press("Ctrl+E", "Ctrl+Y")
    #expect(harness.input == "half a thoughtanother", "what is cut at one server can be put back at another")
    harness.type("!")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["half a thoughtanother!"])
  }

  @Test
  mutating func `a room that was joined at another server opens there, and the screen stays`() {
    harness.press("Alt+3")
    harness.enter("/join tea")
    #expect(
      harness.takeServerCommands().contains(
        ServerCommand(server: .home, command: .client(.join(RoomName(testing: "#tea"))))))
    harness.press("Alt+1")
    harness.type("typing")
    harness.server = .home
    harness.receive(.roomJoined(RoomName(testing: "#tea")))
    #expect(harness.place == "work/#lobby" && harness.input == "typing")
    harness.press("Alt+3", "Alt+4")
    #expect(harness.place == "home/#tea")
  }

  @Test
  mutating func `closing the first tab after a tab of another server shows a tab of the same server`() {
    harness.press("Alt+2", "Alt+3", "Alt+2")
    harness.enter("/close")
    #expect(harness.place == "work/#lobby")
    harness.press("Alt+/")
    #expect(harness.place == "work/#lobby")
  }
}
