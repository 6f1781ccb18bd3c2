import Foundation
import TestSupport
import Testing

// Helpers for a client below an interactive shell, which outlives it.

extension TerminalSession {
  /// Starts a shell with job control.
  static func shell(
    in workspace: Workspace, environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> TerminalSession {
    try await start(
      in: workspace, command: "/bin/bash", arguments: ["--norc", "--noprofile", "-i"], environment: environment,
      sourceLocation: sourceLocation)
  }

  /// Opens the chat from the shell, which shows `ended: STATUS` after it.
  func open(port: Int, as name: String = "neha", sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await say(
      "\(try Binary.path()) connect localhost:\(port) --name \(name); echo \"ended: $?\"",
      sourceLocation: sourceLocation)
    try await waitFor(text: "as \(name)", sourceLocation: sourceLocation)
  }

  /// The ways out of a client that can be told from each other.
  enum WayOut: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case quit, suspend, terminate, abort

    var testDescription: String { rawValue }
  }

  /// Leaves the chat that the shell has opened, and waits for its end.
  /// - Parameters:
  ///   - stopped: called while the client is suspended.
  ///   - continued: called after that.
  func leave(
    by way: WayOut, sourceLocation: SourceLocation = #_sourceLocation, stopped: () async throws -> Void = {},
    continued: () async throws -> Void = {}
  ) async throws {
    let child = try #require(children(of: processID).first, sourceLocation: sourceLocation)
    switch way {
    case .quit: try await press("C-q", sourceLocation: sourceLocation)
    case .terminate: kill(child, SIGTERM)
    case .abort: kill(child, SIGABRT)
    case .suspend:
      try await press("C-z", sourceLocation: sourceLocation)
      try await waitFor(text: "Stopped", sourceLocation: sourceLocation)
      try await stopped()
      try await say("fg", sourceLocation: sourceLocation)
      try await waitForSnapshot("the chat again", sourceLocation: sourceLocation) {
        $0.alternateOn && $0.rows.first?.hasPrefix(" 1 #lobby") == true
      }
      try await continued()
      try await press("C-q", sourceLocation: sourceLocation)
    }
    try await waitFor("the end", sourceLocation: sourceLocation) { rows in
      rows.contains { $0.hasPrefix("ended: ") && !$0.contains("$") }
    }
  }

  /// The bytes in the file of `record`, which is complete once it has a last line of the shell.
  func recorded(in file: URL, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
    try await say("echo all is written", sourceLocation: sourceLocation)
    let output = try await Patience.answer { () -> String? in
      let text = String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
      // The shell also shows the command.
      return text.components(separatedBy: "all is written").count > 2 ? text : nil
    }
    return try #require(output, sourceLocation: sourceLocation)
  }
}
