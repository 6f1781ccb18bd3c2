import ChatProtocol
import ChatRecords

// Read marks are shared by all sessions of a member.

extension Hub {
  mutating func mark(_ target: Target, _ sequence: Int, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    let address = try find(target, presence, turn)
    guard let head = head(of: address.conversation, for: presence.member) else {
      throw RequestError(.historyUnavailable)
    }
    turn.replyOK()
    let reached = min(sequence, head)
    guard people[presence.member]?.record.mark(address.conversation, reached) == true else { return }
    let mark = ReadMark(member: presence.member, conversation: address.conversation, sequence: reached)
    turn.emit(.keep(mark))
    for id in people[presence.member]?.sessions ?? [] where id != turn.caller.session {
      guard let session = sessions[id], hears(of: address.conversation, session) else { continue }
      if session.lag == nil {
        turn.send(.mark(address.target, reached), to: id)
      } else {
        sessions[id]?.lag?.marked.insert(address.conversation)
      }
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
