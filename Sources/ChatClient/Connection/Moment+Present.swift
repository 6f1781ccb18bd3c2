import ChatProtocol
import NIOCore

extension Moment {
  /// The present time by the system's clocks. The monotonic clock is the event loop's, which also drives the timer.
  static var present: Moment { Moment(now: MonotonicTime(NIODeadline.now()), wall: .now()) }
}

extension MonotonicTime {
  init(_ deadline: NIODeadline) { self.init(nanoseconds: Int64(clamping: deadline.uptimeNanoseconds)) }
}

extension NIODeadline {
  init(_ time: MonotonicTime) { self = .uptimeNanoseconds(UInt64(clamping: time.nanoseconds)) }
}
