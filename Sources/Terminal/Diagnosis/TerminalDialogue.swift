import CNcurses
import Platform

/// Asks the terminal on standard input and output questions, without curses: sends bytes, and collects the answer.
public enum TerminalDialogue {
  /// Whether there is a terminal to ask.
  public static var isPossible: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && JobControl.isForeground
  }

  /// Sends the question, and reads until the answer is complete or `patience` is over. Meanwhile keys are not echoed,
  /// and Ctrl+C sends a byte and no signal.
  /// - Returns: all bytes read; nil if the terminal cannot be used.
  public static func ask(
    _ question: String, patience: Duration, isComplete: ([UInt8]) -> Bool
  ) -> [UInt8]? {
    var modes = termios()
    guard isPossible, tcgetattr(STDIN_FILENO, &modes) == 0 else { return nil }
    var raw = modes
    cfmakeraw(&raw)
    // A crash must not leave the terminal raw: the guard restores the present modes.
    swiftchat_crash_guard_install(STDOUT_FILENO, [], 0)
    // Signals that end the program wait until the modes are restored.
    var ending = sigset_t()
    sigemptyset(&ending)
    for signal in [SIGTERM, SIGHUP, SIGINT] { sigaddset(&ending, signal) }
    var mask = sigset_t()
    pthread_sigmask(SIG_BLOCK, &ending, &mask)
    defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else {
      swiftchat_crash_guard_remove()
      return nil
    }
    defer {
      swiftchat_crash_guard_remove()
      // Discards late answers, which the shell would read as input.
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &modes)
    }
    Modes.send(question)
    let deadline = ContinuousClock.now + patience
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1024)
    while !isComplete(answer), answer.count < 64 * 1024, !isEnding(ending) {
      let rest = deadline - ContinuousClock.now
      guard rest > .zero else { break }
      var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let milliseconds = rest.components.seconds * 1000 + rest.components.attoseconds / 1_000_000_000_000_000
      // A blocked signal does not interrupt the wait.
      guard poll(&waiting, 1, Int32(clamping: min(milliseconds + 1, 100))) > 0 else { continue }
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      answer += buffer[..<count]
    }
    return answer
  }

  /// Whether one of the signals has arrived.
  private static func isEnding(_ signals: sigset_t) -> Bool {
    var (signals, pending) = (signals, sigset_t())
    sigpending(&pending)
    return [SIGTERM, SIGHUP, SIGINT].contains { sigismember(&signals, $0) == 1 && sigismember(&pending, $0) == 1 }
  }
}
