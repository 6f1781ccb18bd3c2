import ChatProtocol
import ChatRecords

// The epochs of conversations, as clients see them. The epoch of a pair includes the other member's ID, so it changes
// when a name passes to another person.

extension EpochList {
  func epoch(of conversation: Conversation, for member: MemberID) -> Epoch {
    guard case .pair(let pair) = conversation else { return current }
    return epoch(with: pair.other(than: member))
  }

  /// The epoch of any conversation with this member.
  func epoch(with member: MemberID) -> Epoch {
    let (epoch, other) = (current, member.description)
    // An epoch has at most 64 bytes.
    return Epoch("\(epoch.text.prefix(63 - other.utf8.count)).\(other)") ?? epoch
  }

  /// The index, among the log's epochs, of an epoch made by `epoch(of:for:)`.
  func number(of epoch: Epoch, in conversation: Conversation, for member: MemberID) -> Int? {
    guard case .pair(let pair) = conversation else { return number(of: epoch) }
    let suffix = ".\(pair.other(than: member))"
    guard epoch.text.hasSuffix(suffix) else { return nil }
    return Epoch(epoch.text.dropLast(suffix.count)).flatMap(number)
  }
}
