import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The sign `@` before a name in commands, where other servers and older ones have names that begin with it.
@Suite
struct PersonSignTests {
  private static let carla = Nickname(testing: "carla")
  private static let other = Nickname(testing: "@carla")
  private static let shed = RoomName(testing: "#shed")
  private static let address = "203.0.113.9"

  private func harness() -> InterfaceHarness {
    var harness = InterfaceHarness.online(80, 24, with: ["Carla", "@carla", Self.address, "key:x"], isOperator: true)
    _ = harness.takeCommands()
    return harness
  }

  @Test(arguments: [
    ("/dm carla hi", carla), ("/dm @carla hi", carla), ("/msg @CARLA hi", carla), ("/dm @@carla hi", other),
    ("/dm @nobody hi", Nickname(testing: "nobody")),
  ])
  func `one sign before a name is never part of it`(input: String, name: Nickname) {
    var harness = harness()
    harness.enter(input)
    let sends = harness.takeSends()
    #expect(sends.map(\.to) == [.person(name)] && sends.map(\.text) == ["hi"])
  }

  @Test(
    arguments: [
      ("/op @carla", .makeOperator(carla)), ("/deop @@carla", .unmakeOperator(other)),
      ("/invite @carla #shed", .invite(shed, carla)), ("/mute @carla", .mute(carla, for: .forever, reason: "")),
      ("/kick @carla", .kick(carla, reason: "")), ("/ban @carla", .ban(.name(carla), for: .forever, reason: "")),
      ("/ban @@carla", .ban(.name(other), for: .forever, reason: "")),
      ("/unban @CARLA", .unban(.name(carla))),
      ("/ban @\(address)", .ban(.name(Nickname(testing: address)), for: .forever, reason: "")),
      ("/ban @key:x", .ban(.name(Nickname(testing: "key:x")), for: .forever, reason: "")),
    ] as [(String, AdminRequest)])
  func `one sign before a name in a request is never part of it`(input: String, request: AdminRequest) {
    var harness = harness()
    harness.enter(input)
    #expect(harness.takeCommands() == [.client(.admin(request))])
  }

  @Test
  func `an address is an address although somebody is named like it`() throws {
    var harness = harness()
    let network = try #require(Network(Self.address))
    harness.enter("/ban \(Self.address)")
    #expect(harness.takeCommands() == [.client(.admin(.ban(.network(network), for: .forever, reason: "")))])
    harness.enter("/unban \(Self.address)")
    #expect(harness.takeCommands() == [.client(.admin(.unban(.network(network))))])
  }

  @Test
  func `one sign before the name of an ignored person is never part of it`() {
    var harness = harness()
    harness.enter("/ignore @carla")
    #expect(harness.interface.ignored.names == [Self.carla])
    harness.enter("/ignore @@carla")
    #expect(harness.interface.ignored.names == [Self.carla, Self.other])
    #expect(harness.screen.rows.contains { $0.contains("/unignore @@carla") })
    harness.enter("/unignore @carla")
    #expect(harness.interface.ignored.names == [Self.other])
    harness.enter("/unignore @@carla")
    #expect(harness.interface.ignored.names.isEmpty)
  }

  @Test
  func `the sign may be before a name of several words`() throws {
    let smith = try #require(Nickname(spaced: "John Smith"))
    var harness = harness()
    harness.receive(.roster(.lobby, [Person(smith), Person(Nickname(testing: "John"))]))
    harness.enter("/dm @john smith hi")
    let sends = harness.takeSends()
    #expect(sends.map(\.to) == [.person(smith)] && sends.map(\.text) == ["hi"])
  }

  @Test(arguments: [
    ("/dm @carl", 1, "/dm @Carla "), ("/dm @carl", 2, "/dm @@carla "), ("/dm carl", 1, "/dm Carla "),
    ("/dm carl", 2, "/dm @@carla "), ("/dm @@carl", 1, "/dm @@carla "), ("/dm 203", 1, "/dm @203.0.113.9 "),
    ("/dm key", 1, "/dm @key:x "),
  ])
  func `a completed name is read as the name that was offered`(typed: String, tabs: Int, completed: String) {
    var harness = harness()
    harness.type(typed)
    for _ in 0..<tabs { harness.press("Tab") }
    #expect(harness.input == completed)
  }
}
