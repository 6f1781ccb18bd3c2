import NIOCore
import NIOSSL
import NIOTLS

// TLS: a handler between socket and connection, added at the first byte if the client uses TLS.

extension Connection {
  enum Encryption {
    case none
    /// The handshake is under way: nothing can be sent. Closing in this context is immediate, while TLS would wait for
    /// the peer's close notification.
    case beginning(ChannelHandlerContext)
    case complete(ChannelHandlerContext)
  }

  /// Whether TLS is in use, or its handshake under way.
  var isEncrypted: Bool { if case .none = encryption { false } else { true } }

  func beginEncryption(behind context: ChannelHandlerContext) { encryption = .beginning(context) }

  /// - Returns: whether the event belonged to TLS.
  func noticeHandshake(_ event: Any) -> Bool {
    guard let event = event as? TLSUserEvent else { return false }
    if case .handshakeCompleted = event, case .beginning(let context) = encryption {
      encryption = .complete(context)
      driver.apply(.secured(id))
    }
    return true
  }

  /// Whether the error is only a missing TLS close notification. Such an end is treated like that of a plain
  /// connection: the next event tells its kind.
  static func isMereEnd(_ error: any Error) -> Bool { error as? NIOSSLError == .uncleanShutdown }

  /// Closes without waiting for pending output or for the peer.
  func closeAtOnce() {
    switch encryption {
    case .none: context?.close(promise: nil)
    case .beginning(let front), .complete(let front): front.close(promise: nil)
    }
  }
}
