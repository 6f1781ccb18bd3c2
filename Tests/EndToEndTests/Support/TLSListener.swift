import Foundation
import TestSupport
import Testing

/// A foreign server with TLS that accepts one client at a time: `openssl s_server`; the test implements the protocol.
final class TLSListener: Sendable {
  let port: Int
  private let child: ChildProcess

  /// - Parameter port: a reserved port.
  static func start(in workspace: Workspace, port: Int) async throws -> TLSListener {
    let openssl = try Tool.path("openssl")
    let (key, certificate) = (workspace.folder.path + "/tls.key", workspace.folder.path + "/tls.pem")
    let request = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
      certificate, "-subj", "/CN=hostile", "-days", "2",
    ]
    let made = try await Outcome(of: try workspace.launch(openssl, request))
    #expect(made.status == .exited(0), "\(made.errors)")
    let child = try workspace.launch(
      openssl, ["s_server", "-quiet", "-accept", "127.0.0.1:\(port)", "-key", key, "-cert", certificate])
    return TLSListener(port: port, child: child)
  }

  private init(port: Int, child: ChildProcess) {
    self.port = port
    self.child = child
  }

  func send(_ text: String) async throws { try await child.write(text.utf8) }

  /// Answers each `PING` until the task is cancelled: a client that gets no answer for 15 seconds connects anew, and a
  /// test may take longer on a loaded machine.
  func answerPings() async throws {
    var answered = 0
    while !Task.isCancelled {
      let labels = try await Patience.answer { () async throws -> [String]? in
        let labels = requests.filter { $0.line == "PING" }.dropFirst(answered).map(\.label)
        return labels.isEmpty ? nil : labels
      }
      for label in labels ?? [] { try await send("@label=\(label) PONG\n") }
      answered += labels?.count ?? 0
    }
  }

  /// Waits for a request that begins with the text.
  /// - Returns: the label, empty if there is none, and the line without its tags.
  @discardableResult
  func waitForRequest(
    _ beginning: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> (label: String, line: String) {
    let found = try await Patience.answer { () async throws -> (String, String)? in
      requests.first { $0.line.hasPrefix(beginning) }
    }
    return try #require(found, "waited for \(beginning) of \(child.report)", sourceLocation: sourceLocation)
  }

  /// All complete lines of the client.
  private var requests: [(label: String, line: String)] {
    let lines = String(decoding: child.output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.dropLast().compactMap { line in
      let parts = line.hasPrefix("@") ? line.split(separator: " ", maxSplits: 1) : ["", line]
      guard parts.count == 2 else { return nil }
      let label = parts[0].dropFirst().split(separator: ";").first { $0.hasPrefix("label=") }
      return (label.map { String($0.dropFirst(6)) } ?? "", String(parts[1]))
    }
  }
}
