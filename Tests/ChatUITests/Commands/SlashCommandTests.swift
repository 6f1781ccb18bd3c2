import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Slash commands.
@Suite
struct SlashCommandTests {
  private let zoe = Target.person(Nickname(testing: "zoe"))

  private func commands(_ input: String) -> [InterfaceCommand] {
    var stage = Stage.online(80, 24, with: ["zoe", "akash"])
    stage.enter(input)
    return stage.takeCommands()
  }

  @Test(
    arguments: [
      ("/who", [.client(.who)]), ("/WHO", [.client(.who)]), ("/who  ", [.client(.who)]),
      ("/ping", [.client(.ping)]),
      (
        "/name kim",
        [.rememberName(Nickname(testing: "kim")), .client(.useName(Nickname(testing: "kim")))]
      ),
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
  func `become interface commands`(input: String, meaning: [InterfaceCommand]) {
    #expect(commands(input) == (input == "/ /" ? [] : meaning))
  }

  @Test(arguments: ["/dm", "/me", "/name", "/connect "])
  func `are explained when a parameter is missing, without an effect`(input: String) {
    var stage = Stage.online(80, 24)
    stage.enter(input)
    #expect(stage.takeCommands().isEmpty)
    #expect(stage.pane.last?.contains("!! │ write it as: /") == true)
    stage.press("↑")
    #expect(stage.input == input)
  }

  @Test(arguments: ["/hunter2", "/usr/bin/env", "/", "/dmzoe hi", "/é"])
  func `that are unknown are not sent and stay in the input`(input: String) {
    var stage = Stage.online(80, 24)
    stage.enter(input)
    #expect(stage.takeCommands().isEmpty)
    #expect(stage.input == input)
    #expect(!stage.pane.joined().contains("there is no /"))
    #expect(stage.statusRow.contains("there is no /"))
  }

  @Test
  func `/dm and /me accept several lines`() {
    var stage = Stage.online(80, 24, with: ["zoe"])
    stage.paste("/dm zoe one\ntwo\n")
    stage.press("Enter")
    #expect(stage.takeSends().map(\.text) == ["one", "two"])
    stage.paste("/away for\na while")
    stage.press("Enter")
    #expect(stage.takeCommands() == [.client(.away("for a while"))])
  }

  @Test
  func `/me is shown as an action`() {
    var stage = Stage.online(80, 24)
    stage.enter("/me waves")
    #expect(stage.pane.last == "  ···          * │ neha waves")
    #expect(stage.style(of: "neha waves") == Style(.own, .bold))
    stage.say("neha", "/me waves", answering: SendID(1))
    #expect(stage.pane.last == "12:01          * │ neha waves")
    stage.say("zoe", "/menu")
    #expect(stage.pane.last == "12:01        zoe │ /menu")
  }

  @Test
  func `/who lists the present users`() {
    var stage = Stage.online(120, 24, with: ["zoe", "akash"])
    stage.hear(.away(Nickname(testing: "zoe"), text: "lunch"))
    stage.enter("/who")
    #expect(stage.pane.last == "12:01           -- │ 3 here: akash, neha, zoe (away)")
    stage.hear(.offline(Outage(reason: "gone", retryIn: nil)))
    stage.enter("/who")
    #expect(stage.pane.last == "12:01           -- │ not connected")
    stage.hear(.connecting(Endpoint(testing: "x:1"), attempt: 1))
    stage.hear(.online(Nickname(testing: "neha"), dialect: []))
    stage.enter("/who")
    #expect(stage.pane.last?.contains("connected to x:1") == true, "it is not known yet")
    stage.hear(.roster(.lobby, (0..<1000).map { Person(Nickname(testing: "p\($0)")) }))
    stage.enter("/who")
    #expect(stage.pane.joined().contains(" and 800 more"))
  }

  @Test
  func `/close closes a tab, but not the lobby`() {
    var stage = Stage.online(80, 24)
    stage.enter("/close")
    #expect(stage.pane.last?.hasSuffix("the lobby stays open; /quit leaves") == true)
    stage.enter("/dm zoe")
    stage.enter("/dm kim")
    stage.say("akash", "neha?")
    stage.enter("/close")
    #expect(stage.screen.rows[0] == " 1 #lobby!1  2 @zoe")
    stage.enter("/close")
    #expect(stage.screen.rows[0] == " 1 #lobby")
  }

  @Test
  func `/clear empties only the pane`() {
    var stage = Stage.online(80, 24)
    for number in 0..<50 { stage.say("zoe", "\(number)") }
    stage.type("on its way")
    stage.press("Enter", "PgUp")
    stage.enter("/clear")
    #expect(stage.pane == ["  ···       neha │ on its way"])
    stage.press("PgUp", "PgDn", "Alt+Home", "Alt+U", "Alt+P")
    stage.say("zoe", "more")
    #expect(stage.pane.count == 3)
  }

  @Test
  func `/name explains an invalid name`() {
    var stage = Stage.online(120, 24)
    stage.enter("/name a b")
    #expect(stage.takeCommands().isEmpty)
    #expect(
      stage.pane.last?.hasSuffix("A name has 1 to 32 bytes, a letter or digit among them, no spaces.") == true)
    stage.enter("/dm \(String(repeating: "x", count: 33)) hi")
    #expect(stage.takeCommands().isEmpty)
    #expect(stage.pane.last?.hasSuffix("cannot be anybody's name") == true)
  }

  @Test
  func `/who explains that a server has no roster`() {
    var stage = Stage(80, 24)
    stage.connect(isEncrypted: false)
    stage.hear(.noticed(Nickname(testing: "bob")))
    stage.enter("/who")
    #expect(stage.pane.last == "12:01         -- │ heard from: bob")
    #expect(!stage.screen.rows.contains { $0.contains("1 here") })
    #expect(stage.screen.rows.contains { $0.hasSuffix("│ heard from") })
    stage.enter("/dm zoe")
    #expect(!stage.statusRow.contains("is not here"))
    stage.hear(.roster(.lobby, [Person(Nickname(testing: "neha"))]))
    #expect(stage.statusRow.contains("zoe is not here"))
  }

  @Test
  func `names of several words on foreign servers`() throws {
    let harshit = try #require(Nickname(spaced: "Harshit Kumar"))
    var stage = Stage.online(80, 24, with: ["Harshit", "zoe"])
    stage.hear(.roster(.lobby, [Person(harshit), Person(Nickname(testing: "Harshit"))]))
    stage.enter("/dm harshit kumar  hello you")
    var sends = stage.takeSends()
    #expect(sends.map(\.to) == [.person(harshit)])
    #expect(sends.map(\.text) == ["hello you"])
    stage.enter("/dm harshit kumars dog")
    sends = stage.takeSends()
    #expect(sends.map(\.to) == [.person(Nickname(testing: "Harshit"))])
    #expect(sends.map(\.text) == ["kumars dog"])
  }

  @Test
  func `/rooms ends with any answer`() {
    var stage = Stage.online(80, 24)
    stage.enter("/rooms")
    #expect(stage.statusRow.contains("asking for the rooms"))
    stage.hear(.roomsFailed(reason: "This server has only one room."))
    #expect(!stage.statusRow.contains("asking for the rooms"))
    #expect(stage.pane.last?.hasSuffix("This server has only one room.") == true)
    stage.enter("/rooms")
    stage.hear(.offline(Outage(reason: "gone", retryIn: .seconds(1))))
    #expect(!stage.statusRow.contains("asking for the rooms"))
  }
}
