import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

/// Deletion of rooms.
@Suite struct RoomDeletionTests {
  private static let home = Peer(address: IPAddress("192.0.2.7"), isHost: false)

  private static func rooms(_ count: Int, head: Int = 1) -> [RoomState] {
    (0..<count).compactMap { number in RoomName("#r\(number)").map { RoomState(name: $0, head: head) } }
  }

  private func member(_ stage: Stage, _ name: String, from peer: Peer) -> SessionID {
    let id = stage.open(from: peer)
    stage.say(id, "CAP REQ \(Stage.moderated.joined(separator: " "))", "LOGIN \(name)")
    stage.forget()
    return id
  }

  @Test func `an abandoned room is replaced by a new one, fewest messages first`() {
    let stage = Stage()
    var rooms = Self.rooms(Room.maximumCount - 1, head: 5)
    rooms[17].head = 2
    stage.hub = Hub(epochs: Epoch("e").map { EpochList($0) }, secret: Stage.secret, rooms: rooms)
    let neha = member(stage, "neha", from: .host)
    stage.say(neha, "JOIN #r17")
    #expect(stage.say(neha, "JOIN #new").untagged.first == "OK JOIN")
    #expect(stage.hub.roomCount == Room.maximumCount)
    // A user is in it.
    #expect(stage.hub.rooms.contains(rooms[17].name))
    #expect(stage.log.acts.map { "\($0.by) \($0.verb.rawValue) \($0.text)" } == ["host DELETE made way for a new room"])
  }

  @Test func `a new room waits for the deletion that makes way for it, and a full disk refuses it`() {
    let stage = Stage()
    let rooms = Self.rooms(Room.maximumCount - 1)
    stage.hub = Hub(epochs: Epoch("e").map { EpochList($0) }, secret: Stage.secret, rooms: rooms)
    let neha = member(stage, "neha", from: .host)
    let akash = member(stage, "akash", from: .host)
    stage.recording = .waits
    #expect(stage.say(neha, "JOIN #new").isEmpty)
    // The room that is being deleted cannot be joined meanwhile.
    #expect(stage.say(akash, "JOIN #r0").isEmpty)
    stage.settle(successfully: false, isFull: true)
    #expect(stage.heard(neha).isRefused("storage-unavailable", "JOIN"))
    #expect(stage.heard(akash).untagged.first == "OK JOIN")
    stage.recording = .works
    #expect(stage.say(neha, "JOIN #new").untagged.first == "OK JOIN")
    #expect(stage.hub.roomCount == Room.maximumCount)
    #expect(stage.hub.rooms.contains(rooms[0].name) && !stage.hub.rooms.contains(rooms[1].name))
  }

  @Test func `a disk that does not answer refuses the new room, and only the deletion may happen later`() throws {
    let stage = Stage()
    let rooms = Self.rooms(Room.maximumCount - 1)
    stage.hub = Hub(epochs: Epoch("e").map { EpochList($0) }, secret: Stage.secret, rooms: rooms)
    let neha = member(stage, "neha", from: .host)
    stage.recording = .waits
    #expect(stage.say(neha, "JOIN #new").isEmpty)
    stage.wait(.seconds(1))
    stage.wait(.seconds(6))
    let refusal = try #require(stage.heard(neha).untagged.first)
    #expect(refusal.hasPrefix("ERR storage-unavailable JOIN ") && refusal.hasSuffix("; nothing was changed."))
    stage.settle()
    #expect(stage.heard(neha).isEmpty && stage.hub.roomCount == Room.maximumCount - 1)
    #expect(stage.rooms(of: neha) == ["#lobby"])
  }

  @Test func `a room with rules or members is never replaced`() {
    let stage = Stage()
    let rooms = Self.rooms(Room.maximumCount - 1)
    let rules = rooms.dropFirst().map { RoomRules(room: $0.name, slowness: 5) }
    stage.hub = Hub(
      epochs: Epoch("e").map { EpochList($0) }, secret: Stage.secret, rooms: rooms,
      registry: RegistryState(rooms: rules))
    let neha = member(stage, "neha", from: .host)
    #expect(stage.say(neha, "JOIN #r0").untagged.first == "OK JOIN")
    #expect(stage.say(neha, "JOIN #new").isRefused("too-many-rooms", "JOIN"))
    stage.say(neha, "PART #r0")
    #expect(stage.say(neha, "JOIN #new").untagged.first == "OK JOIN")
  }

  @Test func `rooms are counted per user and per address`() {
    let stage = Stage()
    var founded = 0
    for person in 0..<5 {
      let id = member(stage, "n\(person)", from: Self.home)
      for number in 0..<30 {
        let room = "#n\(person)-\(number)"
        stage.say(id, "JOIN \(room)")
        if stage.say(id, "SAY \(room) x").untagged.contains("OK SAY") { founded += 1 }
        stage.say(id, "PART \(room)")
        stage.wait(.seconds(1))
      }
    }
    #expect(founded == 30)
    #expect(stage.hub.roomCount <= 31)
    let other = member(stage, "other", from: Peer(address: IPAddress("198.51.100.1"), isHost: false))
    #expect(stage.say(other, "JOIN #mine").untagged.first == "OK JOIN")
    #expect(stage.say(other, "SAY #mine x", "SAY #mine y").untagged.filter { $0 == "OK SAY" }.count == 2)
  }

  @Test func `joining empty rooms is counted too`() {
    let stage = Stage()
    let id = member(stage, "neha", from: Self.home)
    var opened = 0
    for number in 0..<100 {
      if stage.say(id, "JOIN #n\(number)").untagged.contains("OK JOIN") { opened += 1 }
      stage.say(id, "PART #n\(number)")
      stage.wait(.seconds(1))
    }
    #expect(opened == 40)
  }

  @Test func `an operator deletes a room, and its members are told`() {
    let stage = Stage()
    let boss = stage.joinOperator()
    let (neha, _) = stage.arrive("neha", Stage.moderated)
    for id in [boss, neha] { stage.say(id, "JOIN #a") }
    stage.say(neha, "SAY #a one", "TOPIC #a topic")
    stage.forget()
    #expect(stage.say(neha, "DELETE #a").isRefused("not-operator", "DELETE"))
    #expect(stage.say(boss, "@label=1 DELETE #A off topic").untagged.first == "OK DELETE")
    #expect(stage.heard(neha).untagged == ["LEFT neha kicked", "INFO boss deleted the room #a."])
    #expect(stage.rooms(of: neha) == ["#lobby"])
    #expect(stage.say(neha, "SAY #a two").isRefused("not-in-room", "SAY"))
    #expect(!stage.say(neha, "ROOMS").contains { $0.contains("#a") })
    #expect(
      stage.log.acts.map { "\($0.by) \($0.verb.rawValue) \($0.subject) \($0.text)" } == ["boss DELETE #a off topic"])
    for line in ["DELETE #lobby", "DELETE #nowhere"] {
      #expect(stage.say(boss, line).untagged.first?.hasPrefix("ERR ") == true)
    }
    // Sequence numbers continue, so that an earlier cursor matches no other message.
    let answer = stage.say(neha, "JOIN #a")
    #expect(answer.untagged.prefix(2) == ["OK JOIN", "SYNC #a e 2"])
    #expect(stage.say(neha, "HISTORY #a LATEST * 9").count == 2)
    #expect(stage.say(neha, "SAY #a new").first?.contains("seq=3") == true)
    stage.restart()
    let (again, _) = stage.arrive("again")
    stage.say(again, "JOIN #a")
    #expect(stage.say(again, "HISTORY #a LATEST * 9").untagged[1] == "MSG neha new")
  }

  @Test func `a deleted room stays deleted after a restart, and its name is free`() {
    let stage = Stage.provable()
    let neha = stage.settle("neha", Identity(1))
    stage.say(neha, "CREATE #den", "SAY #den secret")
    let control = stage.control()
    #expect(stage.say(control, "DELETE #den") == ["OK DELETE"])
    stage.restart()
    #expect(stage.hub.roomCount == 1)
    let akash = stage.settle("akash", Identity(2))
    #expect(stage.say(akash, "JOIN #den").untagged.first == "OK JOIN")
    #expect(stage.say(akash, "HISTORY #den LATEST * 9").count == 2)
  }

  @Test func `an owner deletes their own room, and no other`() {
    let stage = Stage.provable()
    _ = stage.settle("boss", Identity(9), from: .host)
    let (neha, akash) = (stage.settle("neha", Identity(1)), stage.settle("akash", Identity(2)))
    stage.say(neha, "CREATE #den", "JOIN #open", "SAY #open x")
    #expect(stage.say(akash, "DELETE #den").isRefused("not-operator", "DELETE"))
    #expect(stage.say(neha, "DELETE #open").isRefused("not-operator", "DELETE"))
    #expect(stage.say(neha, "DELETE #den").untagged.contains("OK DELETE"))
    #expect(stage.say(akash, "JOIN #den").untagged.first == "OK JOIN")
  }

  @Test func `a room that is being deleted cannot be joined`() {
    let stage = Stage()
    let boss = stage.joinOperator()
    let (neha, _) = stage.arrive("neha")
    stage.say(neha, "JOIN #a", "SAY #a old")
    stage.recording = .waits
    stage.say(boss, "DELETE #a")
    let (akash, _) = stage.arrive("akash")
    #expect(stage.say(akash, "JOIN #a") == [])
    stage.recording = .works
    stage.settle()
    #expect(stage.heard(akash).untagged.prefix(2) == ["OK JOIN", "SYNC #a e 1"])
    #expect(stage.rooms(of: neha) == ["#lobby"])
  }

  @Test func `a room whose messages were all pruned is removed at the restart`() {
    let states = [RoomName("#a"), RoomName("#b")].compactMap { $0 }.map { RoomState(name: $0, head: 7) }
    var pruned = states
    pruned[0].hasMessages = false
    let hub = Hub(epochs: Epoch("e").map { EpochList($0) }, secret: Stage.secret, rooms: pruned)
    #expect(hub.roomCount == 2)
    #expect(!hub.rooms.contains(pruned[0].name))
  }
}
