import ChatProtocol
import ChatRecords

/// A member's correspondents and read marks, as far as the hub knows them.
struct MemberRecord: Sendable {
  var knowledge: Knowledge
  /// Most recent correspondence first.
  private(set) var correspondents: [MemberState.Correspondent] = []
  private(set) var marks: [Conversation: Int] = [:]

  enum Knowledge: Hashable, Sendable {
    /// Everything in the log is known, or its newest part up to the maximum.
    case complete
    /// The log's answer is awaited.
    case awaited(ReadID)
    /// The log could not answer.
    case missing
    /// The member has no session on this hub.
    case elsewhere
  }

  /// The number of pairs that are reported at a login.
  static let maximumCorrespondents = 100
  /// The maximum for marks that the log did not report; further ones are kept by the log alone.
  static let maximumMarks = 1000

  init(_ knowledge: Knowledge) { self.knowledge = knowledge }

  var isAwaited: Bool { if case .awaited = knowledge { true } else { false } }

  /// The sequence of the last message between the two; nil if unknown.
  func head(with member: MemberID) -> Int? {
    if let known = correspondents.first(where: { $0.member == member }) { return known.head }
    return knowledge == .complete && correspondents.count < Self.maximumCorrespondents ? 0 : nil
  }

  /// The sequence of the last message between the two at the end of an epoch; nil if unknown.
  func head(with member: MemberID, atEndOf epoch: Int) -> Int? {
    guard let known = correspondents.first(where: { $0.member == member }) else { return head(with: member) }
    return known.heads.head(atEndOf: epoch, now: known.head)
  }

  /// The most recent correspondent of that name.
  func correspondent(named name: Nickname) -> MemberState.Correspondent? { correspondents.first { $0.name == name } }

  /// Records a stored message between the two.
  /// - Parameters:
  ///   - epoch: the index of the log's current epoch.
  /// - Returns: whether the log's report included the message.
  mutating func note(_ message: StoredMessage, in epoch: Int, with member: MemberID, named name: Nickname) -> Bool {
    var head = message.sequence
    // For a correspondent unknown here, the log may have earlier messages.
    var heads = EpochHeads(firstKnown: head > 1 ? epoch : 0)
    var wasTold = false
    if let place = correspondents.firstIndex(where: { $0.member == member }) {
      correspondents[place].heads.note(epoch: epoch, head: message.sequence - 1)
      heads = correspondents[place].heads
      if head <= correspondents[place].head {
        head = correspondents[place].head
        wasTold = true
      }
      if place == 0 {
        correspondents[0].name = name
        correspondents[0].head = head
        return wasTold
      }
      correspondents.remove(at: place)
    }
    heads.note(epoch: epoch, head: message.sequence - 1)
    correspondents.insert(MemberState.Correspondent(member: member, name: name, head: head, heads: heads), at: 0)
    if correspondents.count > Self.maximumCorrespondents { correspondents.removeLast() }
    return wasTold
  }

  /// - Returns: whether the mark moved forward.
  mutating func mark(_ conversation: Conversation, _ sequence: Int) -> Bool {
    let earlier = marks[conversation]
    guard sequence > earlier ?? 0 else { return false }
    if earlier != nil || marks.count < Self.maximumMarks { marks[conversation] = sequence }
    return true
  }

  /// Merges the log's report with what has been recorded since it was requested.
  mutating func learn(_ state: MemberState) {
    knowledge = .complete
    for known in state.correspondents {
      if let place = correspondents.firstIndex(where: { $0.member == known.member }) {
        correspondents[place].head = max(correspondents[place].head, known.head)
        let heard = correspondents[place].heads
        correspondents[place].heads = known.heads
        correspondents[place].heads.add(heard)
      } else if correspondents.count < Self.maximumCorrespondents {
        correspondents.append(known)
      }
    }
    marks.merge(state.marks) { max($0, $1) }
  }
}
