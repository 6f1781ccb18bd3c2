import ChatHub
import ChatProtocol
import NIOCore

// Ticks of the hub's clock.

extension HubDriver {
  /// Starts the hub's ticks, at the interval that these settings need.
  func keepTime(for settings: HubSettings) {
    ticking?.cancel()
    apply(.clock(clock.time(wall: .now(), uptime: .uptime)))
    let interval = Self.interval(for: settings)
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    ticking = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in bound.value.tick() }
  }

  private func tick() {
    apply(.clock(clock.time(wall: .now(), uptime: .uptime)))
    apply(.tick)
  }

  /// A timeout is noticed late by at most an eighth, and never by more than a second.
  private static func interval(for settings: HubSettings) -> TimeAmount {
    let shortest = min(
      settings.idleTimeout ?? .seconds(8), settings.loginTimeout ?? .seconds(8), settings.limits.storagePatience)
    return .nanoseconds(min(max(shortest.nanoseconds / 8, 20_000_000), 1_000_000_000))
  }
}
