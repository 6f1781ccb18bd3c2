import ChatProtocol

/// Limits lines that a server can cause at any rate: a burst of `most`, then one per second. The others are counted.
struct LineBudget: Hashable, Sendable {
  private static let most = 100
  /// In milliseconds.
  private static let refill: Int64 = 1000

  private var left = Self.most
  private var refilledAt: Timestamp
  private var missing = 0

  init(at now: Timestamp) { refilledAt = now }

  /// - Returns: whether there is room for a line; otherwise the line is counted as missing.
  mutating func spend(at now: Timestamp) -> Bool {
    guard takeRoom(at: now) else {
      missing = min(missing + 1, 1_000_000_000)
      return false
    }
    return true
  }

  /// - Returns: the number of lines left out since the last report; nil if there are none, or no room for the report.
  mutating func takeMissing(at now: Timestamp) -> Int? {
    guard missing > 0, takeRoom(at: now) else { return nil }
    defer { missing = 0 }
    return missing
  }

  private mutating func takeRoom(at now: Timestamp) -> Bool {
    let passed = now.milliseconds &- refilledAt.milliseconds
    if passed < 0 {
      // The clock was set back.
      refilledAt = now
    } else {
      let earned = passed / Self.refill
      left = Int(min(Int64(left) &+ earned, Int64(Self.most)))
      refilledAt = left == Self.most ? now : Timestamp(milliseconds: refilledAt.milliseconds &+ earned &* Self.refill)
    }
    guard left > 0 else { return false }
    left -= 1
    return true
  }
}
