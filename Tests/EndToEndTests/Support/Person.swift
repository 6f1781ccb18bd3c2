import Foundation
import Testing

/// A user with a home folder and thus a key.
struct Person: Sendable {
  let name: String
  /// The user's home folder.
  let folder: URL
  private let workspace: Workspace

  init(_ name: String, in workspace: Workspace) throws {
    self.name = name
    self.workspace = workspace
    folder = workspace.folder.appendingPathComponent("people/\(name)", isDirectory: true)
    for part in ["home", "state", "config", "tmp"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(part), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
  }

  private var environment: [String: String] {
    [
      "HOME": folder.appendingPathComponent("home").path,
      "XDG_STATE_HOME": folder.appendingPathComponent("state").path,
      "XDG_CONFIG_HOME": folder.appendingPathComponent("config").path,
      "TMPDIR": folder.appendingPathComponent("tmp").path,
    ]
  }

  var knownHosts: String {
    let url = folder.appendingPathComponent("state/swiftchat/known_hosts")
    return (try? String(contentsOf: url, encoding: .utf8)) ?? ""
  }

  /// Runs `swiftchat` with the arguments, to its end.
  func run(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> Outcome {
    let child = try workspace.launch(try Binary.path(), arguments, environment: environment)
    return try await Outcome(of: child, sourceLocation: sourceLocation)
  }

  /// Starts `swiftchat` with the arguments.
  func launch(_ arguments: String...) throws -> ChildProcess {
    try workspace.launch(try Binary.path(), arguments, environment: environment)
  }

  /// Opens the chat without waiting.
  /// - Parameter name: a name other than the user's own.
  func open(
    _ place: String, as name: String? = nil, options: [String] = [], columns: Int = 80, rows: Int = 24,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> TerminalSession {
    try await TerminalSession.start(
      in: workspace, columns: columns, rows: rows,
      arguments: ["connect", place, "--name", name ?? self.name] + options,
      environment: environment, sourceLocation: sourceLocation)
  }

  /// Opens the chat, and waits until the user is logged in under the user's own name.
  func chat(
    at place: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> TerminalSession {
    let session = try await open(place, sourceLocation: sourceLocation)
    try await session.waitFor(text: " as \(name)", sourceLocation: sourceLocation)
    try await session.focus(sourceLocation: sourceLocation)
    return session
  }

  /// The names of the files in the user's folder.
  func files() throws -> Set<String> {
    Set(try FileManager.default.subpathsOfDirectory(atPath: folder.path))
  }
}
