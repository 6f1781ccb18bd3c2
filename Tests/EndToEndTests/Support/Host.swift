import Foundation
import TestSupport
import Testing

/// The operator of a server, on the same host.
struct Host: Sendable {
  let server: ServerProcess
  private let workspace: Workspace

  /// Starts a server with its files in the workspace's data folder, so that a later server there continues the same
  /// chat.
  /// - Parameter configuration: the contents of the settings file.
  static func start(
    in workspace: Workspace, at host: String? = "127.0.0.1", port: Int = 0, options: [String] = [],
    configuration: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Host {
    let file = workspace.folder.appendingPathComponent("server.toml")
    try configuration.write(to: file, atomically: true, encoding: .utf8)
    let host = host.map { ["--host", $0] } ?? []
    let server = try await ServerProcess.start(
      in: workspace, port: port, options: host + ["--data", workspace.data.path, "--config", file.path] + options,
      sourceLocation: sourceLocation)
    return Host(server: server, workspace: workspace)
  }

  /// `HOST:PORT`, over loopback.
  var place: String { "127.0.0.1:\(server.port)" }

  /// The link in the line that the server prints for users to join with.
  func link() async throws -> String {
    try await server.waitFor("\"\n")
    let line = try #require(server.output.split(separator: "\n").first { $0.hasPrefix("[+] Others join with: ") })
    return String(try #require(line.split(separator: "\"").last))
  }

  /// The server's pin.
  func pin() async throws -> String {
    String(try #require(try await link().split(separator: "=").last))
  }

  /// Runs `swiftchat` with the arguments, for this server.
  func run(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> Outcome {
    try await outcome(of: arguments, sourceLocation: sourceLocation)
  }

  /// Runs `swiftchat admin`, which must succeed.
  /// - Returns: the output.
  @discardableResult
  func admin(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
    let outcome = try await outcome(of: ["admin"] + arguments, sourceLocation: sourceLocation)
    #expect(outcome.status == .exited(0), "\(arguments): \(outcome)", sourceLocation: sourceLocation)
    return outcome.output.trimmingCharacters(in: .newlines)
  }

  /// A change that the disk does not store within three seconds is not confirmed. Then the command is run again.
  private func outcome(of arguments: [String], sourceLocation: SourceLocation) async throws -> Outcome {
    let outcome = try await Patience.answer { () async throws -> Outcome? in
      let child = try workspace.launch(try Binary.path(), arguments + ["--data", workspace.data.path])
      let outcome = try await Outcome(of: child, sourceLocation: sourceLocation)
      return outcome.errors.hasPrefix("Error: The server's disk does not answer; ") ? nil : outcome
    }
    return try #require(outcome, "\(arguments) is never confirmed", sourceLocation: sourceLocation)
  }

  /// A netcat client that is logged in.
  func netcat(
    as name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> NetcatClient {
    let client = try NetcatClient.connect(in: workspace, port: server.port, sourceLocation: sourceLocation)
    try await client.send(line: "LOGIN \(name)")
    // A message that another member has just written may follow at once.
    try await client.waitFor("OK\n", sourceLocation: sourceLocation)
    return client
  }

  /// A client in the plain dialect that is logged in and reads only while it waits for something.
  func plainClient(
    as name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> RawClient {
    let client = try RawClient.connect(port: server.port, sourceLocation: sourceLocation)
    try await client.send("LOGIN \(name)\n")
    try await client.waitFor("OK\n", sourceLocation: sourceLocation)
    return client
  }

  /// Sends lines in the plain dialect and half-closes the connection; returns all bytes that the server sends.
  func answer(
    to lines: String..., host: String = "127.0.0.1", sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let client = try RawClient.connect(host: host, port: server.port, sourceLocation: sourceLocation)
    try await client.send(lines.map { $0 + "\n" }.joined())
    client.halfClose()
    try await client.end(sourceLocation: sourceLocation)
    return String(decoding: client.received, as: UTF8.self)
  }
}
