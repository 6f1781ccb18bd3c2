import ChatProtocol
import ChatRecords

// Resolving a target to a conversation, and reporting the conversation's state.

extension Hub {
  /// The recipient of messages to a name. A session without tags can write only to members who are logged in.
  func reader(named name: Nickname, _ caller: Caller) -> (member: MemberID, name: Nickname)? {
    caller.capabilities.contains(.tags) ? people.reader(named: name, registry) : people.present(name)
  }

  /// The conversation that a request is about.
  /// - Throws: if the sender is not in the conversation, or the target cannot be resolved.
  func find(_ target: Target, _ presence: Session.Presence, _ turn: borrowing Turn) throws(RequestError) -> Address {
    switch target {
    case .room(let room): return Address(room: try nameOfJoined(room, turn.caller))
    case .person(let name):
      if let (other, name) = people.bearer(of: name, for: presence.member, registry) {
        return Address(pairOf: presence.member, and: other, named: name)
      }
      let isKnown = people[presence.member]?.record.knowledge == .complete
      throw RequestError(isKnown ? .userNotFound : .historyUnavailable)
    }
  }

  /// The sequence of the last published message; nil if unknown.
  func head(of conversation: Conversation, for member: MemberID) -> Int? {
    switch conversation {
    case .room(let room): rooms[room]?.head
    case .pair(let pair): people[member]?.record.head(with: pair.other(than: member))
    }
  }

  /// Whether the sequence numbers up to a cursor still mean what they meant when the client learned them. They do not
  /// if the log was recreated or restored from an older copy: then the cursor's epoch is not among the log's epochs, or
  /// the conversation had not reached the cursor when that epoch ended.
  func isValid(_ cursor: Cursor, of conversation: Conversation, for member: MemberID) -> Bool {
    guard let epoch = epochs.number(of: cursor.epoch, in: conversation, for: member) else { return false }
    let head: Int?
    switch conversation {
    case .room(let name):
      let room = rooms[name] ?? Room()
      head = room.heads.head(atEndOf: epoch, now: room.head)
    case .pair(let pair):
      head = people[member]?.record.head(with: pair.other(than: member), atEndOf: epoch)
    }
    return head.map { cursor.sequence <= $0 } ?? false
  }

  /// Adds the tags that identify the person behind a name and, where names can be owned, mark a guest.
  func identify(_ member: MemberID, named name: Nickname, in tags: inout Tags) {
    tags.epoch = epochs.epoch(with: member)
    markGuest(member, named: name, in: &tags)
  }

  /// Marks a name without an owner, where names can be owned.
  func markGuest(_ member: MemberID, named name: Nickname, in tags: inout Tags) {
    if settings.pin != nil, registry.account(of: member)?.name != name { tags.isGuest = true }
  }

  /// Sends the sender the new identity behind a name that has passed to another person than the intended recipient.
  mutating func introduceRecipient(of request: Request, _ turn: inout Turn) {
    guard let name = (try? request.content?.get())?.recipient, let member = turn.caller.presence?.member,
      let reader = reader(named: name, turn.caller)
    else { return }
    let head = head(of: .pair(Conversation.Pair(member, reader.member)), for: member) ?? 0
    introduce(reader.member, named: reader.name, head: head, to: turn.caller.session, &turn)
  }

  /// Before the first line of a pair's conversation, sends the session the identity of the other member, unless the
  /// session has it already.
  mutating func introduce(_ other: MemberID, named name: Nickname, head: Int, to id: SessionID, _ turn: inout Turn) {
    // Reading a stored property does not copy the session; calling a computed property does.
    guard let place = sessions.place(of: id),
      Session.isSynchronized(sessions[at: place].capabilities), let member = sessions[at: place].presence?.member,
      sessions[at: place].introduce(name, as: other, head: head)
    else { return }
    let address = Address(pairOf: member, and: other, named: name)
    tellHead(head, of: address, to: id, member, &turn)
  }

  /// Sends `SYNC`.
  /// - Parameter since: the cursor that this answers, if it is valid.
  func tellHead(
    _ head: Int, of address: Address, since: Cursor? = nil, to id: SessionID, _ member: MemberID, _ turn: inout Turn
  ) {
    var tags = Tags()
    if let since, since.epoch != epochs.epoch(of: address.conversation, for: member) { tags.since = since.epoch }
    if sessions[id]?.capabilities.contains(.marks) == true {
      tags.mark = people.mark(in: address.conversation, of: member, head: head)
    }
    turn.send(.sync(address.target, epochs.epoch(of: address.conversation, for: member), head: head), tags, to: id)
  }
}
