import Foundation
import TestSupport
import Testing

/// The settings file on the command line.
@Suite(.interacting, .serialized)
struct SettingsFileTests {
  /// - Parameter standard: whether the file is in its usual place, where it is found without being named.
  private func check(
    _ text: String, standard: Bool = false, options: [String] = [], environment: [String: String] = [:]
  ) async throws -> (status: ExitStatus?, output: String, errors: String, file: String) {
    try await Workspace.use { workspace in
      let folder = workspace.configuration.appendingPathComponent("swiftchat")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let file = standard ? folder.appendingPathComponent("server.toml") : workspace.folder.appendingPathComponent("s")
      try Data(text.utf8).write(to: file)
      let child = try workspace.launch(
        try Binary.path(), ["serve", "--check-config"] + (standard ? [] : ["--config", file.path]) + options,
        environment: environment)
      child.closeInput()
      let status = try await child.end()
      return (
        status, String(decoding: child.output, as: UTF8.self), String(decoding: child.errors, as: UTF8.self), file.path
      )
    }
  }

  @Test func `a valid file is confirmed`() async throws {
    let outcome = try await check(
      "\u{feff}port = 0\r\nidle-timeout = 5\r\n[limits]\r\nline-burst = 20\r\n", standard: true)
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    #expect(outcome.output == "[+] The settings are good\n")
    #expect(outcome.errors.isEmpty)
  }

  @Test(arguments: [
    ("port = \"x\"", ", line 1: port is \"x\", which is not a number from 0 to 65535"),
    ("\n\n  port =  65536", ", line 3: port is 65536, which is not a number from 0 to 65535"),
    ("[limits]\nline-burts = 3", ", line 2: unknown key 'limits.line-burts'; did you mean limits.line-burst?"),
    ("[limits]\nnothing = 3", ", line 2: unknown key 'limits.nothing'; there are connections-per-address"),
    ("limits.line-burst = 0", ", line 1: limits.line-burst is 0, which is not a number from 1 to"),
    ("limits = 3", ", line 1: limits is 3, which is no table [limits]"),
    ("port = ", ", line 1: "),
    ("port = 1\nport = 2", ", line 2: "),
    ("[tls]\ncert = \"c\"", ": tls.cert and tls.key belong together: name both"),
    ("data = \"d\"\nephemeral = true", ": ephemeral keeps nothing in data: name one of them"),
    ("[tls]\nstore-key = \"k\"", ": tls.store-key is for the servers of one store: name the store, too"),
    ("store = \"postgresql://h/d\"\nephemeral = true", ": ephemeral keeps nothing in store: name one of them"),
    ("store = \"postgresql://u:%zz@h/d\"", "postgresql://u@h/d is not an address that PostgreSQL's library"),
    ("motd = \"/nowhere\"", "cannot read the message of the day from /nowhere: there is no such file"),
    (
      "tls.cert = \"/nowhere\"\ntls.key = \"/nowhere\"",
      "cannot read the certificate from /nowhere: there is no such file"
    ),
    ("data = \"/dev/null\"", "cannot use the directory /dev/null: it is not a directory"),
    ("host = [\"no-such-host.invalid\"]", "there is no host of this name"),
    ("\"a\\u0000b\" = 1", "unknown key"),
    ("port = 1 # \u{0}", "line 1: there is a zero byte in it"),
    ("[", ", line 1: expected a key"), ("[[", ", line 1: an array of tables"), ("[&", ", line 1: expected a key"),
    ("port = 4000\n[[=", ", line 2: an array of tables"), ("[[[a]]]", ", line 1: an array of tables"),
    ("x" + String(repeating: "[", count: 100_000), ", line 1: "),
    ("x = " + String(repeating: "[", count: 100_000), ", line 1: "),
  ])
  func `an invalid file is reported in one line`(text: String, complaint: String) async throws {
    let outcome = try await check(text)
    // Slow name servers are another error, after which a retry may help.
    let isUnanswered =
      text.contains("no-such-host.invalid") && outcome.errors.contains("the name cannot be looked up at the moment")
    #expect(outcome.status == .exited(isUnanswered ? 1 : 78), "\(outcome.errors)")
    #expect(outcome.errors.contains(complaint) || isUnanswered, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("Error: "), "\(outcome.errors)")
    #expect(!complaint.hasPrefix(",") || outcome.errors.hasPrefix("Error: \(outcome.file)"), "\(outcome.errors)")
    #expect(outcome.errors.filter { $0 == "\n" }.count == 1 && outcome.errors.hasSuffix("\n"), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func `a file in its usual place is found`() async throws {
    let outcome = try await check("port = -1", standard: true)
    #expect(outcome.status == .exited(78))
    #expect(outcome.errors.contains("swiftchat/server.toml, line 1: port is -1"), "\(outcome.errors)")
  }

  @Test func `a named file must exist`() async throws {
    for arguments in [(["--config", "/nowhere/s.toml"], [:]), ([], ["SWIFTCHAT_CONFIG": "/nowhere/s.toml"])] {
      let outcome = try await check("", standard: true, options: arguments.0, environment: arguments.1)
      #expect(outcome.status == .exited(78))
      #expect(outcome.errors == "Error: cannot read the settings from /nowhere/s.toml: there is no such file\n")
    }
  }

  @Test func `the environment is checked too`() async throws {
    for (name, value, complaint) in [
      ("SWIFTCHAT_LIMITS_LINE_BURST", "many", "is 'many', which is not a number from 1 to 1000000"),
      ("SWIFTCHAT_TLS", "required", "MODE or SWIFTCHAT_TLS_CERT or SWIFTCHAT_TLS_KEY or SWIFTCHAT_TLS_STORE_KEY?"),
      ("SWIFTCHAT_PORT", "http", "SWIFTCHAT_PORT is 'http', which is not a number from 0 to 65535"),
      ("SWIFTCHAT_CONFIG", "/", "cannot read the settings from /: it is a directory"),
      ("SWIFTCHAT_CONFIG", "~nobody/x", "begins with somebody's home"),
    ] {
      let outcome = try await check("", standard: true, environment: [name: value])
      #expect(outcome.status == .exited(78))
      #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
    }
    let empty = try await check(
      "port = 0\n", standard: true, environment: ["SWIFTCHAT_CONFIG": "", "SWIFTCHAT_PORT": ""])
    #expect(empty.status == .exited(0), "\(empty.errors)")
  }

  @Test func `a server uses the settings of its file`() async throws {
    try await Workspace.use { workspace in
      let file = workspace.folder.appendingPathComponent("s.toml")
      try
        "host = [\"127.0.0.1\"]\nephemeral = true\nidle-timeout = 0.2\nmetrics = \"127.0.0.1:0\"\nlog-format = \"json\"\n"
        .write(to: file, atomically: true, encoding: .utf8)
      let server = try await ServerProcess.start(
        in: workspace, environment: ["SWIFTCHAT_CONFIG": file.path], hasTimeouts: true)
      #expect(server.host == "127.0.0.1")
      let neha = try RawClient.connect(port: server.port)
      try await neha.send("LOGIN neha\n")
      try await neha.waitFor(exactly: "OK\nINFO disconnected-due-to-inactivity\n")
      try await server.waitFor("\"metrics.address\":\"127.0.0.1:")
      try await server.terminate()
    }
  }
}
