import ChatProtocol

/// The state that a request's decision depends on. A request is decided only while no proposal under way may change
/// that state, so that the decision still holds when its own proposal is stored.
public struct Stake: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable {
    /// The request does not change the registry, or only deletes `rooms`.
    case none
    /// A login that claims a name: several may be under way at once, with different names and keys.
    case claim
    /// Any other change of the registry: only one is under way at a time, without any claim.
    case change
  }

  public var kind = Kind.none
  /// The skeletons of new names of people and rooms, and the folded names of people: no other may look like them, or be
  /// equal.
  public private(set) var looks: [String] = []
  public var member: MemberID?
  public var key: PublicKey?
  /// The invitation code in the request.
  public var invitation: String?
  /// The number of claims per address block is limited.
  public var addressBlock: AddressBlock?
  /// Rooms whose rules or members the change affects: they are created, deleted, or closed to a member.
  public var rooms: [RoomName] = []
  /// Rooms to be joined: it depends on their rules.
  public private(set) var joinedRooms: [RoomName] = []

  /// A request that depends on nothing.
  public static let nothing = Stake()

  /// - Parameter rooms: the rooms that the change affects.
  public init(_ kind: Kind = .none, rooms: [RoomName] = []) {
    self.kind = kind
    self.rooms = rooms
  }

  /// A login.
  public init(name: Nickname, member: MemberID?) {
    // Equal names may have different skeletons.
    looks = [name.skeleton, name.folded]
    self.member = member
  }

  /// - Parameter isNew: the room does not exist yet.
  public mutating func join(_ room: RoomName, isNew: Bool) {
    joinedRooms.append(room)
    if isNew { looks.append(room.skeleton) }
  }

  /// Whether proposals with this stake change the registry.
  public var changesRegistry: Bool { kind != .none || !rooms.isEmpty }

  /// Whether a decision on this state may be wrong because of a change with the other stake that it did not take into
  /// account.
  public func conflicts(with change: Stake) -> Bool {
    switch kind {
    case .change: if change.changesRegistry { return true }
    case .claim: if change.kind == .change { return true }
    case .none: break
    }
    func areSame<Part: Equatable>(_ part: Part?, _ other: Part?) -> Bool { part != nil && part == other }
    return areSame(member, change.member) || areSame(key, change.key) || areSame(invitation, change.invitation)
      || areSame(addressBlock, change.addressBlock) || looks.contains(where: change.looks.contains)
      || rooms.contains { change.rooms.contains($0) || change.joinedRooms.contains($0) }
      || joinedRooms.contains(where: change.rooms.contains)
  }
}
