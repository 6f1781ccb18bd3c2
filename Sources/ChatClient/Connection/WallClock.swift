import ChatProtocol
import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Moment {
  /// The system's clocks.
  static var present: Moment {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let wall = Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    return Moment(now: MonotonicTime(NIODeadline.now()), wall: wall)
  }
}

extension MonotonicTime {
  init(_ deadline: NIODeadline) { self.init(nanoseconds: Int64(clamping: deadline.uptimeNanoseconds)) }
}

extension NIODeadline {
  init(_ time: MonotonicTime) { self = .uptimeNanoseconds(UInt64(clamping: time.nanoseconds)) }
}
