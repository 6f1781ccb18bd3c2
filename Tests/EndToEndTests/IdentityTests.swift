import ChatProtocol
import Foundation
import TestSupport
import Testing

/// The user's key and the pins of servers on the command line.
@Suite(.interacting, .serialized)
struct IdentityTests {
  private static let pin = String(repeating: "A", count: 43)
  private static let other = String(repeating: "B", count: 42) + "A"

  private struct Outcome {
    var status: ExitStatus?
    var output: String
    var errors: String
  }

  private func run(_ arguments: [String], in workspace: Workspace) async throws -> Outcome {
    let child = try workspace.launch(try Binary.path(), arguments)
    child.closeInput()
    let status = try await child.end(within: Patience.limit)
    return Outcome(
      status: status, output: String(decoding: child.output, as: UTF8.self),
      errors: String(decoding: child.errors, as: UTF8.self))
  }

  private func file(_ name: String, in workspace: Workspace) throws -> URL {
    let folder = workspace.state.appendingPathComponent("swiftchat", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appendingPathComponent(name)
  }

  private func permissions(of url: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
  }

  // MARK: The user's key

  @Test func `one key is made however many commands need it`() async throws {
    try await Workspace.use { workspace in
      let keys = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 1...8 { group.addTask { try await run(["identity"], in: workspace).output } }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(keys.count == 1, "\(keys)")
      #expect(PublicKey(keys.first?.dropLast() ?? "") != nil)
      #expect(try permissions(of: file("identity", in: workspace)) == 0o600)
    }
  }

  @Test func `a key can be moved to another machine`() async throws {
    try await Workspace.use { workspace in
      let key = try await run(["identity", "show"], in: workspace).output
      let copy = workspace.state.appendingPathComponent("copy.key")
      #expect(try await run(["identity", "export", copy.path], in: workspace).status == .exited(0))
      #expect(try permissions(of: copy) == 0o600)
      let again = try await run(["identity", "export", copy.path], in: workspace)
      #expect(again.status == .exited(1))
      #expect(again.errors == "Error: \(copy.path) already exists and was not changed\n")
      try await Workspace.use { other in
        let theirs = try await run(["identity"], in: other).output
        let refused = try await run(["identity", "import", copy.path], in: other)
        #expect(refused.status == .exited(1))
        #expect(refused.errors.contains("--force"))
        #expect(try await run(["identity"], in: other).output == theirs)
        let taken = try await run(["identity", "import", copy.path, "--force"], in: other)
        #expect(taken.output == key)
        #expect(try await run(["identity"], in: other).output == key)
        let old = try file("identity.old1", in: other)
        #expect(try await run(["identity", "import", old.path, "--force"], in: other).output == theirs)
      }
    }
  }

  @Test(arguments: [
    "", "junk\n", "swiftchat-ed25519 short\n", "swiftchat-ed25519 \(pin)\nswiftchat-ed25519 \(pin)\n",
    String(repeating: "#", count: 10_000), "\u{0}",
  ])
  func `a broken key is never overwritten`(contents: String) async throws {
    try await Workspace.use { workspace in
      let url = try file("identity", in: workspace)
      try Data(contents.utf8).write(to: url)
      for arguments in [["identity"], ["identity", "export"], ["connect"]] {
        let outcome = try await run(arguments, in: workspace)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.hasPrefix("Error: \(url.path)"), "\(outcome.errors)")
        #expect(outcome.errors.count { $0 == "\n" } == 1, "\(outcome.errors)")
      }
      #expect(try Data(contentsOf: url) == Data(contents.utf8))
    }
  }

  @Test func `a key that others can read is protected with a warning`() async throws {
    try await Workspace.use { workspace in
      let key = try await run(["identity"], in: workspace).output
      let url = try file("identity", in: workspace)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: url.path)
      let warned = try await run(["identity"], in: workspace)
      #expect(warned.output == key)
      #expect(warned.errors.hasPrefix("Warning: "))
      #expect(try permissions(of: url) == 0o600)
      #expect(try await run(["identity"], in: workspace).errors == "")
    }
  }

  // MARK: Known hosts

  @Test func `concurrent writers lose no line`() async throws {
    try await Workspace.use { workspace in
      let url = try file("known_hosts", in: workspace)
      try Data("# mine\n# rubbish\r\nkept.example:4000 \(Self.pin) 2026-11-22 # why\n".utf8).write(to: url)
      try await withThrowingTaskGroup(of: ExitStatus?.self) { group in
        for number in 1...12 {
          group.addTask {
            // One that waits for the others for more than two seconds is refused, and is run again.
            try await Patience.answer { () async throws -> ExitStatus? in
              let outcome = try await run(["trust", "host\(number)", Self.pin], in: workspace)
              return outcome.errors.contains("is held by another program") ? nil : outcome.status
            }
          }
        }
        for try await status in group { #expect(status == .exited(0)) }
      }
      let lines = try Data(contentsOf: url).split(separator: UInt8(ascii: "\n")).map {
        String(decoding: $0, as: UTF8.self)
      }
      #expect(lines[0] == "# mine")
      #expect(lines[1] == "# rubbish")
      #expect(lines[2] == "kept.example:4000 \(Self.pin) 2026-11-22 # why")
      #expect(Set(lines[3...].compactMap { $0.split(separator: " ").first }).count == 12)
      #expect(try permissions(of: url) == 0o600)

      #expect(try await run(["trust", "HOST3:4000", Self.other], in: workspace).status == .exited(0))
      #expect(try await run(["trust", "--forget", "host4"], in: workspace).status == .exited(0))
      #expect(try await run(["trust", "--forget", "host4"], in: workspace).status == .exited(1))
      let changed = try String(contentsOf: url, encoding: .utf8)
      #expect(changed.contains("host3:4000 \(Self.other) "))
      #expect(!changed.contains("host3:4000 \(Self.pin) "))
      #expect(!changed.contains("host4"))
    }
  }

  @Test func `an unreadable file is not taken for an unknown server`() async throws {
    try await Workspace.use { workspace in
      let url = try file("known_hosts", in: workspace)
      let damaged = [
        Data("localhost:4000\n".utf8), Data("# mine\nlocalhost:4000 short 2026\n".utf8), Data([0xff, 0x0a]),
        Data(repeating: 0x23, count: 2 << 20),
      ]
      for contents in damaged {
        try contents.write(to: url)
        let outcome = try await run(["connect", "localhost"], in: workspace)
        #expect(outcome.status == .exited(1), "\(outcome.errors)")
        #expect(outcome.errors.contains(url.path), "\(outcome.errors)")
        #expect(try Data(contentsOf: url) == contents)
      }
    }
  }

  @Test func `a link with another pin stops the client`() async throws {
    try await Workspace.use { workspace in
      #expect(try await run(["trust", "localhost", Self.pin], in: workspace).status == .exited(0))
      let outcome = try await run(["connect", "swiftchat://localhost/?pin=\(Self.other)"], in: workspace)
      #expect(outcome.status == .exited(1))
      #expect(outcome.errors.contains("is known by the pin \(Self.pin), and the link says \(Self.other)."))
      #expect(outcome.errors.contains("swiftchat trust 'swiftchat://localhost:4000/?pin=\(Self.other)'"))
    }
  }
}
