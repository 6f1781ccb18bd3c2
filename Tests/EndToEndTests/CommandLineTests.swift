import Foundation
import TestSupport
import Testing

/// Messages and exit codes of the command line.
@Suite(.interacting, .serialized)
struct CommandLineTests {
  private struct Outcome {
    var status: ExitStatus
    var output: String
    var errors: String
  }

  private func run(
    _ arguments: [String], environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Outcome {
    try await Workspace.use { workspace in
      let child = try workspace.launch(try Binary.path(), arguments, environment: environment)
      child.closeInput()
      let status = try await child.end(within: Patience.limit)
      return Outcome(
        status: try #require(status, sourceLocation: sourceLocation),
        output: String(decoding: child.output, as: UTF8.self), errors: String(decoding: child.errors, as: UTF8.self))
    }
  }

  @Test func version() async throws {
    let outcome = try await run(["--version"])
    #expect(outcome.status == .exited(0))
    #expect(outcome.output == "0.1.0\n")
  }

  @Test func `without a terminal the error says so`() async throws {
    for arguments in [[], ["connect"], ["connect", "localhost:4000"]] {
      let outcome = try await run(arguments)
      #expect(outcome.status == .exited(64))
      #expect(
        outcome.errors
          == "Error: standard input and output must be a terminal; swiftchat connect --plain works without one\n")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(arguments: [
    (["serve", "--port", "70000"], "--port is 70000; a port is a number from 0 to 65535."),
    (["serve", "--port", "x"], "'x' is invalid for '--port <port>'"),
    (["serve", "--idle-timeout", "-1"], "Missing value for '--idle-timeout"),
    (["serve", "--idle-timeout=-1"], "'-1' is invalid for '--idle-timeout <seconds>'"),
    (["serve", "--max-clients", "0"], "--max-clients is 0, which is not a number from 1 to 1000000."),
    (["serve", "--max-clients", "1000001"], "--max-clients is 1000001, which is not a number from 1 to 1000000."),
    (["serve", "--host", "127.0.0.1:4000"], "has a port in it"), (["serve", "--data", ""], "it is empty"),
    (["serve", "--config", "~nobody/x"], "somebody's home"), (["conect"], "did you mean 'connect'?"),
    (["server", "--port", "4000"], "did you mean 'serve'?"),
    (["serve", "--tls", "maybe"], "'maybe' is invalid for '--tls <mode>'"),
    (["serve", "--cert", "cert.pem"], "--cert and --key belong together: name both."),
    (["serve", "--tls", "off", "--cert", "c", "--key", "k"], "--tls off shows no certificate"),
    (["serve", "--log-level", "loud"], "'loud' is invalid for '--log-level"),
    (["serve", "--log-format", "xml"], "'xml' is invalid for '--log-format"),
    (["connect", "a b"], "is not a host"),
    (["connect", "localhost:0"], "is not a port"),
    (["connect", "--name", "no spaces"], "'no spaces' cannot be a name."),
    (["serve", "now"], "Unexpected argument"),
    (["connect"] + (1...9).map { "host\($0)" }, "at most 8 servers can be open at the same time"),
  ])
  func `wrong usage is an error with an exit code`(arguments: [String], complaint: String) async throws {
    let outcome = try await run(arguments)
    #expect(outcome.status == .exited(64), "\(outcome.errors)")
    #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func `an invalid port in the environment is named`() async throws {
    for arguments in [["serve"], ["connect"], ["admin", "ops"], ["log", "verify"]] {
      let outcome = try await run(arguments, environment: ["SWIFTCHAT_PORT": "http"])
      #expect(outcome.status == .exited(78))
      #expect(outcome.errors.hasPrefix("Error: SWIFTCHAT_PORT is 'http', which is not a number from 0 to 65535"))
      #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
    }
  }

  @Test func `an address that cannot be listened on is reported in one line`() async throws {
    let occupied = try Listener()
    let cases =
      [
        (["--host", "127.0.0.1", "--port", "\(occupied.port)"], "another program uses this port", 1),
        (["--host", "192.0.2.1", "--port", "0"], "this machine has no such address", 78),
        (["--host", "no-such-host.invalid", "--port", "0"], "there is no host of this name", 78),
        (["--motd", "/nowhere/motd", "--port", "0"], "cannot read the message of the day from /nowhere/motd", 78),
        (
          ["--cert", "/nowhere/cert", "--key", "/nowhere/key", "--port", "0"],
          "cannot read the certificate from /nowhere/cert: there is no such file; choose another with --cert", 78
        ),
      ] as [([String], String, Int32)]
    for (arguments, complaint, code) in cases {
      let outcome = try await run(["serve"] + arguments)
      // Slow name servers are another error, after which a retry may help.
      let isUnanswered =
        arguments.contains("no-such-host.invalid")
        && outcome.errors.contains("the name cannot be looked up at the moment")
      #expect(outcome.status == .exited(isUnanswered ? 1 : code), "\(outcome.errors)")
      #expect(outcome.errors.contains(complaint) || isUnanswered, "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(arguments: [SIGTERM, SIGINT]) func `the server stops cleanly after a signal`(signal: Int32) async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace, environment: ["SWIFTCHAT_PORT": "1"])
      #expect(server.host == "0.0.0.0")
      let neha = try NetcatClient.connect(in: workspace, port: server.port)
      try await neha.send(line: "LOGIN neha")
      try await neha.waitFor(exactly: "OK\n")
      // Neither a client without a name nor one that never reads delays the end.
      let silent = try RawClient.connect(port: server.port)
      #expect(try await server.terminate(signal) == .exited(0))
      try await neha.waitFor(exactly: "OK\nINFO server-shutting-down\n")
      silent.close()
    }
  }

  @Test func `the log is written as JSON`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(
        in: workspace, options: ["--log-format", "json", "--log-level", "debug"])
      let neha = try NetcatClient.connect(in: workspace, port: server.port)
      try await neha.send(line: "LOGIN \"ne\\ha")
      try await neha.send(line: "MSG a secret")
      try await neha.waitFor("MSG \"ne\\ha a secret\n")
      try await server.terminate()
      let lines = server.errors.split(separator: "\n")
      #expect(!lines.isEmpty)
      for line in lines {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
        #expect(object?["time"] != nil && object?["level"] != nil && object?["message"] != nil)
      }
      #expect(server.errors.contains(#""session.name":"\"ne\\ha""#))
      // Messages are never written to the server's log.
      #expect(!server.errors.contains("secret"))
    }
  }

  @Test func `the message of the day is sent to clients`() async throws {
    try await Workspace.use { workspace in
      let file = workspace.folder.appendingPathComponent("motd")
      try "Welcome.\n\nBe kind.\n".write(to: file, atomically: true, encoding: .utf8)
      let server = try await ServerProcess.start(in: workspace, options: ["--motd", file.path])
      let zoe = try NetcatClient.connect(in: workspace, port: server.port)
      try await zoe.send(line: "LOGIN zoe")
      try await zoe.send(line: "PING")
      try await zoe.waitFor(exactly: "OK\nPONG\n")
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
      try await neha.waitFor(text: "Be kind.")
    }
  }
}
