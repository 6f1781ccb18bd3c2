import Foundation
import TestSupport
import Testing

/// Output, streams and exit codes of `swiftchat trust`.
@Suite(.serialized, .interacting)
struct TrustCommandTests {
  private static let pin = String(repeating: "B", count: 42) + "A"
  private static let advice = "Compare it with the line that 'swiftchat serve' printed on its host.\n"

  private func expect(
    _ outcome: Outcome, _ status: Int32, _ output: String, _ errors: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == .exited(status), "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output == output, sourceLocation: sourceLocation)
    #expect(outcome.errors == errors, sourceLocation: sourceLocation)
  }

  @Test func `trust queries the server and shows its pin`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let (place, pin) = (host.place, try await host.pin())
      let neha = try Person("neha", in: workspace)
      let new = "\(place)\n  known  never met\n  shown  \(pin)\n" + Self.advice
      // Standard input is not a terminal, so its text is not taken for an answer.
      expect(
        try await neha.run("trust", place), 1, new, "Error: standard input is no terminal: give the pin, or --yes\n")
      #expect(!neha.knownHosts.contains(place))
      expect(try await neha.run("trust", place, "--yes"), 0, new + "\(place) is known by \(pin) now.\n")
      #expect(neha.knownHosts.contains("\(place) \(pin) "))
      let known = "\(place)\n  known  \(pin)\n  shown  \(pin)\nIt is the one that is known.\n"
      expect(try await neha.run("trust", place), 0, known)

      // A pin that differs from the server's, accepted explicitly.
      expect(try await neha.run("trust", place, Self.pin), 0, "\(place) is known by \(Self.pin) now.\n")
      let other = "\(place)\n  known  \(Self.pin)\n  shown  \(pin)\n" + Self.advice
      expect(
        try await neha.run("trust", place), 1, other, "Error: standard input is no terminal: give the pin, or --yes\n")
      #expect(neha.knownHosts.contains("\(place) \(Self.pin) "))
      expect(
        try await neha.run("trust", "swiftchat://\(place)/?pin=\(pin)"), 0, "\(place) is known by \(pin) now.\n")

      expect(try await neha.run("trust", "--forget", place), 0, "\(place) is forgotten.\n")
      #expect(!neha.knownHosts.contains(place))
      expect(try await neha.run("trust", "--forget", place), 1, "", "Error: \(place) is not known\n")
    }
  }

  @Test(arguments: [("n", false), ("", false), ("later", false), ("y", true), ("YES", true)])
  func `the user is asked for confirmation`(answer: String, isAccepted: Bool) async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let session = try await TerminalSession.start(in: workspace, arguments: ["trust", host.place])
      try await session.waitFor(text: "Is it the same? [y/N]")
      try await session.say(answer)
      #expect(try await session.exitStatus() == .exited(isAccepted ? 0 : 1))
      let rows = try await session.screen()
      let known = try? String(
        contentsOf: workspace.state.appendingPathComponent("swiftchat/known_hosts"), encoding: .utf8)
      #expect((known ?? "").contains("\(host.place) \(try await host.pin()) ") == isAccepted)
      #expect(rows.contains { $0.hasPrefix("\(host.place) is known by") } == isAccepted, "\(rows)")
    }
  }

  @Test func `a server that cannot be queried is an error`() async throws {
    try await Workspace.use { workspace in
      let neha = try Person("neha", in: workspace)
      let reserved = try ReservedPort()
      let nobody = "127.0.0.1:\(reserved.number)"
      expect(
        try await neha.run("trust", nobody), 1, "", "Error: connection refused: is a server running on \(nobody)?\n")
      let listener = try Listener()
      let place = "127.0.0.1:\(listener.port)"
      async let _: Void = listener.greet(with: "220 wel\u{1B}[31mcome\r\n")
      // A command that is answered late hears nothing, and is run again.
      let asked = try await Patience.answer { () async throws -> Outcome? in
        let outcome = try await neha.run("trust", place)
        return outcome.errors.contains("it says") ? outcome : nil
      }
      let outcome = try #require(asked)
      #expect(outcome.status == .exited(1) && outcome.output == "")
      #expect(outcome.errors.hasPrefix("Error: \(place) does not speak TLS; it says: 220 wel"), "\(outcome.errors)")
      #expect(!outcome.errors.contains("\u{1B}"))
      #expect(outcome.errors.count { $0 == "\n" } == 1)
      #expect(neha.knownHosts == "")
      withExtendedLifetime(reserved) {}
    }
  }

  @Test func `malformed arguments are a usage error`() async throws {
    try await Workspace.use { workspace in
      let neha = try Person("neha", in: workspace)
      for (arguments, words) in [
        (["--forget", "127.0.0.1", Self.pin], "--forget goes without a pin and without --yes."),
        (["--forget", "--yes", "127.0.0.1"], "--forget goes without a pin and without --yes."),
        (["127.0.0.1", "abc"], "abc"), (["127.0.0.1:99999", Self.pin], "99999"), ([], "<server>"),
        (["swiftchat://127.0.0.1/?pin=abc"], "abc"),
      ] as [([String], String)] {
        let child = try workspace.launch(try Binary.path(), ["trust"] + arguments)
        let outcome = try await Outcome(of: child)
        #expect(outcome.status == .exited(64), "\(child.report)")
        #expect(outcome.output == "", "\(child.report)")
        #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.contains(words), "\(child.report)")
      }
      #expect(neha.knownHosts == "")
    }
  }

  @Test func `a failure to save or print is an error`() async throws {
    try await Workspace.use { workspace in
      let place = "127.0.0.1:4000"
      let homeless = try workspace.launch(
        try Binary.path(), ["trust", place, Self.pin], environment: ["HOME": "", "XDG_STATE_HOME": ""])
      expect(
        try await Outcome(of: homeless), 1, "",
        "Error: there is no home directory for the pin; set HOME or XDG_STATE_HOME\n")
      let neha = try Person("neha", in: workspace)
      let file = neha.folder.appendingPathComponent("state/swiftchat/known_hosts")
      try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
      let outcome = try await neha.run("trust", place, Self.pin)
      #expect(outcome.status == .exited(1) && outcome.output == "", "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("Error: \(file.path) "), "\(outcome.errors)")
      try FileManager.default.removeItem(at: file)
      #if os(Linux)
        // The command does nothing if its output has no reader.
        for arguments in ["\(place) \(Self.pin)", "--forget \(place)"] {
          let script = "exec '\(try Binary.path())' trust \(arguments) > /dev/full"
          let full = try await Outcome(of: try workspace.launch("/bin/sh", ["-c", script]))
          #expect(full.status == .exited(1), "\(full.errors)")
          #expect(full.errors.contains("No space left on device"), "\(full.errors)")
          let known = workspace.state.appendingPathComponent("swiftchat/known_hosts")
          #expect(!((try? String(contentsOf: known, encoding: .utf8)) ?? "").contains(place))
        }
      #endif
    }
  }
}
