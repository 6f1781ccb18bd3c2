import DequeModule

/// Events that were delivered and not handled yet, and how much came from the server to cause them.
struct UnhandledEvents: Sendable {
  private struct Delivery: Sendable {
    var events: Int
    let bytes: Int
  }

  private var deliveries: Deque<Delivery> = []
  /// Behind all that was delivered.
  private(set) var bytes = 0
  /// Since the last delivery.
  private var received = 0

  mutating func received(_ count: Int) { received += count }

  /// What was received since the last delivery has caused no event.
  mutating func forgetReceived() { received = 0 }

  mutating func delivered(_ count: Int) {
    deliveries.append(Delivery(events: count, bytes: received))
    bytes += received
    received = 0
  }

  /// - Parameter count: how many more events, the oldest first.
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
