import ChatProtocol

/// The rooms of the server, largest first.
struct RoomList: Hashable, Sendable {
  let rooms: [RoomListing]
  var choice = Choice()

  static let maximum = 5000

  init(_ rooms: [RoomListing]) {
    self.rooms = rooms.sorted { left, right in
      (right.people, left.name.folded) < (left.people, right.name.folded)
    }
  }

  /// The limit for a topic: as much as the widest screen shows.
  fileprivate static let maximumTopicBytes = 512

  var chosen: RoomListing? { rooms.indices.contains(choice.index) ? rooms[choice.index] : nil }
}

extension RoomListing {
  /// The room with its topic cut to what a row can show.
  var shortened: RoomListing {
    RoomListing(name: name, people: people, topic: topic.shortened(toBytes: RoomList.maximumTopicBytes))
  }
}
