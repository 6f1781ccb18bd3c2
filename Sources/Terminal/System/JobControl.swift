import CNcurses

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The shell's job control, as far as it concerns this process.
///
/// The threads of the main queue block all signals, so the kernel does not stop this process when it uses the terminal
/// from the background: it has to ask, and to stop itself.
enum JobControl {
  /// Whether the terminal belongs to this job. Also true where there is no job control: where the terminal is not the
  /// session's own, and where its job is in another container.
  static var isForeground: Bool {
    let group = tcgetpgrp(STDIN_FILENO)
    return group <= 0 || group == getpgrp()
  }

  /// Stops the job as long as it is in the background.
  /// - Returns: false if no shell can bring it to the foreground.
  static func waitForForeground() -> Bool {
    while !isForeground {
      if !swiftchat_stop_job(SIGTTOU), !isForeground { return false }
    }
    return true
  }
}
