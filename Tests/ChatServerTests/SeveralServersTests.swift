import ChatLog
import ChatProtocol
import ChatRecords
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ChatServer

/// Several servers on one shared log.
@Suite struct SeveralServersTests {
  /// Runs the body, which may block, with servers that share a log.
  private func withServers(
    _ count: Int, on kind: SharedLogKind, _ body: @escaping @Sendable ([ChatServer]) throws -> Void
  ) async throws {
    guard kind == .postgresql else { return try await withServers(count) { servers, _ in try body(servers) } }
    let database = try await onThread { try PostgresServer.shared.get().database() }
    let url = try #require(PostgresURL(database.url()))
    let logs = try await onThread { try (0..<count).map { _ in try PostgresLog(url, for: .node) } }
    var servers: [ChatServer] = []
    for log in logs { servers.append(try await ChatServer.start(.patient(), .onDisk(log))) }
    let running = servers
    let outcome = await onThreadResult { try body(running) }
    for server in running { await server.shutDown() }
    try outcome.get()
    try await onThread {
      for table in ["nodes", "logins"] {
        try eventually("no \(table) are left") { try database.run("SELECT count(*) FROM swiftchat.\(table)") == "0" }
      }
    }
  }

  /// Runs the body, which may block, with servers that share a log in memory.
  private func withServers(
    _ count: Int, _ store: SharedMemoryStore = SharedMemoryStore(),
    _ body: @escaping @Sendable ([ChatServer], [SharedMemoryLog]) throws -> Void
  ) async throws {
    let logs = (0..<count).map { _ in store.node() }
    var servers: [ChatServer] = []
    for log in logs { servers.append(try await ChatServer.start(.patient(), .onDisk(log))) }
    let running = servers
    let outcome = await onThreadResult { try body(running, logs) }
    for log in logs { log.set(.none) }
    for server in running { await server.shutDown() }
    try outcome.get()
    try await onThread { try eventually("a server that ends leaves the feed") { store.hubs.isEmpty } }
  }

  private func onThreadResult(_ body: @escaping @Sendable () throws -> Void) async -> Result<Void, any Error> {
    do {
      return .success(try await onThread(body))
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: SharedLogKind.allCases)
  func `people on different servers are in one chat`(_ kind: SharedLogKind) async throws {
    try await withServers(3, on: kind) { servers in
      let neha = try SocketClient.join(servers[0], "neha")
      let akash = try SocketClient.join(servers[1], "akash")
      try akash.send("WHO")
      #expect(try akash.lines(2) == ["USER neha", "USER akash"])
      try neha.send("MSG hello")
      #expect(try neha.line() == "MSG neha hello")
      #expect(try akash.line() == "MSG neha hello")
      try akash.send("DM neha psst", "MSG all")
      #expect(try neha.lines(2) == ["DM akash psst", "MSG akash all"])
      #expect(try akash.line() == "MSG akash all")
      let third = try SocketClient(port: servers[2].port)
      try third.send("LOGIN NEHA", "LOGIN mira", "WHO")
      #expect(try third.lines(5) == ["ERR username-taken", "OK", "USER neha", "USER akash", "USER mira"])
      neha.close()
      #expect(try akash.line() == "INFO neha disconnected")
      #expect(try third.line() == "INFO neha disconnected")
    }
  }

  @Test(arguments: SharedLogKind.allCases)
  func `all servers publish all messages in the same order`(_ kind: SharedLogKind) async throws {
    try await withServers(3, on: kind) { servers in
      let clients = try servers.enumerated().map { try SocketClient.join($1, "member\($0)") }
      for round in 1...50 {
        for (index, client) in clients.enumerated() { try client.send("MSG \(index) \(round)") }
      }
      let transcripts = try clients.map { try $0.lines(150) }
      #expect(Set(transcripts).count == 1)
      #expect(Set(transcripts[0]).count == 150)
    }
  }

  @Test(arguments: SharedLogKind.allCases)
  func `a name that two people want at the same moment belongs to one of them`(_ kind: SharedLogKind) async throws {
    try await withServers(3, on: kind) { servers in
      for round in 0..<20 {
        let clients = try servers.map { try SocketClient(port: $0.port) }
        for client in clients { try client.send("LOGIN zoe\(round)") }
        let answers = try clients.map { try $0.line() }
        #expect(answers.count { $0 == "OK" } == 1)
        #expect(answers.count { $0 == "ERR username-taken" } == 2)
        for client in clients { client.close() }
      }
    }
  }

  @Test(arguments: [SharedMemoryLog.Fault.unreachable, .losesAnswers])
  func `messages typed while the database is away are stored once when it is back`(
    _ fault: SharedMemoryLog.Fault
  ) async throws {
    try await withServers(2) { servers, logs in
      let neha = try SocketClient.join(servers[0], "neha")
      let akash = try SocketClient.join(servers[1], "akash")
      let mira = try SocketClient.join(servers[0], "mira")
      logs[0].set(fault)
      try neha.send("MSG one", "MSG two")
      try eventually("the server knows that it cannot store") {
        try servers[0].driver.eventLoop.submit { [driver = servers[0].driver] in driver.value.log.trouble }.wait()
          != nil
      }
      // Everything that needs no database goes on.
      try mira.send("WHO", "PING")
      #expect(try mira.lines(4) == ["USER neha", "USER akash", "USER mira", "PONG"])
      logs[0].set(.none)
      #expect(try neha.lines(2) == ["MSG neha one", "MSG neha two"])
      #expect(try akash.lines(2) == ["MSG neha one", "MSG neha two"])
      try akash.send("MSG three")
      #expect(try neha.line() == "MSG akash three")
    }
  }

  @Test func `a login that ends while the database refuses to store leaves when it stores again`() async throws {
    try await withServers(2) { servers, logs in
      let neha = try SocketClient.join(servers[0], "neha")
      let akash = try SocketClient.join(servers[1], "akash")
      logs[0].set(.full)
      neha.close()
      try eventually("the departure is refused") { logs[0].refusals > 0 }
      logs[0].set(.none)
      #expect(try akash.line() == "INFO neha disconnected")
      let other = try SocketClient(port: servers[1].port)
      try other.send("LOGIN neha", "WHO")
      #expect(try other.lines(3) == ["OK", "USER akash", "USER neha"])
    }
  }

  @Test func `the people of a dead server leave, and its names are free`() async throws {
    let store = SharedMemoryStore()
    try await withServers(2, store) { servers, logs in
      let neha = try SocketClient.join(servers[0], "neha")
      let akash = try SocketClient.join(servers[1], "akash")
      try neha.send("MSG here")
      #expect(try akash.line() == "MSG neha here")
      logs[0].set(.unreachable)
      store.end(logs[0].node)
      #expect(try akash.line() == "INFO neha disconnected")
      let other = try SocketClient(port: servers[1].port)
      try other.send("LOGIN neha")
      #expect(try other.line() == "OK")
      // The dead server learns it, ends its sessions, and begins again.
      logs[0].set(.none)
      _ = try neha.readToEnd()
      try eventually("people can log in again") {
        let again = try SocketClient(port: servers[0].port)
        try again.send("LOGIN zoe", "MSG back")
        return try again.lines(2) == ["OK", "MSG zoe back"]
      }
      #expect(try akash.line() == "MSG zoe back")
    }
  }

  @Test func `a server that is shut down while it begins again leaves`() async throws {
    let store = SharedMemoryStore()
    let log = store.node()
    let openings = Mutex(0)
    // Holds up all openings but the first.
    let mayOpen = DispatchSemaphore(value: 0)
    let server = try await ChatServer.start(settings: .local(), logger: .silent) {
      let isFirst = openings.withLock { openings in
        openings += 1
        return openings == 1
      }
      if !isFirst {
        mayOpen.wait()
        mayOpen.signal()
      }
      return .onDisk(log)
    }
    defer { mayOpen.signal() }
    store.end(log.node)
    try await onThread { try eventually("it begins again") { openings.withLock { $0 } == 2 } }
    let shutdown = Task { await server.shutDown() }
    try await onThread { try eventually("the shutdown begins") { server.isEnding } }
    mayOpen.signal()
    await shutdown.value
    try await onThread {
      try eventually("the log is open") { log.node == HubID(2) }
      try eventually("the node leaves") { store.hubs.isEmpty }
    }
  }
}

/// The shared logs under test.
enum SharedLogKind: String, CaseIterable, CustomTestStringConvertible {
  case memory
  case postgresql

  var testDescription: String { rawValue }
}
