import CNcurses
import Platform

/// Asks the terminal on standard input and output questions, without curses: sends bytes, and collects the answer.
public enum TerminalDialogue {
  /// Whether there is a terminal to ask.
  public static var isPossible: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && JobControl.isForeground
  }

  /// Sends the question, and reads until the answer is complete or `patience` is over. Meanwhile keys are not shown,
  /// and Ctrl+C is a byte like any other.
  /// - Returns: all bytes read; nil if the terminal cannot be used.
  public static func ask(
    _ question: String, patience: Duration, isComplete: ([UInt8]) -> Bool
  ) -> [UInt8]? {
    var modes = termios()
    guard isPossible, tcgetattr(STDIN_FILENO, &modes) == 0 else { return nil }
    var raw = modes
    cfmakeraw(&raw)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else { return nil }
    // A crash or a signal must not leave the terminal raw.
    swiftchat_crash_guard_install(STDOUT_FILENO, [], 0)
    defer {
      swiftchat_crash_guard_remove()
      // What the terminal answers later would be read by the shell.
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &modes)
    }
    Modes.send(question)
    let deadline = ContinuousClock.now + patience
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1024)
    while !isComplete(answer), answer.count < 64 * 1024 {
      let rest = deadline - ContinuousClock.now
      guard rest > .zero else { break }
      var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let milliseconds = rest.components.seconds * 1000 + rest.components.attoseconds / 1_000_000_000_000_000
      guard poll(&waiting, 1, Int32(clamping: milliseconds + 1)) > 0 else { continue }
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      answer += buffer[..<count]
    }
    return answer
  }
}
