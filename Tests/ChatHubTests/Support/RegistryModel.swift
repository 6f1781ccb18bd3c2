import ChatProtocol
import ChatRecords

/// A model of the registry that any log must store.
struct RegistryModel {
  private(set) var state = RegistryState()
  private(set) var acts: [Act] = []

  mutating func apply(_ change: RegistryChange) {
    switch change {
    case .account(let account):
      state.accounts.removeAll { $0.member == account.member }
      state.accounts.append(account)
      if account.isOperator { state.hadOperator = true }
    case .sanction(let sanction):
      state.sanctions.removeAll { $0.kind == sanction.kind && $0.subject == sanction.subject }
      state.sanctions.append(sanction)
    case .pardon(let kind, let subject): state.sanctions.removeAll { $0.kind == kind && $0.subject == subject }
    case .invitation(let invitation):
      state.invitations.removeAll { $0.digest == invitation.digest }
      if invitation.uses > 0 { state.invitations.append(invitation) }
    case .room(let rules):
      state.rooms.removeAll { $0.room == rules.room }
      if !rules.isVoid { state.rooms.append(rules) }
    case .deletion(let room): state.rooms.removeAll { $0.room == room }
    case .act(let act): acts.append(act)
    }
  }
}

extension RegistryState {
  /// Compares without regard to order.
  func isSame(as other: RegistryState) -> Bool {
    accounts.count == other.accounts.count && Set(accounts) == Set(other.accounts)
      && sanctions.count == other.sanctions.count && Set(sanctions) == Set(other.sanctions)
      && invitations.count == other.invitations.count && Set(invitations) == Set(other.invitations)
      && rooms.count == other.rooms.count && Set(rooms) == Set(other.rooms)
  }
}
