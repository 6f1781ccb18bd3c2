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
    // The editor gets the terminal as standard error, too: this process may have redirected its own to the log.
    let streams: [Spawn.Stream] =
      hasTerminal
      ? [.descriptor(STDIN_FILENO), .descriptor(STDOUT_FILENO), .descriptor(STDOUT_FILENO)]
      : [.file("/dev/null"), .file("/dev/null"), .file("/dev/null")]
    let spawn = Spawn(
      words[0], arguments: Array(words.dropFirst()),
      environment: ProcessInfo.processInfo.environment.merging(variables) { $1 }, streams: streams,
      group: hasTerminal ? .inherited : .own)
    do throws(SpawnError) {
      return try spawn.start()
    } catch {
      throw Problem(description: "\(ConfigurationValue.string(words[0])) cannot run: \(error)")
    }
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
