import Foundation
import Testing

/// The real `nc`, connected with a server and driven through its standard streams.
final class NetcatClient: Sendable {
  private let child: ChildProcess

  private init(child: ChildProcess) {
    self.child = child
  }

  /// Starts `nc` with the given options. It does not say when it is connected; what is sent before that waits.
  static func connect(
    in workspace: Workspace, host: String = "127.0.0.1", port: Int, options: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> NetcatClient {
    #if canImport(Darwin)
      let halfClosing: [String] = []  // Apple's does so anyway; its -N means something else.
    #else
      let halfClosing = ["-N"]
    #endif
    let netcat = try Tool.path("nc", sourceLocation: sourceLocation)
    return NetcatClient(child: try workspace.launch(netcat, halfClosing + options + [host, "\(port)"]))
  }

  var processID: pid_t { child.processID }

  /// All bytes that have come from the server.
  var received: [UInt8] { child.output }

  /// How it ended; nil while it runs.
  var status: ExitStatus? { child.status }

  /// Sends a line; the LF is added here.
  func send(line: String) async throws {
    try await child.write(line.utf8 + [UInt8(ascii: "\n")])
  }

  /// Sends bytes as they are.
  func send(_ bytes: [UInt8]) async throws {
    try await child.write(bytes)
  }

  /// Waits until what has come contains `text`, anywhere.
  func waitFor(
    _ text: String, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await Received.wait(
      toContain: text, timeout: timeout, sourceLocation: sourceLocation, isEnded: { child.isFinished },
      bytes: { child.output })
  }

  /// Waits until all that has come is exactly `text`.
  func waitFor(
    exactly text: String, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await Received.wait(
      toEqual: Array(text.utf8), timeout: timeout, sourceLocation: sourceLocation, isEnded: { child.isFinished },
      bytes: { child.output })
  }

  /// Says that nothing more will be sent, and goes on receiving.
  func closeInput() {
    child.closeInput()
  }

  /// Waits until it has ended, because the server closed the connection.
  @discardableResult
  func end(
    timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ExitStatus {
    let status = try await child.end(within: timeout)
    return try #require(status, "waited for the end of \(child.report)", sourceLocation: sourceLocation)
  }

  /// Ends it by a signal, as a person's Ctrl+C, and waits until it is gone.
  func terminate(_ signal: Int32 = SIGINT, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    child.signal(signal)
    try await end(sourceLocation: sourceLocation)
  }
}
