import ChatDialects
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatHub
@testable import ChatServer

/// A session in several rooms receives exactly their lines, in order.
@Suite struct FanoutTests {
  /// A fan-out line by line.
  private struct Model {
    var rooms: Set<Int> = []
    var isSuspended = false
    /// Whether authors receive their own messages.
    var echoes = true
    var lines: [String] = []
  }

  private static let author = Nickname("neha")
  private static let dialects: [Capabilities] = [
    [], .presence, .tags, [.tags, .rooms], [.tags, .rooms, .marks], [.tags, .presence, .rooms],
  ]

  @Test func `the fan-out sends the same as line by line, in the same order`() throws {
    let author = try #require(Self.author)
    for seed in SeededGenerator.seeds(150) {
      var random = SeededGenerator(seed: seed)
      let rooms = try (0..<random.number(1...6)).map { try #require(RoomName($0 == 0 ? "#lobby" : "#room;\($0)")) }
      let lists = (1...6).map { count in
        MemberList((0..<count).map { _ in MemberList.Line(message: .user(author), tags: Tags()) })
      }
      let harness = ServerHarness()
      // Sweeps over several iterations, during which anything may happen.
      let isSweeping = random.flip()
      let fanout = Fanout(readersPerIteration: isSweeping ? random.number(1...3)...random.number(3...9) : 1000...1000)
      var models = (0..<random.number(1...8)).map { _ in Model(echoes: random.flip()) }
      let clients = try models.map { try harness.connect($0.echoes ? SwiftchatDialect() : SilentDialect()) }
      // Some messages are so long that output is flushed during the iteration.
      let size = random.chance(1, in: 5) ? 4000 : 10
      for number in 0..<random.number(1...400) {
        if isSweeping, random.chance(1, in: 3) { fanout.flush(continuesSweeps: random.flip()) }
        let who = random.number(0...clients.count - 1)
        let room = random.number(0...rooms.count - 1)
        var sender: Int?
        let text = "\(number)" + String(repeating: "x", count: random.number(0...size))
        switch random.number(0...13) {
        case 0...3: fanout.publish(.message(from: author, text: text), tags: Tags(), in: rooms[room])
        case 4...7:
          let message = NewMessage(
            conversation: .room(rooms[room]), author: author, member: MemberID(1), text: text)
          let stored = StoredMessage(message, id: number, sequence: number, time: .now())
          if !random.chance(1, in: 4) { sender = who }
          fanout.post(stored, in: rooms[room], from: sender.map { clients[$0].connection })
        case 8:
          fanout.send(.direct(from: author, text: text), tags: Tags(), to: clients[who].connection)
          models[who].lines.append("DM neha \(text)")
          continue
        case 9:
          fanout.enter(rooms[room], clients[who].connection)
          models[who].rooms.insert(room)
          continue
        case 10:
          fanout.leave(rooms[room], clients[who].connection)
          models[who].rooms.remove(room)
          continue
        case 11:
          if models[who].isSuspended {
            fanout.resume(clients[who].connection)
          } else {
            fanout.suspend(clients[who].connection)
          }
          models[who].isSuspended.toggle()
          continue
        case 12 where random.flip():
          let list = lists[random.number(0...lists.count - 1)]
          _ = fanout.send(list, to: clients[who].connection)
          models[who].lines += list.lines.map { _ in "USER neha" }
          continue
        case 12:
          fanout.agree(on: random.pick(Self.dialects), clients[who].connection)
          continue
        default:
          if random.flip() {
            fanout.flush()
          } else {
            fanout.leaveAll(clients[who].connection)
            models[who].rooms = []
          }
          continue
        }
        for index in models.indices where models[index].rooms.contains(room) && !models[index].isSuspended {
          if index == sender, !models[index].echoes { continue }
          models[index].lines.append("MSG neha \(text)")
        }
      }
      while !fanout.flush() {}
      for (client, model) in zip(clients, models) {
        let lines = client.takeLines()
        try #require(lines == model.lines, "\(random)")
        fanout.leaveAll(client.connection)
      }
      fanout.flush()
      try harness.close()
    }
  }

  @Test func `what a reader is sent alone does not wait for a sweep over many readers`() throws {
    let author = try #require(Self.author)
    let harness = ServerHarness()
    let fanout = Fanout(readersPerIteration: 2...2)
    let clients = try (0..<10).map { _ in try harness.connect() }
    for client in clients { fanout.enter(.lobby, client.connection) }
    fanout.publish(.message(from: author, text: "hello"), tags: Tags(), in: .lobby)
    #expect(!fanout.flush())
    #expect(clients.map { $0.takeLines().count } == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    fanout.send(.pong, tags: Tags(), to: clients[9].connection)
    fanout.send(.pong, tags: Tags(), to: clients[0].connection)
    #expect(!fanout.flush(continuesSweeps: false))
    #expect(clients[9].takeLines() == ["MSG neha hello", "PONG"])
    #expect(clients[0].takeLines() == ["PONG"])
    #expect(clients.map { $0.takeLines().count } == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(!fanout.flush())
    #expect(clients.map { $0.takeLines().count } == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0])
    // A line that is published during a sweep is sent with the first one, or in the next sweep.
    fanout.publish(.message(from: author, text: "again"), tags: Tags(), in: .lobby)
    var iterations = 1
    while !fanout.flush() { iterations += 1 }
    #expect(iterations < 12)
    #expect(
      clients.map { $0.takeLines() }
        == [1, 1, 1, 1, 2, 2, 2, 2, 2, 1].map { ["MSG neha hello", "MSG neha again"].suffix($0) })
    for client in clients { fanout.leaveAll(client.connection) }
    fanout.flush()
    try harness.close()
  }

  @Test func `a sweep serves twice as many readers in each iteration until there is new output`() throws {
    let author = try #require(Self.author)
    let harness = ServerHarness()
    let fanout = Fanout(readersPerIteration: 2...8)
    let clients = try (0..<40).map { _ in try harness.connect() }
    for client in clients { fanout.enter(.lobby, client.connection) }
    fanout.publish(.message(from: author, text: "hello"), tags: Tags(), in: .lobby)
    var served: [Int] = []
    for iteration in 0..<10 {
      if iteration == 5 { fanout.send(.pong, tags: Tags(), to: clients[0].connection) }
      fanout.flush()
      served.append(clients.count { $0.takeLines().contains("MSG neha hello") })
    }
    #expect(served == [2, 4, 8, 8, 8, 2, 4, 4, 0, 0])
    for client in clients { fanout.leaveAll(client.connection) }
    fanout.flush()
    try harness.close()
  }

  @Test func `a dialect that always has lines for many does not keep the others waiting`() throws {
    let author = try #require(Self.author)
    let room = try #require(RoomName("#one"))
    let harness = ServerHarness()
    let fanout = Fanout(readersPerIteration: 2...2)
    let many = try (0..<10).map { _ in try harness.connect() }
    let few = try (0..<2).map { _ in try harness.connect() }
    for client in many { fanout.enter(.lobby, client.connection) }
    for client in few {
      fanout.agree(on: .tags, client.connection)
      fanout.enter(room, client.connection)
    }
    fanout.publish(.message(from: author, text: "to many"), tags: Tags(), in: .lobby)
    fanout.publish(.message(from: author, text: "to few"), tags: Tags(), in: room)
    var iterations = 0
    while few.contains(where: { $0.takeLines().isEmpty }), iterations < 20 {
      fanout.publish(.message(from: author, text: "to many"), tags: Tags(), in: .lobby)
      fanout.flush()
      iterations += 1
    }
    #expect(iterations == 2)
    for client in many + few { fanout.leaveAll(client.connection) }
    while !fanout.flush() {}
    try harness.close()
  }

  @Test func `a room message has its sequence number, and its room except in the lobby`() throws {
    let author = try #require(Self.author)
    let harness = ServerHarness()
    let fanout = Fanout()
    let client = try harness.connect()
    fanout.agree(on: [.tags, .rooms], client.connection)
    let time = try #require(Timestamp("2026-11-22T10:00:00.123Z"))
    for (text, kind) in [("#lobby", MessageKind.text), ("#a;b", .text), ("#a;b", .topic)] {
      let room = try #require(RoomName(text))
      fanout.enter(room, client.connection)
      let message = NewMessage(
        conversation: .room(room), author: author, member: MemberID(1), kind: kind, text: "two  spaces")
      fanout.post(StoredMessage(message, id: 1_234_567_890_123, sequence: 10, time: time), in: room)
    }
    fanout.flush()
    let tags = "@time=2026-11-22T10:00:00.123Z;seq=10;id=1234567890123"
    #expect(
      client.takePackets() == [
        "\(tags) MSG neha two  spaces\n\(tags);room=#a\\:b MSG neha two  spaces\n\(tags);room=#a\\:b TOPIC neha two  spaces\n"
      ])
    fanout.leaveAll(client.connection)
    fanout.flush()
    try harness.close()
  }

  @Test func `a published event is sent to sessions that know its verb`() throws {
    let author = try #require(Self.author)
    let said: [ServerMessage] = [
      .message(from: author, text: "x"), .topic(from: author, text: "x"), .joined(author), .left(author, .quit),
      .away(author, text: "x"), .back(author), .redacted(.lobby, 1, by: author),
    ]
    for bits in UInt16(0)...Capabilities.all.rawValue {
      let dialect = Capabilities(rawValue: bits)
      guard dialect.isCoherent else { continue }
      let harness = ServerHarness()
      let fanout = Fanout()
      let client = try harness.connect()
      fanout.agree(on: dialect, client.connection)
      fanout.enter(.lobby, client.connection)
      for message in said { fanout.publish(message, tags: Tags(), in: .lobby) }
      fanout.flush()
      #expect(client.takeLines().count == said.count { $0.isKnown(in: dialect) }, "\(dialect.names)")
      fanout.leaveAll(client.connection)
      fanout.flush()
      try harness.close()
    }
  }

  @Test func `an author without further lines gets its output at the end of the iteration`() throws {
    let author = try #require(Self.author)
    let rooms = try ["#lobby", "#one"].map { try #require(RoomName($0)) }
    let harness = ServerHarness()
    let fanout = Fanout()
    let client = try harness.connect(SilentDialect())
    for room in rooms { fanout.enter(room, client.connection) }
    for (number, room) in rooms.enumerated() {
      fanout.publish(.message(from: author, text: "\(number)"), tags: Tags(), in: room)
    }
    let message = NewMessage(conversation: .room(.lobby), author: author, member: MemberID(1), text: "own")
    fanout.post(
      StoredMessage(message, id: 1, sequence: 1, time: .now()), in: .lobby, from: client.connection)
    #expect(client.takePackets() == [])
    fanout.flush()
    #expect(client.takeLines() == ["MSG neha 0", "MSG neha 1"])
    fanout.leaveAll(client.connection)
    fanout.flush()
    try harness.close()
  }

  /// Bytes that were handed out are copied by every later line of the same iteration.
  @Test func `lines to one reader do not send the published ones before the end of the iteration`() throws {
    let author = try #require(Self.author)
    let harness = ServerHarness()
    let fanout = Fanout()
    let clients = try (0..<2).map { _ in try harness.connect() }
    for client in clients {
      fanout.agree(on: .tags, client.connection)
      fanout.enter(.lobby, client.connection)
    }
    let numbers = 0..<1000
    for number in numbers {
      fanout.publish(.message(from: author, text: "\(number)"), tags: Tags(), in: .lobby)
      fanout.send(.pong, tags: Tags(), to: clients[0].connection)
      try #require(clients[0].takePackets() == [])
    }
    fanout.leave(.lobby, clients[0].connection)
    fanout.publish(.message(from: author, text: "later"), tags: Tags(), in: .lobby)
    fanout.flush()
    let packets = clients.map { $0.takePackets() }
    #expect(packets[0].joined() == numbers.map { "MSG neha \($0)\nPONG\n" }.joined())
    #expect(packets[1].joined() == numbers.map { "MSG neha \($0)\n" }.joined() + "MSG neha later\n")
    #expect(packets.allSatisfy { $0.count == 1 })
    for client in clients { fanout.leaveAll(client.connection) }
    fanout.flush()
    try harness.close()
  }

  @Test func `readers of the same rooms share one buffer, in any order of rooms`() throws {
    let author = try #require(Self.author)
    let rooms = try ["#lobby", "#one", "#two"].map { try #require(RoomName($0)) }
    let harness = ServerHarness()
    let fanout = Fanout()
    let clients = try (0..<20).map { _ in try harness.connect() }
    for client in clients {
      fanout.agree(on: [.tags, .rooms], client.connection)
      for room in rooms { fanout.enter(room, client.connection) }
    }
    for number in 0..<99 {
      fanout.publish(.message(from: author, text: "\(number)"), tags: Tags(), in: rooms[number % 3])
    }
    fanout.flush()
    for client in clients {
      #expect(client.takePackets() == [(0..<99).map { "MSG neha \($0)\n" }.joined()])
      fanout.leaveAll(client.connection)
    }
    fanout.flush()
    try harness.close()
  }
}
