import ChatProtocol
import ChatRecords

// The state of conversations: sent to a session when it joins a room, logs in or resumes, and when the log has reported
// the member's pairs.

extension Hub {
  /// Sends a session the state of a conversation and the messages that it missed.
  mutating func synchronize(_ address: Address, cursor: Cursor?, _ presence: Session.Presence, _ turn: inout Turn) {
    let head = head(of: address.conversation, for: presence.member) ?? 0
    if !turn.caller.capabilities.isDisjoint(with: [.history, .resume]) {
      tell(address, head: head, cursor: cursor, turn.caller.session, presence.member, &turn)
    }
    guard turn.caller.capabilities.contains(.rooms), case .room(let name) = address.conversation,
      let topic = rooms[name]?.topic
    else { return }
    var tags = Tags()
    tags.setRoom(name)
    turn.send(.topic(from: topic.author, text: topic.text), tags, to: turn.caller.session)
  }

  /// If more messages than this were missed, the session gets `GAP`, and the client requests the pages that it shows.
  private static let maximumPush = 200

  private mutating func tell(
    _ address: Address, head: Int, cursor: Cursor?, _ id: SessionID, _ member: MemberID, _ turn: inout Turn
  ) {
    let epoch = epochs.epoch(of: address.conversation, for: member)
    var missed: Cursor?
    if let cursor {
      if isValid(cursor, of: address.conversation, for: member), cursor.sequence <= head {
        missed = cursor
      } else {
        turn.send(.reset(address.target, epoch), to: id)
      }
    }
    tellHead(head, of: address, since: missed, to: id, member, &turn)
    guard let missed, missed.sequence < head else { return }
    guard head - missed.sequence <= Self.maximumPush else {
      turn.send(.gap(address.target, from: missed.sequence + 1, to: head), to: id)
      return
    }
    let page = PageRequest(
      conversation: address.conversation, range: .after(missed.sequence), head: head, limit: Self.maximumPush,
      maximumBytes: Self.maximumPageBytes)
    var subscription: UInt64 = 0
    if case .room(let room) = address.conversation { subscription = sessions[id]?.rooms[room] ?? 0 }
    let purpose = Read.Purpose.catchUp(address, after: missed.sequence, head: head, subscription: subscription)
    ask(Read(request: .page(page), purpose: purpose), for: id, &turn)
  }

  // MARK: Pairs

  mutating func synchronizePairsIfKnown(of id: SessionID, _ presence: Session.Presence, _ turn: inout Turn) {
    switch people[presence.member]?.record.knowledge {
    case .complete?: synchronizePairs(of: id, presence.member, &turn)
    case .missing?: askForState(of: presence.member, &turn)
    case .awaited?, .elsewhere?, nil: break
    }
  }

  mutating func askForState(of member: MemberID, _ turn: inout Turn) {
    guard let place = people.place(of: member) else { return }
    people[at: place].record.knowledge = .awaited(reads.askForState(of: member, &turn))
  }

  /// Asks the log again for member states that it could not supply.
  mutating func askForMissingStates(_ turn: inout Turn) {
    let missing = people.ids.filter { people[$0]?.record.knowledge == .missing }
    for member in missing.sorted() { askForState(of: member, &turn) }
  }

  /// Sends a session the state of all its member's pairs.
  private mutating func synchronizePairs(of id: SessionID, _ member: MemberID, _ turn: inout Turn) {
    guard let session = sessions[id], session.isSynchronized, let record = people[member]?.record else { return }
    var cursors = session.cursors
    sessions.update(id) { $0.cursors = [] }
    for known in record.correspondents {
      let name = people.currentName(of: known.member, registry) ?? known.name
      // The name now belongs to another person and stands for that conversation.
      guard people.bearer(of: name, for: member, registry)?.member == known.member else { continue }
      let cursor = cursors.firstIndex { $0.target == .person(name) }.map { cursors.remove(at: $0) }
      // Messages may have arrived live while the log was asked.
      let isNew = sessions.update(id) { $0.introduce(name, as: known.member, head: known.head) } == true
      guard isNew || cursor != nil else { continue }
      let head = sessions[id]?.introducedHead(of: known.member, named: name) ?? known.head
      let address = Address(pairOf: member, and: known.member, named: name)
      tell(address, head: head, cursor: cursor, id, member, &turn)
    }
    for cursor in cursors { tellStranger(cursor, id, member, &turn) }
  }

  /// Answers a cursor of a pair that is not among the member's most recent ones.
  private mutating func tellStranger(_ cursor: Cursor, _ id: SessionID, _ member: MemberID, _ turn: inout Turn) {
    guard case .person(let name) = cursor.target else { return }
    guard let (other, name) = people.bearer(of: name, for: member, registry) else {
      turn.send(.reset(cursor.target, epochs.current), to: id)
      return
    }
    let address = Address(pairOf: member, and: other, named: name)
    if let head = head(of: address.conversation, for: member) {
      _ = sessions.update(id) { $0.introduce(name, as: other, head: head) }
      tell(address, head: head, cursor: cursor, id, member, &turn)
    } else {
      turn.send(.reset(address.target, epochs.epoch(of: address.conversation, for: member)), to: id)
    }
  }

  /// Takes over the log's answer about a member's state.
  mutating func learn(
    _ question: ReadID, _ outcome: Result<ReadAnswer, HubEvent.StorageFailure>, of member: MemberID, _ turn: inout Turn
  ) {
    guard let place = people.place(of: member),
      people[at: place].record.knowledge == .awaited(question)
    else { return }
    if case .success(.state(let state)) = outcome {
      people[at: place].record.learn(state)
    } else {
      people[at: place].record.knowledge = .missing
    }
    for id in people[at: place].sessions {
      if case .success = outcome {
        tellMarksOfRooms(to: id, member, &turn)
        synchronizePairs(of: id, member, &turn)
      }
      goOn(id, &turn)
    }
  }
}
