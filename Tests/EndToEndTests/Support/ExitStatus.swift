/// The end of a process.
enum ExitStatus: Equatable, Sendable {
  case exited(Int32)
  case signalled(Int32)

  /// - Parameter waitStatus: as `waitpid` returns it. WIFEXITED and related macros are not visible in Swift.
  init(waitStatus: Int32) {
    self = waitStatus & 0x7F == 0 ? .exited(waitStatus >> 8 & 0xFF) : .signalled(waitStatus & 0x7F)
  }
}
