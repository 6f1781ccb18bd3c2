import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Platform

/// Serves the server's state over HTTP: `/metrics` for Prometheus, `/healthz` for a supervisor. Runs on its own thread,
/// so that it can report that the chat's thread does not answer.
final class MetricsServer: Sendable {
  /// The bound address as `host:port`: the first of the host's addresses.
  let address: String
  private let group: MultiThreadedEventLoopGroup
  private let listeners: [any Channel]
  private let loopHandle: LoopHandle

  /// The time limit for a whole request and its answer.
  static let patience = TimeAmount.seconds(5)

  /// Queries the server's state: called on any thread, answered on the chat's thread.
  typealias Source = @Sendable () -> EventLoopFuture<MetricsSnapshot>

  /// - Parameters:
  ///   - patience: the time limit for a whole request and its answer.
  ///   - sourcePatience: the time limit for the answer of `source`.
  /// - Throws: `ListenError`.
  static func start(
    _ settings: MetricsSettings, patience: TimeAmount = MetricsServer.patience,
    sourcePatience: TimeAmount = MetricsReport.usualPatience, logger: Logger? = nil, source: @escaping Source
  ) async throws -> MetricsServer {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      let loopHandle = LoopHandle(group.next())
      let report = MetricsReport(
        version: settings.version, startTime: ProcessFacts.currentTime(), source: source, loopHandle: loopHandle,
        patience: sourcePatience)
      let loop = group.next()
      let connections = try await loop.submit {
        NIOLoopBound(
          MetricsConnections(FileDescriptorLimit.metricsConnections(within: FileDescriptorLimit.current)),
          eventLoop: loop)
      }.get()
      let binding = Binding(
        bootstrap: { bootstrap(group, patience: patience, report: report, connections: connections, logger: logger) },
        option: .metrics, logger: logger)
      let listeners =
        try await binding
        .listen(on: [.host(settings.address.host)], port: settings.address.port)
      return MetricsServer(listeners: listeners, group: group, loopHandle: loopHandle)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  private init(listeners: [any Channel], group: MultiThreadedEventLoopGroup, loopHandle: LoopHandle) {
    self.loopHandle = loopHandle
    self.listeners = listeners
    self.group = group
    address = listeners.first?.localAddress?.hostAndPort ?? "unknown"
  }

  private static func bootstrap(
    _ group: MultiThreadedEventLoopGroup, patience: TimeAmount, report: MetricsReport,
    connections: NIOLoopBound<MetricsConnections>, logger: Logger?
  ) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let reports = AcceptReports(logger: logger ?? Logger(label: "metrics") { _ in SwiftLogNoOpLogHandler() })
          try channel.pipeline.syncOperations.addHandler(AcceptPause(reports: reports))
        }
      }
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      // A client may close its sending direction after the request, and still gets the answer.
      .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let connections = connections.value
          guard connections.take(channel) else { return channel.close(promise: nil) }
          channel.closeFuture.assumeIsolated().whenComplete { _ in connections.giveBack(channel) }
          try channel.pipeline.syncOperations.addHandlers(
            MetricsExchange.handlers(report, patience: patience) { connections.set(isAnswering: $0, channel) })
        }
      }
  }

  /// Returns when every connection is closed.
  func close() async {
    for listener in listeners { try? await listener.close() }
    loopHandle.close()
    try? await group.shutdownGracefully()
  }
}
