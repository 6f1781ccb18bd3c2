import ChatProtocol

/// Decides when posted values are delivered: urgent ones at once, others at most once per interval. The first value
/// after a pause is not delayed.
///
/// A delivery takes everything that waits. One that was scheduled for later may therefore find nothing, if an urgent one
/// came first.
struct DeliveryTiming: Sendable {
  private let interval: Duration
  private var last: MonotonicTime?
  private var scheduled = Schedule.none

  private enum Schedule: Comparable { case none, later, now }

  init(every interval: Duration) { self.interval = interval }

  /// - Returns: when to deliver, zero for at once; nil if a delivery is scheduled that is early enough.
  mutating func post(isUrgent: Bool, at now: MonotonicTime) -> Duration? {
    let passed = last.map { now - $0 } ?? interval
    let delay = isUrgent ? .zero : max(interval - passed, .zero)
    let wanted = delay == .zero ? Schedule.now : .later
    guard wanted > scheduled else { return nil }
    scheduled = wanted
    return delay
  }

  /// Call this when values are delivered.
  mutating func deliver(at now: MonotonicTime) {
    last = now
    scheduled = .none
  }
}
