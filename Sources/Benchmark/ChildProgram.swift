import CommandSupport
import Platform

/// A child process that runs this binary.
struct ChildProgram {
  let process: pid_t

  enum Streams {
    /// Standard input and output are these descriptors; standard error is inherited.
    case pipes(input: Int32, output: Int32)
    /// The terminal at this path is the controlling terminal and all three streams.
    case terminal(String)
  }

  /// - Parameters:
  ///   - home: the child's home folder, also for all other files of the user.
  ///   - environment: further variables.
  /// - Throws: `Failure`.
  init(_ arguments: [String], streams: Streams, home: String, environment: [String] = []) throws {
    let path = try Self.ownPath
    process = try Leftovers.remember {
      try Self.spawn(path, arguments, streams, Self.environment(home: home) + environment)
    }
  }

  /// Ends the process if it is still running.
  /// - Returns: whether the process was still running.
  @discardableResult
  func end() -> Bool { Leftovers.end(process) }

  private static var ownPath: String {
    get throws {
      #if canImport(Darwin)
        var size: UInt32 = 0
        _NSGetExecutablePath(nil, &size)
        var bytes = [CChar](repeating: 0, count: Int(size) + 1)
        guard _NSGetExecutablePath(&bytes, &size) == 0 else { throw Failure("cannot find the path of this program") }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      #else
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        guard count > 0 else { throw Failure("cannot find the path of this program; is /proc mounted?") }
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      #endif
    }
  }

  /// Excludes the user's settings, so that figures are comparable.
  private static func environment(home: String) -> [String] {
    var variables = [
      "HOME=\(home)", "XDG_CACHE_HOME=\(home)/cache", "XDG_CONFIG_HOME=\(home)/config", "XDG_DATA_HOME=\(home)/data",
      "XDG_STATE_HOME=\(home)/state", "TERM=xterm-256color",
    ]
    #if canImport(Darwin)
      variables.append("LC_ALL=en_US.UTF-8")
    #else
      variables.append("LC_ALL=C.UTF-8")
    #endif
    // Locations of libraries, terminal descriptions and coverage data.
    for name in ["PATH", "LD_LIBRARY_PATH", "TERMINFO", "TERMINFO_DIRS", "TMPDIR", "LLVM_PROFILE_FILE", "PGPASSFILE"] {
      if let value = environmentValue(name) { variables.append("\(name)=\(value)") }
    }
    return variables
  }

  private static func spawn(
    _ path: String, _ arguments: [String], _ streams: Streams, _ environment: [String]
  ) throws -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
      let startsSession = Int32(POSIX_SPAWN_SETSID)
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
      // POSIX_SPAWN_SETSID, which Glibc declares for GNU sources only.
      let startsSession: Int32 = 0x80
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
    switch streams {
    case .pipes(let input, let output):
      posix_spawn_file_actions_adddup2(&actions, input, 0)
      posix_spawn_file_actions_adddup2(&actions, output, 1)
    case .terminal(let path):
      // The first terminal that a new session leader opens becomes its controlling terminal.
      flags |= startsSession
      posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    }
    #if !canImport(Darwin)
      actions.addClosing(from: 3)
    #endif
    // Signals that are ignored or blocked in this process would be inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var words = ([path] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var process: pid_t = 0
    let result = posix_spawn(&process, path, &actions, &attributes, &words, &variables)
    guard result == 0 else { throw Failure("cannot start \(path): \(String(cString: strerror(result)))") }
    return process
  }
}
