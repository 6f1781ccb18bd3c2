import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import Foundation
import TestSupport
import Testing

@testable import ChatServer

/// A server with its log on a simulated disk.
@Suite struct StorageTests {
  @Test func `a message is not published before it is stored`() async throws {
    let log = ControlledLog()
    try await withServer(.local(), .onDisk(log)) { server in
      let neha = try SocketClient.join(server, "neha")
      let akash = try SocketClient.join(server, "akash")
      log.isHanging = true
      try neha.send("MSG hello")
      try eventually("the log waits for the disk") { log.hasWaitingCall }
      try akash.send("PING")
      #expect(try akash.line() == "PONG")
      log.isHanging = false
      for client in [neha, akash] { #expect(try client.line() == "MSG neha hello") }
    }
  }

  @Test func `under load many messages share a commit, and all are received in one order`() async throws {
    let log = ControlledLog(delays: SeededGenerator())
    try await withServer(.local(), .onDisk(log)) { server in
      let names = (0..<8).map { "n\($0)" }
      let clients = try names.map { try SocketClient.join(server, $0) }
      for round in 0..<200 {
        for client in clients { try client.send("MSG \(round)") }
      }
      let reading = try clients.map { try $0.lines(clients.count * 200) }
      for other in reading.dropFirst() { #expect(other == reading[0]) }
      for name in names {
        let own = reading[0].compactMap { $0 }.filter { $0.hasPrefix("MSG \(name) ") }
        #expect(own == (0..<200).map { "MSG \(name) \($0)" })
      }
      #expect(log.commits.reduce(0, +) == 1600)
      #expect(log.commits.count < 800, "\(log.commits.count) commits")
    }
  }

  @Test func `a disk failure is reported to authors and operator, and ends by itself`() async throws {
    let log = ControlledLog()
    let lines = LogLines()
    try await withServer(.local(), .onDisk(log), logger: lines.logger(.notice)) { server in
      let neha = try SocketClient.join(server, "neha")
      let akash = try SocketClient.join(server, "akash")
      log.failure = LogError(.full, "the disk is full; make room")
      for number in 0..<100 {
        try neha.send("MSG \(number)", "PING")
        try #require(try neha.lines(2) == ["ERR storage-unavailable", "PONG"])
      }
      log.failure = nil
      try neha.send("MSG hello")
      for client in [neha, akash] { #expect(try client.line() == "MSG neha hello") }
    }
    #expect(
      lines.all == ["error storing messages fails the disk is full; make room", "notice storing messages works again"])
  }

  @Test func `a disk that hangs delays only authors, with bounded memory`() async throws {
    let log = ControlledLog()
    let hub = HubSettings(idleTimeout: .seconds(2), loginTimeout: nil)
    let backlog = StoreBacklog.Limit(messages: 1000, bytes: .max)
    try await withServer(.local(hub: hub), .onDisk(log, backlog: backlog)) { server in
      let flooder = try SocketClient.join(server, "flooder")
      let akash = try SocketClient.join(server, "akash")
      log.isHanging = true
      let text = String(repeating: "x", count: 4000)
      // The kernel buffers a few megabytes and the server a thousand messages; more cannot be sent.
      let flood = Flood(by: flooder, (0..<20_000).map { "MSG \($0) \(text)\n" })
      defer { log.isHanging = false }
      // The idle timeout applies while input is paused.
      try eventually("the flooder is out") {
        // Read first: the flood also ends when the flooder is out.
        let isOver = flood.isOver
        try akash.send("PING")
        if try akash.line() != "PONG" { return true }
        guard isOver else { return false }
        try akash.send("PING")
        try #require(try akash.line() != "PONG")
        return true
      }
    }
  }

  /// - Parameter inMaintenance: the disk hangs before the change is requested, during the maintenance of each second.
  @Test(arguments: [false, true])
  func `a change on a disk that hangs times out and delays no other session`(inMaintenance: Bool) async throws {
    let log = ControlledLog()
    let lines = LogLines()
    var hub = HubSettings(idleTimeout: nil, loginTimeout: nil)
    hub.limits.storagePatience = .milliseconds(300)
    let settings = ServerSettings.local(hub: hub)
    try await withServer(settings, .onDisk(log), logger: lines.logger(.notice)) { server in
      defer { log.isHanging = false }
      let neha = try SocketClient(port: server.port)
      try neha.send("CAP REQ tags rooms history moderation", "LOGIN neha", "MSG oops")
      while try neha.line()?.hasSuffix("OK MSG") == false {}
      let akash = try SocketClient.join(server, "akash")
      log.isHanging = true
      if inMaintenance { try eventually("the maintenance waits for the disk") { log.hasWaitingCall } }
      try neha.send("@label=1 REMOVE #lobby 1", "@label=2 PING")
      try eventually("the log waits for the disk") { log.hasWaitingCall }
      // Other sessions are served meanwhile.
      try akash.send("PING")
      #expect(try akash.line() == "PONG")
      var told: [String] = []
      while told.count < 2, let line = try neha.line() { if line.hasPrefix("@label=") { told.append(line) } }
      #expect(told.contains { $0.hasPrefix("@label=1 ERR storage-unavailable REMOVE The server's disk does not") })
      #expect(told.contains("@label=2 PONG"))
      log.isHanging = false
      while try neha.line() != "REMOVED #lobby 1 neha" {}
    }
  }

  @Test func `a paused session is read again when the disk works`() async throws {
    let log = ControlledLog()
    let backlog = StoreBacklog.Limit(messages: 50, bytes: .max)
    try await withServer(.local(), .onDisk(log, backlog: backlog)) { server in
      let clients = try (0..<4).map { try SocketClient.join(server, "n\($0)") }
      for round in 0..<5 {
        log.isHanging = true
        for client in clients {
          try client.send(Array((0..<500).map { "MSG \(round) \($0)\n" }.joined().utf8))
        }
        log.isHanging = false
        let reading = try clients.map { try $0.lines(2000) }
        for other in reading.dropFirst() { #expect(other == reading[0]) }
        for index in clients.indices {
          let own = reading[0].compactMap { $0 }.filter { $0.hasPrefix("MSG n\(index) ") }
          #expect(own == (0..<500).map { "MSG n\(index) \(round) \($0)" })
        }
      }
      // One iteration of the loop may exceed the limit slightly.
      #expect(log.commits.allSatisfy { $0 <= 50 + clients.count }, "\(log.commits)")
    }
  }

  @Test func `read marks are stored soon, and at the end`() async throws {
    let log = ControlledLog()
    try await withServer(.patient(), .onDisk(log)) { server in
      let neha = try SocketClient(port: server.port)
      try neha.send("CAP REQ tags marks", "LOGIN neha", "MSG one", "MSG two", "MARK #lobby 1")
      while try neha.line()?.hasSuffix("OK MARK") == false {}
      try eventually("the mark is kept") { log.kept.map(\.sequence) == [1] }
      try neha.send("MARK #lobby 2")
      while try neha.line()?.hasSuffix("OK MARK") == false {}
    }
    #expect(log.kept.map(\.sequence) == [1, 2])
  }

  @Test func `pruning removes expired messages from the start, in slices`() async throws {
    let log = ControlledLog()
    log.putOff(5)
    var settings = ServerSettings.local()
    settings.retention = Retention(count: 3)
    try await withServer(settings, .onDisk(log)) { _ in
      try eventually("all is removed") { !log.retentions.isEmpty && log.chores >= 5 }
    }
    #expect(log.retentions.allSatisfy { $0 == Retention(count: 3) })
  }

  @Test func `a clock that is far ahead of the newest message at the start does not prune`() async throws {
    let log = ControlledLog()
    let time = Timestamp.now().advanced(by: .seconds(-300 * 86_400))
    let author = try #require(Nickname("neha"))
    let message = NewMessage(conversation: .lobby, author: author, member: MemberID(1), text: "a")
    _ = try log.append([message], at: time)
    var settings = ServerSettings.local()
    settings.retention = Retention(age: .seconds(90 * 86_400))
    try await withServer(settings, .onDisk(log)) { _ in
      try eventually("it prunes") { !log.pruningTimes.isEmpty }
    }
    let limit = time.advanced(by: .seconds(86_400))
    #expect(log.pruningTimes.allSatisfy { $0 < limit }, "\(log.pruningTimes)")
  }

  // MARK: Shutdown

  @Test func `a stopped server has released its log, and the next one has its messages`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "swiftchat-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let log = LogChoice.directory(folder.path)
    var settings = ServerSettings.patient()
    settings.log = log
    for round in 1...3 {
      // The lock is released before the next server starts.
      let server = try await ChatServer.start(settings)
      try await onThread {
        let neha = try SocketClient(port: server.port)
        try neha.send("CAP REQ tags history", "LOGIN neha", "MSG \(round)", "HISTORY #lobby LATEST * 10")
        var said: [String] = []
        while let line = try neha.line(), !line.hasPrefix("BATCH -") {
          if line.hasPrefix("@batch="), let text = line.split(separator: " ").last { said.append(String(text)) }
        }
        #expect(said == (1...round).map { "\($0)" })
        #expect(throws: LogError.self) { _ = try log.open() }
      }
      await server.shutDown()
      withExtendedLifetime(server) {}
    }
  }

  @Test func `pending messages are stored and sent before the shutdown`() async throws {
    for seed in SeededGenerator.seeds(5) {
      let log = ControlledLog(delays: SeededGenerator(seed: seed))
      let server = try await ChatServer.start(.patient(), .onDisk(log))
      log.isHanging = true
      let clients = try await onThread {
        let clients = try (0..<3).map { SharedClient(try SocketClient.join(server, "n\($0)")) }
        for client in clients { try client.socket.send(Array((0..<100).map { "MSG \($0)\n" }.joined().utf8)) }
        // Its answer shows that earlier input has been read.
        let pacer = try SocketClient(port: server.port)
        try pacer.send("PING")
        #expect(try pacer.line() == "ERR not-logged-in")
        return clients
      }
      async let end: Void = server.shutDown()
      log.isHanging = false
      await end
      let reading = try await onThread { try clients.map { try Self.lines($0.socket) } }
      let heard = reading[0]
      #expect(heard.last == "INFO server-shutting-down", "SWIFTCHAT_SEED=\(seed)")
      for other in reading { #expect(other == heard) }
      #expect(heard.count - 1 == log.commits.reduce(0, +))
      // Unread input was not stored: of each author all messages up to some line.
      for name in 0..<3 {
        let own = heard.filter { $0.hasPrefix("MSG n\(name) ") }
        #expect(own == own.indices.map { "MSG n\(name) \($0)" })
      }
    }
  }

  @Test func `a disk that hangs does not delay the shutdown`() async throws {
    let log = ControlledLog()
    let server = try await ChatServer.start(.local(), .onDisk(log))
    let neha = try await onThread {
      let neha = SharedClient(try SocketClient.join(server, "neha"))
      log.isHanging = true
      try neha.socket.send("MSG hello")
      try eventually("the log waits for the disk") { log.hasWaitingCall }
      return neha
    }
    await server.shutDown()
    let lines = try await onThread { try Self.lines(neha.socket) }
    #expect(lines == ["INFO server-shutting-down"])
    log.isHanging = false
  }

  @Test func `a log that cannot be opened prevents the start`() async throws {
    let error = await #expect(throws: LogError.self) {
      try await ChatServer.start(settings: .local(), logger: .silent) { throw LogError(.locked, "somebody uses it") }
    }
    #expect(error?.description == "somebody uses it")
  }

  private static func lines(_ client: SocketClient) throws -> [String] {
    var lines: [String] = []
    while let line = try client.line() { lines.append(line) }
    return lines
  }
}
