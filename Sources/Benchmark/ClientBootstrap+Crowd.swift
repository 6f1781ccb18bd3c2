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
  init(connecting error: any Error) {
    let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    self.init("cannot connect to the server: \(reason)")
  }
}
