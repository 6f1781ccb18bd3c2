import ChatProtocol

// Every change of the registry is stored by the log first. Once it is stored, it is applied, its request is answered,
// and other sessions are notified; if it could not be stored, the request is refused and nothing has changed. So no
// session sees anything that could still be lost, and `OK` means stored.
//
// While a session's request is under way, its next requests wait. Requests of other sessions wait, too, if the change
// could affect their outcome.

extension Hub {
  /// Asks the log to store the changes.
  mutating func propose(
    _ changes: [RegistryChange], _ request: Request, _ context: RequestContext, answer: Proposal.Answer = .ok,
    effects: [Proposal.Effect] = [], stake: Stake = Stake(.change), into actions: inout [HubAction]
  ) {
    let requester = Proposal.Requester(
      session: context.session, verb: request.verb, label: request.tags.label)
    sessions[at: context.place]?.backlog.isProposing = true
    propose(
      Proposal(changes: changes, requester: requester, answer: answer, effects: effects, stake: stake), into: &actions)
  }

  mutating func propose(_ proposal: Proposal, into actions: inout [HubAction]) {
    actions.append(.propose(proposals.begin(proposal), proposal.changes))
  }

  /// Whether the request must wait for a proposal under way; the session is then resumed when that is settled.
  mutating func mustWaitForRegistry(_ message: ClientMessage, _ request: Request, _ context: RequestContext) -> Bool {
    guard !proposals.isEmpty, let stake = stake(of: message, request, context), proposals.blocks(stake) else {
      return false
    }
    if sessions[at: context.place]?.backlog.isAwaitingRegistry == false {
      sessions[at: context.place]?.backlog.isAwaitingRegistry = true
      proposals.wait(Proposals.Waiter(session: context.session, stake: stake))
    }
    return true
  }

  private func stake(of message: ClientMessage, _ request: Request, _ context: RequestContext) -> Stake? {
    switch message {
    case .admin(let admin): return admin.changesRegistry ? Stake(.change) : nil
    case .join(let room, _):
      var stake = Stake(.none)
      stake.rooms = [room]
      return stake
    case .login(let name):
      let token = context.dialect.contains(.resume) ? request.tags.token.flatMap(seal.open) : nil
      return stake(ofLoginAs: name, member: token?.member, request, context)
    case .resume(let text, let cursors):
      guard let token = seal.open(text) else { return nil }
      let name = currentName(of: token.member) ?? token.name
      var stake = stake(ofLoginAs: name, member: token.member, request, context)
      stake.rooms = cursors.compactMap { if case .room(let room) = $0.target { room } else { nil } }
      return stake
    default: return nil
    }
  }

  /// The state that a login's decision depends on, and the changes it may make.
  func stake(ofLoginAs name: Nickname, member: MemberID?, _ request: Request, _ context: RequestContext) -> Stake {
    var stake = Stake(name: name, member: member)
    guard context.dialect.contains(.keys), let key = request.tags.publicKey else { return stake }
    stake.key = key
    if mayBecomeFirstOperator(context) {
      stake.kind = .change
    } else if registry.account(named: name)?.opens(with: key) != true {
      stake.kind = .claim
      stake.invitation = request.tags.invitation
      if stake.invitation == nil, let peer = sessions[at: context.place]?.peer, !peer.isHost {
        stake.addressBlock = peer.address.map(AddressBlock.init)
      }
    }
    return stake
  }

  /// Handles the log's answer to a proposal.
  mutating func settle(
    _ id: ProposalID, _ outcome: Result<Void, HubEvent.StorageFailure>, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) {
    guard let proposal = proposals.finish(id) else { return }
    let requester = proposal.requester?.session
    if let requester { sessions[requester]?.backlog.isProposing = false }
    switch outcome {
    case .success:
      for change in proposal.changes { apply(change) }
      answer(proposal, at: now, into: &actions)
      for effect in proposal.effects { carryOut(effect, at: now, into: &actions) }
    case .failure(let failure): refuse(proposal, failure, into: &actions)
    }
    if let requester {
      obeyWaiting(of: requester, at: now, into: &actions)
      changeHold(of: requester, into: &actions)
    }
    wakeWaiting(at: now, into: &actions)
  }

  private mutating func apply(_ change: RegistryChange) {
    registry.apply(change)
    switch change {
    case .room(let rules) where rules.isPrivate: rooms.insert(rules.room, Room())
    default: break
    }
  }

  private mutating func wakeWaiting(at now: MonotonicTime, into actions: inout [HubAction]) {
    for waiter in proposals.takeWaiting() {
      guard let place = sessions.place(of: waiter.session) else { continue }
      // Thousands of requests may wait: checking the stake is cheaper than handling the request again.
      guard !proposals.blocks(waiter.stake) else {
        proposals.wait(waiter)
        continue
      }
      sessions[at: place]?.backlog.isAwaitingRegistry = false
      obeyWaiting(of: waiter.session, at: now, into: &actions)
      changeHold(of: waiter.session, into: &actions)
    }
  }

  // MARK: Answers

  private mutating func answer(_ proposal: Proposal, at now: MonotonicTime, into actions: inout [HubAction]) {
    guard let requester = proposal.requester, let place = sessions.place(of: requester.session) else { return }
    var tags = Tags()
    tags.label = requester.label
    switch proposal.answer {
    case .ok: actions.append(.send(requester.session, .ok(requester.verb), tags))
    case .invitation(let code):
      tags.invitationCode = code
      tags.pin = settings.pin
      if sessions[at: place]?.peer.isControl == true { tags.place = settings.place }
      actions.append(.send(requester.session, .ok(requester.verb), tags))
    case .created(let room):
      enterCreated(room, requester, context(requester.session, at: place), at: now, into: &actions)
    case .login(let admission, let request):
      finishLogin(admission, request, context(requester.session, at: place), at: now, into: &actions)
    case .resumption(let admission, let token, let cursors, let request):
      finishResumption(
        admission, token, cursors, request, context(requester.session, at: place), at: now, into: &actions)
    }
  }

  private mutating func refuse(
    _ proposal: Proposal, _ failure: HubEvent.StorageFailure, into actions: inout [HubAction]
  ) {
    guard let requester = proposal.requester else {
      // Removal of expired sanctions: storing it only frees space on the disk.
      return registry.lookForExpired(at: wall.advanced(by: Self.expiryRetry))
    }
    let reason =
      failure.isFull ? "The server's disk is full" : "The server cannot store anything at the moment"
    let outcome = proposal.answer.isLogin ? Self.notLoggedIn : Self.nothingChanged
    refuse(requester, "\(reason); \(outcome)", into: &actions)
  }

  static let notLoggedIn = "you are not logged in; try again later."
  static let nothingChanged = "nothing was changed."

  func refuse(_ requester: Proposal.Requester, _ text: String, into actions: inout [HubAction]) {
    guard sessions[requester.session] != nil else { return }
    var tags = Tags()
    tags.label = requester.label
    let error = RequestError(.storageUnavailable, requester.verb, text: text)
    actions.append(.send(requester.session, .error(ErrorReply(error)), tags))
  }

  private static let expiryRetry = Duration.seconds(60)

  // MARK: Effects

  private mutating func carryOut(
    _ effect: Proposal.Effect, at now: MonotonicTime, into actions: inout [HubAction]
  ) {
    switch effect {
    case .tell(let member, let text, let dialect): tell(member, text, with: dialect, into: &actions)
    case .kick(let member, let text):
      for id in members[member]?.sessions ?? [] {
        end(id, leaving: .kicked, closing: .kicked, farewell: .bye(.kicked, text: text), into: &actions)
      }
    case .ban(let sanction): endSessions(meantBy: sanction, into: &actions)
    case .endSessions(let member, let key): endSessions(of: member, loggedInWith: key, into: &actions)
    case .takeOut(let member, let room, let name): takeOut(member, of: room, by: name, at: now, into: &actions)
    case .empty(let room, let name): takeEverybodyOut(of: room, by: name, into: &actions)
    case .forget(let room):
      if room != .lobby, registry.rules(of: room) == nil, rooms[room]?.isForgettable == true { rooms.remove(room) }
    }
  }
}

extension AdminRequest {
  /// Whether it changes nothing.
  var asksForList: Bool {
    switch self {
    case .listKeys, .listSanctions, .listOperators, .listActs: true
    default: false
    }
  }

  /// Whether it asks for a change that is stored in the registry.
  fileprivate var changesRegistry: Bool {
    switch self {
    case .listKeys, .listSanctions, .listOperators, .listActs, .remove: false
    case .addKey, .removeKey, .create, .invite, .uninvite, .admit, .kick, .ban, .unban, .mute, .unmute, .slow, .delete,
      .makeOperator, .unmakeOperator:
      true
    }
  }
}
