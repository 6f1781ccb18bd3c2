import ChatHub
import ChatProtocol
import Testing

@testable import ChatServer

/// The peer that the hub is given for a connection.
@Suite struct PeerTests {
  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1", true), ("127.8.9.10", "127.8.9.10", true), ("::1", "::1", true),
    ("::ffff:127.0.0.1", "127.0.0.1", true), ("::ffff:192.0.2.7", "192.0.2.7", false),
    ("192.0.2.7", "192.0.2.7", false), ("2001:db8::7", "2001:db8::7", false), ("0.0.0.0", "0.0.0.0", false),
  ])
  func `connections from this host are detected`(from: String, address: String, isHost: Bool) throws {
    let harness = ServerHarness()
    let client = try harness.connect(from: from)
    #expect(client.connection.peer == Peer(address: IPAddress(address), isHost: isHost))
    try harness.close()
  }
}
