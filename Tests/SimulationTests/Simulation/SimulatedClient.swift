import ChatClient
import ChatProtocol
import NIOCore
import TestClient

/// One user's client: a session and its screen.
struct SimulatedClient {
  let name: Nickname
  var session: ClientSession
  var screen: EventScreen
  var saved = EventScreen.SavedScreen()
  /// Whether the session requested a connection.
  var wantsConnection = false
  /// The current connection, as an index into the simulation's links.
  var link: Int?
  var decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 8191), allowsTags: false)
  var hasEnded = false

  init(_ name: Nickname, seed: UInt64) {
    self.name = name
    session = ClientSession(name: name, seed: seed)
    screen = EventScreen(name)
  }
}
