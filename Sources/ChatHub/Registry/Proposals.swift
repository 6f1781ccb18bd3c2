import ChatProtocol
import ChatRecords
import DequeModule

/// The proposals under way, and the sessions whose next request waits for them, in order of arrival.
struct Proposals: Sendable {
  private let hub: HubID
  private var underWay: [ProposalID: Proposal] = [:]
  private var lastNumber: UInt64 = 0
  var acts = ActClock()
  private var changes = 0
  private var looks: Set<String> = []
  private var members: Set<MemberID> = []
  private var keys: Set<PublicKey> = []
  private var invitations: Set<String> = []
  private var addressBlocks: Set<AddressBlock> = []
  private var rooms: Set<RoomName> = []
  private var waiting: Deque<Waiter> = []
  /// The number of waiting requests that change something: no claim overtakes them.
  private var waitingChanges = 0

  private var lastWait: UInt64 = 0

  /// Identifies the wait of one request, because a session's later request may wait again.
  struct WaitID: Hashable, Sendable {
    fileprivate let number: UInt64
  }

  struct Waiter: Sendable {
    let id: WaitID
    let session: SessionID
    let stake: Stake
    /// When the hub's clock first saw the request wait.
    var waitingSince: MonotonicTime?
  }

  /// A request answered before its changes were stored; it gets no second answer.
  struct Late: Sendable {
    var requester: ReplyAddress
    var answer: Proposal.Answer
  }

  var isEmpty: Bool { underWay.isEmpty }
  var count: Int { underWay.count }
  var waitingCount: Int { waiting.count }
  /// The number of proposals that claim a name.
  private(set) var claims = 0
  /// Whether a proposal under way changes the registry.
  var areChangingRegistry: Bool { changes > 0 || claims > 0 || !rooms.isEmpty }

  func isAbout(_ room: RoomName) -> Bool { rooms.contains(room) }

  init(of hub: HubID) { self.hub = hub }

  /// Asks the log to store the proposal.
  mutating func begin(_ proposal: Proposal, _ turn: inout Turn) {
    var proposal = proposal
    if let act = proposal.act {
      let time = acts.next(at: turn.wall)
      proposal.changes.append(
        .act(Act(time: time, by: act.by, verb: act.verb, subject: act.subject, text: act.text)))
    }
    let id = hold(proposal)
    let change = SharedChange(
      id, changes: proposal.changes, arrival: proposal.arrival, effects: proposal.effects)
    turn.emit(.propose(change, proposal.stake))
  }

  /// Holds up the requests that the proposal blocks, until it is finished. The log is not asked.
  mutating func hold(_ proposal: Proposal) -> ProposalID {
    lastNumber += 1
    let id = ProposalID(lastNumber, of: hub)
    underWay[id] = proposal
    note(proposal.stake)
    return id
  }

  /// - Returns: nil if the proposal is of another hub.
  mutating func finish(_ id: ProposalID) -> Proposal? {
    guard let proposal = underWay.removeValue(forKey: id) else { return nil }
    forget(proposal.stake)
    return proposal
  }

  /// Whether a decision must wait for a proposal under way.
  func blocks(_ stake: Stake) -> Bool {
    guard !underWay.isEmpty else { return false }
    switch stake.kind {
    case .change: if areChangingRegistry { return true }
    case .claim: if changes > 0 || waitingChanges > 0 { return true }
    case .none: break
    }
    return stake.looks.contains(where: looks.contains) || stake.member.map(members.contains) == true
      || stake.key.map(keys.contains) == true || stake.invitation.map(invitations.contains) == true
      || stake.addressBlock.map(addressBlocks.contains) == true || stake.rooms.contains(where: rooms.contains)
      || stake.joinedRooms.contains(where: rooms.contains)
  }

  /// Lets the session's next request wait.
  mutating func wait(_ stake: Stake, _ session: SessionID) -> WaitID {
    lastWait += 1
    let id = WaitID(number: lastWait)
    waitAgain(Waiter(id: id, session: session, stake: stake))
    return id
  }

  mutating func waitAgain(_ waiter: Waiter) {
    waiting.append(waiter)
    if waiter.stake.kind == .change { waitingChanges += 1 }
  }

  /// - Returns: all waiting requests; the caller retries each or lets it wait again.
  mutating func takeWaiting() -> Deque<Waiter> {
    defer {
      waiting = []
      waitingChanges = 0
    }
    return waiting
  }

  // MARK: An unresponsive log

  /// Removes the requests that have waited longer than the patience. Their proposals stay under way: the log may still
  /// store them.
  mutating func takeLate(at now: MonotonicTime, after patience: Duration) -> [Late] {
    guard !underWay.isEmpty else { return [] }
    var late: [Late] = []
    for id in underWay.keys.sorted(by: { $0.number < $1.number }) {
      guard let proposal = underWay[id], let requester = proposal.requester else { continue }
      guard let since = proposal.waitingSince else {
        underWay[id]?.waitingSince = now
        continue
      }
      guard since + patience <= now else { continue }
      underWay[id]?.requester = nil
      late.append(Late(requester: requester, answer: proposal.answer))
    }
    return late
  }

  /// - Returns: the requests that have waited longer than the patience for proposals of others.
  mutating func takeLateWaiting(at now: MonotonicTime, after patience: Duration) -> [Waiter] {
    guard !waiting.isEmpty else { return [] }
    var late: [Waiter] = []
    for var waiter in takeWaiting() {
      if let since = waiter.waitingSince, since + patience <= now {
        late.append(waiter)
      } else {
        waiter.waitingSince = waiter.waitingSince ?? now
        waitAgain(waiter)
      }
    }
    return late
  }

  // The stakes under way are disjoint, so sets suffice.
  private mutating func note(_ stake: Stake) {
    if stake.kind == .change { changes += 1 }
    if stake.kind == .claim { claims += 1 }
    looks.formUnion(stake.looks)
    if let member = stake.member { members.insert(member) }
    if let key = stake.key { keys.insert(key) }
    if let invitation = stake.invitation { invitations.insert(invitation) }
    if let addressBlock = stake.addressBlock { addressBlocks.insert(addressBlock) }
    rooms.formUnion(stake.rooms)
  }

  private mutating func forget(_ stake: Stake) {
    if stake.kind == .change { changes -= 1 }
    if stake.kind == .claim { claims -= 1 }
    looks.subtract(stake.looks)
    if let member = stake.member { members.remove(member) }
    if let key = stake.key { keys.remove(key) }
    if let invitation = stake.invitation { invitations.remove(invitation) }
    if let addressBlock = stake.addressBlock { addressBlocks.remove(addressBlock) }
    rooms.subtract(stake.rooms)
  }
}
