import ChatProtocol
import ChatRecords

/// Accounts, sanctions, invitations, room rules and acts of a log in memory.
struct MemoryRegistry: Sendable {
  private(set) var acts = AuditTrail()
  private var accounts: [MemberID: Account] = [:]
  private var hadOperator = false
  private var sanctions: [SanctionPlace: Sanction] = [:]
  private var invitations: [[UInt8]: Invitation] = [:]
  private var rooms: [RoomName: RoomRules] = [:]

  private struct SanctionPlace: Hashable {
    var kind: Sanction.Kind
    var subject: Subject
  }

  mutating func apply(_ change: RegistryChange) {
    switch change {
    case .account(let account): put(account)
    case .sanction(let sanction):
      sanctions[SanctionPlace(kind: sanction.kind, subject: sanction.subject)] = sanction
    case .pardon(let kind, let subject): sanctions[SanctionPlace(kind: kind, subject: subject)] = nil
    case .invitation(let invitation): invitations[invitation.digest] = invitation.uses > 0 ? invitation : nil
    case .room(let rules): rooms[rules.room] = rules.isVoid ? nil : rules
    case .deletion(let room): rooms[room] = nil
    case .act(let act): acts.add(act)
    }
  }

  private mutating func put(_ account: Account) {
    if account.isOperator { hadOperator = true }
    let keys = account.distinctKeys
    let taken = Set(keys.map(\.key))
    accounts = accounts.filter { $0.key == account.member || $0.value.name != account.name }
    for member in accounts.keys { accounts[member]?.keys.removeAll { taken.contains($0.key) } }
    accounts[account.member] = account
    accounts[account.member]?.keys = keys
  }

  var state: RegistryState {
    RegistryState(
      accounts: accounts.values.sorted { $0.member < $1.member },
      sanctions: sanctions.values.sorted { $0.order.lexicographicallyPrecedes($1.order) },
      invitations: invitations.values.sorted { $0.digest.lexicographicallyPrecedes($1.digest) },
      rooms: rooms.values.sorted { $0.room.folded.utf8.lexicographicallyPrecedes($1.room.folded.utf8) },
      hadOperator: hadOperator)
  }
}

extension Account {
  /// The keys without repetitions; the first occurrence counts.
  var distinctKeys: [AccountKey] {
    var known: Set<PublicKey> = []
    return keys.filter { known.insert($0.key).inserted }
  }
}

extension Sanction {
  /// Byte order, as in a database.
  fileprivate var order: [UInt8] { Array(kind.rawValue.utf8) + [0] + subject.key.utf8 }
}

extension Subject {
  /// Key for comparing subjects: names are compared without regard to case.
  var key: String {
    switch self {
    case .name(let name): "@" + name.folded
    case .key, .network: text
    }
  }
}
