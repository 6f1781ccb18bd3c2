import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Operator commands.
@Suite
struct RequestTests {
  private static let zoe = Nickname(testing: "Zoe")
  private static let garden = RoomName(testing: "#garden")
  private static let key = PublicKey.testing(7)
  private static let wanted = KeyRequest.testing(key)

  private static func harness() -> InterfaceHarness {
    var harness = InterfaceHarness.online(80, 24, with: ["Zoe"], isOperator: true)
    harness.receive(.roomJoined(garden))
    harness.press("Alt+2")
    _ = harness.takeCommands()
    return harness
  }

  @Test(
    arguments: [
      ("/key", .listKeys), ("/key list", .listKeys), ("/KEY LIST", .listKeys),
      ("/key add \(wanted.text)", .addKey(wanted, label: "")),
      ("/key add \(wanted.text)  my laptop ", .addKey(wanted, label: "my laptop")),
      ("/key remove \(key)", .removeKey(key)),
      ("/create #shed", .create(RoomName(testing: "#shed"))), ("/create shed", .create(RoomName(testing: "#shed"))),
      ("/invite zoe", .invite(garden, zoe)), ("/invite @zoe #shed", .invite(RoomName(testing: "#shed"), zoe)),
      ("/uninvite zoe garden", .uninvite(garden, zoe)),
      ("/kick zoe", .kick(zoe, reason: "")), ("/kick @ZOE  read the rules", .kick(zoe, reason: "read the rules")),
      ("/ban zoe", .ban(.name(zoe), for: .forever, reason: "")),
      ("/ban zoe 7d", .ban(.name(zoe), for: .seconds(604_800), reason: "")),
      (
        "/ban @nobody 30M spam, and 7d more",
        .ban(.name(Nickname(testing: "nobody")), for: .seconds(1800), reason: "spam, and 7d more")
      ),
      ("/ban 192.0.2.7 x", .ban(.network(Network("192.0.2.7") ?? .testing), for: .forever, reason: "x")),
      ("/ban 192.0.2.9/24 2w", .ban(.network(.testing), for: .seconds(1_209_600), reason: "")),
      ("/ban 2001:db8::/32", .ban(.network(Network("2001:db8::/32") ?? .testing), for: .forever, reason: "")),
      ("/ban key:\(key)", .ban(.key(key), for: .forever, reason: "")),
      ("/ban @192.0.2.7", .ban(.name(Nickname(testing: "192.0.2.7")), for: .forever, reason: "")),
      ("/unban zoe", .unban(.name(zoe))), ("/unban 192.0.2.0/24", .unban(.network(.testing))),
      ("/mute zoe 12h", .mute(zoe, for: .seconds(43_200), reason: "")),
      ("/mute zoe loud", .mute(zoe, for: .forever, reason: "loud")), ("/unmute zoe", .unmute(zoe)),
      ("/bans", .listSanctions), ("/slow 10", .slow(garden, seconds: 10)), ("/slow 2m", .slow(garden, seconds: 120)),
      ("/slow 0", .slow(garden, seconds: 0)), ("/op zoe", .makeOperator(zoe)), ("/deop zoe", .unmakeOperator(zoe)),
      ("/ops", .listOperators), ("/audit", .listActs(limit: 20)), ("/audit 5", .listActs(limit: 5)),
    ] as [(String, AdminRequest)])
  func `administration commands become requests`(input: String, request: AdminRequest) {
    var harness = Self.harness()
    harness.enter(input)
    #expect(harness.takeCommands() == [.client(.admin(request))])
  }

  @Test(arguments: [
    ("/key add", "write it as: /key list, /key add REQUEST [LABEL] or /key remove KEY"),
    ("/key x", "write it as: /key"),
    ("/key add xyz", "no request of a key"),
    ("/key remove xyz", "a key can be shortened after /key list"), ("/create", "write it as: /create #ROOM"),
    ("/create #", "A room's name has"), ("/invite", "write it as: /invite NAME [#ROOM]"),
    ("/invite zoe #lobby", "everybody is in the lobby"), ("/kick", "write it as: /kick NAME [REASON]"),
    ("/kick \(String(repeating: "x", count: 33))", "cannot be anybody's name"),
    ("/ban", "write it as: /ban WHO [SPAN] [REASON]"), ("/ban 192.0.2.0/99", "192.0.2.0/99 is not @name, an address"),
    ("/ban 300.0.2.7", "300.0.2.7 is not @name, an address"), ("/ban 10:", "10: is not @name, an address"),
    ("/ban 2001:db8::/x", "is not @name, an address"), ("/ban key:abc", "key:abc is not @name, an address"),
    ("/ban zoe 30", "30 is no span of time: write 30m, 12h, 7d or 2w; a reason begins with a letter"),
    ("/ban zoe 0d", "0d is no span"), ("/ban zoe 99999999999999999999d", "is no span"),
    ("/mute zoe 1.5h", "is no span"), ("/mute zoe ٣d", "is no span"), ("/unban", "write it as: /unban WHO"),
    ("/unmute", "write it as: /unmute NAME"), ("/slow", "write it as: /slow SECONDS"),
    ("/slow x", "x is no number of seconds from 0 to 3600"), ("/slow -1", "is no number"),
    ("/slow 3601", "is no number"),
    ("/slow 2h", "is no number"), ("/op", "write it as: /op NAME"),
    ("/audit 0", "0 is no number from 1 to 200"), ("/audit x", "is no number"),
    ("/kick zoe \(String(repeating: "é", count: 129))", "a reason or label has at most 256 bytes, and this one 258"),
  ])
  func `administration commands are explained when incomplete, and nothing is sent`(input: String, words: String) {
    var harness = Self.harness()
    harness.resize(200, 24)
    harness.enter(input)
    #expect(harness.takeCommands().isEmpty)
    #expect(
      harness.pane.last?.contains("!!   ") == true && harness.pane.last?.contains(words) == true, "\(harness.pane)")
    #expect(harness.input.isEmpty)
    harness.press("↑")
    #expect(harness.input == input)
  }

  @Test(arguments: [
    ("/key list all", "/key list, /key add"), ("/create a b", "/create #ROOM"),
    ("/invite zoe #garden now", "/invite NAME [#ROOM]"), ("/unban zoe now", "/unban WHO"),
    ("/slow 1 2", "/slow SECONDS"), ("/deop zoe kim", "/deop NAME"), ("/bans all", "/bans"),
  ])
  func `administration commands with too many words stay in the input, and nothing is sent`(
    input: String, usage: String
  ) {
    var harness = Self.harness()
    harness.resize(200, 24)
    let before = harness.pane
    harness.enter(input)
    #expect(harness.takeCommands().isEmpty)
    #expect(harness.statusRow.hasPrefix(" write it as: \(usage)"))
    #expect(harness.input == input && harness.pane == before)
  }

  @Test
  func `administration commands need a room when they apply to one`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.enter("/dm zoe")
    for command in ["/slow 10", "/invite zoe"] {
      harness.enter(command)
      #expect(harness.takeCommands().isEmpty)
      #expect(harness.pane.last?.hasSuffix(" is meant") == true, "\(harness.pane)")
    }
    harness.enter("/invite zoe #shed")
    #expect(harness.takeCommands() == [.client(.admin(.invite(RoomName(testing: "#shed"), Nickname(testing: "zoe"))))])
  }

  @Test
  func `administration commands need a connection and a server that supports them`() {
    var harness = InterfaceHarness(120, 24)
    harness.enter("/kick zoe")
    #expect(harness.pane.last?.hasSuffix("not connected: nothing was asked") == true)
    harness.enter("/remove")
    #expect(harness.pane.last?.hasSuffix("not connected: nothing can be removed") == true)
    harness.receive(.online(Nickname(testing: "neha"), capabilities: []))
    harness.enter("/bans")
    #expect(harness.pane.last?.hasSuffix("this server speaks the plain protocol, which has no word for it") == true)
    #expect(harness.takeCommands().isEmpty)
  }

  @Test
  func `/create opens the room unless it is refused`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.enter("/create #shed")
    harness.receive(.roomJoined(RoomName(testing: "#shed")))
    #expect(harness.tabBar == " 1 #lobby  2 #shed")
    #expect(harness.interface.tabs.current.target == Target(testing: "#shed"))
    harness.enter("/create #other")
    harness.receive(
      .administered(.create(RoomName(testing: "#other")), .refused(reason: ErrorCode.roomExists.explanation)))
    #expect(harness.pane.last?.hasSuffix("!!      /create: There is a room of this name.") == true)
    harness.receive(.roomJoined(RoomName(testing: "#other")))
    #expect(harness.interface.tabs.current.target == Target(testing: "#shed"))
  }
}
