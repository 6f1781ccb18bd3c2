import Foundation
import Platform

extension Spawn {
  /// Starts `executable`, an absolute path, as the leader of a new process group. `streams` are its three standard streams,
  /// followed by descriptors 3, 4 and so on.
  ///
  /// Foundation's `Process` lets the child inherit ignored signals, which depend on how the tests were started: a
  /// background job of a shell ignores SIGINT, which then ends nothing. The child may also inherit a socket that another
  /// test opens at this moment; closing the socket would then not end its connection until the child has ended.
  package static func start(
    _ executable: String, arguments: [String], environment: [String: String], folder: String, streams: [Descriptor]
  ) throws -> pid_t {
    // Through a shell, because Glibc hides posix_spawn_file_actions_addchdir_np from Swift.
    let spawn = Spawn(
      "/bin/sh", arguments: ["-c", #"cd "$0" && exec "$@""#, folder, executable] + arguments, environment: environment,
      streams: streams.map { .descriptor($0.number) }, group: .own)
    do throws(SpawnError) {
      return try withExtendedLifetime(streams) { () throws(SpawnError) in try spawn.start() }
    } catch {
      throw DescriptorError(call: "starting \(executable)", number: error.number)
    }
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
