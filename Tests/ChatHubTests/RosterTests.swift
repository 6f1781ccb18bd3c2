import TestSupport
import ChatProtocol
import Testing

@testable import ChatHub

@Suite struct RosterTests {
  /// A list, searched from its beginning.
  private struct Model {
    var people: [(name: Nickname, session: SessionID)] = []

    mutating func insert(_ name: Nickname, session: SessionID) -> Bool {
      guard !people.contains(where: { $0.name == name }) else { return false }
      people.append((name, session))
      return true
    }
  }

  @Test func `it is the list that it looks like, after many comings and goings`() throws {
    let names = try (0..<150).map { try #require(Nickname("Name\($0)")) }
    let shouted = try (0..<150).map { try #require(Nickname("NAME\($0)")) }
    for seed in SeededGenerator.seeds(20) {
      var random = SeededGenerator(seed: seed)
      var roster = Roster()
      var model = Model()
      for step in 0..<1500 {
        let index = Int.random(in: 0..<names.count, using: &random)
        let name = random.chance(1, in: 2) ? names[index] : shouted[index]
        // Waves of coming and of going, so that the gaps are closed at many sizes.
        if random.chance(step / 300 % 2 == 0 ? 7 : 2, in: 10) {
          let id = SessionID(UInt64(step))
          try #require(roster.insert(name, session: id) == model.insert(name, session: id), "SWIFTCHAT_SEED=\(seed)")
        } else {
          roster.remove(name)
          model.people.removeAll { $0.name == name }
        }
        let expected = model.people.map(\.session)
        try #require(roster.entries.map(\.session) == expected, "SWIFTCHAT_SEED=\(seed), step \(step)")
        try #require(roster.count == expected.count, "SWIFTCHAT_SEED=\(seed), step \(step)")
        let probe = names[Int.random(in: 0..<names.count, using: &random)]
        let found = model.people.first { $0.name == probe }
        try #require(roster[probe]?.session == found?.session, "SWIFTCHAT_SEED=\(seed), step \(step)")
        try #require(roster[probe]?.name.text == found?.name.text, "SWIFTCHAT_SEED=\(seed), step \(step)")
      }
    }
  }

  @Test func `people are listed in the order of their logins`() {
    let stage = Stage()
    var ids: [(String, SessionID)] = (0..<60).map { ("n\($0)", stage.join("n\($0)")) }
    for index in stride(from: 59, through: 0, by: -1) where index % 3 != 0 { stage.leave(ids.remove(at: index).1) }
    ids.append(("n1", stage.join("n1")))
    #expect(stage.say(ids[5].1, "WHO") == ids.map { "USER \($0.0)" })
  }
}
