import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct RoomDeletionTests {
  private static let home = Peer(address: IPAddress("192.0.2.7"), isHost: false)

  private static func rooms(_ count: Int, head: Int = 1) -> [RoomState] {
    (0..<count).compactMap { number in RoomName("#r\(number)").map { RoomState(name: $0, head: head) } }
  }

  private func member(_ harness: HubHarness, _ name: String, from peer: Peer) -> SessionID {
    let id = harness.connect(from: peer)
    harness.send(as: id, "CAP REQ \(HubHarness.moderationCapabilities.joined(separator: " "))", "LOGIN \(name)")
    harness.discardOutput()
    return id
  }

  @Test func `an abandoned room is replaced by a new one, fewest messages first`() {
    let harness = HubHarness()
    var rooms = Self.rooms(Room.maximumCount - 1, head: 5)
    rooms[17].head = 2
    harness.hub = Hub(epochs: Epoch("e").map { EpochList($0) }, secret: HubHarness.secret, rooms: rooms)
    let neha = member(harness, "neha", from: .host)
    harness.send(as: neha, "JOIN #r17")
    #expect(harness.send(as: neha, "JOIN #new").untagged.first == "OK JOIN")
    #expect(harness.hub.roomCount == Room.maximumCount)
    // A user is in it.
    #expect(harness.hub.rooms.contains(rooms[17].name))
    #expect(
      harness.log.acts.map { "\($0.by) \($0.verb.rawValue) \($0.text)" } == ["host DELETE made way for a new room"])
  }

  @Test func `a new room waits for the deletion that makes way for it, and a full disk refuses it`() {
    let harness = HubHarness()
    let rooms = Self.rooms(Room.maximumCount - 1)
    harness.hub = Hub(epochs: Epoch("e").map { EpochList($0) }, secret: HubHarness.secret, rooms: rooms)
    let neha = member(harness, "neha", from: .host)
    let akash = member(harness, "akash", from: .host)
    harness.recording = .waits
    #expect(harness.send(as: neha, "JOIN #new").isEmpty)
    // The room that is being deleted cannot be joined meanwhile.
    #expect(harness.send(as: akash, "JOIN #r0").isEmpty)
    harness.answerProposal(successfully: false, isFull: true)
    #expect(harness.takeOutput(of: neha).isRefused("storage-unavailable", "JOIN"))
    #expect(harness.takeOutput(of: akash).untagged.first == "OK JOIN")
    harness.recording = .works
    #expect(harness.send(as: neha, "JOIN #new").untagged.first == "OK JOIN")
    #expect(harness.hub.roomCount == Room.maximumCount)
    #expect(harness.hub.rooms.contains(rooms[0].name) && !harness.hub.rooms.contains(rooms[1].name))
  }

  @Test func `a disk that does not answer refuses the new room, and only the deletion may happen later`() throws {
    let harness = HubHarness()
    let rooms = Self.rooms(Room.maximumCount - 1)
    harness.hub = Hub(epochs: Epoch("e").map { EpochList($0) }, secret: HubHarness.secret, rooms: rooms)
    let neha = member(harness, "neha", from: .host)
    harness.recording = .waits
    #expect(harness.send(as: neha, "JOIN #new").isEmpty)
    harness.advanceClock(by: .seconds(1))
    harness.advanceClock(by: .seconds(6))
    let refusal = try #require(harness.takeOutput(of: neha).untagged.first)
    #expect(refusal.hasPrefix("ERR storage-unavailable JOIN ") && refusal.hasSuffix("; nothing was changed."))
    harness.answerProposal()
    #expect(harness.takeOutput(of: neha).isEmpty && harness.hub.roomCount == Room.maximumCount - 1)
    #expect(harness.rooms(of: neha) == ["#lobby"])
  }

  @Test func `a room with rules or members is never replaced`() {
    let harness = HubHarness()
    let rooms = Self.rooms(Room.maximumCount - 1)
    let rules = rooms.dropFirst().map { RoomRules(room: $0.name, slowness: 5) }
    harness.hub = Hub(
      epochs: Epoch("e").map { EpochList($0) }, secret: HubHarness.secret, rooms: rooms,
      registry: RegistryState(rooms: rules))
    let neha = member(harness, "neha", from: .host)
    #expect(harness.send(as: neha, "JOIN #r0").untagged.first == "OK JOIN")
    #expect(harness.send(as: neha, "JOIN #new").isRefused("too-many-rooms", "JOIN"))
    harness.send(as: neha, "PART #r0")
    #expect(harness.send(as: neha, "JOIN #new").untagged.first == "OK JOIN")
  }

  @Test func `rooms are counted per user and per address`() {
    let harness = HubHarness()
    var founded = 0
    for person in 0..<5 {
      let id = member(harness, "n\(person)", from: Self.home)
      for number in 0..<30 {
        let room = "#n\(person)-\(number)"
        harness.send(as: id, "JOIN \(room)")
        if harness.send(as: id, "SAY \(room) x").untagged.contains("OK SAY") { founded += 1 }
        harness.send(as: id, "PART \(room)")
        harness.advanceClock(by: .seconds(1))
      }
    }
    #expect(founded == 30)
    #expect(harness.hub.roomCount <= 31)
    let other = member(harness, "other", from: Peer(address: IPAddress("198.51.100.1"), isHost: false))
    #expect(harness.send(as: other, "JOIN #mine").untagged.first == "OK JOIN")
    #expect(harness.send(as: other, "SAY #mine x", "SAY #mine y").untagged.filter { $0 == "OK SAY" }.count == 2)
  }

  @Test func `joining empty rooms is counted too`() {
    let harness = HubHarness()
    let id = member(harness, "neha", from: Self.home)
    var opened = 0
    for number in 0..<100 {
      if harness.send(as: id, "JOIN #n\(number)").untagged.contains("OK JOIN") { opened += 1 }
      harness.send(as: id, "PART #n\(number)")
      harness.advanceClock(by: .seconds(1))
    }
    #expect(opened == 40)
  }

  @Test func `an operator deletes a room, and its members are told`() {
    let harness = HubHarness()
    let boss = harness.logInOperator()
    let (neha, _) = harness.logInTagged("neha", HubHarness.moderationCapabilities)
    for id in [boss, neha] { harness.send(as: id, "JOIN #a") }
    harness.send(as: neha, "SAY #a one", "TOPIC #a topic")
    harness.discardOutput()
    #expect(harness.send(as: neha, "DELETE #a").isRefused("not-operator", "DELETE"))
    #expect(harness.send(as: boss, "@label=1 DELETE #A off topic").untagged.first == "OK DELETE")
    #expect(harness.takeOutput(of: neha).untagged == ["LEFT neha kicked", "INFO boss deleted the room #a."])
    #expect(harness.rooms(of: neha) == ["#lobby"])
    #expect(harness.send(as: neha, "SAY #a two").isRefused("not-in-room", "SAY"))
    #expect(!harness.send(as: neha, "ROOMS").contains { $0.contains("#a") })
    #expect(
      harness.log.acts.map { "\($0.by) \($0.verb.rawValue) \($0.subject) \($0.text)" } == ["boss DELETE #a off topic"])
    for line in ["DELETE #lobby", "DELETE #nowhere"] {
      #expect(harness.send(as: boss, line).untagged.first?.hasPrefix("ERR ") == true)
    }
    // Sequence numbers continue, so that an earlier cursor matches no other message.
    let answer = harness.send(as: neha, "JOIN #a")
    #expect(answer.untagged.prefix(2) == ["OK JOIN", "SYNC #a e 2"])
    #expect(harness.send(as: neha, "HISTORY #a LATEST * 9").count == 2)
    #expect(harness.send(as: neha, "SAY #a new").first?.contains("seq=3") == true)
    harness.restart()
    let (again, _) = harness.logInTagged("again")
    harness.send(as: again, "JOIN #a")
    #expect(harness.send(as: again, "HISTORY #a LATEST * 9").untagged[1] == "MSG neha new")
  }

  @Test func `a deleted room stays deleted after a restart, and its name is free`() {
    let harness = HubHarness.withPin()
    let neha = harness.logInOwner("neha", TestKey(1))
    harness.send(as: neha, "CREATE #den", "SAY #den secret")
    let control = harness.connectControl()
    #expect(harness.send(as: control, "DELETE #den") == ["OK DELETE"])
    harness.restart()
    #expect(harness.hub.roomCount == 1)
    let akash = harness.logInOwner("akash", TestKey(2))
    #expect(harness.send(as: akash, "JOIN #den").untagged.first == "OK JOIN")
    #expect(harness.send(as: akash, "HISTORY #den LATEST * 9").count == 2)
  }

  @Test func `an owner deletes their own room, and no other`() {
    let harness = HubHarness.withPin()
    _ = harness.logInOwner("boss", TestKey(9), from: .host)
    let (neha, akash) = (harness.logInOwner("neha", TestKey(1)), harness.logInOwner("akash", TestKey(2)))
    harness.send(as: neha, "CREATE #den", "JOIN #open", "SAY #open x")
    #expect(harness.send(as: akash, "DELETE #den").isRefused("not-operator", "DELETE"))
    #expect(harness.send(as: neha, "DELETE #open").isRefused("not-operator", "DELETE"))
    #expect(harness.send(as: neha, "DELETE #den").untagged.contains("OK DELETE"))
    #expect(harness.send(as: akash, "JOIN #den").untagged.first == "OK JOIN")
  }

  @Test func `a room that is being deleted cannot be joined`() {
    let harness = HubHarness()
    let boss = harness.logInOperator()
    let (neha, _) = harness.logInTagged("neha")
    harness.send(as: neha, "JOIN #a", "SAY #a old")
    harness.recording = .waits
    harness.send(as: boss, "DELETE #a")
    let (akash, _) = harness.logInTagged("akash")
    #expect(harness.send(as: akash, "JOIN #a") == [])
    harness.recording = .works
    harness.answerProposal()
    #expect(harness.takeOutput(of: akash).untagged.prefix(2) == ["OK JOIN", "SYNC #a e 1"])
    #expect(harness.rooms(of: neha) == ["#lobby"])
  }

  /// The requests are made while the log answers nothing.
  /// - Returns: akash.
  private func deleteDen(
    _ harness: HubHarness, _ requests: (_ neha: SessionID, _ akash: SessionID) -> Void
  ) -> SessionID {
    let (neha, akash) = (harness.logInOwner("neha", TestKey(1)), harness.logInOwner("akash", TestKey(2)))
    harness.send(as: neha, "CREATE #den", "INVITE #den akash")
    harness.send(as: akash, "JOIN #den")
    harness.recording = .waits
    harness.storage = .waits
    harness.discardOutput()
    requests(neha, akash)
    // The log does all that it is asked for, changes first.
    while !harness.proposals.isEmpty || !harness.drafts.isEmpty {
      harness.answerProposal()
      harness.answerStore()
    }
    #expect(harness.takeOutput(of: neha).untagged.contains("OK DELETE"))
    harness.recording = .works
    harness.storage = .works
    return akash
  }

  private func expectNothingOfDen(_ harness: HubHarness) {
    let zoe = harness.logInOwner("zoe", TestKey(3))
    #expect(!harness.send(as: zoe, "ROOMS").contains { $0.contains("#den") })
    #expect(harness.send(as: zoe, "JOIN #den").untagged.first == "OK JOIN")
    harness.send(as: zoe, "SAY #den x")
    harness.discardOutput()
    let history = harness.send(as: zoe, "HISTORY #den LATEST * 9")
    #expect(history.untagged.dropFirst().dropLast() == ["MSG zoe x"])
  }

  @Test func `a message that is being stored is deleted with its room`() {
    let harness = HubHarness.withPin()
    let akash = deleteDen(harness) { neha, akash in
      harness.send(as: akash, "SAY #den secret")
      #expect(harness.send(as: neha, "DELETE #den") == [])
      #expect(harness.proposals.isEmpty, "the message is stored first")
      // Later messages do not delay the deletion.
      harness.send(as: akash, "SAY #den secret")
      #expect(harness.drafts.count == 1)
    }
    let heard = harness.takeOutput(of: akash).untagged
    #expect(
      heard.dropLast() == ["MSG akash secret", "OK SAY", "LEFT akash kicked", "INFO neha deleted the room #den."])
    #expect(heard.last?.hasPrefix("ERR not-in-room SAY") == true)
    expectNothingOfDen(harness)
  }

  @Test func `a message to a room that is being deleted waits, and is refused`() {
    let harness = HubHarness.withPin()
    let akash = deleteDen(harness) { neha, akash in
      harness.send(as: neha, "DELETE #den")
      #expect(harness.send(as: akash, "SAY #den secret", "TOPIC #den secret", "MSG hello") == [])
      #expect(harness.drafts.isEmpty)
    }
    let heard = harness.takeOutput(of: akash).untagged
    #expect(heard.contains { $0.hasPrefix("ERR not-in-room SAY") })
    #expect(heard.contains { $0.hasPrefix("ERR not-in-room TOPIC") })
    #expect(heard.last == "OK MSG")
    expectNothingOfDen(harness)
  }

  @Test func `a room that cannot be deleted takes the messages that waited`() {
    let harness = HubHarness.withPin()
    let (neha, akash) = (harness.logInOwner("neha", TestKey(1)), harness.logInOwner("akash", TestKey(2)))
    harness.send(as: neha, "CREATE #den", "INVITE #den akash")
    harness.send(as: akash, "JOIN #den")
    harness.recording = .waits
    harness.send(as: neha, "DELETE #den")
    harness.discardOutput()
    #expect(harness.send(as: akash, "SAY #den hello") == [])
    harness.answerProposal(successfully: false)
    #expect(harness.takeOutput(of: akash).untagged == ["MSG akash hello", "OK SAY"])
    #expect(harness.takeOutput(of: neha).untagged.last == "MSG akash hello")
  }

  @Test func `a deletion that waits for a message is refused after a timeout, and not made`() {
    let harness = HubHarness.withPin()
    let (neha, akash) = (harness.logInOwner("neha", TestKey(1)), harness.logInOwner("akash", TestKey(2)))
    harness.send(as: neha, "CREATE #den", "INVITE #den akash")
    harness.send(as: akash, "JOIN #den")
    harness.storage = .waits
    harness.discardOutput()
    harness.send(as: akash, "SAY #den hello")
    harness.send(as: neha, "DELETE #den")
    harness.send(as: akash, "SAY #den second")
    for _ in 0..<7 { harness.advanceClock(by: .seconds(1)) }
    #expect(harness.takeOutput(of: akash) == [], "answers come in the order of the requests")
    let refusal = harness.takeOutput(of: neha).untagged
    #expect(refusal.count == 1 && refusal[0].hasPrefix("ERR storage-unavailable DELETE "), "\(refusal)")
    #expect(refusal.last?.hasSuffix("; nothing was changed.") == true)
    harness.storage = .works
    harness.answerStore()
    #expect(harness.hub.proposals.isEmpty)
    #expect(harness.send(as: neha, "SAY #den still here").untagged.contains("OK SAY"))
    #expect(harness.send(as: neha, "DELETE #den").untagged.contains("OK DELETE"))
  }

  @Test func `a room in which a message is being stored is not replaced`() {
    let harness = HubHarness()
    let rooms = Self.rooms(Room.maximumCount - 1)
    harness.hub = Hub(epochs: Epoch("e").map { EpochList($0) }, secret: HubHarness.secret, rooms: rooms)
    let (neha, akash) = (member(harness, "neha", from: .host), member(harness, "akash", from: .host))
    harness.send(as: akash, "JOIN #r0")
    harness.storage = .waits
    harness.send(as: akash, "SAY #r0 x")
    harness.disconnect(akash, .lost)
    // A room that was left recently would stay anyway.
    harness.advanceClockWithoutTick(by: .seconds(1000))
    harness.send(as: neha, "PING", "JOIN #new")
    #expect(harness.hub.rooms.contains(rooms[0].name) && !harness.hub.rooms.contains(rooms[1].name))
  }

  @Test func `a private room is not created while a message to the room of that name is being stored`() {
    let harness = HubHarness.withPin()
    let (neha, akash) = (harness.logInOwner("neha", TestKey(1)), harness.logInOwner("akash", TestKey(2)))
    harness.send(as: akash, "JOIN #den")
    harness.storage = .waits
    harness.send(as: akash, "SAY #den x")
    harness.disconnect(akash, .lost)
    #expect(harness.send(as: neha, "CREATE #den").untagged.contains { $0.hasPrefix("ERR room-exists CREATE") })
  }

  // MARK: Resumptions

  @Test func `rooms that a resumption opens are counted too`() {
    let harness = HubHarness()
    func connect() -> SessionID {
      let id = harness.connect(from: Self.home)
      harness.send(as: id, "CAP REQ \(HubHarness.moderationCapabilities.joined(separator: " "))")
      return id
    }
    let neha = connect()
    let token = HubHarness.token(in: harness.send(as: neha, "LOGIN neha"))
    harness.disconnect(neha)
    let back = connect()
    let cursors = (0..<100).map { "#n\($0) x 0" }.joined(separator: " ")
    #expect(harness.send(as: back, "RESUME \(token) \(cursors)").untagged.first == "OK RESUME")
    #expect(harness.rooms(of: back).count == 1 + 40)
    #expect(harness.send(as: back, "JOIN #another").isRefused("too-many-rooms", "JOIN"))
  }

  @Test func `a resumption replaces no room`() {
    let harness = HubHarness()
    let rooms = Self.rooms(Room.maximumCount - 1)
    harness.hub = Hub(epochs: Epoch("e").map { EpochList($0) }, secret: HubHarness.secret, rooms: rooms)
    let (neha, token) = harness.logInTagged("neha")
    harness.disconnect(neha)
    let (back, answer) = harness.resume(token, "#new e 0 #r1 e 0")
    #expect(answer.untagged.first == "OK RESUME")
    #expect(harness.rooms(of: back) == ["#lobby", "#r1"])
    #expect(harness.hub.roomCount == Room.maximumCount && harness.log.acts.isEmpty)
  }

  @Test func `a room whose messages were all pruned is removed at the restart`() {
    let states = [RoomName("#a"), RoomName("#b")].compactMap { $0 }.map { RoomState(name: $0, head: 7) }
    var pruned = states
    pruned[0].hasMessages = false
    let hub = Hub(epochs: Epoch("e").map { EpochList($0) }, secret: HubHarness.secret, rooms: pruned)
    #expect(hub.roomCount == 2)
    #expect(!hub.rooms.contains(pruned[0].name))
  }
}
