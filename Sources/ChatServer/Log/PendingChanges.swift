import ChatProtocol

/// What was decided of who is who and is not on the disk yet, in order. A disk that fails for long does not make it grow
/// without bound: of what one subject is, only the last counts, and of acts the newest are kept.
struct PendingChanges: Sendable {
  private var changes: [RegistryChange] = []
  /// Beyond so many it is looked through for what does not count any more.
  private var threshold = Self.capacity
  /// How many acts will never be recorded.
  private(set) var lostActs = 0

  private static let capacity = 10_000
  private static let mostActs = 5000

  var isEmpty: Bool { changes.isEmpty }
  var count: Int { changes.count }

  mutating func add(_ later: [RegistryChange]) {
    changes += later
    if changes.count > threshold { compact() }
  }

  /// - Returns: all of them, to be recorded in one commit.
  mutating func take() -> [RegistryChange] {
    defer { self = PendingChanges(lostActs: lostActs) }
    return changes
  }

  /// They were not recorded, and come before all that was added meanwhile.
  mutating func putBack(_ earlier: [RegistryChange]) {
    let later = changes
    changes = earlier
    add(later)
  }

  mutating func takeLostActs() -> Int {
    defer { lostActs = 0 }
    return lostActs
  }

  init() {}

  private init(lostActs: Int) { self.lostActs = lostActs }

  private mutating func compact() {
    var known: Set<RegistryChange.Place> = []
    var acts = 0
    var kept: [RegistryChange] = []
    for change in changes.reversed() {
      if let place = change.place {
        if known.insert(place).inserted { kept.append(change) }
      } else if acts < Self.mostActs {
        acts += 1
        kept.append(change)
      } else {
        lostActs += 1
      }
    }
    changes = kept.reversed()
    // What is left is no more than the registry itself has. It is not looked through for each that comes.
    threshold = max(Self.capacity, changes.count * 2)
  }
}

extension RegistryChange {
  /// Of changes with the same one, the later says all.
  fileprivate enum Place: Hashable {
    case account(MemberID)
    case sanction(Sanction.Kind, Subject)
    case invitation([UInt8])
    case room(RoomName)
  }

  /// Nil for an act.
  fileprivate var place: Place? {
    switch self {
    case .account(let account): .account(account.member)
    case .sanction(let sanction): .sanction(sanction.kind, sanction.subject)
    case .pardon(let kind, let subject): .sanction(kind, subject)
    case .invitation(let invitation): .invitation(invitation.digest)
    case .room(let rules): .room(rules.room)
    case .act: nil
    }
  }
}
