import ChatProtocol
import NIOPosix

/// Who answers at an endpoint.
public enum ServerPin {
  /// Connects, and hangs up before anything of ours is said.
  /// - Returns: within 20 seconds.
  /// - Throws: why it is not known; of `ConnectionFailure.Kind.plain` where the server does not speak TLS.
  public static func seen(at endpoint: Endpoint) async throws(ConnectionFailure) -> Pin {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    do {
      let connected = try await Connector.connect(to: endpoint, .encrypted(expecting: nil), on: loop).get()
      connected.channel.close(promise: nil)
      guard let pin = connected.pin else { throw ConnectionFailure.handshake(with: endpoint) }
      return pin
    } catch {
      throw ConnectionFailure(error, endpoint: endpoint)
    }
  }
}
