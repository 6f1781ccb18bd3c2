import ChatProtocol

/// Where in a log the messages end that are older than a limit. The clock may have jumped, so that messages in their
/// order do not have their times in order: a message between others is as old as most of them say.
///
/// The cut is where the fewest messages contradict it: old ones behind it, and young ones before it. Of several such
/// places it is the first, which keeps more.
struct AgeCut: Sendable {
  private let earliest: Int64
  private let isClockSet: Bool
  /// How many more old messages than young ones there were so far, and at the cut.
  private var surplus = 0
  private var best = 0
  private var sinceBest = 0
  /// The last message that goes; nil where none does.
  private(set) var last: Int?

  /// Behind so many messages that contradict another cut none is looked for.
  private static let patience = 10_000
  /// 2020: no message is older than this program, unless its clock was not set.
  private static let first: Int64 = 1_577_836_800_000

  /// - Parameter now: by a clock that is right.
  init(_ retention: Retention, at now: Timestamp) {
    earliest = retention.earliest(at: now)
    isClockSet = now.milliseconds >= Self.first
  }

  /// To be called for all messages of the log, in the order of their ids.
  /// - Returns: false where the others do not matter.
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
  /// In milliseconds since 1970: what is older goes.
  func earliest(at now: Timestamp) -> Int64 {
    // Not in nanoseconds: of those a number holds three centuries.
    guard let (seconds, attoseconds) = age.map({ max($0, .zero).components }) else { return .min }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return .min }
    let (earliest, carried) = now.milliseconds.subtractingReportingOverflow(whole)
    return carried ? .min : earliest.subtractingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
  }
}
