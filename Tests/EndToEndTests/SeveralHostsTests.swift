import Foundation
import TestSupport
import Testing

/// Several servers on one PostgreSQL database.
@Suite(.interacting, .serialized)
struct SeveralHostsTests {
  /// A server's options; each has a data directory of its own, as on a host of its own.
  private func options(_ name: String, in workspace: Workspace, _ more: String...) -> [String] {
    let data = workspace.data.appendingPathComponent(name).path
    // A client waits for a name of a dead server, however long a loaded machine takes to declare it dead.
    return ["--host", "127.0.0.1", "--data", data, "--log-level", "error", "--login-timeout", "0"] + more
  }

  /// Waits until the client is shown `text` in answer to `line`, which it sends again and again.
  private func ask(_ line: String, until text: String, _ client: NetcatClient) async throws {
    let answer = try await Patience.answer(every: .milliseconds(300)) { () async throws -> Bool? in
      if String(decoding: client.received, as: UTF8.self).contains(text) { return true }
      try await client.send(line: line)
      return nil
    }
    try #require(answer == true, "waited for \(text): \(Excerpt(client.received))")
  }

  private struct ListedNode: Decodable, Equatable {
    var name: String
    var people: Int
    var connections: Int
  }

  /// The servers that `swiftchat nodes --json` lists.
  private func nodes(_ database: PostgresDatabase, in workspace: Workspace) async throws -> [ListedNode] {
    let child = try workspace.launch(try Binary.path(), ["nodes", "--json", "--store", database.url()])
    let outcome = try await Outcome(of: child)
    try #require(outcome.status == .exited(0), "\(child.report)")
    return try outcome.lines.map { try JSONDecoder().decode(ListedNode.self, from: Data($0.utf8)) }
  }

  /// Waits until the nodes have these numbers of people.
  private func waitForNodes(_ people: [Int], _ database: PostgresDatabase, in workspace: Workspace) async throws {
    var last: [Int] = []
    let isReached = try await Patience.answer(every: .milliseconds(300)) { () async throws -> Bool? in
      last = try await nodes(database, in: workspace).map(\.people)
      return last == people ? true : nil
    }
    try #require(isReached == true, "waited for \(people) people: \(last)")
  }

  @Test(.timeLimit(.minutes(30)))
  func `confirmed messages are stored once and in order when a server or the database is killed`() async throws {
    let postgres = try await onOwnThread { try PostgresServer() }
    let database = try await onOwnThread { try postgres.database() }
    try await Workspace.use { workspace in
      var random = SeededGenerator()
      let ports = try (0..<3).map { _ in try ReservedPort() }
      func start(_ index: Int) async throws -> ServerProcess {
        try await ServerProcess.start(
          in: workspace, port: ports[index].number, options: options("\(index)", in: workspace),
          environment: ["SWIFTCHAT_STORE": database.url()])
      }
      var servers: [ServerProcess] = []
      for index in ports.indices { servers.append(try await start(index)) }
      let people = try ["neha", "akash", "zoe", "mira", "ada", "ben"].enumerated().map { index, name in
        try Talker(name, port: ports[index % ports.count].number)
      }
      for round in 0..<4 {
        for person in people { person.say(random.number(20...60)) }
        let goal = people.map(\.confirmedCount).reduce(0, +) + random.number(1...100)
        try await Patience.wait(for: "\(goal) messages to be confirmed in round \(round)", random) {
          people.map(\.confirmedCount).reduce(0, +) >= goal
        }
        if round == 1 {
          try await onOwnThread { try postgres.kill() }
          try await onOwnThread { try postgres.start() }
        } else {
          let index = random.number(0...2)
          try await servers[index].terminate(SIGKILL)
          servers[index] = try await start(index)
        }
      }
      // Everybody is back.
      for person in people { person.say(1) }
      try await Patience.wait(for: "everything to be answered", random) { people.allSatisfy(\.isAnswered) }
      let log = try await LogLine.export(["--store", database.url()], in: workspace)
      try await Patience.wait(for: "everybody to be shown everything", random) {
        people.allSatisfy { $0.lobby.last?.sequence == log.last?.sequence }
      }
      expect(people, toHaveSent: log, "\(random)")
      try await waitForNodes([2, 2, 2], database, in: workspace)
      for person in people { await person.leave() }
      for server in servers { #expect(try await server.terminate() == .exited(0)) }
      #expect(try await nodes(database, in: workspace) == [])
    }
  }

  @Test func `servers with one store key have one pin, and the names of a dead server become free`() async throws {
    let database = try await onOwnThread { try PostgresServer.shared.get().database() }
    try await Workspace.use { workspace in
      let keys = try ["store.key", "other.key"].map { name in
        let file = workspace.folder.appendingPathComponent(name)
        try Data((0..<32).map { _ in UInt8.random(in: 0...255) }).write(to: file)
        return file.path
      }
      let environment = ["SWIFTCHAT_STORE": database.url()]
      let ports = [try ReservedPort(), try ReservedPort()]
      var servers: [ServerProcess] = []
      var pins: [Substring] = []
      for (name, port) in zip(["a", "b"], ports) {
        let server = try await ServerProcess.start(
          in: workspace, port: port.number,
          options: options(name, in: workspace, "--store-key", keys[0]), environment: environment)
        try await server.waitFor("\"\n")
        pins += server.output.split(separator: "?pin=").dropFirst()
        servers.append(server)
      }
      #expect(pins.count == 2 && pins[0] == pins[1], "\(pins)")
      let (a, b) = (servers[0], servers[1])
      let stranger = try workspace.launch(
        try Binary.path(), ["serve", "--port", "0"] + options("c", in: workspace, "--store-key", keys[1]),
        environment: environment)
      let refused = try await Outcome(of: stranger)
      #expect(refused.status == .exited(78))
      #expect(
        refused.errors.hasSuffix(
          """
          Error: the server's key in the database was encrypted with another file than \(keys[1]); copy the file of the \
          other servers to this host

          """), "\(refused.errors)")

      // A client that knows the pin of one server trusts the other.
      let link = "swiftchat://127.0.0.1:\(b.port)/?pin=\(pins[0].prefix { $0 != "\"" })"
      let sent = try await Person("ada", in: workspace).run("send", "--server", link, "hello")
      #expect(sent.status == .exited(0), "\(sent.errors)")
      // Otherwise the next client could be told of the departure.
      try await waitForNodes([0, 0], database, in: workspace)

      let neha = try NetcatClient.connect(in: workspace, port: a.port)
      try await neha.send(line: "LOGIN neha")
      try await neha.waitFor(exactly: "OK\n")
      #expect(
        try await nodes(database, in: workspace).map { [$0.people, $0.connections] } == [[1, 1], [0, 0]])
      let child = try workspace.launch(try Binary.path(), ["nodes"], environment: environment)
      let table = try await Outcome(of: child)
      #expect(table.lines.count == 3 && table.lines.first?.hasPrefix("NODE  SERVER ") == true, "\(table.output)")
      #expect(table.lines.last?.contains(":\(b.port) ") == true, "\(table.output)")

      let other = try NetcatClient.connect(in: workspace, port: b.port)
      try await other.send(line: "LOGIN neha")
      try await other.waitFor(exactly: "ERR username-taken\n")
      try await a.terminate(SIGKILL)
      try await ask("LOGIN neha", until: "OK\n", other)
      try await other.send(line: "WHO")
      try await other.waitFor("USER neha\n")
      try await waitForNodes([1], database, in: workspace)
      try await b.terminate()
    }
  }

  @Test func `without a database, nodes says how to name one`() async throws {
    try await Workspace.use { workspace in
      let outcome = try await Outcome(of: try workspace.launch(try Binary.path(), ["nodes"]))
      #expect(outcome.status == .exited(1))
      #expect(
        outcome.errors
          == "Error: no database is configured; name one with --store, SWIFTCHAT_STORE or store in server.toml\n")
    }
  }
}
