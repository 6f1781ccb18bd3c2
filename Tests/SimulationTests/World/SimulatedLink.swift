import ChatDialects
import ChatHub
import ChatProtocol
import NIOCore

/// A connection with what is under way in it. Each end learns of the connection's end by itself, and late.
struct SimulatedLink {
  enum End { case open, ending, ended }

  let session: SessionID
  let client: Int
  var toServer = ByteBuffer()
  var toClient = ByteBuffer()
  /// Whether the server, and the client, still listen; `ending`: what is under way is all that will come.
  var serverEnd = End.open
  var clientEnd = End.open
  /// The cut was none that anybody wished for.
  var wasCut = false

  // What the server knows of it.
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

  /// Breaks: a part of what is under way still arrives, and nothing after it.
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
