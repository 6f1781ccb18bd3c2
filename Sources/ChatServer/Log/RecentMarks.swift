import ChatProtocol
import ChatRecords

/// Read marks that the log has not stored yet.
struct RecentMarks {
  /// Marks for the next write.
  private var fresh: [MemberID: [Conversation: Int]] = [:]
  private var count = 0
  /// Marks that the log is storing at present.
  private var handed: [MemberID: [Conversation: Int]] = [:]

  /// Bounds the memory while the log hangs; a dropped mark is set again when the member reads the next message.
  private static let capacity = 65_536

  var isEmpty: Bool { fresh.isEmpty }

  mutating func add(_ mark: ReadMark) {
    let earlier = fresh[mark.member]?[mark.conversation]
    if earlier == nil {
      guard count < Self.capacity else { return }
      count += 1
    }
    fresh[mark.member, default: [:]][mark.conversation] = max(earlier ?? 0, mark.sequence)
  }

  /// - Returns: the marks to store now; empty while earlier ones are being stored.
  mutating func take() -> [ReadMark] {
    guard handed.isEmpty, !fresh.isEmpty else { return [] }
    handed = fresh
    fresh = [:]
    count = 0
    return handed.flatMap { member, marks in
      marks.map { ReadMark(member: member, conversation: $0.key, sequence: $0.value) }
    }
  }

  /// Forgets the marks handed over, after the log has stored them or failed.
  mutating func settle() { handed = [:] }

  /// Merges the log's state with the marks that the log has not stored yet.
  func complete(_ state: MemberState, of member: MemberID) -> MemberState {
    var state = state
    for marks in [handed[member], fresh[member]] {
      state.marks.merge(marks ?? [:], uniquingKeysWith: max)
    }
    return state
  }
}
