import ChatHub
import ChatLog
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import ChatServer

/// There are clients that take what one read returns for one line: while there is little to say, each line is handed to
/// the socket alone. What the kernel makes of it under load is its own business.
@Suite struct PacketTests {
  /// The server without its sockets: a turn of the loop ends when the test says so.
  private final class Stage {
    private let loop = EmbeddedEventLoop()
    private let driver: HubDriver
    private var channels: [EmbeddedChannel] = []

    init() {
      let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
      let settings = HubSettings(idleTimeout: nil, loginTimeout: nil)
      driver = HubDriver(eventLoop: loop, settings: settings, log: MemoryLog(), logger: logger)
    }

    func join(_ name: String, _ capabilities: String = "") throws -> (EmbeddedChannel, PacketRecorder) {
      let recorder = PacketRecorder()
      let connection = Connection(id: driver.nextID(), driver: driver, limits: SendQueueLimits())
      let channel = EmbeddedChannel(handlers: [recorder, connection], loop: loop)
      channels.append(channel)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      try say(channel, "\(capabilities)LOGIN \(name)\n")
      endTurn()
      _ = recorder.take()
      return (channel, recorder)
    }

    func say(_ channel: EmbeddedChannel, _ bytes: String) throws { try channel.writeInbound(ByteBuffer(string: bytes)) }

    func endTurn() { loop.run() }

    func close() throws {
      for channel in channels { try channel.close().wait() }
      loop.run()
    }
  }

  @Test func `a plain session's lines are handed over one by one`() throws {
    let stage = Stage()
    let (neha, toNeha) = try stage.join("neha")
    let (_, toAkash) = try stage.join("akash")
    try stage.say(neha, "MSG one\nMSG two\nDM akash three\nPING\nMSG four\n")
    stage.endTurn()
    #expect(toNeha.take() == ["MSG neha one\n", "MSG neha two\n", "PONG\n", "MSG neha four\n"])
    #expect(toAkash.take() == ["MSG neha one\n", "MSG neha two\n", "DM neha three\n", "MSG neha four\n"])
    try stage.close()
  }

  @Test func `so is a list of people while it is short`() throws {
    let stage = Stage()
    let people = try (0..<8).map { try stage.join("n\($0)") }
    try stage.say(people[0].0, "WHO\n")
    stage.endTurn()
    #expect(people[0].1.take() == (0..<8).map { "USER n\($0)\n" })
    try stage.close()
  }

  @Test func `a flood is handed over together at the end of the turn`() throws {
    let stage = Stage()
    let (neha, toNeha) = try stage.join("neha")
    let (_, toAkash) = try stage.join("akash")
    let numbers = 0..<100
    try stage.say(neha, numbers.map { "MSG \($0)\n" }.joined())
    #expect(toAkash.take() == [])
    stage.endTurn()
    let flood = numbers.map { "MSG neha \($0)\n" }.joined()
    #expect(toNeha.take() == [flood])
    #expect(toAkash.take() == [flood])
    try stage.close()
  }

  @Test func `who reads tags is handed a turn's lines together`() throws {
    let stage = Stage()
    let (neha, toNeha) = try stage.join("neha", "CAP REQ tags\n")
    try stage.say(neha, "PING\nPING\nPING\n")
    stage.endTurn()
    #expect(toNeha.take() == ["PONG\nPONG\nPONG\n"])
    try stage.close()
  }
}
