import ChatModel
import ChatProtocol
import ChatRecords
import TestClient
import TestSupport
import Testing

/// Hub, log and clients with failing connections, a server that may stop between any two steps of a commit, and clients
/// that stop too: a confirmed message is stored, no message is shown twice, and every client shows the same order.
@Suite(.computing) struct SimulationTests {
  /// In parallel, for machines with several cores.
  @Test(arguments: 1...4) func `no confirmed message is lost, duplicated or reordered`(part: Int) throws {
    for seed in SeededGenerator.seeds(250) {
      do {
        try play(seed, steps: 400, isTracing: false)
      } catch {
        // Repeated with a trace.
        try play(seed, steps: 400, isTracing: true)
        throw error
      }
    }
  }

  @Test func `a restored log is never taken for the earlier one`() throws {
    for seed in SeededGenerator.seeds(50) {
      do {
        try play(seed, steps: 400, restoresLog: true, isTracing: false)
      } catch {
        try play(seed, steps: 400, restoresLog: true, isTracing: true)
        throw error
      }
    }
  }

  @Test func `clients stay online while the log answers nothing, and a message is confirmed once, afterwards`() throws {
    let seed: UInt64 = 1
    let simulation = Simulation(seed: seed, names: ["neha", "akash", "zoe"], isTracing: true)
    try simulation.begin()
    simulation.say(to: .room(.lobby), 0)
    // A minute, longer than any patience of the session.
    for _ in 0..<600 {
      for index in simulation.links.indices {
        simulation.deliverToServer(index, bytes: .max)
        simulation.deliverToClient(index, bytes: .max)
      }
      simulation.pass(.milliseconds(100))
      for client in simulation.clients where !client.screen.isOnline {
        try fail("offline at \(simulation.now)", simulation, client, seed)
      }
    }
    #expect(simulation.clients[0].screen.kept.memory.unconfirmed.map(\.text) == ["neha-1"])
    try simulation.heal { try check(simulation, seed) }
    try checkSettled(simulation, seed)
    #expect(simulation.clients[0].screen.confirmed == ["neha-1"])
    #expect(simulation.disk.journal.map(\.text) == ["neha-1"])
  }

  private func play(_ seed: UInt64, steps: Int, restoresLog: Bool = false, isTracing: Bool) throws {
    let simulation = Simulation(
      seed: seed, names: ["neha", "akash", "zoe"], restoresLog: restoresLog, isTracing: isTracing)
    try simulation.begin()
    for _ in 0..<steps {
      try simulation.step()
      try check(simulation, seed)
    }
    try simulation.heal { try check(simulation, seed) }
    try checkSettled(simulation, seed)
  }

  /// Invariants at any time.
  private func check(_ simulation: Simulation, _ seed: UInt64) throws {
    for client in simulation.clients {
      if let violation = client.screen.violations.first { try fail(violation, simulation, client, seed) }
    }
    if let violation = (simulation.disk.violations + simulation.violations).first {
      try fail(violation, simulation, nil, seed)
    }
  }

  /// Invariants of the final state.
  private func checkSettled(_ simulation: Simulation, _ seed: UInt64) throws {
    var stored: [String: StoredMessage] = [:]
    var heads: [Conversation: Int] = [:]
    for message in simulation.disk.journal {
      let head = heads[message.conversation, default: 0]
      if message.sequence != head + 1 { try fail("\(message) follows \(head)", simulation, nil, seed) }
      heads[message.conversation] = message.sequence
      let earlier = stored.updateValue(message, forKey: message.text)
      if earlier != nil { try fail("\(message.text) twice", simulation, nil, seed) }
    }
    if let left = simulation.host?.requests.first {
      try fail("the host was not answered: \(left)", simulation, nil, seed)
    }
    for client in simulation.clients {
      if !client.screen.isOnline { try fail("not online", simulation, client, seed) }
      if let left = client.screen.kept.memory.unconfirmed.first {
        try fail("\(left) has no end", simulation, client, seed)
      }
      for text in client.screen.confirmed where stored[text] == nil && !simulation.vanished.contains(text) {
        try fail("\(text) was confirmed and is not stored", simulation, client, seed)
      }
      for place in client.screen.confirmedRedactions where !isRedacted(place, by: client, simulation) {
        try fail("\(place) was taken away, and is there", simulation, client, seed)
      }
      for (target, window) in client.screen.windows {
        // A direct conversation without messages since the restore keeps exactly what was shown before.
        if case .person = target, window.messages.allSatisfy({ simulation.vanished.contains($0.text) }) { continue }
        var conversation: Conversation?
        for shown in window.messages {
          let message = stored[shown.text] ?? redacted(shown, in: target, of: client, conversation, simulation)
          guard let message, message.sequence == shown.sequence, message.author == shown.author,
            conversation == nil || conversation == message.conversation
          else { try fail("\(target) shows \(shown)", simulation, client, seed) }
          conversation = message.conversation
          switch (message.conversation, target) {
          case (.room(let room), _):
            if target != .room(room) { try fail("\(shown) in \(target)", simulation, client, seed) }
          case (.pair, .person(let other)):
            let names = [message.author, message.reader]
            if !names.contains(client.name) || !names.contains(other) {
              try fail("\(client.name) reads \(message) in \(target)", simulation, client, seed)
            }
          case (.pair, .room): try fail("\(shown) in \(target)", simulation, client, seed)
          }
        }
        guard case .room(let room) = target, room == .lobby || client.screen.kept.rooms.contains(room) else { continue }
        let head = heads[.room(room)] ?? 0
        let last = window.messages.last?.sequence ?? 0
        if last != head { try fail("\(target) shows up to \(last) of \(head)", simulation, client, seed) }
      }
    }
  }

  private func isRedacted(_ place: EventScreen.MessagePlace, by client: SimulatedClient, _ simulation: Simulation)
    -> Bool
  {
    simulation.disk.journal.contains { message in
      guard message.sequence == place.sequence, message.author == client.name,
        simulation.disk.redacted.contains(message.id)
      else { return false }
      switch (message.conversation, place.target) {
      case (.room(let room), .room(let target)): return room == target
      case (.pair, .person(let other)): return message.reader == other
      default: return false
      }
    }
  }

  /// - Returns: the message without its text.
  private func redacted(
    _ shown: ChatMessage, in target: Target, of client: SimulatedClient, _ conversation: Conversation?,
    _ simulation: Simulation
  ) -> StoredMessage? {
    guard shown.text == StoredMessage.redactedText || shown.text.isEmpty else { return nil }
    return simulation.disk.journal.first { message in
      guard simulation.disk.redacted.contains(message.id), message.sequence == shown.sequence,
        message.author == shown.author,
        conversation == nil || conversation == message.conversation
      else { return false }
      switch (message.conversation, target) {
      case (.room(let room), .room(let shown)): return room == shown
      case (.pair, .person(let other)):
        return [message.author, message.reader].contains(client.name)
          && [message.author, message.reader].contains(other)
      default: return false
      }
    }
  }

  private func fail(_ what: String, _ simulation: Simulation, _ client: SimulatedClient?, _ seed: UInt64) throws
    -> Never
  {
    let whose = client.map { "\($0.name): " } ?? ""
    // Omits keep-alives.
    let trace = simulation.trace.filter { line in !["PING", "PONG", "lag("].contains { line.contains($0) } }
    throw Failure(
      description: "SWIFTCHAT_SEED=\(seed): \(whose)\(what)\n" + trace.suffix(2000).joined(separator: "\n"))
  }

  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }
}
