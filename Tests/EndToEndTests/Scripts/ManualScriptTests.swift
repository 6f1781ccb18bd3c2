import Foundation
import TestSupport
import Testing

/// The scripts of the manual page, run without changes.
@Suite(.interacting) struct ManualScriptTests {
  /// A person of the system whose scripts find `swiftchat` in their path and a server on this machine.
  private struct Author {
    let workspace: Workspace
    let environment: [String: String]

    init(_ name: String, host: Host, in workspace: Workspace) throws {
      self.workspace = workspace
      let home = workspace.folder.appendingPathComponent("authors/\(name)", isDirectory: true)
      try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
      let binary = URL(fileURLWithPath: try Binary.path()).deletingLastPathComponent().path
      let path = workspace.environment["PATH", default: "/usr/bin:/bin"]
      environment = [
        "HOME": home.path, "XDG_STATE_HOME": home.path, "PATH": "\(binary):\(path)",
        "SWIFTCHAT_PORT": "\(host.server.port)", "SERVER": host.place,
      ]
    }

    var home: URL { URL(fileURLWithPath: environment["HOME"] ?? "/", isDirectory: true) }

    /// Runs the script under the heading of the manual.
    func run(_ heading: String, _ arguments: String..., with more: [String: String] = [:]) throws -> ChildProcess {
      let script = try ManualScriptTests.script(heading)
      let isPython = script.hasPrefix("#!/usr/bin/env python3\n")
      let program = isPython ? try Tool.path("python3") : "/bin/sh"
      return try workspace.launch(
        program, ["-c", script] + (isPython ? [] : ["script"]) + arguments,
        environment: environment.merging(more) { $1 })
    }
  }

  private static func script(_ heading: String) throws -> String {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Resources/swiftchat.1")
    let manual = try String(contentsOf: page, encoding: .utf8)
    let section = try #require(manual.components(separatedBy: "\n.SS ").first { $0.hasPrefix("\(heading)\n") })
    let start = try #require(section.range(of: "\n.nf\n"))
    let end = try #require(section.range(of: "\n.fi\n"))
    return section[start.upperBound..<end.lowerBound].replacing("\\-", with: "-").replacing("\\(aq", with: "'")
      .replacing("\\e", with: "\\") + "\n"
  }

  private func wait(for text: String, from client: RawClient, _ child: ChildProcess) async throws {
    do { try await client.waitFor(text) } catch {
      Issue.record("\(child.report)")
      throw error
    }
  }

  @Test func `the cron job reports a backup, and that it failed`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let zoe = try await host.plainClient(as: "zoe")
      let author = try Author("neha", host: host, in: workspace)
      let failed = try author.run("A cron job")
      #expect(try await failed.end() == .exited(0), "\(failed.report)")
      try await wait(for: "MSG backup backup failed: ", from: zoe, failed)
      try FileManager.default.createDirectory(
        at: author.home.appendingPathComponent("data"), withIntermediateDirectories: true)
      let done = try author.run("A cron job")
      #expect(try await done.end() == .exited(0), "\(done.report)")
      try await wait(for: "MSG backup backup done\n", from: zoe, done)
    }
  }

  @Test func `the CI notifier reports each result once`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let author = try Author("ci", host: host, in: workspace)
      for result in ["passed", "failed", "failed"] {
        let child = try author.run(
          "A CI notifier", result, with: ["CI_JOB_ID": "4711", "CI_JOB_URL": "https://ci.example.org/4711"])
        #expect(try await child.end() == .exited(0), "\(child.report)")
      }
      let texts = try await host.run("log", "export", "--room", "#builds").lines.compactMap { line in
        (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["text"] as? String
      }
      #expect(texts == ["build 4711 passed", "build 4711 failed: https://ci.example.org/4711"])
    }
  }

  @Test func `the bot in shell answers, and not itself`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let zoe = try await host.plainClient(as: "zoe")
      let author = try Author("bot", host: host, in: workspace)
      let child = try author.run("A bot in shell")
      try await online("bot", zoe)
      try await zoe.send("MSG !today\n")
      let date = try await Outcome(of: try workspace.launch("/bin/sh", ["-c", "date -u +%F"]))
      try await wait(for: "MSG bot \(date.output)", from: zoe, child)
    }
  }

  @Test func `the bot in Python counts votes, in the lobby and in direct messages`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let zoe = try await host.plainClient(as: "zoe")
      let author = try Author("vote", host: host, in: workspace)
      let child = try author.run("A bot in Python")
      try await online("vote", zoe)
      try await zoe.send("MSG +1\n")
      try await wait(for: "MSG vote 1 votes\n", from: zoe, child)
      try await zoe.send("DM vote +1\n")
      try await wait(for: "DM vote 1 votes\n", from: zoe, child)
    }
  }

  /// Waits until the person is logged in.
  private func online(_ name: String, _ client: RawClient) async throws {
    let isOnline = try await Patience.answer(every: .milliseconds(50)) { () async throws -> Bool? in
      try await client.send("WHO\nPING\n")
      return String(decoding: try client.read(), as: UTF8.self).contains("USER \(name)\n") ? true : nil
    }
    try #require(isOnline == true, "waited for \(name)")
  }
}
