import CommandSupport
import NIOCore
import NIOPosix
import Platform

/// A blocking interface to a crowd on its own event loop. All methods throw `Failure`.
struct CrowdSession {
  private let group: MultiThreadedEventLoopGroup
  private let crowd: NIOLoopBound<Crowd>
  private let server: MeasuredServer
  private let size: Int

  /// Runs the body with a crowd that is not connected yet, and closes all connections afterwards.
  static func use<Result>(
    on server: MeasuredServer, size: Int, senders: Int, window: Int = 1, tagged: Int = 0,
    message: BenchMessage = BenchMessage(textBytes: BenchMessage.smallestText), _ body: (CrowdSession) throws -> Result
  ) throws -> Result {
    let needed = size + 50
    guard FileDescriptorLimit.raise() >= needed else {
      throw Failure("\(size) clients need \(needed) open files; raise the limit with 'ulimit -n \(needed)'")
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    defer { try? group.syncShutdownGracefully() }
    let loop = group.next()
    let (addresses, patience) = (server.addresses, server.patience)
    let encryption = try server.encryption
    let crowd = try loop.submit {
      let crowd = Crowd(
        eventLoop: loop, addresses: addresses, encryption: encryption, size: size, senders: senders, window: window,
        tagged: tagged, message: message, patience: patience)
      return NIOLoopBound(crowd, eventLoop: loop)
    }.wait()
    // On a server that keeps running, the next crowd must find the names free and must not receive notices about this
    // one's disconnects.
    defer { try? loop.flatSubmit { crowd.value.leave(quits: !server.isOwn) }.wait() }
    return try body(CrowdSession(group: group, crowd: crowd, server: server, size: size))
  }

  /// Logs in all clients.
  /// - Returns: the server's memory before and after.
  func logIn() throws -> ServerMemory {
    let before = server.usage?.residentBytes
    try run { $0.logIn() }
    return ServerMemory(beforeBytes: before, connectedBytes: server.usage?.residentBytes, connections: size)
  }

  func talk(warmUp: TimeAmount, for duration: TimeAmount) throws -> (CrowdReading, CrowdReading) {
    let server = server
    return try run { $0.talk(warmUp: warmUp, for: duration) { server.usage } }
  }

  /// Stays connected for the duration without sending.
  func stayIdle(for duration: TimeAmount) throws -> (CrowdReading, CrowdReading) {
    try talk(warmUp: .zero, for: duration)
  }

  /// Waits until all messages have arrived.
  /// - Returns: the first error in them, the number of messages, and the latencies from sending to the delivery to the
  ///   sender or its partner.
  func check() throws -> (complaint: String?, messages: Int, latencies: Histogram) {
    try run { $0.drain() }
    try run { $0.ping() }
    return try run { crowd in
      crowd.eventLoop.makeSucceededFuture((crowd.complaint, crowd.sentCount, crowd.latencies))
    }
  }

  private func run<Value: Sendable>(_ work: @escaping @Sendable (Crowd) -> EventLoopFuture<Value>) throws -> Value {
    let crowd = crowd
    return try group.next().flatSubmit { work(crowd.value) }.wait()
  }
}

/// Memory of the server before and with the connections; nil where unknown.
struct ServerMemory: Encodable {
  let beforeBytes: Int?
  let connectedBytes: Int?
  let connections: Int
  var bytesPerConnection: Int? {
    guard let beforeBytes, let connectedBytes, connections > 0 else { return nil }
    return (connectedBytes - beforeBytes) / connections
  }
}
