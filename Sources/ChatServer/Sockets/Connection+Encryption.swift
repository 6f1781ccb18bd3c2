import NIOCore
import NIOSSL
import NIOTLS

// TLS, which stands between the socket and the connection from the first byte on where the client speaks it.
extension Connection {
  enum Encryption {
    case none
    /// The keys are not agreed on: nothing can be said. What is closed in this context is closed at once, while TLS
    /// would wait for the other side's good-bye.
    case beginning(ChannelHandlerContext)
    case complete(ChannelHandlerContext)
  }

  /// Whether TLS is spoken, or about to be.
  var isEncrypted: Bool { if case .none = encryption { false } else { true } }

  func beginEncryption(behind context: ChannelHandlerContext) { encryption = .beginning(context) }

  /// - Returns: whether the event was TLS's.
  func noticeHandshake(_ event: Any) -> Bool {
    guard let event = event as? TLSUserEvent else { return false }
    if case .handshakeCompleted = event, case .beginning(let context) = encryption {
      encryption = .complete(context)
      driver.apply(.secured(id))
    }
    return true
  }

  /// An end without TLS's good-bye is an end like any of a plain connection: what comes next says which.
  static func isMereEnd(_ error: any Error) -> Bool { error as? NIOSSLError == .uncleanShutdown }

  /// Closes, and waits neither for what was written nor for the other side.
  func closeAtOnce() {
    switch encryption {
    case .none: context?.close(promise: nil)
    case .beginning(let front), .complete(let front): front.close(promise: nil)
    }
  }
}
