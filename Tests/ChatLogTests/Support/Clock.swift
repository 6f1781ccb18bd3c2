import ChatProtocol
import Synchronization

/// A clock that tests set.
final class Clock: Sendable {
  private let time = Mutex(Timestamp.noon)

  var now: Timestamp { time.withLock { $0 } }

  func advance(by milliseconds: Int64) { time.withLock { $0.milliseconds += milliseconds } }
}
