import ChatProtocol
import ChatRecords

/// Limits notices about invitations. A member can withdraw and repeat an invitation, and each repetition puts a line on
/// the guest's screen.
struct InvitationNotices: Sendable {
  private var notices = SlidingWindowCounter<Pair>()

  private static let maximumCount = 3
  private static let period = Duration.seconds(600)

  private struct Pair: Hashable, Sendable {
    var by: MemberID
    var guest: MemberID
  }

  /// - Returns: whether the guest may be notified once more; if so, the notice is counted.
  mutating func mayNotify(_ guest: MemberID, by member: MemberID, at now: MonotonicTime) -> Bool {
    let pair = Pair(by: member, guest: guest)
    guard notices.count(of: pair, within: Self.period, at: now) < Self.maximumCount else { return false }
    notices.note(pair, within: Self.period, at: now)
    return true
  }

  mutating func forget(at now: MonotonicTime) { notices.forget(within: Self.period, at: now) }
}
