import Foundation
import TestSupport
import Testing

/// The exit status and output of a finished program.
struct Outcome: Sendable {
  let status: ExitStatus
  let output: String
  let errors: String

  /// Waits for the end of a program that receives no further input.
  init(of child: ChildProcess, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    child.closeInput()
    let status = try await child.end()
    self.status = try #require(status, "waited for the end of \(child.report)", sourceLocation: sourceLocation)
    output = String(decoding: child.output, as: UTF8.self)
    errors = String(decoding: child.errors, as: UTF8.self)
  }

  var lines: [Substring] { output.split(separator: "\n") }
}
