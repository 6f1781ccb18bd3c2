import DequeModule

/// Counts the events that were delivered but not yet handled, and the bytes received that caused them.
struct UnhandledEvents: Sendable {
  private struct DeliveredEvents: Sendable {
    var events: Int
    let bytes: Int
  }

  private var deliveries: Deque<DeliveredEvents> = []
  /// Bytes behind all unhandled deliveries.
  private(set) var bytes = 0
  /// Bytes since the last delivery.
  private var received = 0

  mutating func received(_ count: Int) { received += count }

  /// The bytes received since the last delivery caused no event.
  mutating func forgetReceived() { received = 0 }

  mutating func delivered(_ count: Int) {
    deliveries.append(DeliveredEvents(events: count, bytes: received))
    bytes += received
    received = 0
  }

  /// - Parameter count: number of further events handled, oldest first.
  mutating func handled(_ count: Int) {
    var left = count
    while left > 0, let first = deliveries.first {
      guard first.events <= left else {
        deliveries[0].events -= left
        return
      }
      left -= first.events
      bytes -= first.bytes
      deliveries.removeFirst()
    }
  }
}
