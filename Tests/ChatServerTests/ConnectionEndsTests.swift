import ChatLog
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import ChatServer

/// The ends of many connections at once.
@Suite struct ConnectionEndsTests {
  /// Names for one connection more than are few.
  private static let names = (0..<1001).map { "leaver\($0)" }

  @Test(arguments: [true, false])
  func `ends that follow one another are published when no more follow`(areOrderly: Bool) throws {
    let harness = ServerHarness(ends: ConnectionEnds(patience: .seconds(3600)))
    let leavers = try Self.names.map { try harness.logIn($0) }
    let third = try harness.logIn("third")
    for leaver in leavers { _ = leaver.takePackets() }
    for reported in [0..<1, 1..<11, 11..<leavers.count] {
      for leaver in leavers[reported] { if areOrderly { leaver.endInput() } else { leaver.disconnect() } }
      try third.send("PING\n")
      harness.advanceClock()
      #expect(third.takeLines() == ["PONG"])
    }
    for _ in 0..<7 { harness.advanceClock() }
    #expect(third.takeLines().isEmpty)
    var heard: [String] = []
    for _ in 0..<20 {
      harness.beginIteration()
      let lines = third.takeLines()
      #expect(lines.count <= IterationBudget.mostEnds)
      heard += lines
    }
    let isComplete = heard == Self.names.map { "INFO \($0) disconnected" }
    #expect(isComplete, "\(heard.count) lines")
    #expect(leavers.allSatisfy { $0.takePackets().isEmpty }, "nothing was written to those who had left")
    try harness.close()
  }

  /// PROTOCOL.md: messages that a client sent before it closed are carried out.
  @Test(arguments: [true, false])
  func `messages of a client that closes at once are carried out`(isOnDisk: Bool) async throws {
    let storage = isOnDisk ? LogStorage.onDisk(ControlledLog(delays: SeededGenerator(seed: 1))) : nil
    try await withServer(.local(), storage) { server in
      let reader = try SocketClient.join(server, "reader")
      let neha = try SocketClient.join(server, "neha")
      // More than are handled in one iteration. Closing with unread lines resets the connection.
      try neha.send((0..<2000).map { "MSG \($0)\n" }.joined().utf8.map { $0 })
      neha.close()
      for number in 0..<2000 { try #require(try reader.line() == "MSG neha \(number)") }
      #expect(try reader.line() == "INFO neha disconnected")
    }
  }

  @Test(arguments: [true, false])
  func `a login waits for the ends of many connections`(areOrderly: Bool) throws {
    let harness = ServerHarness()
    let leavers = try (0..<500).map { try harness.logIn("leaver\($0)") }
    let stranger = try harness.connect()
    for leaver in leavers { if areOrderly { leaver.endInput() } else { leaver.disconnect() } }
    try stranger.send("LOGIN leaver499\nWHO\n")
    for _ in 0..<20 { harness.advanceClock() }
    #expect(stranger.takeLines() == ["OK", "USER leaver499"])
    try harness.close()
  }

  @Test func `ends are not collected for longer than the patience`() throws {
    let harness = ServerHarness(
      ends: ConnectionEnds(patience: .zero), fanout: Fanout(readersPerIteration: 2000...2000))
    let leavers = try Self.names.map { try harness.logIn($0) }
    let third = try harness.logIn("third")
    for reported in [0..<300, 300..<600, 600..<leavers.count] {
      for leaver in leavers[reported] { leaver.endInput() }
      harness.beginIteration()
      #expect(third.takeLines().count == IterationBudget.mostEnds)
    }
    try harness.close()
  }

  @Test(arguments: [true, false])
  func `an end is handled before later requests of the same iteration`(areOrderly: Bool) throws {
    let harness = ServerHarness(ends: ConnectionEnds(fewReaders: 0, patience: .seconds(3600)))
    let neha = try harness.logIn("neha")
    let stranger = try harness.connect()
    if areOrderly { neha.endInput() } else { neha.disconnect() }
    try stranger.send("LOGIN neha\nWHO\n")
    harness.endIteration()
    #expect(stranger.takeLines() == ["OK", "USER neha"])
    try harness.close()
  }

  @Test func `clients that leave together still receive their answers`() async throws {
    let folder = try TemporaryFolder()
    var settings = ServerSettings.local()
    settings.log = .directory(folder.path)
    try await withServer(settings) { server in
      try server.driver.eventLoop.submit {
        server.driver.value.ends = ConnectionEnds(fewReaders: 0, patience: .seconds(3600))
      }.wait()
      let names = (0..<100).map { "neha\($0)" }
      let clients = try names.map { try SocketClient.join(server, $0) }
      for client in clients {
        try client.send("MSG bye")
        client.halfClose()
      }
      for (name, client) in zip(names, clients) {
        let heard = String(decoding: try client.readToEnd(), as: UTF8.self).split(separator: "\n")
        #expect(heard.contains("MSG \(name) bye"))
      }
    }
  }

  /// Adds what it reads to a list. Used on the loop.
  private final class ReadRecorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private(set) var events: [String] = []
    private let hasRead: EventLoopPromise<Void>
    init(_ hasRead: EventLoopPromise<Void>) { self.hasRead = hasRead }
    func add(_ event: String) { events.append(event) }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      add("read")
      hasRead.succeed()
    }
  }

  @Test func `postponed work waits for the sockets, even if tasks keep the loop busy`() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let selfPipe = try #require(try await SelfPipe.open(on: loop).get())
    let hasRead = loop.makePromise(of: Void.self)
    let recorder = try await loop.submit { NIOLoopBound(ReadRecorder(hasRead), eventLoop: loop) }.get()
    let listener = try await ServerBootstrap(group: loop)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(recorder.value) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(listener.localAddress?.port)
    let done = loop.makePromise(of: Void.self)
    try await onThread {
      let client = SharedClient(try SocketClient(port: port))
      try client.socket.send("hello")
      try hasRead.futureResult.wait()
      // The loop is inside this task while the bytes arrive.
      try loop.submit {
        try client.socket.send("hello")
        let isAccepted = selfPipe.value.afterPoll {
          recorder.value.add("postponed")
          done.succeed()
        }
        #expect(isAccepted)
        /// Runs one task after the other for longer than any timer.
        func keepBusy(_ rounds: Int) {
          guard rounds > 0 else { return recorder.value.add("idle") }
          loop.assumeIsolated().execute { keepBusy(rounds - 1) }
        }
        keepBusy(10_000)
      }.wait()
      try done.futureResult.wait()
    }
    let events = try await loop.submit { recorder.value.events }.get()
    #expect(events == ["read", "idle", "read", "postponed"])
    try await group.shutdownGracefully()
  }
}
