import ChatProtocol

/// How far people have read, as long as the log does not know it.
struct RecentMarks {
  /// To be handed to the log with the next ones.
  private var fresh: [MemberID: [Conversation: Int]] = [:]
  private var count = 0
  /// The log is about to keep them.
  private var handed: [MemberID: [Conversation: Int]] = [:]

  /// A log that hangs must not fill the memory; a mark that is lost is set again with the next message that is read.
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

  /// - Returns: what the log is to keep now; empty while it is still about the last ones.
  mutating func take() -> [ReadMark] {
    guard handed.isEmpty, !fresh.isEmpty else { return [] }
    handed = fresh
    fresh = [:]
    count = 0
    return handed.flatMap { member, marks in
      marks.map { ReadMark(member: member, conversation: $0.key, sequence: $0.value) }
    }
  }

  /// The log knows what it was handed, or failed to keep it.
  mutating func settle() { handed = [:] }

  /// Adds to what the log says what it does not know yet.
  func complete(_ state: MemberState, of member: MemberID) -> MemberState {
    var state = state
    for marks in [handed[member], fresh[member]] {
      state.marks.merge(marks ?? [:], uniquingKeysWith: max)
    }
    return state
  }
}
