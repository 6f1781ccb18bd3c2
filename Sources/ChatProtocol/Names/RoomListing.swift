/// One line of the list of rooms.
public struct RoomListing: Hashable, Sendable {
  public var name: RoomName
  /// How many people are in it.
  public var people: Int
  /// Empty where there is none.
  public var topic: String

  public init(name: RoomName, people: Int, topic: String) {
    self.name = name
    self.people = people
    self.topic = topic
  }
}
