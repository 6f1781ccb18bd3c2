import CommandSupport
import NIOCore
import NIOPosix
import NIOSSL
import Platform

extension ClientBootstrap {
  /// The bootstrap of one client of a benchmark.
  /// - Parameters:
  ///   - loop: the loop of all clients.
  ///   - encryption: nil for plain text.
  ///   - client: the last handler of the connection, isolated to the loop.
  static func crowd(
    on loop: any EventLoop, _ encryption: NIOSSLContext?, _ client: NIOLoopBound<some ChannelInboundHandler>
  ) -> ClientBootstrap {
    ClientBootstrap(group: loop)
      .channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let encryption {
            try pipeline.addHandler(NIOSSLClientHandler(context: encryption, serverHostname: nil))
          }
          try pipeline.addHandler(client.value)
        }
      }
  }
}

extension Failure {
  init(connecting error: any Error) { self.init("cannot connect to the server: \(Self.reason(for: error))") }

  /// - Parameter client: the name of the client whose connection broke.
  init(of client: String, _ error: any Error) {
    self.init("\(client) lost its connection: \(Self.reason(for: error))")
  }

  private static func reason(for error: any Error) -> String {
    switch error {
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case ChannelError.connectTimeout: String(cString: strerror(ETIMEDOUT))
    case NIOSSLError.handshakeFailed(.sslError(let errors)) where errors == [.eofDuringHandshake]:
      "the server hung up during the TLS handshake"
    case NIOSSLError.handshakeFailed: "the server does not speak TLS"
    case NIOSSLError.uncleanShutdown: "the server hung up without ending TLS"
    default: "\(error)"
    }
  }
}

extension EventLoopPromise where Value: Sendable {
  /// Fails the promise after the time if it is not completed by then.
  func fail(after patience: TimeAmount, _ complaint: String) {
    let deadline = futureResult.eventLoop.scheduleTask(in: patience) { fail(Failure(complaint)) }
    futureResult.whenComplete { _ in deadline.cancel() }
  }
}
