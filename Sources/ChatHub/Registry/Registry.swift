import ChatProtocol
import ChatRecords

/// Accounts, sanctions, invitations and room rules: an indexed copy of what the log has stored.
struct Registry: Sendable {
  private var accounts: [MemberID: Account] = [:]
  private var names: [Nickname: MemberID] = [:]
  private var owners: [PublicKey: MemberID] = [:]
  private var operatorMembers: Set<MemberID> = []
  /// Whether there ever was an operator.
  private(set) var hadOperator: Bool
  /// The skeletons of owned names.
  private(set) var skeletons = ConfusableIndex()
  private var sanctions: [Sanction.Kind: [Subject: Sanction]] = [:]
  /// The skeletons of banned names.
  private(set) var bannedSkeletons = ConfusableIndex()
  private(set) var bannedNetworks = BannedNetworks()
  /// The subjects of sanctions that also cover guests from a network.
  private var guestSubjects: [Sanction.Kind: [Network: Set<Subject>]] = [:]
  /// The earliest time at which a sanction may expire; nil if none does.
  var nextExpiry: Timestamp?
  private var invitations: [[UInt8]: Invitation] = [:]
  private var rules: [RoomName: RoomRules] = [:]
  /// The number of private rooms that each member owns.
  private var ownedRooms: [MemberID: Int] = [:]

  /// Each account takes memory for ever.
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
      case .name(let name): bannedSkeletons.insert(name)
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
    case .name(let name): bannedSkeletons.remove(name)
    case .network(let network): bannedNetworks.remove(network)
    case .key: break
    }
  }

  private mutating func put(_ account: Account) {
    if let earlier = accounts[account.member] {
      for key in earlier.keys { owners[key.key] = nil }
      names[earlier.name] = nil
      skeletons.remove(earlier.name)
    }
    accounts[account.member] = account
    names[account.name] = account.member
    skeletons.insert(account.name)
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

  /// Of the sanctions that cover guests from there, the one that lasts longest.
  func sanction(_ kind: Sanction.Kind, ofGuestsAt block: Network, at time: Timestamp) -> Sanction? {
    let found = (guestSubjects[kind]?[block] ?? []).compactMap { sanctions[kind]?[$0] }.filter { $0.holds(at: time) }
    return found.inOrder().max { Self.end(of: $0) < Self.end(of: $1) }
  }

  private static func end(of sanction: Sanction) -> Int64 { sanction.until?.milliseconds ?? .max }

  /// The order differs between runs.
  var allSanctions: [Sanction] { sanctions.values.flatMap(\.values) }

  // MARK: Invitations and rooms

  var invitationCount: Int { invitations.count }
  func invitation(_ digest: [UInt8]) -> Invitation? { invitations[digest] }
  func rules(of room: RoomName) -> RoomRules? { rules[room] }
  var ruledRooms: Int { rules.count }
  func ownedRooms(of member: MemberID) -> Int { ownedRooms[member] ?? 0 }

  /// Whether a member may join the room, if it exists.
  func admits(_ member: MemberID, to room: RoomName) -> Bool { rules[room]?.admits(member) ?? true }

  /// Invitations that can no longer be used.
  func expiredInvitations(at time: Timestamp) -> [Invitation] {
    invitations.values.filter { !$0.holds(at: time) }.sorted { $0.digest.lexicographicallyPrecedes($1.digest) }
  }

  // MARK: Complete state

  /// The order differs between runs.
  var state: RegistryState {
    RegistryState(
      accounts: Array(accounts.values), sanctions: allSanctions, invitations: Array(invitations.values),
      rooms: Array(rules.values), hadOperator: hadOperator)
  }
}
