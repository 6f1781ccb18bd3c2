import ChatProtocol

/// Finds the end of the messages that are older than a limit. The clock may have jumped, so messages in id order may
/// not be in time order; the age of a message is decided by its neighbours.
///
/// The cut is placed where the fewest messages contradict it: old messages after the cut and young ones before it. Of
/// several equal places the first is chosen, which keeps more messages.
struct AgeCut: Sendable {
  private let earliest: Int64
  private let isClockSet: Bool
  /// Number of old messages minus number of young ones, so far and at the best cut.
  private var surplus = 0
  private var best = 0
  private var sinceBest = 0
  /// The last message to delete; nil if none.
  private(set) var last: Int?

  /// The search stops this many messages after the best cut.
  private static let patience = 10_000
  /// Start of 2020: no message is older than this program, unless the clock was not set.
  private static let first: Int64 = 1_577_836_800_000

  /// - Parameter now: time of a correct clock.
  init(_ retention: Retention, at now: Timestamp) {
    earliest = retention.earliest(at: now)
    isClockSet = now.milliseconds >= Self.first
  }

  /// Call for each message of the log, in id order.
  /// - Returns: false if further messages cannot change the result.
  mutating func add(_ id: Int, at time: Int64) -> Bool {
    if isClockSet, time < Self.first { return true }
    surplus += time < earliest ? 1 : -1
    sinceBest += 1
    if surplus > best {
      best = surplus
      sinceBest = 0
      last = id
    }
    return sinceBest < Self.patience
  }
}

extension Retention {
  /// Milliseconds since 1970; older messages are deleted.
  func earliest(at now: Timestamp) -> Int64 {
    // Not in nanoseconds: 64 bits hold only three centuries of those.
    guard let (seconds, attoseconds) = age.map({ max($0, .zero).components }) else { return .min }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return .min }
    let (earliest, carried) = now.milliseconds.subtractingReportingOverflow(whole)
    return carried ? .min : earliest.subtractingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
  }
}
