import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct RoomsTests {
  private static func place(_ room: RoomName) -> Tags {
    var tags = Tags()
    tags.setRoom(room)
    return tags
  }

  @Test func `the first login joins and the last one leaves for the member`() throws {
    let room = try #require(RoomName("#a"))
    let neha = try #require(Session.Presence("neha", 1))
    var rooms = Rooms()
    rooms.insert(room, Room())
    let joined = turn { turn in
      for _ in 0..<3 { rooms.join(room, neha.member, named: neha.name, &turn) }
    }
    #expect(joined == [.publish(.joined(neha.name), in: room, Self.place(room))])
    let left = turn { turn in
      for _ in 0..<3 { rooms.leave(room, neha.member, named: neha.name, isPresent: true, isKept: false, &turn) }
    }
    #expect(left == [.publish(.left(neha.name, .parted), in: room, Self.place(room))])
    #expect(!rooms.contains(room))
  }

  @Test(arguments: [true, false]) func `a room with rules or messages stays`(_ isKept: Bool) throws {
    let room = try #require(RoomName("#a"))
    let neha = try #require(Session.Presence("neha", 1))
    var rooms = Rooms()
    rooms.insert(room, Room())
    if !isKept {
      let message = NewMessage(conversation: .room(room), author: neha.name, member: neha.member, text: "x")
      rooms.advance(
        room, to: StoredMessage(message, id: 1, sequence: 5, time: Timestamp(milliseconds: 0)), in: 0)
    }
    let actions = turn { turn in
      rooms.join(room, neha.member, named: neha.name, &turn)
      rooms.leave(room, neha.member, named: neha.name, isPresent: false, isKept: isKept, &turn)
    }
    // A logout is announced in the lobby alone.
    #expect(actions == [.publish(.joined(neha.name), in: room, Self.place(room))])
    #expect(rooms.contains(room))
  }

  @Test func `a private room is listed for its members, and empty rooms come last`() throws {
    let names = try ["#empty", "#secret", "#full"].map { try #require(RoomName($0)) }
    let neha = try #require(Session.Presence("neha", 1))
    let bob = try #require(Session.Presence("bob", 2))
    var rooms = Rooms()
    for name in names { rooms.insert(name, Room()) }
    _ = turn { rooms.join(names[2], bob.member, named: bob.name, &$0) }
    var registry = Registry()
    registry.apply(.room(RoomRules(room: names[1], owner: neha.member)))
    func listed(_ presence: Session.Presence) -> [ServerMessage] {
      rooms.listing(for: .member(presence), peopleCount: 2, registry).lines.map(\.line)
    }
    #expect(
      listed(neha) == [
        .room(names[2], people: 1, topic: ""), .room(names[0], people: 0, topic: ""),
        .room(names[1], people: 0, topic: ""),
      ])
    #expect(listed(bob) == [.room(names[2], people: 1, topic: ""), .room(names[0], people: 0, topic: "")])
  }
}
