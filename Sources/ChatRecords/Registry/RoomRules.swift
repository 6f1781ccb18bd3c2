import ChatProtocol

/// The rules of one room, beyond those of the server.
public struct RoomRules: Hashable, Sendable, Codable {
  public var room: RoomName
  /// The member who made the room private; nil if the room is open to all.
  public var owner: MemberID?
  /// Members admitted besides the owner.
  public var guests: Set<MemberID>
  /// Minimum interval between two messages of a member, in seconds; 0 if there is none.
  public var slowness: Int

  public init(room: RoomName, owner: MemberID? = nil, guests: Set<MemberID> = [], slowness: Int = 0) {
    self.room = room
    self.owner = owner
    self.guests = guests
    self.slowness = slowness
  }

  public var isPrivate: Bool { owner != nil }
  /// Whether there is no rule at all.
  public var isVoid: Bool { owner == nil && slowness == 0 }

  public func admits(_ member: MemberID) -> Bool { owner == nil || owner == member || guests.contains(member) }
}
