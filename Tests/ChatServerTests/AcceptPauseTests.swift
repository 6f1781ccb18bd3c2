import ChatProtocol
import Foundation
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import ChatServer

@Suite struct AcceptPauseTests {
  /// The last read setting of the listener; nil if there was none.
  private func isReading(_ channel: EmbeddedChannel) -> Bool? {
    channel.options.first { $0.option is ChannelOptions.Types.AutoReadOption }?.value as? Bool
  }

  @Test func `without file descriptors accepting pauses for a second`() throws {
    let loop = EmbeddedEventLoop()
    let lines = LogLines()
    let reports = AcceptReports(logger: lines.logger(.info))
    let channel = EmbeddedChannel(handler: AcceptPause(reports: reports), loop: loop)
    #expect(isReading(channel) == nil)
    for round in 1...3 {
      channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
      #expect(isReading(channel) == false, "round \(round)")
      loop.advanceTime(by: .milliseconds(500))
      // A connection that was being accepted does not extend the pause.
      channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
      loop.advanceTime(by: .milliseconds(499))
      #expect(isReading(channel) == false, "round \(round)")
      loop.advanceTime(by: .milliseconds(1))
      #expect(isReading(channel) == true, "round \(round)")
      loop.advanceTime(by: .seconds(5))
      #expect(isReading(channel) == true, "round \(round)")
    }
    // One line a minute for all of them.
    #expect(lines.all == ["error accepting connections fails"])
    _ = try channel.finish()
  }

  @Test func `a connection that cannot be set up is reported, unless its client has left`() throws {
    let lines = LogLines()
    let reports = AcceptReports(logger: lines.logger(.info))
    let channel = EmbeddedChannel(handler: AcceptedFailures(reports: reports))
    channel.pipeline.fireErrorCaught(ChannelError.ioOnClosedChannel)
    #expect(lines.all == [])
    channel.pipeline.fireErrorCaught(IOError(errnoCode: EACCES, reason: "setsockopt"))
    channel.pipeline.fireErrorCaught(IOError(errnoCode: EACCES, reason: "setsockopt"))
    #expect(lines.all == ["error setting up accepted connections fails"])
    let now = MonotonicTime.now()
    reports.failed(.serving, IOError(errnoCode: EACCES, reason: "setsockopt"), at: now + .seconds(61))
    #expect(lines.all.last == "error setting up accepted connections still fails")
    _ = try channel.finish()
  }

  @Test func `a handler that fails closes its connection and is logged`() async throws {
    let lines = LogLines()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let listener = try await ServerBootstrap(group: group)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let reports = AcceptReports(logger: lines.logger(.info))
          try channel.pipeline.syncOperations.addHandler(AcceptPause(reports: reports))
        }
      }
      .childChannelInitializer { $0.eventLoop.makeFailedFuture(IOError(errnoCode: EACCES, reason: "setsockopt")) }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(listener.localAddress?.port)
    try await onThread {
      let client = try SocketClient(port: port)
      #expect(try client.readToEnd() == [])
    }
    // The client may see the end before the failure is reported; both have happened when the listener is closed.
    try await listener.close()
    #expect(lines.all == ["error setting up accepted connections fails"])
    try await group.shutdownGracefully()
  }
}
