import ChatProtocol
import ChatRecords

// Every change that concerns other sessions is proposed first: changes of the registry, logins, members of rooms, away
// messages. When the feed brings it, it is applied, its request is answered, and other sessions are notified; if it
// could not be stored, the request is refused and nothing has changed. So no session sees anything that could still be
// lost, and `OK` means stored.
//
// While a session's request is under way, its next requests wait. Requests of other sessions wait, too, if the change
// could affect their outcome.

extension Hub {
  /// Proposes the change that the caller requests.
  mutating func propose(_ proposal: Proposal, _ turn: inout Turn) {
    var proposal = proposal
    proposal.requester = turn.caller.address
    sessions[at: turn.caller.place].backlog.propose(turn.request)
    proposals.begin(proposal, &turn)
  }

  /// Whether the request must wait for a proposal under way; the session is then resumed when that is settled.
  mutating func mustWaitForRegistry(_ source: RequestHandling.StakeSource, _ turn: borrowing Turn) -> Bool {
    let place = turn.caller.place
    guard !proposals.isEmpty, let stake = stake(from: source, turn), proposals.blocks(stake) else {
      // The request may have waited until now.
      if sessions[at: place].backlog.wait != nil { sessions[at: place].backlog.wait = nil }
      return false
    }
    if sessions[at: place].backlog.wait == nil {
      sessions[at: place].backlog.wait = proposals.wait(stake, turn.caller.session)
    }
    return true
  }

  /// Whether a message must wait: its room is being deleted or closed to a member.
  mutating func mustWaitForRoom(_ target: Target, _ turn: borrowing Turn) -> Bool {
    let place = turn.caller.place
    guard case .room(let room) = target, proposals.isAbout(room), sessions[at: place].rooms.contains(room) else {
      if sessions[at: place].backlog.wait != nil { sessions[at: place].backlog.wait = nil }
      return false
    }
    // The session's earlier messages are answered first; then the request is tried again.
    guard sessions[at: place].backlog.unstored == 0 else { return true }
    return mustWaitForRegistry(.room(room), turn)
  }

  private func stake(from source: RequestHandling.StakeSource, _ turn: borrowing Turn) -> Stake? {
    switch source {
    case .nothing: return nil
    case .registry: return Stake(.change)
    case .room(let room): return stake(ofJoining: [room])
    case .login(let name):
      let token = admission.token(turn.caller)
      return stake(ofLoginAs: name, member: token?.member, turn.caller)
    case .resumption(let text, let cursors):
      guard let token = admission.seal.open(text) else { return nil }
      let name = people.currentName(of: token.member, registry) ?? token.name
      let stake = stake(ofLoginAs: name, member: token.member, turn.caller)
      let rooms = cursors.compactMap { if case .room(let room) = $0.target { room } else { nil } }
      return self.stake(ofJoining: rooms, stake)
    }
  }

  func stake(ofJoining rooms: [RoomName], _ stake: Stake = .nothing) -> Stake {
    var stake = stake
    for room in rooms where room != .lobby { stake.join(room, isNew: !self.rooms.contains(room)) }
    return stake
  }

  /// The state that a login's decision depends on, and the changes it may make.
  func stake(ofLoginAs name: Nickname, member: MemberID?, _ caller: Caller) -> Stake {
    var stake = Stake(name: name, member: member)
    guard caller.capabilities.contains(.keys), let key = caller.tags.publicKey else { return stake }
    stake.key = key
    if registry.mayBecomeFirstOperator(caller) {
      stake.kind = .change
    } else if registry.account(named: name)?.opens(with: key) != true {
      stake.kind = .claim
      stake.invitation = caller.tags.invitation
      if stake.invitation == nil { stake.addressBlock = caller.peer.addressBlock }
    }
    return stake
  }

  /// Applies a change that the feed has brought, and answers the request if it was made here.
  mutating func apply(_ shared: SharedChange, _ turn: inout Turn) {
    let proposal = proposals.finish(shared.proposal)
    for change in shared.changes { apply(change, &turn) }
    let arrival = shared.arrival.flatMap { isAwaited(shared, proposal) ? $0 : nil }
    if let arrival {
      apply(arrival, &turn)
    } else if let withdrawn = shared.arrival {
      withdraw(withdrawn, &turn)
    }
    let isAgain = proposal?.answer.isAgain == true
    let request = proposal.flatMap { finishProposing($0, isAgain: isAgain) }
    if let proposal { answer(proposal, &turn) }
    if case .login(let login, let previous)? = arrival { finish(login, replacing: previous, &turn) }
    for effect in shared.effects { carryOut(effect, of: shared, &turn) }
    goOn(after: proposal, request, &turn)
  }

  /// Whether the change is another hub's, or the session that requested it still waits.
  private func isAwaited(_ change: SharedChange, _ proposal: Proposal?) -> Bool {
    change.proposal.hub != id || proposal?.requester.map { sessions.contains($0.session) } == true
  }

  mutating func reject(_ id: ProposalID, _ rejection: HubEvent.Rejection, _ turn: inout Turn) {
    guard let proposal = proposals.finish(id) else { return }
    let request = finishProposing(proposal, isAgain: rejection == .outdated)
    switch rejection {
    case .failure(let failure): refuse(proposal, failure, &turn)
    case .outdated: if proposal.requester == nil { registry.lookForExpired(at: turn.wall) }
    }
    goOn(after: proposal, request, &turn)
  }

  /// - Returns: the request, if it must be decided again.
  private mutating func finishProposing(_ proposal: Proposal, isAgain: Bool) -> Request? {
    guard let session = proposal.requester?.session else { return nil }
    let request = sessions.update(session) { $0.backlog.finishProposing() } ?? nil
    return isAgain ? request : nil
  }

  private mutating func goOn(after proposal: Proposal?, _ request: Request?, _ turn: inout Turn) {
    if let session = proposal?.requester?.session {
      if let request { sessions.update(session) { $0.backlog.putFirst(request) } }
      goOn(session, &turn)
    }
    wakeWaiting(&turn)
  }

  private mutating func apply(_ change: RegistryChange, _ turn: inout Turn) {
    guard case .room(let rules) = change, rules.isPrivate, !registry.isPrivate(rules.room) else {
      return registry.apply(change)
    }
    registry.apply(change)
    rooms.insert(rules.room, Room())
    // It was counted when it was requested.
    _ = rooms.markFounded(rules.room)
    // People may have joined the room here while its owner made it private on another host.
    for member in rooms[rules.room]?.people.entries.map(\.key) ?? [] where !rules.admits(member) {
      takeOut(member, of: rules.room, "The room \(rules.room) is private now.", &turn)
    }
  }

  mutating func wakeWaiting(_ turn: inout Turn) {
    for waiter in proposals.takeWaiting() {
      guard let place = sessions.place(of: waiter.session), sessions[at: place].backlog.wait == waiter.id else {
        continue
      }
      // Thousands of requests may wait: checking the stake is cheaper than handling the request again.
      guard !proposals.blocks(waiter.stake) else {
        proposals.waitAgain(waiter)
        continue
      }
      sessions[at: place].backlog.wait = nil
      obeyWaiting(of: waiter.session, &turn)
      changeHold(of: waiter.session, &turn)
    }
  }

  // MARK: Answers

  private mutating func answer(_ proposal: Proposal, _ turn: inout Turn) {
    guard let requester = proposal.requester, let place = sessions.place(of: requester.session) else { return }
    turn.caller = sessions.caller(requester, at: place)
    defer { turn.caller = .nobody }
    switch proposal.answer {
    case .ok: turn.replyOK()
    case .again: break
    case .invitation(let code):
      let place = turn.caller.isControl ? settings.place : nil
      turn.replyOK {
        $0.invitationCode = code
        $0.pin = settings.pin
        if let place { $0.place = place }
      }
    case .created(let room): finishCreating(room, &turn)
    case .joined(let room, let cursor, let opens): finishJoining(room, cursor, opens: opens, &turn)
    case .parted(let room): turn.replyOK { $0.setRoom(room) }
    case .login(let accepted, let login): finishLogin(accepted, login, &turn)
    case .resumption(let accepted, let login, let cursors): finishResumption(accepted, login, cursors, &turn)
    }
  }

  private mutating func refuse(_ proposal: Proposal, _ failure: HubEvent.StorageFailure, _ turn: inout Turn) {
    guard let requester = proposal.requester else {
      // Removal of expired sanctions: storing it only frees space on the disk.
      return registry.lookForExpired(at: turn.wall.advanced(by: Self.expiryRetry))
    }
    let reason =
      failure.isFull ? "The server's disk is full" : "The server cannot store anything at the moment"
    sessions.refuse(.storageUnavailable, text: "\(reason); \(Self.noChange(requester))", to: requester, &turn)
  }

  /// The outcome of a request that had no effect, as the end of a sentence.
  static func noChange(_ requester: ReplyAddress) -> String {
    requester.isLogin ? "you are not logged in; try again later." : "nothing was changed."
  }

  private static let expiryRetry = Duration.seconds(60)

  // MARK: Effects

  private mutating func carryOut(_ effect: SharedChange.Effect, of change: SharedChange, _ turn: inout Turn) {
    switch effect {
    case .part(let room, let login, let member): part(room, login, of: member, &turn)
    case .away(let member, let text): people.setAway(text, member, &turn)
    case .tell(let member, let text, let capabilities):
      let isAboutAccount = change.changes.contains { $0.isAccount(of: member) }
      sessions.notify(people[member]?.sessions ?? [], text, with: capabilities, &turn) { [registry] session in
        var tags = Tags()
        guard isAboutAccount, let presence = session.presence else { return tags }
        tags.operatorChange = registry.account(of: presence)?.isOperator
        return tags
      }
    case .kick(let member, let text): endSessions(of: member, text, &turn)
    case .ban(let sanction): endSessions(meantBy: sanction, &turn)
    case .endSessions(let member, let key): endSessions(of: member, loggedInWith: key, &turn)
    case .takeOut(let member, let room, let name):
      takeOut(member, of: room, "\(name) withdrew your invitation to \(room).", &turn)
    case .empty(let room, let name): takeEverybodyOut(of: room, by: name, &turn)
    case .forget(let room):
      if room != .lobby, registry.rules(of: room) == nil, rooms[room]?.isForgettable == true { rooms.remove(room) }
    }
  }
}

extension RegistryChange {
  fileprivate func isAccount(of member: MemberID) -> Bool {
    if case .account(let account) = self { account.member == member } else { false }
  }
}
