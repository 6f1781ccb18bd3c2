import CNcurses
import Platform

/// Delivers terminal signals as bytes in a pipe.
struct SignalPipe: Sendable {
  let readEnd: Int32
  private let writeEnd: Int32

  /// Nil if no file descriptors are left.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    (readEnd, writeEnd) = (ends[0], ends[1])
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    swiftchat_signals_install(writeEnd)
  }

  /// Waits until there is something to read, or the time is over.
  func wait(milliseconds: Int32) {
    var waiting = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    _ = poll(&waiting, 1, milliseconds)
  }

  /// Reads the signals that have arrived. On a busy machine, the thread that handles a signal may run late: one that is
  /// known to be pending is waited for.
  /// - Returns: the signal numbers in order of arrival.
  func readAll() -> [Int32] {
    var signals: [Int32] = []
    for _ in 0..<200 {
      // A thread that has taken a pending signal still has to write it to the pipe.
      wait(milliseconds: 50)
      signals += read()
      if signals.contains(where: Self.end.contains) || !swiftchat_signals_end_is_pending() { break }
    }
    return signals
  }

  /// The signals that end the program.
  static let end: Set<Int32> = [SIGTERM, SIGHUP, SIGINT]

  /// - Returns: the signal numbers in order of arrival.
  func read() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = systemRead(readEnd, &bytes, bytes.count)
    return count > 0 ? bytes[..<count].map(Int32.init) : []
  }

  /// Restores the previous handlers. If the terminal is gone, SIGHUP is ignored instead, since it reports nothing new.
  func restoreHandlers(isTerminalGone: Bool = false) {
    swiftchat_signals_remove(isTerminalGone)
    close(writeEnd)
  }

  func closeReadEnd() { close(readEnd) }
}
