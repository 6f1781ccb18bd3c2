import ChatProtocol

/// How often people were told of invitations. One who takes an invitation back can make it again, and each time a line
/// reaches the other's screen.
struct InvitationNotices: Sendable {
  private var notices = SlidingWindowCounter<Pair>()

  private static let maximumCount = 3
  private static let period = Duration.seconds(600)

  private struct Pair: Hashable, Sendable {
    var by: MemberID
    var guest: MemberID
  }

  /// - Returns: whether somebody may be told of one more; if so, it is counted.
  mutating func mayNotify(_ guest: MemberID, by member: MemberID, at now: MonotonicTime) -> Bool {
    let pair = Pair(by: member, guest: guest)
    guard notices.count(of: pair, within: Self.period, at: now) < Self.maximumCount else { return false }
    notices.note(pair, within: Self.period, at: now)
    return true
  }

  mutating func forget(at now: MonotonicTime) { notices.forget(within: Self.period, at: now) }
}
