import CNcurses
import Platform

/// Job control of the shell, for this process.
///
/// The threads of the main queue block all signals, so that the kernel does not stop this process when it uses the
/// terminal in the background. The process must check, and stop itself.
enum JobControl {
  /// Whether this job owns the terminal. Also true without job control: if the terminal is not the controlling terminal
  /// of the session, or its foreground job is in another container.
  static var isForeground: Bool {
    let group = tcgetpgrp(STDIN_FILENO)
    return group <= 0 || group == getpgrp()
  }

  /// Stops the job while it is in the background.
  /// - Returns: false if no shell can bring it to the foreground.
  static func waitForForeground() -> Bool {
    while !isForeground {
      if !swiftchat_stop_job(SIGTTOU), !isForeground { return false }
    }
    return true
  }
}
