import ChatProtocol

/// Who is who, and who may do what: what the log keeps of it, ready to be looked up. Every change of it is one that the
/// log is told, too.
struct Registry: Sendable {
  private var accounts: [MemberID: Account] = [:]
  private var names: [Nickname: MemberID] = [:]
  private var owners: [PublicKey: MemberID] = [:]
  private(set) var operatorCount = 0
  private var sanctions: [Sanction.Kind: [Subject: Sanction]] = [:]
  private var invitations: [[UInt8]: Invitation] = [:]
  private var rules: [RoomName: RoomRules] = [:]

  init(_ state: RegistryState = RegistryState()) {
    for account in state.accounts { apply(.account(account)) }
    for sanction in state.sanctions { apply(.sanction(sanction)) }
    for invitation in state.invitations { apply(.invitation(invitation)) }
    for rules in state.rooms { apply(.room(rules)) }
  }

  mutating func apply(_ change: RegistryChange) {
    switch change {
    case .account(let account): put(account)
    case .sanction(let sanction): sanctions[sanction.kind, default: [:]][sanction.subject] = sanction
    case .pardon(let kind, let subject): sanctions[kind]?[subject] = nil
    case .invitation(let invitation): invitations[invitation.digest] = invitation.uses > 0 ? invitation : nil
    case .room(let rules): self.rules[rules.room] = rules.isVoid ? nil : rules
    case .act: break
    }
  }

  private mutating func put(_ account: Account) {
    if let earlier = accounts[account.member] {
      for key in earlier.keys { owners[key.key] = nil }
      names[earlier.name] = nil
      if earlier.isOperator { operatorCount -= 1 }
    }
    accounts[account.member] = account
    names[account.name] = account.member
    for key in account.keys { owners[key.key] = account.member }
    if account.isOperator { operatorCount += 1 }
  }

  // MARK: Accounts

  var accountCount: Int { accounts.count }

  func account(of member: MemberID) -> Account? { accounts[member] }
  func account(named name: Nickname) -> Account? { names[name].flatMap { accounts[$0] } }
  func account(with key: PublicKey) -> Account? { owners[key].flatMap { accounts[$0] } }

  /// In the order of their names.
  var operators: [Nickname] { accounts.values.lazy.filter(\.isOperator).map(\.name).sorted() }

  // MARK: Sanctions

  var sanctionCount: Int { sanctions.values.reduce(0) { $0 + $1.count } }

  func sanction(_ kind: Sanction.Kind, _ subject: Subject) -> Sanction? { sanctions[kind]?[subject] }

  /// In no order that is the same twice.
  var allSanctions: [Sanction] { sanctions.values.flatMap(\.values) }

  // MARK: Invitations and rooms

  var invitationCount: Int { invitations.count }
  func invitation(_ digest: [UInt8]) -> Invitation? { invitations[digest] }
  func rules(of room: RoomName) -> RoomRules? { rules[room] }
  var ruledRooms: Int { rules.count }
}
