import ChatProtocol
import ChatRecords

// Resuming a session: it gets the state of every conversation, and the messages that it missed.

extension Hub {
  mutating func resume(_ text: String, _ cursors: [Cursor], _ turn: inout Turn) throws(RequestError) {
    guard turn.caller.presence == nil, !turn.caller.isControl else { throw RequestError(.alreadyLoggedIn) }
    guard let token = admission.seal.open(text) else { throw RequestError(.invalidToken) }
    let key = try provenKey(as: token.name, turn.caller)
    try registry.mustNotBeBanned(
      token.name, key: key, member: token.member, from: turn.caller.peer, at: turn.wall)
    let name = people.currentName(of: token.member, registry) ?? token.name
    var login = try accept(name, token, key, turn)
    // The name now belongs to another member, whose keys include this one.
    guard login.member == token.member else { throw RequestError(.invalidToken) }
    let replaces = previous(of: token) != nil
    if let member = people[token.member] {
      guard replaces || member.sessions.count < Member.maximumSessions else { throw RequestError(.tooManySessions) }
    }
    try mustBeWithinLimits(isKnown: true, replaces: replaces, turn)
    try mustNotBeMuted(as: login, turn)
    login.isKnown = true
    guard var proposal = changes(of: &login, turn) else {
      return finishResumption(login, token, cursors, &turn)
    }
    proposal.stake = stake(ofLoginAs: name, member: login.member, turn.caller)
    proposal.answer = .resumption(login, token, cursors)
    propose(proposal, &turn)
  }

  /// The session that the token was issued to, if it still exists.
  private func previous(of token: Token) -> SessionID? {
    people[token.member]?.sessions.first { sessions[$0]?.presence?.login == token.login }
  }

  /// Attaches the session in place of the token's one, after all changes of the login are stored.
  mutating func finishResumption(_ login: AcceptedLogin, _ token: Token, _ cursors: [Cursor], _ turn: inout Turn) {
    let id = turn.caller.session
    let previous = previous(of: token)
    let presence = enter(login, &turn)
    followMute(of: presence, isKnown: true, &turn)
    forgiveReturn(of: presence, turn)
    welcome(presence, isAgain: false, &turn)
    join(cursors, presence, &turn)
    sessions[id]?.cursors = Array(
      cursors.lazy.filter { if case .person = $0.target { true } else { false } }
        .prefix(MemberRecord.maximumCorrespondents))
    synchronizePairsIfKnown(of: id, presence, &turn)
    if let previous {
      let bye = ServerMessage.bye(.takenOver, text: ByeReason.takenOver.explanation)
      end(previous, leaving: .lost, closing: .takenOver, farewell: bye, &turn)
    }
  }

  /// Joins the lobby first, then the rooms in the order of their cursors.
  private mutating func join(_ cursors: [Cursor], _ presence: Session.Presence, _ turn: inout Turn) {
    let lobby = cursors.first { $0.target == .lobby }
    synchronize(.lobby, cursor: lobby, presence, &turn)
    for cursor in cursors {
      // A room that cannot be joined is left out of the answer.
      guard case .room(let room) = cursor.target, sessions[turn.caller.session]?.isIn(room) == false,
        rooms.contains(room) || registry.mute(of: presence, turn.caller.peer, at: turn.wall) == nil,
        let name = try? subscribe(turn.caller.session, presence, to: room, &turn)
      else { continue }
      synchronize(Address(room: name), cursor: cursor, presence, &turn)
    }
  }

  /// Sends a session the state of a conversation and the messages that it missed.
  mutating func synchronize(_ address: Address, cursor: Cursor?, _ presence: Session.Presence, _ turn: inout Turn) {
    let head = head(of: address.conversation, for: presence.member) ?? 0
    if !turn.caller.dialect.isDisjoint(with: [.history, .resume]) {
      tell(address, head: head, cursor: cursor, turn.caller.session, presence.member, &turn)
    }
    guard turn.caller.dialect.contains(.rooms), case .room(let name) = address.conversation,
      let topic = rooms[name]?.topic
    else { return }
    var tags = Tags()
    tags.setRoom(name)
    turn.send(.topic(from: topic.author, text: topic.text), tags, to: turn.caller.session)
  }

  /// For more missed messages than this the client requests the pages that it wants to show.
  private static let maximumPush = 200

  private mutating func tell(
    _ address: Address, head: Int, cursor: Cursor?, _ id: SessionID, _ member: MemberID, _ turn: inout Turn
  ) {
    let epoch = epoch(of: address.conversation, for: member)
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
    case .awaited?, nil: break
    }
  }

  mutating func askForState(of member: MemberID, _ turn: inout Turn) {
    people[member]?.record.knowledge = .awaited(reads.askForState(of: member, &turn))
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
    sessions[id]?.cursors = []
    for known in record.correspondents {
      let name = people.currentName(of: known.member, registry) ?? known.name
      // The name now belongs to another person and stands for that conversation.
      guard people.bearer(of: name, for: member, registry)?.member == known.member else { continue }
      let cursor = cursors.firstIndex { $0.target == .person(name) }.map { cursors.remove(at: $0) }
      // Messages may have arrived live while the log was asked.
      let isNew = sessions[id]?.introduce(name, as: known.member, head: known.head) == true
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
      _ = sessions[id]?.introduce(name, as: other, head: head)
      tell(address, head: head, cursor: cursor, id, member, &turn)
    } else {
      turn.send(.reset(address.target, epoch(of: address.conversation, for: member)), to: id)
    }
  }

  /// Takes over the log's answer about a member's state.
  mutating func learn(
    _ question: ReadID, _ outcome: Result<ReadAnswer, HubEvent.StorageFailure>, of member: MemberID, _ turn: inout Turn
  ) {
    guard let place = people.place(of: member),
      people[at: place]?.record.knowledge == .awaited(question)
    else { return }
    if case .success(.state(let state)) = outcome {
      people[at: place]?.record.learn(state, number: stores.last)
    } else {
      people[at: place]?.record.knowledge = .missing
    }
    for id in people[at: place]?.sessions ?? [] {
      if case .success = outcome {
        tellMarksOfRooms(to: id, member, &turn)
        synchronizePairs(of: id, member, &turn)
      }
      obeyWaiting(of: id, &turn)
      changeHold(of: id, &turn)
    }
  }
}
