import ChatProtocol
import ChatRecords

// Read marks are shared by all sessions of a member, and move when the feed brings them.

extension Hub {
  mutating func mark(_ target: Target, _ sequence: Int, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    let address = try find(target, presence, turn)
    guard let head = head(of: address.conversation, for: presence.member) else {
      throw RequestError(.historyUnavailable)
    }
    turn.replyOK()
    let reached = min(sequence, head)
    guard reached > people[presence.member]?.record.marks[address.conversation] ?? 0 else { return }
    let mark = ReadMark(member: presence.member, conversation: address.conversation, sequence: reached)
    turn.emit(.keep(mark, login: presence.login))
  }

  /// Moves a mark that the feed has brought, and reports it to the member's other sessions.
  mutating func apply(_ mark: ReadMark, from login: LoginID, _ turn: inout Turn) {
    guard let place = people.place(of: mark.member),
      people[at: place].record.mark(mark.conversation, mark.sequence),
      let target = target(of: mark.conversation, for: mark.member)
    else { return }
    for id in people[at: place].sessions {
      guard let session = sessions[id], session.presence?.login != login, hears(of: mark.conversation, session) else {
        continue
      }
      if session.lag == nil {
        turn.send(.mark(target, mark.sequence), to: id)
      } else {
        sessions.update(id) { $0.lag?.marked.insert(mark.conversation) }
      }
    }
  }

  /// The conversation's target in lines to a member; nil if no name stands for it.
  private func target(of conversation: Conversation, for member: MemberID) -> Target? {
    switch conversation {
    case .room(let room): return .room(room)
    case .pair(let pair): return people.name(of: pair.other(than: member), for: member, registry).map { .person($0) }
    }
  }

  private func hears(of conversation: Conversation, _ session: Session) -> Bool {
    guard session.capabilities.contains(.marks) else { return false }
    if case .room(let room) = conversation { return session.isIn(room) }
    return true
  }

  /// Sends the marks of rooms that were joined before the log had supplied the member's marks.
  func tellMarksOfRooms(to id: SessionID, _ member: MemberID, _ turn: inout Turn) {
    guard let session = sessions[id], session.capabilities.contains(.marks), let record = people[member]?.record else {
      return
    }
    for room in [.lobby] + session.rooms.entries.map(\.key) {
      guard record.marks[.room(room)] != nil,
        let mark = people.mark(in: .room(room), of: member, head: rooms[room]?.head ?? 0)
      else { continue }
      turn.send(.mark(.room(room), mark), to: id)
    }
  }
}
