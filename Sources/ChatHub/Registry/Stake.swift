import ChatProtocol
import ChatRecords

/// The state that a request's decision depends on. A request is decided only while no proposal under way may change
/// that state, so that the decision still holds when its own proposal is stored.
public struct Stake: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// The request does not change the registry.
    case none
    /// A login that claims a name: several may be under way at once, with different names and keys.
    case claim
    /// Any other change: only one is under way at a time, without any claim.
    case change
  }

  var kind: Kind
  /// The name's skeleton: logins under this name or a similar one must wait.
  private(set) var look: String?
  var member: MemberID?
  var key: PublicKey?
  /// The invitation code in the request.
  var invitation: String?
  /// The number of claims per address block is limited.
  var addressBlock: AddressBlock?
  /// Rooms that may be under creation.
  var rooms: [RoomName] = []

  /// Whether a decision on this state may be wrong because of a change with the other stake that it did not take into
  /// account.
  public func conflicts(with change: Stake) -> Bool {
    switch kind {
    case .change: return true
    case .claim: if change.kind == .change { return true }
    case .none: break
    }
    func areSame<Part: Equatable>(_ part: Part?, _ other: Part?) -> Bool { part != nil && part == other }
    return areSame(look, change.look) || areSame(member, change.member) || areSame(key, change.key)
      || areSame(invitation, change.invitation) || areSame(addressBlock, change.addressBlock)
      || rooms.contains(where: change.rooms.contains)
  }

  /// - Parameter rooms: under creation or deletion, or to be joined.
  init(_ kind: Kind = .none, rooms: [RoomName] = []) {
    self.kind = kind
    self.rooms = rooms
  }

  /// A login.
  init(name: Nickname, member: MemberID?) {
    kind = .none
    look = name.skeleton
    self.member = member
  }
}
