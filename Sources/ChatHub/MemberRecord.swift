import ChatProtocol

/// What the hub knows of somebody's conversations with others, and of how far they have read.
struct MemberRecord: Sendable {
  var knowledge: Knowledge
  /// Those last written to first.
  private(set) var correspondents: [MemberState.Correspondent] = []
  private(set) var marks: [Conversation: Int] = [:]
  /// Messages up to this one in the order of storing were on their way when the log told its state: what it told may
  /// have included them.
  private var uncertainUntil: UInt64 = 0

  enum Knowledge: Hashable, Sendable {
    /// All that the log has is here, or what is newest of it.
    case complete
    /// The log was asked.
    case awaited(ReadID)
    /// The log could not tell.
    case missing
  }

  /// As many as are told of at a login.
  static let maximumCorrespondents = 100
  /// Of those that the log did not tell of; further ones are kept by the log alone.
  static let maximumMarks = 1000

  init(_ knowledge: Knowledge) { self.knowledge = knowledge }

  var isAwaited: Bool { if case .awaited = knowledge { true } else { false } }

  /// The last message between the two; nil where that is not known.
  func head(with member: MemberID) -> Int? {
    if let known = correspondents.first(where: { $0.member == member }) { return known.head }
    return knowledge == .complete && correspondents.count < Self.maximumCorrespondents ? 0 : nil
  }

  /// The last message between the two up to the end of an epoch; nil where that is not known.
  func head(with member: MemberID, atEndOf epoch: Int) -> Int? {
    guard let known = correspondents.first(where: { $0.member == member }) else { return head(with: member) }
    return known.heads.head(atEndOf: epoch, now: known.head)
  }

  /// Whom they last wrote with under that name.
  func correspondent(named name: Nickname) -> MemberState.Correspondent? { correspondents.first { $0.name == name } }

  /// A message between the two was stored.
  /// - Parameters:
  ///   - epoch: the place of the log's present one.
  ///   - number: its place in the order of storing.
  /// - Returns: whether the head that was told before included it.
  mutating func note(
    _ message: StoredMessage, in epoch: Int, number: UInt64, with member: MemberID, named name: Nickname
  ) -> Bool {
    var head = message.sequence
    // Of somebody who is not known here the log may know more.
    var heads = EpochHeads(firstKnown: head > 1 ? epoch : 0)
    var wasTold = false
    if let place = correspondents.firstIndex(where: { $0.member == member }) {
      correspondents[place].heads.note(epoch: epoch, head: message.sequence - 1)
      heads = correspondents[place].heads
      if number <= uncertainUntil, head <= correspondents[place].head {
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

  /// - Returns: whether it is further than what was known.
  mutating func mark(_ conversation: Conversation, _ sequence: Int) -> Bool {
    let earlier = marks[conversation]
    guard sequence > earlier ?? 0 else { return false }
    if earlier != nil || marks.count < Self.maximumMarks { marks[conversation] = sequence }
    return true
  }

  /// Adds what the log knows to what was heard since it was asked.
  /// - Parameter number: of the last message that the log was given to store.
  mutating func learn(_ state: MemberState, number: UInt64) {
    knowledge = .complete
    uncertainUntil = number
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
