import ChatDialects
import ChatHub
import ChatLog
import Logging
import NIOCore
import NIOEmbedded

@testable import ChatServer

/// The server without sockets. Each iteration of the event loop ends when the test requests it.
final class ServerHarness {
  private let loop = EmbeddedEventLoop()
  private let driver: HubDriver
  private let limits: SendQueueLimits
  private var clients: [HarnessClient] = []

  final class HarnessClient {
    let connection: Connection
    fileprivate let channel: EmbeddedChannel
    private let recorder: PacketRecorder

    fileprivate init(_ connection: Connection, _ loop: EmbeddedEventLoop) {
      self.connection = connection
      recorder = PacketRecorder()
      channel = EmbeddedChannel(handlers: [recorder, connection], loop: loop)
    }

    func send(_ bytes: String) throws { try channel.writeInbound(ByteBuffer(string: bytes)) }

    /// Closes the connection.
    func disconnect() { channel.pipeline.fireChannelInactive() }

    /// Closes the client's sending direction.
    func endInput() { channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }

    /// The packets that the client has received since the last call.
    func takePackets() -> [String] { recorder.take() }

    /// The same packets as lines, without tags.
    func takeLines() -> [String] {
      recorder.take().joined().split(separator: "\n").map { line in
        String(line.first == "@" ? line.drop { $0 != " " }.dropFirst() : line)
      }
    }

    /// Whether the client reads; otherwise output stays in its send queue.
    var reads: Bool {
      get { channel.isWritable }
      set {
        channel.isWritable = newValue
        channel.pipeline.fireChannelWritabilityChanged()
      }
    }
  }

  init(
    limits: SendQueueLimits = SendQueueLimits(), ends: ConnectionEnds = ConnectionEnds(), fanout: Fanout = Fanout()
  ) {
    self.limits = limits
    let storage = LogStorage(log: MemoryLog(), isInMemory: true)
    let log = LogService(storage: storage, retention: Retention(), eventLoop: loop, logger: .silent)
    let settings = HubSettings(idleTimeout: nil, loginTimeout: nil)
    let hub = Hub(settings: settings)
    driver = HubDriver(eventLoop: loop, hub: hub, settings: settings, log: log, logger: .silent)
    driver.ends = ends
    driver.fanout = fanout
  }

  func connect(
    _ dialect: any Dialect = SwiftchatDialect(), from address: String = "127.0.0.1"
  ) throws -> HarnessClient {
    let client = HarnessClient(Connection(id: driver.nextID(), driver: driver, dialect: dialect, limits: limits), loop)
    clients.append(client)
    try client.channel.connect(to: SocketAddress(ipAddress: address, port: 1)).wait()
    return client
  }

  /// - Parameter capabilities: lines to send before the login.
  func logIn(
    _ name: String, _ capabilities: String = "", in dialect: any Dialect = SwiftchatDialect()
  ) throws -> HarnessClient {
    let client = try connect(dialect)
    try client.send("\(capabilities)LOGIN \(name)\n")
    endIteration()
    _ = client.takePackets()
    return client
  }

  var sessionCount: Int { driver.hub.sessionCount }

  func endIteration() { loop.run() }

  /// Begins one further iteration.
  func beginIteration() { loop.advanceTime(by: .microseconds(100)) }

  /// Runs all scheduled tasks of the next millisecond.
  func advanceClock() { loop.advanceTime(by: .milliseconds(1)) }

  func close() throws {
    for client in clients where client.channel.isActive { try client.channel.close().wait() }
    loop.run()
  }
}
