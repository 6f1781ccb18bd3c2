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
  init(_ arguments: [String], streams: Streams, home: String, environment: [String: String] = [:]) throws {
    let path = try Self.ownPath
    process = try Leftovers.remember {
      try Self.spawn(path, arguments, streams, Self.environment(home: home).merging(environment) { $1 })
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
  private static func environment(home: String) -> [String: String] {
    var variables = [
      "HOME": home, "XDG_CACHE_HOME": "\(home)/cache", "XDG_CONFIG_HOME": "\(home)/config",
      "XDG_DATA_HOME": "\(home)/data", "XDG_STATE_HOME": "\(home)/state", "TERM": "xterm-256color",
    ]
    #if canImport(Darwin)
      variables["LC_ALL"] = "en_US.UTF-8"
    #else
      variables["LC_ALL"] = "C.UTF-8"
    #endif
    // Locations of libraries, terminal descriptions and coverage data.
    for name in ["PATH", "LD_LIBRARY_PATH", "TERMINFO", "TERMINFO_DIRS", "TMPDIR", "LLVM_PROFILE_FILE", "PGPASSFILE"] {
      if let value = environmentValue(name) { variables[name] = value }
    }
    return variables
  }

  private static func spawn(
    _ path: String, _ arguments: [String], _ streams: Streams, _ environment: [String: String]
  ) throws -> pid_t {
    var spawn = Spawn(path, arguments: arguments, environment: environment, streams: [], group: .inherited)
    switch streams {
    case .pipes(let input, let output):
      spawn.streams = [.descriptor(input), .descriptor(output), .descriptor(STDERR_FILENO)]
    case .terminal(let path):
      spawn.streams = [.file(path), .file(path), .file(path)]
      spawn.group = .ownSession
    }
    do throws(SpawnError) {
      return try spawn.start()
    } catch {
      throw Failure("cannot start \(path): \(error)")
    }
  }
}
