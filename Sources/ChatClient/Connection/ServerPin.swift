import ChatModel
import ChatProtocol
import NIOPosix

/// Looks up the pin of the server at an endpoint.
public enum ServerPin {
  /// Connects, reads the server's pin, and disconnects before sending any application data.
  /// - Returns: the pin, within 20 seconds.
  /// - Throws: the failure; its kind is `ConnectionFailure.Kind.plain` if the server does not speak TLS.
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
