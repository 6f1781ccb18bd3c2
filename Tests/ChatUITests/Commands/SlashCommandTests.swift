import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct SlashCommandTests {
  private let zoe = Target.person(Nickname(testing: "zoe"))

  private func commands(_ input: String) -> [InterfaceCommand] {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe", "akash"])
    harness.enter(input)
    return harness.takeCommands()
  }

  @Test(
    arguments: [
      ("/who", [.client(.who)]), ("/WHO", [.client(.who)]), ("/who  ", [.client(.who)]),
      ("/ping", [.client(.ping)]),
      ("/name kim", [.client(.useName(Nickname(testing: "kim")))]),
      ("/connect example.com:4001", [.connect(ShareLink(endpoint: Endpoint(testing: "example.com:4001")))]),
      ("/connect   example.com ", [.connect(ShareLink(endpoint: Endpoint(testing: "example.com:4000")))]),
      ("/away lunch, back soon", [.client(.away("lunch, back soon"))]), ("/away", [.client(.away(""))]),
      ("/back", [.client(.away(nil))]),
      ("/me waves", [.client(.say(id: SendID(1), to: .lobby, text: "/me waves"))]),
      ("/Me  waves ", [.client(.say(id: SendID(1), to: .lobby, text: "/me waves"))]),
      ("/dm zoe hi there", [.client(.say(id: SendID(1), to: .person(Nickname(testing: "zoe")), text: "hi there"))]),
      ("/dm @zoe  hi", [.client(.say(id: SendID(1), to: .person(Nickname(testing: "zoe")), text: "hi"))]),
      ("/dm ZOE hi", [.client(.say(id: SendID(1), to: .person(Nickname(testing: "zoe")), text: "hi"))]),
      ("//dm zoe", [.client(.say(id: SendID(1), to: .lobby, text: "/dm zoe"))]),
      ("/ /", [.client(.say(id: SendID(1), to: .lobby, text: "none"))]),
      ("/quit", [.quit]),
    ] as [(String, [InterfaceCommand])])
  func `slash commands become interface commands`(input: String, meaning: [InterfaceCommand]) {
    #expect(commands(input) == (input == "/ /" ? [] : meaning))
  }

  @Test(arguments: ["/dm", "/me", "/name", "/connect "])
  func `slash commands are explained when a parameter is missing, without an effect`(input: String) {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter(input)
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.pane.last?.contains("!!      write it as: /") == true)
    harness.press("↑")
    #expect(harness.input == input)
  }

  @Test(arguments: ["/hunter2", "/usr/bin/env", "/", "/dmzoe hi", "/é"])
  func `slash commands that are unknown are not sent and stay in the input`(input: String) {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter(input)
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.input == input)
    #expect(!harness.pane.joined().contains("there is no /"))
    #expect(harness.statusRow.contains("there is no /"))
  }

  @Test(arguments: [
    "/who #dev now", "/who\nhello everyone", "/quit\n/part", "/quit see you", "/close valuable draft", "/clear all",
    "/ping zoe", "/back now", "/help kick", "/rooms all", "/share it", "/trust it", "/join #dev now", "/part #dev bye",
    "/to #dev now", "/notify all please", "/snooze 30m now", "/whois zoe now",
  ])
  func `slash commands with more words than they take have no effect and stay in the input`(input: String) {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.receive(.roomJoined(RoomName(testing: "#dev")))
    harness.enter("/dm zoe")
    harness.paste(input)
    _ = harness.takeCommands()
    let before = harness.interface.tabs.current
    harness.press("Enter")
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.statusRow.hasPrefix(" write it as: /"))
    #expect(harness.input == input)
    #expect(harness.interface.tabs.current == before)
  }

  @Test(arguments: [
    ("/away lunch", "you are marked as away"), ("/back", "you are marked as back"), ("/name kim", "your name is kim"),
  ])
  func `slash commands that wait for a connection say so in the status line`(input: String, effect: String) {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter(input)
    #expect(!harness.statusRow.contains("not connected"))
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    let before = harness.pane
    harness.enter(input)
    #expect(harness.statusRow == " not connected: \(effect) as soon as you are")
    #expect(harness.pane == before)
  }

  @Test
  func `/dm and /me accept several lines`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.paste("/dm zoe one\ntwo\n")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["one\ntwo"])
    harness.paste("/me waves\nand goes")
    harness.press("Enter")
    #expect(harness.takeSends().map(\.text) == ["/me waves\nand goes"])
    harness.paste("/away for\na while")
    harness.press("Enter")
    #expect(harness.takeCommands() == [.client(.away("for a while"))])
  }

  @Test
  func `/me is shown as an action`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("/me waves")
    #expect(harness.pane.last == "   ···  *       neha waves")
    #expect(harness.style(of: "neha waves") == Style(.own))
    harness.receiveMessage(from: "neha", "/me waves", answering: SendID(1))
    #expect(harness.pane.last == "        *       neha waves")
    harness.receiveMessage(from: "zoe", "/menu")
    #expect(harness.pane.last == "        zoe     /menu")
  }

  @Test
  func `/who lists the present users`() {
    var harness = InterfaceHarness.online(120, 24, with: ["zoe", "akash"])
    harness.receive(.away(Nickname(testing: "zoe"), text: "lunch"))
    harness.enter("/who")
    #expect(harness.pane.last == "            --   3 here: akash, neha, zoe (away)")
    harness.receive(.offline(Outage(reason: "gone", retryIn: nil)))
    harness.enter("/who")
    #expect(harness.pane.last == "            --   not connected")
    harness.receive(.connecting(Endpoint(testing: "x:1"), attempt: 1))
    harness.receive(.online(Nickname(testing: "neha"), capabilities: []))
    harness.enter("/who")
    #expect(harness.pane.last?.contains("connected to x:1") == true, "it is not known yet")
    harness.receive(.roster(.lobby, (0..<1000).map { Person(Nickname(testing: "p\($0)")) }))
    harness.enter("/who")
    #expect(harness.pane.joined().contains(" and 800 more"))
  }

  @Test
  func `/who lists the members of another room, if the user is in it`() {
    var harness = InterfaceHarness.online(120, 24, with: ["zoe", "akash"])
    let dev = RoomName(testing: "#dev")
    harness.receive(.roomJoined(dev), .roster(dev, ["neha", "zoe"].map { Person(Nickname(testing: $0)) }))
    for command in ["/names #dev", "/who dev"] {
      harness.enter(command)
      #expect(harness.pane.last?.hasSuffix("2 in #dev: neha, zoe") == true)
    }
    harness.enter("/who #attic")
    #expect(harness.pane.last?.hasSuffix("you are not in #attic, so its people are not known here") == true)
    harness.enter("/tab dev")
    harness.enter("/who #lobby")
    #expect(harness.pane.last?.hasSuffix("3 in #lobby: akash, neha, zoe") == true)
  }

  @Test
  func `/close closes a tab, but not the lobby`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("/close")
    #expect(harness.pane.last?.hasSuffix("the lobby stays open; /quit leaves") == true)
    harness.enter("/dm zoe")
    harness.enter("/dm kim")
    harness.receiveMessage(from: "akash", "neha?")
    harness.enter("/close")
    #expect(harness.tabBar == " 1 #lobby!1  2 @zoe")
    harness.enter("/close")
    #expect(harness.tabBar == " 1 #lobby")
  }

  @Test
  func `/clear empties only the pane`() {
    var harness = InterfaceHarness.online(80, 24)
    for number in 0..<50 { harness.receiveMessage(from: "zoe", "\(number)") }
    harness.type("on its way")
    harness.press("Enter", "PgUp")
    harness.enter("/clear")
    #expect(harness.pane == ["   ···  neha    on its way"])
    harness.press("PgUp", "PgDn", "Alt+Home", "Alt+U", "Alt+P")
    harness.receiveMessage(from: "zoe", "more")
    #expect(harness.pane.count == 3)
  }

  @Test
  func `/name explains an invalid name`() {
    var harness = InterfaceHarness.online(120, 24)
    harness.enter("/name a b")
    #expect(harness.takeCommands().isEmpty)
    #expect(
      harness.pane.last?.hasSuffix("A name has 1 to 32 bytes, a letter or digit among them, no spaces.") == true)
    harness.enter("/dm \(String(repeating: "x", count: 33)) hi")
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.pane.last?.hasSuffix("cannot be anybody's name") == true)
  }

  @Test
  func `/who explains that a server has no roster`() {
    var harness = InterfaceHarness(80, 24)
    harness.goOnline(isEncrypted: false)
    harness.receive(.noticed(Nickname(testing: "bob")))
    harness.enter("/who")
    #expect(harness.pane.last == "        --      heard from: bob")
    #expect(!harness.screen.rows.contains { $0.contains("1 here") })
    harness.resize(120, 24)
    #expect(harness.screen.rows[1].hasSuffix("    heard from"))
    harness.enter("/dm zoe")
    #expect(!harness.statusRow.contains("is not here"))
    harness.receive(.roster(.lobby, [Person(Nickname(testing: "neha"))]))
    #expect(harness.statusRow.contains("zoe is not here"))
  }

  @Test
  func `/dm accepts names of several words on foreign servers`() throws {
    let harshit = try #require(Nickname(spaced: "Harshit Kumar"))
    var harness = InterfaceHarness.online(80, 24, with: ["Harshit", "zoe"])
    harness.receive(.roster(.lobby, [Person(harshit), Person(Nickname(testing: "Harshit"))]))
    harness.enter("/dm harshit kumar  hello you")
    var sends = harness.takeSends()
    #expect(sends.map(\.to) == [.person(harshit)])
    #expect(sends.map(\.text) == ["hello you"])
    harness.enter("/dm harshit kumars dog")
    sends = harness.takeSends()
    #expect(sends.map(\.to) == [.person(Nickname(testing: "Harshit"))])
    #expect(sends.map(\.text) == ["kumars dog"])
  }

  @Test
  func `/rooms ends with any answer`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("/rooms")
    #expect(harness.statusRow.contains("asking for the rooms"))
    harness.receive(.roomsFailed(reason: "This server has only one room."))
    #expect(!harness.statusRow.contains("asking for the rooms"))
    #expect(harness.pane.last?.hasSuffix("This server has only one room.") == true)
    harness.enter("/rooms")
    harness.receive(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    #expect(!harness.statusRow.contains("asking for the rooms"))
  }
}
