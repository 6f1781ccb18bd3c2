import ChatModel
import ChatProtocol
import Testing

@testable import ChatUI

extension InterfaceHarness {
  /// Servers that the settings of `withTwoServers` name.
  static let named = ["work": "work.example.org:4000", "home": "192.0.2.7:4000", "lab": "lab.example.org:4000"]

  /// Two connected servers, work with two rooms and home with one; work is on the screen and sends the events.
  static func withTwoServers(_ columns: Int, _ rows: Int) throws -> InterfaceHarness {
    var harness = InterfaceHarness(columns, rows)
    var preferences = Preferences()
    preferences.servers = try named.sorted { $0.key > $1.key }.map {
      NamedServer(label: $0.key, link: try ShareLink($0.value))
    }
    harness.update(.preferences(preferences))
    harness.open("work.example.org:4000", name: "ada")
    harness.close("localhost:4000")
    harness.goOnline(as: "ada")
    harness.receive(.roster(.lobby, ["ada", "zoe", "marco"].map { Person(Nickname(testing: $0)) }))
    harness.receive(.roomJoined(RoomName(testing: "#dev")))
    harness.open("192.0.2.7:4000", isShown: false)
    harness.goOnline()
    harness.receive(.roster(.lobby, ["neha", "kim"].map { Person(Nickname(testing: $0)) }))
    harness.server = .work
    harness.enter("/clear")
    _ = harness.takeCommands()
    return harness
  }

  /// The name of the server on the screen and the target of its current tab.
  var place: String { "\(interface.serverLabel(interface.servers.shownIndex))/\(interface.tabs.current.target)" }
}

extension Endpoint {
  static let work = Endpoint(testing: "work.example.org:4000")
  static let home = Endpoint(testing: "192.0.2.7:4000")
}
