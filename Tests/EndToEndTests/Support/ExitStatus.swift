/// The end of a process.
enum ExitStatus: Equatable, Sendable {
  case exited(Int32)
  case signalled(Int32)

  /// - Parameter waitStatus: as `waitpid` returns it. WIFEXITED and related macros are not visible in Swift.
  init(waitStatus: Int32) {
    self = waitStatus & 0x7F == 0 ? .exited(waitStatus >> 8 & 0xFF) : .signalled(waitStatus & 0x7F)
  }

  /// - Parameter shellStatus: `$?` of a shell: above 128 after a signal, which no program of the tests returns itself.
  init(shellStatus: Int32) {
    self = shellStatus > 128 ? .signalled(shellStatus - 128) : .exited(shellStatus)
  }
}
