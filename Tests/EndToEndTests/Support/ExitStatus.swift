/// The end of a process.
enum ExitStatus: Equatable, Sendable {
  case exited(Int32)
  case signalled(Int32)
}
