import Foundation
import TestSupport
import Testing

/// The isolated environment of one test: a temporary folder with a home folder, and the environment for child
/// processes. The folder and all child processes are removed afterwards.
final class Workspace: Sendable {
  /// The root folder of the workspace.
  let folder: URL

  private let guardian: Guardian

  /// Runs `body` with a new workspace and removes it afterwards, together with every program that was started
  /// in it, also if `body` throws or is cancelled.
  static func use<Result: Sendable>(_ body: (Workspace) async throws -> Result) async throws -> Result {
    let workspace = try Workspace()
    do {
      let result = try await body(workspace)
      await workspace.close()
      return result
    } catch {
      await workspace.close()
      throw error
    }
  }

  private init() throws {
    var template = Array("\(FileManager.default.temporaryDirectory.path)/swiftchat-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw DescriptorError(call: "mkdtemp", number: errno) }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    folder = URL(fileURLWithPath: path, isDirectory: true)
    guardian = try Guardian(of: path)
    for url in [home, configuration, data, state, cache, runtime, temporary] {
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
  }

  var home: URL { folder.appendingPathComponent("home", isDirectory: true) }
  var configuration: URL { folder.appendingPathComponent("config", isDirectory: true) }
  var data: URL { folder.appendingPathComponent("data", isDirectory: true) }
  var state: URL { folder.appendingPathComponent("state", isDirectory: true) }
  var cache: URL { folder.appendingPathComponent("cache", isDirectory: true) }
  var runtime: URL { folder.appendingPathComponent("run", isDirectory: true) }
  var temporary: URL { folder.appendingPathComponent("tmp", isDirectory: true) }

  /// The socket of tmux, in the workspace, so that no other tmux is used.
  var tmuxSocket: String { folder.appendingPathComponent("tmux").path }

  /// The environment of child processes: nothing from the user who runs the tests, except the locations of programs,
  /// libraries and coverage data.
  var environment: [String: String] {
    var environment = [
      "HOME": home.path,
      "XDG_CONFIG_HOME": configuration.path,
      "XDG_DATA_HOME": data.path,
      "XDG_STATE_HOME": state.path,
      "XDG_CACHE_HOME": cache.path,
      "XDG_RUNTIME_DIR": runtime.path,
      "TMPDIR": temporary.path,
      "PATH": "/usr/local/bin:/usr/bin:/bin",
      "SHELL": "/bin/sh",
      "TERM": "xterm-256color",
      "TZ": "UTC",
    ]
    #if canImport(Darwin)
      // Older versions of macOS lack the locale C.UTF-8.
      environment["LANG"] = "en_US.UTF-8"
    #else
      environment["LANG"] = "C.UTF-8"
    #endif
    let inherited = ProcessInfo.processInfo.environment
    for name in ["PATH", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"] {
      if let value = inherited[name] { environment[name] = value }
    }
    return environment
  }

  /// Starts a program in the workspace's home folder with its environment, overridden by `environment`.
  func launch(
    _ executable: String, _ arguments: [String] = [], environment changes: [String: String] = [:],
    handed: [Descriptor] = []
  ) throws -> ChildProcess {
    let guardian = guardian
    let child = try ChildProcess(
      executable: executable, arguments: arguments, environment: environment.merging(changes) { $1 }, folder: home.path,
      handed: handed, whenEnded: { guardian.forget($0) })
    // The process may have ended, and been removed from the list, before it is added here.
    guardian.remember(child.processID)
    if child.status != nil { guardian.forget(child.processID) }
    return child
  }

  /// Makes the guardian also end a process that another program started, such as tmux.
  func adopt(_ processID: pid_t) {
    guardian.remember(processID)
  }

  private func close() async {
    let guardian = guardian
    // In a separate task, because the task of a test that timed out is cancelled and cannot wait. In the pool that all
    // tests share it could wait for minutes, while the servers of the test run on.
    let problem = await onInteractingThread { await guardian.close() }
    if let problem { Issue.record("the workspace was not cleaned up: \(problem)") }
  }
}
