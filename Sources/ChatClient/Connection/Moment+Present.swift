import ChatProtocol
import NIOCore

extension Moment {
  /// The system's clocks; the one that never goes back is the event loop's, which the timer is set by.
  static var present: Moment { Moment(now: MonotonicTime(NIODeadline.now()), wall: .now()) }
}

extension MonotonicTime {
  init(_ deadline: NIODeadline) { self.init(nanoseconds: Int64(clamping: deadline.uptimeNanoseconds)) }
}

extension NIODeadline {
  init(_ time: MonotonicTime) { self = .uptimeNanoseconds(UInt64(clamping: time.nanoseconds)) }
}
