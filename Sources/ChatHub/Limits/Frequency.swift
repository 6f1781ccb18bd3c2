import ChatProtocol
import DequeModule

/// How often each household did something lately: what it did in the period before the present one counts for as much
/// as still lies within one period from now. That takes two numbers a household, however often it comes.
struct Frequency: Sendable {
  private var windows: [Household: Window] = [:]
  /// In the order in which the windows began, those among them that have ended since.
  private var beginnings: Deque<Beginning> = []

  /// Of those beyond, the ones that have not come for longest are forgotten.
  static let maximumHouseholds = 65_536

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

  private struct Beginning: Sendable {
    var household: Household
    var start: MonotonicTime
  }

  var count: Int { windows.count }

  /// Rounded up.
  func count(of household: Household, within period: Duration, at now: MonotonicTime) -> Int {
    guard period > .zero, let window = windows[household]?.moved(to: now, period: period) else { return 0 }
    let rest = (period - (now - window.start)) / period
    return window.current + Int((Double(window.previous) * min(max(rest, 0), 1)).rounded(.up))
  }

  mutating func note(_ household: Household, within period: Duration, at now: MonotonicTime) {
    guard period > .zero else { return }
    let earlier = windows[household]
    if earlier == nil, windows.count >= Self.maximumHouseholds { forgetOldest() }
    var window = earlier?.moved(to: now, period: period) ?? Window(start: now)
    window.current += 1
    windows[household] = window
    if window.start != earlier?.start { beginnings.append(Beginning(household: household, start: window.start)) }
  }

  /// Forgets those that did nothing for two periods.
  mutating func forget(within period: Duration, at now: MonotonicTime) {
    while let first = beginnings.first, now - first.start - period >= period { removeFirst() }
  }

  private mutating func forgetOldest() {
    while windows.count >= Self.maximumHouseholds, !beginnings.isEmpty { removeFirst() }
  }

  private mutating func removeFirst() {
    guard let first = beginnings.popFirst(), windows[first.household]?.start == first.start else { return }
    windows[first.household] = nil
  }
}
