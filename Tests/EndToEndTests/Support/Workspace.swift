import Foundation
import Testing

/// One test's own world: a temporary folder with a home in it, the environment for the programs it starts, and
/// the certainty that these and the folder are gone afterwards.
final class Workspace: Sendable {
  /// The folder that holds everything else.
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

  /// Where tmux listens: in the folder, so that no other tmux is ever met.
  var tmuxSocket: String { folder.appendingPathComponent("tmux").path }

  /// What the programs find in their environment: nothing of the person's who runs the tests, except where
  /// programs and libraries are and where coverage is to be written.
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
      // C.UTF-8 came late to macOS.
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

  /// Starts a program with this workspace's environment, changed by `environment`, in its home.
  func launch(
    _ executable: String, _ arguments: [String] = [], environment changes: [String: String] = [:],
    handed: [Descriptor] = []
  ) throws -> ChildProcess {
    let guardian = guardian
    let child = try ChildProcess(
      executable: executable, arguments: arguments, environment: environment.merging(changes) { $1 }, folder: home.path,
      handed: handed, whenEnded: { guardian.forget($0) })
    // It may have ended already, and been forgotten before it is remembered here.
    guardian.remember(child.processID)
    if child.status != nil { guardian.forget(child.processID) }
    return child
  }

  /// Makes the guardian end a process that somebody else started, tmux for one.
  func adopt(_ processID: pid_t) {
    guardian.remember(processID)
  }

  private func close() async {
    let guardian = guardian
    // In a task of its own, because that of a test that ran out of time is cancelled and cannot wait any more.
    let problem = await Task.detached { await guardian.close() }.value
    if let problem { Issue.record("the workspace was not cleaned up: \(problem)") }
  }
}
