/// A program to start as a child process.
///
/// The child has default signal handling, and no descriptors but its standard streams: ignored and blocked signals would
/// be inherited otherwise, and so would the sockets of SwiftNIO, which are not closed on exec. A child that inherited one
/// would keep a connection, or the port of a server, open.
package struct Spawn {
  /// A path. Without a slash, the program is looked up in `PATH`.
  package var program: String
  package var arguments: [String]
  package var environment: [String: String]
  /// The streams with the numbers 0, 1, 2 and so on.
  package var streams: [Stream]
  package var group: Group

  package enum Stream {
    /// A descriptor of this process. It must have the stream's own number or be larger than all streams' numbers.
    case descriptor(Int32)
    /// A file, which the child opens to read and write. The first terminal that the leader of a session opens becomes its
    /// controlling terminal.
    case file(String)
  }

  package enum Group {
    /// The process group of this process.
    case inherited
    /// A new process group, with the child as its leader.
    case own
    /// A new session without a controlling terminal, with the child as its leader.
    case ownSession
  }

  package init(
    _ program: String, arguments: [String], environment: [String: String], streams: [Stream], group: Group
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.streams = streams
    self.group = group
  }

  /// Starts the program.
  /// - Returns: the process, which must be waited for.
  package func start() throws(SpawnError) -> pid_t {
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
      var actions: posix_spawn_file_actions_t?
    #else
      var attributes = posix_spawnattr_t()
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawnattr_init(&attributes)
    posix_spawn_file_actions_init(&actions)
    defer {
      posix_spawnattr_destroy(&attributes)
      posix_spawn_file_actions_destroy(&actions)
    }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    // The system does not allow changes to these two.
    sigdelset(&signals, SIGKILL)
    sigdelset(&signals, SIGSTOP)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
    for (number, stream) in zip(Int32(0)..., streams) {
      switch stream {
      case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, number)
      case .file(let path): posix_spawn_file_actions_addopen(&actions, number, path, O_RDWR, 0)
      }
    }
    #if !canImport(Darwin)
      actions.addClosing(from: Int32(clamping: streams.count))
    #endif
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    let number = posix_spawnp(&process, program, &actions, &attributes, words, variables)
    guard number == 0 else { throw SpawnError(number: number) }
    return process
  }

  private var flags: Int32 {
    #if canImport(Darwin)
      let (startsSession, closes) = (Int32(POSIX_SPAWN_SETSID), Int32(POSIX_SPAWN_CLOEXEC_DEFAULT))
    #else
      // POSIX_SPAWN_SETSID, which Glibc declares for GNU sources only.
      let (startsSession, closes): (Int32, Int32) = (0x80, 0)
    #endif
    let group: Int32 =
      switch group {
      case .inherited: 0
      case .own: Int32(POSIX_SPAWN_SETPGROUP)
      case .ownSession: startsSession
      }
    return Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | group | closes
  }
}

/// Why a program cannot be started.
package struct SpawnError: Error, CustomStringConvertible {
  /// The system's error number.
  package let number: Int32

  package var description: String { String(cString: strerror(number)) }
}
