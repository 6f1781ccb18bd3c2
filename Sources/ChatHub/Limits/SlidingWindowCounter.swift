import ChatProtocol
import DequeModule

/// Counts recent events per key, such as an address block or a member. Events of the previous period count in
/// proportion to its overlap with the period that ends now. This takes two numbers per key.
struct SlidingWindowCounter<Key: Hashable & Sendable>: Sendable {
  private var windows: [Key: Window] = [:]
  /// The windows in the order of their beginnings, including windows that have been replaced since.
  private var beginnings: Deque<WindowStart> = []

  /// The maximum number of keys; above it, the windows that began first are forgotten.
  static var maximumCount: Int { 65_536 }

  private struct Window: Sendable {
    var start: MonotonicTime
    var current = 0
    var previous = 0

    func moved(to now: MonotonicTime, period: Duration) -> Window {
      let elapsed = now - start
      if elapsed < period { return self }
      if elapsed - period < period { return Window(start: start + period, previous: current) }
      return Window(start: now)
    }
  }

  private struct WindowStart: Sendable {
    var key: Key
    var start: MonotonicTime
  }

  var count: Int { windows.count }

  /// Rounded up.
  func count(of key: Key, within period: Duration, at now: MonotonicTime) -> Int {
    guard period > .zero, let window = windows[key]?.moved(to: now, period: period) else { return 0 }
    let rest = (period - (now - window.start)) / period
    return window.current + Int((Double(window.previous) * min(max(rest, 0), 1)).rounded(.up))
  }

  mutating func note(_ key: Key, within period: Duration, at now: MonotonicTime) {
    guard period > .zero else { return }
    let earlier = windows[key]
    if earlier == nil, windows.count >= Self.maximumCount { forgetOldest() }
    var window = earlier?.moved(to: now, period: period) ?? Window(start: now)
    window.current += 1
    windows[key] = window
    if window.start != earlier?.start { beginnings.append(WindowStart(key: key, start: window.start)) }
  }

  /// Takes back one event.
  mutating func forgive(_ key: Key) {
    guard let window = windows[key] else { return }
    if window.current > 0 { windows[key]?.current -= 1 } else if window.previous > 0 { windows[key]?.previous -= 1 }
  }

  /// Forgets keys without an event for two periods.
  mutating func forget(within period: Duration, at now: MonotonicTime) {
    while let first = beginnings.first, now - first.start - period >= period { removeFirst() }
  }

  private mutating func forgetOldest() {
    while windows.count >= Self.maximumCount, !beginnings.isEmpty { removeFirst() }
  }

  private mutating func removeFirst() {
    guard let first = beginnings.popFirst(), windows[first.key]?.start == first.start else { return }
    windows[first.key] = nil
  }
}
