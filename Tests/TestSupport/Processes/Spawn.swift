import Foundation
import Platform

/// Starts programs and waits for their end with system calls.
///
/// Foundation's `Process` lets the child inherit ignored signals, which depend on how the tests were started: a
/// background job of a shell ignores SIGINT, which then ends nothing. SwiftNIO ignores SIGPIPE. The child may also
/// inherit a socket that another test opens at this moment; closing the socket would then not end its connection until
/// the child has ended.
package enum Spawn {
  /// Starts `executable`, an absolute path, as the leader of a new process group, with default signal handling.
  /// `streams` are its three standard streams, followed by descriptors 3, 4 and so on.
  package static func start(
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
      actions.addClosing(from: Int32(streams.count))
    #endif

    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    // The system does not allow changes to these two.
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

  /// Sleeps until the process has ended. Its id stays in use until `status(of:)` is called, so that no signal can reach
  /// an unrelated process.
  package static func waitForEnd(of process: pid_t) {
    var information = siginfo_t()
    while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) == -1 && errno == EINTR {}
  }

  /// Removes a process that has ended from the system's list. Call this once per process.
  /// - Returns: how it ended, as `waitpid` returns it.
  @discardableResult
  package static func status(of process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1 && errno == EINTR {}
    return status
  }
}
