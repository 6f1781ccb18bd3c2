/// What holds in one room, beyond what holds everywhere.
public struct RoomRules: Hashable, Sendable {
  public var room: RoomName
  /// Who made the room for invited people only; nil: everybody may come in.
  public var owner: MemberID?
  /// Who may come in, beside the owner.
  public var guests: Set<MemberID>
  /// How many seconds somebody must wait between two messages; 0: none.
  public var slowness: Int

  public init(room: RoomName, owner: MemberID? = nil, guests: Set<MemberID> = [], slowness: Int = 0) {
    self.room = room
    self.owner = owner
    self.guests = guests
    self.slowness = slowness
  }

  public var isPrivate: Bool { owner != nil }
  /// Whether it says nothing.
  public var isVoid: Bool { owner == nil && slowness == 0 }

  public func admits(_ member: MemberID) -> Bool { owner == nil || owner == member || guests.contains(member) }
}
