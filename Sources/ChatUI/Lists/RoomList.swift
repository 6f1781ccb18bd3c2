import ChatProtocol

/// The rooms of the server, those with most people first.
struct RoomList: Hashable, Sendable {
  let rooms: [RoomListing]
  var choice = Choice()

  static let maximum = 5000

  init(_ rooms: [RoomListing]) {
    self.rooms = rooms.sorted { left, right in
      (right.people, left.name.folded) < (left.people, right.name.folded)
    }
  }

  var chosen: RoomListing? { rooms.indices.contains(choice.index) ? rooms[choice.index] : nil }
}
