import Foundation
import TestSupport
import Testing

/// A running `swiftchat serve`.
final class ServerProcess: Sendable {
  private static let announcement = "[+] Chat server listening on "

  /// The listening address and port that the server announced.
  let host: String
  let port: Int

  private let child: ChildProcess

  private init(child: ChildProcess, host: String, port: Int) {
    self.child = child
    self.host = host
    self.port = port
  }

  /// Starts a server on a free port, or on `port`, and waits until it announces that it listens. `executable` is the
  /// built `swiftchat` by default. If there are `handed` sockets, the server inherits them and listens on them instead.
  /// - Parameter hasTimeouts: whether the timeouts of the settings file, or their defaults, apply. Otherwise a client may
  ///   be silent for as long as a loaded machine makes it, unless `options` or `environment` set a timeout.
  static func start(
    in workspace: Workspace, port: Int = 0, options: [String] = [], environment: [String: String] = [:],
    hasTimeouts: Bool = false, executable: String? = nil, handed: [Descriptor] = [],
    timeout: Duration = Patience.limit,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ServerProcess {
    var command = [try executable ?? Binary.path(sourceLocation: sourceLocation), "serve", "--port", "\(port)"]
    command += options
    if !handed.isEmpty {
      // LISTEN_PID must be the id of the server's own process.
      let script = "LISTEN_PID=$$ LISTEN_FDS=\(handed.count) exec \"$0\" \"$@\""
      command = ["/bin/sh", "-c", script] + command
    }
    let timeouts: [String: String] =
      hasTimeouts ? [:] : ["SWIFTCHAT_IDLE_TIMEOUT": "0", "SWIFTCHAT_LOGIN_TIMEOUT": "0"]
    let child = try workspace.launch(
      command[0], Array(command.dropFirst()), environment: timeouts.merging(environment) { $1 }, handed: handed)
    var address: (host: String, port: Int)?
    _ = try await Patience.answer(within: timeout) { () async throws -> Bool? in
      // Checked first, so that the last output is not missed.
      let isFinished = child.isFinished
      address = announced(in: child.output)
      return address != nil || isFinished ? true : nil
    }
    let found = try #require(
      address, "waited for “\(announcement)HOST:PORT” of \(child.report)", sourceLocation: sourceLocation)
    return ServerProcess(child: child, host: found.host, port: found.port)
  }

  var processID: pid_t { child.processID }

  /// Standard output so far.
  var output: String { String(decoding: child.output, as: UTF8.self) }
  var errors: String { String(decoding: child.errors, as: UTF8.self) }

  /// Exit status; nil while the server runs.
  var status: ExitStatus? { child.status }

  /// Sends the server a signal.
  func signal(_ number: Int32) {
    child.signal(number)
  }

  /// Sends the server a signal and waits for its end.
  @discardableResult
  func terminate(
    _ signal: Int32 = SIGTERM, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ExitStatus {
    child.signal(signal)
    return try await end(timeout: timeout, sourceLocation: sourceLocation)
  }

  /// Waits for the server's end.
  @discardableResult
  func end(
    timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ExitStatus {
    let status = try await child.end(within: timeout)
    return try #require(status, "waited for the end of \(child.report)", sourceLocation: sourceLocation)
  }

  /// Waits until standard output or standard error contains `text`.
  func waitFor(
    _ text: String, timeout: Duration = Patience.limit, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await Received.wait(
      toContain: text, timeout: timeout, sourceLocation: sourceLocation, isEnded: { child.isFinished },
      bytes: { child.output + child.errors })
  }

  private static func announced(in output: [UInt8]) -> (String, Int)? {
    // Only complete lines count: a truncated port number is a different port.
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines.dropLast() where line.hasPrefix(announcement) {
      let address = line.dropFirst(announcement.count)
      if let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]) {
        return (String(address[..<colon]), port)
      }
    }
    return nil
  }
}
