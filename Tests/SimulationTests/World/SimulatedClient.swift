import ChatClient
import ChatProtocol
import NIOCore
import TestClient

/// One person's client: a session, and the screen that hears it.
struct SimulatedClient {
  let name: Nickname
  var session: ClientSession
  var screen: ToldScreen
  var saved = ToldScreen.Kept()
  /// The session asked for a connection.
  var wantsConnection = false
  /// Its present connection, as an index into the world's links.
  var link: Int?
  var decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 8191), allowsTags: false)
  var hasEnded = false

  init(_ name: Nickname, seed: UInt64) {
    self.name = name
    session = ClientSession(name: name, seed: seed)
    screen = ToldScreen(name)
  }
}
