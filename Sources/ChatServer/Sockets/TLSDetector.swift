import NIOCore
import NIOSSL

/// Distinguishes TLS from plain connections by the first byte: TLS begins with a handshake record, and no valid line
/// begins with its type. A client that sends nothing is left undecided.
final class TLSDetector: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let connection: Connection
  private var isDecided = false

  /// The content type of a TLS handshake record: RFC 8446, 5.1.
  private static let handshake: UInt8 = 22

  init(before connection: Connection) { self.connection = connection }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let first = unwrapInboundIn(data)
    guard !isDecided, let byte = first.getInteger(at: first.readerIndex, as: UInt8.self) else {
      return context.fireChannelRead(data)
    }
    isDecided = true
    // A connection that is being closed has been sent the reason in plain text.
    if byte == Self.handshake, connection.state == .open, let tls = connection.driver.tls {
      encrypt(context, tls)
      context.fireChannelRead(data)
    } else {
      context.fireChannelRead(data)
      context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
  }

  /// Adds TLS behind this handler, which stays in the pipeline so that closing from its context bypasses TLS.
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

  /// The capacity of the encryption buffer that an idle connection keeps: most connections send little.
  private static let keptCapacity = 4096
}

@available(*, unavailable)
extension TLSDetector: Sendable {}
