import ChatProtocol
import NIOCore

/// Lets several messages collect in the socket while messages keep arriving: waking up for each one costs more than
/// reading it, and the screen shows them together anyway. A message after a pause is read at once.
struct ReadPacing {
  /// Half of the time between two frames of the screen.
  static let rest = TimeAmount.milliseconds(8)
  /// Reads that are closer together belong to a stream of messages.
  private static let streamInterval = Duration.milliseconds(16)
  /// A read of this size is part of history, which is read without rests.
  private static let historyReadBytes = 4096

  /// Nothing is read for the time of a rest.
  var isResting = false
  private var lastRead: MonotonicTime?

  /// - Returns: whether a rest begins.
  mutating func completedRead(of bytes: Int, at now: MonotonicTime) -> Bool {
    let isInStream = lastRead.map { now - $0 < Self.streamInterval } ?? false
    lastRead = now
    guard isInStream, bytes > 0, bytes < Self.historyReadBytes, !isResting else { return false }
    isResting = true
    return true
  }
}
