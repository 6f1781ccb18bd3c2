import NIOCore
import NIOSSL

/// Stands before a connection until its first byte, which says whether TLS is spoken: a client that does begins with a
/// handshake, and no line that means anything begins so. Who says nothing is not asked.
final class TLSDetector: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let connection: Connection
  private var isDecided = false

  /// What the first record of TLS is: RFC 8446, 5.1.
  private static let handshake: UInt8 = 22

  init(before connection: Connection) { self.connection = connection }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let first = unwrapInboundIn(data)
    guard !isDecided, let byte = first.getInteger(at: first.readerIndex, as: UInt8.self) else {
      return context.fireChannelRead(data)
    }
    isDecided = true
    // Whom we are hanging up on has been told why in plain text.
    if byte == Self.handshake, connection.state == .open, let tls = connection.driver.tls {
      encrypt(context, tls)
      context.fireChannelRead(data)
    } else {
      context.fireChannelRead(data)
      context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
  }

  /// It stays where it is: whatever is closed here, is closed at once.
  private func encrypt(_ context: ChannelHandlerContext, _ tls: NIOSSLContext) {
    var configuration = NIOSSLServerHandler.Configuration()
    configuration.maximumPreservedOutboundBufferCapacity = Self.keptCapacity
    let handler = NIOSSLServerHandler(context: tls, configuration: configuration)
    do {
      try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
      connection.beginEncryption(behind: context)
    } catch {
      context.close(promise: nil)
    }
  }

  /// Of the buffer that each connection is encrypted into, while nothing is said: most say little.
  private static let keptCapacity = 4096
}

@available(*, unavailable)
extension TLSDetector: Sendable {}
