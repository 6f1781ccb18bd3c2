import Foundation
import Testing

/// A user without privileges and capabilities: the user who runs the tests, or `nobody` if that is root.
enum NormalUser {
  /// A program that passes its arguments to the built `swiftchat` and runs it as this user. As root, it also gives the
  /// workspace to that user.
  static func binary(in workspace: Workspace, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String
  {
    let binary = try Binary.path(sourceLocation: sourceLocation)
    guard geteuid() == 0 else { return binary }
    // Other users may have no access to the build folder.
    let copy = workspace.folder.appendingPathComponent("swiftchat")
    let user = "65534"
    let draft = workspace.folder.appendingPathComponent("unprivileged.draft")
    let script = workspace.folder.appendingPathComponent("unprivileged")
    let setpriv = try Tool.path("setpriv", sourceLocation: sourceLocation)
    try """
    #!/bin/sh
    exec '\(setpriv)' --reuid=\(user) --regid=\(user) --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs \
      '\(copy.path)' "$@"

    """.write(to: draft, atomically: true, encoding: .utf8)
    // A program that another process has open for writing cannot be executed. Each process that this one starts
    // inherits its open files for a moment, so another program makes the copy.
    for (tool, arguments) in [
      ("cp", [binary, copy.path]), ("install", ["-m", "755", draft.path, script.path]),
      ("chown", ["-R", "\(user):\(user)", workspace.folder.path]),
    ] {
      let process = try workspace.launch(try Tool.path(tool, sourceLocation: sourceLocation), arguments)
      #expect(try await process.end() == .exited(0), "\(process.report)", sourceLocation: sourceLocation)
    }
    return script.path
  }
}
