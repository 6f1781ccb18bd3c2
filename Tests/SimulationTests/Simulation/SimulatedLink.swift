import ChatDialects
import ChatHub
import ChatProtocol
import NIOCore

/// A connection with the bytes under way. Each end learns of the disconnect separately and late.
struct SimulatedLink {
  enum LinkEnd { case open, ending, ended }

  let session: SessionID
  let client: Int
  var toServer = ByteBuffer()
  var toClient = ByteBuffer()
  /// Whether the server, and the client, still read; `ending`: only the bytes under way will arrive.
  var serverEnd = LinkEnd.open
  var clientEnd = LinkEnd.open
  /// Whether the connection broke, rather than being closed by an end.
  var wasCut = false

  // The server's state of this connection.
  let dialect = SwiftchatDialect()
  var rooms: Set<RoomName> = []
  var isLagging = false
  var isHeld = false

  var isQuiet: Bool { toServer.readableBytes == 0 && toClient.readableBytes == 0 }

  init(session: SessionID, client: Int) {
    self.session = session
    self.client = client
  }

  mutating func write(_ message: ServerMessage, _ tags: Tags) {
    guard serverEnd == .open, clientEnd != .ended else { return }
    dialect.write(message, tags: tags, into: &toClient)
  }

  /// Breaks the connection: a part of the bytes under way still arrives, and nothing after it.
  mutating func cut(keepingToServer: Int, keepingToClient: Int) {
    wasCut = true
    toServer =
      toServer.getSlice(at: toServer.readerIndex, length: min(keepingToServer, toServer.readableBytes)) ?? ByteBuffer()
    toClient =
      toClient.getSlice(at: toClient.readerIndex, length: min(keepingToClient, toClient.readableBytes)) ?? ByteBuffer()
    if serverEnd == .open { serverEnd = .ending }
    if clientEnd == .open { clientEnd = .ending }
  }
}
