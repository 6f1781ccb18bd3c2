import ChatModel
import Foundation
import TestSupport
import Testing

/// Clients that know several servers on one PostgreSQL database as one.
@Suite(.interacting)
struct ListOfHostsTests {
  @Test(.timeLimit(.minutes(30)))
  func `clients go on at another host when one is killed or stopped, with everything once and in order`() async throws {
    let database = try await onOwnThread { try PostgresServer.shared.get().database() }
    try await Workspace.use { workspace in
      let random = SeededGenerator()
      let key = workspace.folder.appendingPathComponent("store.key")
      try Data((0..<32).map { _ in UInt8.random(in: 0...255) }).write(to: key)
      let ports = [try ReservedPort(), try ReservedPort()]
      func start(_ index: Int) async throws -> ServerProcess {
        let data = workspace.data.appendingPathComponent("\(index)").path
        return try await ServerProcess.start(
          in: workspace, port: ports[index].number,
          options: ["--host", "127.0.0.1", "--data", data, "--log-level", "error", "--store-key", key.path],
          environment: ["SWIFTCHAT_STORE": database.url()])
      }
      var first = try await start(0)
      let second = try await start(1)
      let list = try Endpoint(ports.map { "127.0.0.1:\($0.number)" }.joined(separator: ","))
      let people = try ["neha", "akash", "zoe", "mira"].map { try Talker($0, at: list) }
      func talk(_ what: String) async throws {
        for person in people { person.say(40) }
        let goal = people.map(\.confirmedCount).reduce(0, +) + 20
        try await Patience.wait(for: what, random, people) { people.map(\.confirmedCount).reduce(0, +) >= goal }
      }
      try await talk("messages on two hosts")
      // It does not come back: all clients have to go to the other one.
      try await first.terminate(SIGKILL)
      try await talk("messages after a kill")
      try await Patience.wait(for: "all answers", random, people) { people.allSatisfy(\.isAnswered) }

      first = try await start(0)
      try await talk("messages before a stop")
      #expect(try await second.terminate() == .exited(0))
      try await talk("messages after a stop")
      try await Patience.wait(for: "all answers", random, people) { people.allSatisfy(\.isAnswered) }
      let log = try await LogLine.export(["--store", database.url()], in: workspace)
      try await Patience.wait(for: "everybody to be shown everything", random, people) {
        people.allSatisfy { $0.lobby.last?.sequence == log.last?.sequence }
      }
      expect(people, toHaveSent: log, "\(random)")
      #expect(log.count == people.count * 160, "\(random)")
      for person in people { await person.leave() }
      try await first.terminate()
    }
  }
}
