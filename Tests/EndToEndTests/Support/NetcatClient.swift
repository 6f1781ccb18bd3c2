import Foundation
import TestSupport
import Testing

/// The actual `nc`, connected to a server and driven through its standard streams.
final class NetcatClient: Sendable {
  private let child: ChildProcess

  private init(child: ChildProcess) {
    self.child = child
  }

  /// Starts `nc` with the given options. It does not report the connection; earlier input waits.
  static func connect(
    in workspace: Workspace, host: String = "127.0.0.1", port: Int, options: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> NetcatClient {
    #if canImport(Darwin)
      let halfClosing: [String] = []  // Apple's nc half-closes by default; its -N has another meaning.
    #else
      let halfClosing = ["-N"]
    #endif
    let netcat = try Tool.path("nc", sourceLocation: sourceLocation)
    return NetcatClient(child: try workspace.launch(netcat, halfClosing + options + [host, "\(port)"]))
  }

  /// Connects and logs in, in the tagged dialect.
  static func logIn(_ name: String, in workspace: Workspace, port: Int) async throws -> NetcatClient {
    let client = try connect(in: workspace, port: port)
    try await client.send(line: "CAP REQ tags presence rooms history resume marks moderation lines")
    try await client.send(line: "LOGIN \(name)")
    try await client.waitFor("SYNC #lobby ")
    return client
  }

  var processID: pid_t { child.processID }

  /// All bytes received from the server.
  var received: [UInt8] { child.output }

  /// Exit status; nil while the process runs.
  var status: ExitStatus? { child.status }

  /// Sends a line and an LF.
  func send(line: String) async throws {
    try await child.write(line.utf8 + [UInt8(ascii: "\n")])
  }

  /// Sends bytes unchanged.
  func send(_ bytes: [UInt8]) async throws {
    try await child.write(bytes)
  }

  /// Waits until the received bytes contain `text`.
  func waitFor(
    _ text: String, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await Received.wait(
      toContain: text, timeout: timeout, sourceLocation: sourceLocation, isEnded: { child.isFinished },
      bytes: { child.output })
  }

  /// Waits until the received bytes are exactly `text`.
  func waitFor(
    exactly text: String, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await Received.wait(
      toEqual: Array(text.utf8), timeout: timeout, sourceLocation: sourceLocation, isEnded: { child.isFinished },
      bytes: { child.output })
  }

  /// Half-closes the connection; receiving continues.
  func closeInput() {
    child.closeInput()
  }

  /// Waits until the process has ended because the server closed the connection.
  @discardableResult
  func end(
    timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ExitStatus {
    let status = try await child.end(within: timeout)
    return try #require(status, "waited for the end of \(child.report)", sourceLocation: sourceLocation)
  }

  /// Ends the process by a signal, as Ctrl+C does, and waits for its end.
  func terminate(_ signal: Int32 = SIGINT, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    child.signal(signal)
    try await end(sourceLocation: sourceLocation)
  }
}
