/// A client that outlives the thread that made it.
///
/// @unchecked: each test uses it from one thread at a time.
final class SharedClient: @unchecked Sendable {
  let socket: SocketClient

  init(_ socket: SocketClient) { self.socket = socket }
}
