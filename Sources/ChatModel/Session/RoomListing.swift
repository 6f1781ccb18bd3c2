import ChatProtocol

/// One entry of the list of rooms.
public struct RoomListing: Hashable, Sendable, Codable {
  public var name: RoomName
  /// Number of members in the room.
  public var people: Int
  /// Empty if there is none.
  public var topic: String

  public init(name: RoomName, people: Int, topic: String) {
    self.name = name
    self.people = people
    self.topic = topic
  }
}
