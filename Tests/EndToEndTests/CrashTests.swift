import Foundation
import TestSupport
import Testing

/// The server is killed under load and restarted, while clients reconnect.
@Suite(.interacting) struct CrashTests {
  @Test(.timeLimit(.minutes(30)))
  func `confirmed messages are in the log, once and in order, however often the server is killed`() async throws {
    try await Workspace.use { try await play(in: $0) }
  }

  @Test func `a confirmed admin command survives a kill right after it`() async throws {
    try await Workspace.use { workspace in
      let port = try ReservedPort()
      var names: [String] = []
      var host = try await Host.start(in: workspace, port: port.number)
      for round in 0..<5 {
        names.append("@spammer\(round)")
        try await host.admin("ban", "@spammer\(round)", "--for", "12h")
        try await host.server.terminate(SIGKILL)
        host = try await Host.start(in: workspace, port: port.number)
        let bans = try await host.admin("bans").split(separator: "\n").compactMap { $0.split(separator: " ").first }
        #expect(bans.map(String.init) == names)
      }
      try await host.server.terminate()
    }
  }

  private func play(in workspace: Workspace) async throws {
    var random = SeededGenerator()
    let port = try ReservedPort()
    let data = workspace.data.path
    let options = ["--data", data, "--log-level", "error"]
    var server = try await ServerProcess.start(in: workspace, port: port.number, options: options)
    let people = try ["neha", "akash", "zoe", "mira"].map { try Talker($0, port: port.number) }
    for round in 0..<8 {
      for person in people { person.say(random.number(20...120)) }
      // Kill the server under load: some messages are stored by then, and some are under way.
      let goal = people.map(\.confirmedCount).reduce(0, +) + random.number(1...100)
      try await Patience.wait(for: "\(goal) messages to be confirmed in round \(round)", random) {
        people.map(\.confirmedCount).reduce(0, +) >= goal
      }
      try await server.terminate(SIGKILL)
      server = try await ServerProcess.start(in: workspace, port: port.number, options: options)
    }
    try await Patience.wait(for: "everything to be answered", random) { people.allSatisfy(\.isAnswered) }
    let log = try await LogLine.export(["--data", data], in: workspace)
    try await Patience.wait(for: "everybody to be shown everything", random) {
      people.allSatisfy { $0.lobby.last?.sequence == log.last?.sequence }
    }
    expect(people, toHaveSent: log, "\(random)")
    for person in people { await person.leave() }
    try await server.terminate()
  }
}
