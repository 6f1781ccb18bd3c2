import ChatProtocol

/// Who is who, and who may do what: what the log has stored of it, ready to be looked up.
struct Registry: Sendable {
  private var accounts: [MemberID: Account] = [:]
  private var names: [Nickname: MemberID] = [:]
  private var owners: [PublicKey: MemberID] = [:]
  private var operatorMembers: Set<MemberID> = []
  /// Whether there ever was an operator.
  private(set) var hadOperator: Bool
  /// How the names look that belong to somebody.
  private(set) var looks = ConfusableIndex()
  private var sanctions: [Sanction.Kind: [Subject: Sanction]] = [:]
  /// How the names look that nobody may come in under.
  private(set) var bannedLooks = ConfusableIndex()
  private(set) var bannedNetworks = BannedNetworks()
  /// The subjects of the sanctions that hold for guests from a network, too.
  private var guestSubjects: [Sanction.Kind: [Network: Set<Subject>]] = [:]
  /// No sanction expires before; nil: none does.
  var nextExpiry: Timestamp?
  private var invitations: [[UInt8]: Invitation] = [:]
  private var rules: [RoomName: RoomRules] = [:]
  /// How many private rooms somebody made.
  private var ownedRooms: [MemberID: Int] = [:]

  /// Each takes memory for ever.
  static let maximumAccounts = 100_000
  static let maximumInvitations = 10_000

  init(_ state: RegistryState = RegistryState()) {
    hadOperator = state.hadOperator
    for account in state.accounts { apply(.account(account)) }
    for sanction in state.sanctions { apply(.sanction(sanction)) }
    for invitation in state.invitations { apply(.invitation(invitation)) }
    for rules in state.rooms { apply(.room(rules)) }
  }

  mutating func apply(_ change: RegistryChange) {
    switch change {
    case .account(let account): put(account)
    case .sanction(let sanction): put(sanction)
    case .pardon(let kind, let subject):
      let pardoned = sanctions[kind]?.removeValue(forKey: subject)
      if let pardoned { forget(pardoned) }
    case .invitation(let invitation): invitations[invitation.digest] = invitation.uses > 0 ? invitation : nil
    case .room(let rules): put(rules)
    case .deletion(let room): put(RoomRules(room: room))
    case .act: break
    }
  }

  private mutating func put(_ sanction: Sanction) {
    let earlier = sanctions[sanction.kind, default: [:]].updateValue(sanction, forKey: sanction.subject)
    if let earlier { forget(earlier) }
    for block in sanction.blocks {
      guestSubjects[sanction.kind, default: [:]][block, default: []].insert(sanction.subject)
    }
    if sanction.kind == .ban {
      switch sanction.subject {
      case .name(let name): bannedLooks.insert(name)
      case .network(let network): bannedNetworks.insert(network)
      case .key: break
      }
    }
    if let until = sanction.until { nextExpiry = min(nextExpiry ?? until, until) }
  }

  private mutating func forget(_ sanction: Sanction) {
    for block in sanction.blocks {
      guestSubjects[sanction.kind]?[block]?.remove(sanction.subject)
      if guestSubjects[sanction.kind]?[block]?.isEmpty == true { guestSubjects[sanction.kind]?[block] = nil }
    }
    guard sanction.kind == .ban else { return }
    switch sanction.subject {
    case .name(let name): bannedLooks.remove(name)
    case .network(let network): bannedNetworks.remove(network)
    case .key: break
    }
  }

  private mutating func put(_ account: Account) {
    if let earlier = accounts[account.member] {
      for key in earlier.keys { owners[key.key] = nil }
      names[earlier.name] = nil
      looks.remove(earlier.name)
    }
    accounts[account.member] = account
    names[account.name] = account.member
    looks.insert(account.name)
    for key in account.keys { owners[key.key] = account.member }
    if account.isOperator { operatorMembers.insert(account.member) } else { operatorMembers.remove(account.member) }
    if account.isOperator { hadOperator = true }
  }

  private mutating func put(_ rules: RoomRules) {
    if let owner = self.rules[rules.room]?.owner { count(-1, ofRoomsOf: owner) }
    self.rules[rules.room] = rules.isVoid ? nil : rules
    if let owner = rules.owner { count(1, ofRoomsOf: owner) }
  }

  private mutating func count(_ change: Int, ofRoomsOf owner: MemberID) {
    let count = (ownedRooms[owner] ?? 0) + change
    ownedRooms[owner] = count > 0 ? count : nil
  }

  // MARK: Accounts

  var accountCount: Int { accounts.count }

  func account(of member: MemberID?) -> Account? { member.flatMap { accounts[$0] } }
  func account(named name: Nickname) -> Account? { names[name].flatMap { accounts[$0] } }
  func account(with key: PublicKey) -> Account? { owners[key].flatMap { accounts[$0] } }

  /// In the order of their names.
  var operators: [Nickname] { operatorMembers.compactMap { accounts[$0]?.name }.sorted() }
  var operatorCount: Int { operatorMembers.count }

  // MARK: Sanctions

  var sanctionCount: Int { sanctions.values.reduce(0) { $0 + $1.count } }

  func sanction(_ kind: Sanction.Kind, _ subject: Subject) -> Sanction? { sanctions[kind]?[subject] }

  /// The sanction that holds for guests from there, the one that holds for longest.
  func sanction(_ kind: Sanction.Kind, ofGuestsAt block: Network, at time: Timestamp) -> Sanction? {
    let found = (guestSubjects[kind]?[block] ?? []).compactMap { sanctions[kind]?[$0] }.filter { $0.holds(at: time) }
    return found.inOrder().max { Self.end(of: $0) < Self.end(of: $1) }
  }

  private static func end(of sanction: Sanction) -> Int64 { sanction.until?.milliseconds ?? .max }

  /// In no order that is the same twice.
  var allSanctions: [Sanction] { sanctions.values.flatMap(\.values) }

  // MARK: Invitations and rooms

  var invitationCount: Int { invitations.count }
  func invitation(_ digest: [UInt8]) -> Invitation? { invitations[digest] }
  func rules(of room: RoomName) -> RoomRules? { rules[room] }
  var ruledRooms: Int { rules.count }
  func ownedRooms(of member: MemberID) -> Int { ownedRooms[member] ?? 0 }

  /// Whether somebody may come into the room, if there is one.
  func admits(_ member: MemberID, to room: RoomName) -> Bool { rules[room]?.admits(member) ?? true }

  /// Invitations that let nobody in any more.
  func expiredInvitations(at time: Timestamp) -> [Invitation] {
    invitations.values.filter { !$0.holds(at: time) }.sorted { $0.digest.lexicographicallyPrecedes($1.digest) }
  }

  // MARK: All of it

  /// In no order that is the same twice.
  var state: RegistryState {
    RegistryState(
      accounts: Array(accounts.values), sanctions: allSanctions, invitations: Array(invitations.values),
      rooms: Array(rules.values), hadOperator: hadOperator)
  }
}
