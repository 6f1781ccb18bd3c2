import ChatProtocol

@testable import ChatHub

extension Registry {
  /// Whether both registries give equal answers to all queries about stored state.
  func knowsTheSame(as other: Registry) -> Bool {
    guard state.isSame(as: other.state), skeletons == other.skeletons, operators == other.operators,
      operatorCount == other.operatorCount, accountCount == other.accountCount
    else { return false }
    return state.accounts.allSatisfy { account in
      other.account(named: account.name) == account
        && account.keys.allSatisfy { other.account(with: $0.key) == self.account(with: $0.key) }
        && other.ownedRooms(of: account.member) == ownedRooms(of: account.member)
    }
  }
}
