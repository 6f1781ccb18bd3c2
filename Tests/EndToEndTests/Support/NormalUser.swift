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
    try FileManager.default.copyItem(atPath: binary, toPath: copy.path)
    let user = "65534"
    let owning = try workspace.launch(
      try Tool.path("chown", sourceLocation: sourceLocation), ["-R", "\(user):\(user)", workspace.folder.path])
    #expect(try await owning.end() == .exited(0), "\(owning.report)", sourceLocation: sourceLocation)
    let script = workspace.folder.appendingPathComponent("unprivileged")
    let setpriv = try Tool.path("setpriv", sourceLocation: sourceLocation)
    try """
    #!/bin/sh
    exec '\(setpriv)' --reuid=\(user) --regid=\(user) --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs \
      '\(copy.path)' "$@"

    """.write(to: script, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    return script.path
  }
}
