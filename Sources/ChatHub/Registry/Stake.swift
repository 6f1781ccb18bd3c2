import ChatProtocol

/// What a request's decision rests on. It is decided while no proposal is under way that may change that, so that the
/// decision still holds when its own proposal is stored.
struct Stake: Sendable {
  enum Kind: Sendable {
    /// The request changes nothing of the registry.
    case none
    /// A login that makes a name somebody's: several are under way at a time, of different names and keys.
    case claim
    /// Any other change: one is under way at a time, and nothing else.
    case change
  }

  var kind: Kind
  /// As the name looks: nobody else comes in under the name, or one like it.
  private(set) var look: String?
  var member: MemberID?
  var key: PublicKey?
  /// As it stands in the request.
  var invitation: String?
  /// Names claimed from one address block are counted.
  var addressBlock: AddressBlock?
  /// Rooms that may be in the making.
  var rooms: [RoomName] = []

  init(_ kind: Kind) { self.kind = kind }

  /// A login.
  init(name: Nickname, member: MemberID?) {
    kind = .none
    look = name.skeleton
    self.member = member
  }
}
