import Foundation

/// Starting a program and learning of its end, by the system's own calls.
///
/// Foundation's `Process` hands on which signals are ignored here, and that depends on how the tests were started: in
/// the background of a shell SIGINT is, and then it does not end anything. SIGPIPE is ignored by SwiftNIO.
enum Spawn {
  /// Starts `executable`, an absolute path, as the leader of a new group, with the three standard streams, whatever else
  /// `streams` has as 3, 4 and so on, and all signals as they are by default.
  static func start(
    _ executable: String, arguments: [String], environment: [String: String], folder: String, streams: [Descriptor]
  ) throws -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
      let closing = POSIX_SPAWN_CLOEXEC_DEFAULT
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
      let closing: Int32 = 0
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, stream.number, Int32(number))
    }
    #if !canImport(Darwin)
      // The servers that other tests run in this process do not mark their sockets (SwiftNIO on Linux): a child that
      // kept one would listen on, after its server has stopped. Some more numbers, for those that are just being opened.
      let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.compactMap { Int32($0) } ?? []
      let first = Int32(streams.count)
      for number in first...max(open.max() ?? 3, first) + 64 { posix_spawn_file_actions_addclose(&actions, number) }
    #endif

    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    // The system refuses to touch these two.
    sigdelset(&signals, SIGKILL)
    sigdelset(&signals, SIGSTOP)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETPGROUP) | closing
    posix_spawnattr_setflags(&attributes, Int16(flags))

    // Through a shell, because Glibc hides posix_spawn_file_actions_addchdir_np from Swift.
    let command = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder, executable]
    var words = (command + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var process: pid_t = 0
    let result = posix_spawn(&process, command[0], &actions, &attributes, &words, &variables)
    guard result == 0 else { throw DescriptorError(call: "starting \(executable)", number: result) }
    return process
  }

  /// Sleeps until the process has ended. Its number stays taken until `status(of:)` is asked, so that no signal
  /// can hit a stranger.
  static func waitForEnd(of process: pid_t) {
    var information = siginfo_t()
    while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) == -1 && errno == EINTR {}
  }

  /// How a process ended that has ended, to be asked once.
  static func status(of process: pid_t) -> ExitStatus {
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1 && errno == EINTR {}
    // WIFEXITED and its kin are macros that Swift does not see.
    return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
  }
}
