import Dispatch
import Foundation
import Platform

/// Runs programs of the user's choice, such as one for notifications, without a shell and without waiting for them.
final class ProgramRunner: Sendable {
  /// The reason why a program cannot run, in one line.
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// Limits the programs that run at the same time, because a program may not end.
  private let places = DispatchSemaphore(value: 4)
  private let patience: Int?

  /// - Parameter patience: the time limit of a program, in milliseconds; nil: neither the time nor the number of
  ///   programs is limited.
  init(patience: Int? = 10_000) { self.patience = patience }

  /// Starts the program in a process group of its own, without input and output.
  /// - Parameters:
  ///   - words: the program, which is looked up in `PATH`, and its arguments.
  ///   - variables: additions to the environment.
  ///   - failed: called on any thread if the program cannot run. Programs beyond four at a time are dropped silently.
  func run(_ words: [String], _ variables: [String: String] = [:], failed: @escaping @Sendable (Problem) -> Void) {
    guard !words.isEmpty, patience == nil || places.wait(timeout: .now()) == .success else { return }
    // On its own thread, because waiting would block a shared thread of a queue.
    Thread.detachNewThread { [self] in
      defer { if patience != nil { places.signal() } }
      do throws(Problem) { wait(for: try Self.spawn(words, variables)) } catch { failed(error) }
    }
  }

  /// Starts a program with the default signal handlers and without descriptors of this process.
  /// - Parameter hasTerminal: whether it gets the terminal and stays in the process group of this process; otherwise it
  ///   has no input and output, and a process group of its own.
  static func spawn(
    _ words: [String], _ variables: [String: String] = [:], hasTerminal: Bool = false
  ) throws(Problem) -> pid_t {
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
      var actions: posix_spawn_file_actions_t?
      let closing = POSIX_SPAWN_CLOEXEC_DEFAULT
    #else
      var attributes = posix_spawnattr_t()
      var actions = posix_spawn_file_actions_t()
      let closing: Int32 = 0
    #endif
    posix_spawnattr_init(&attributes)
    posix_spawn_file_actions_init(&actions)
    defer {
      posix_spawnattr_destroy(&attributes)
      posix_spawn_file_actions_destroy(&actions)
    }
    // Threads of this process block or handle signals; the program starts with the defaults.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    // The system does not allow changes to these two.
    sigdelset(&signals, SIGKILL)
    sigdelset(&signals, SIGSTOP)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let group = hasTerminal ? 0 : Int32(POSIX_SPAWN_SETPGROUP)
    let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | group | closing
    posix_spawnattr_setflags(&attributes, Int16(flags))
    for descriptor in 0...2 as ClosedRange<Int32> {
      if hasTerminal {
        // Standard error may be redirected to the log.
        posix_spawn_file_actions_adddup2(&actions, descriptor == 0 ? STDIN_FILENO : STDOUT_FILENO, descriptor)
      } else {
        posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
      }
    }
    #if !canImport(Darwin)
      actions.addClosing(from: 3)
    #endif
    let arguments = words.map { strdup($0) } + [nil]
    let all = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    let environment = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var process: pid_t = 0
    let number = posix_spawnp(&process, words[0], &actions, &attributes, arguments, environment)
    guard number == 0 else {
      throw Problem(
        description: "\(ConfigurationValue.string(words[0])) cannot run: \(String(cString: strerror(number)))")
    }
    return process
  }

  /// Waits until the process ends, and ends it and its children if it takes too long.
  private func wait(for process: pid_t) {
    var status: Int32 = 0
    if let patience {
      for _ in 0..<max(patience / 20, 1) {
        let ended = waitpid(process, &status, WNOHANG)
        if ended == process || ended < 0 && errno != EINTR { return }
        usleep(20_000)
      }
      kill(-process, SIGKILL)
    }
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }
}
