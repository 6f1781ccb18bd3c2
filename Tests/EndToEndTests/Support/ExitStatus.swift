/// How a process ended.
enum ExitStatus: Equatable, Sendable {
  case exited(Int32)
  case signalled(Int32)
}
