import ChatProtocol
import TestSupport
import Testing

@testable import ChatHub

@Suite struct InsertionOrderedTableTests {
  /// A list that is searched linearly.
  private struct TableModel {
    var entries: [(name: Nickname, value: Int)] = []

    mutating func insert(_ name: Nickname, _ value: Int) -> Bool {
      guard !entries.contains(where: { $0.name == name }) else { return false }
      entries.append((name, value))
      return true
    }
  }

  @Test(.computing) func `the table behaves like a list after many insertions and removals`() throws {
    let names = try (0..<150).map { try #require(Nickname("Name\($0)")) }
    let shouted = try (0..<150).map { try #require(Nickname("NAME\($0)")) }
    for seed in SeededGenerator.seeds(20) {
      var random = SeededGenerator(seed: seed)
      var order = InsertionOrderedTable<Nickname, Int>()
      var model = TableModel()
      for step in 0..<1500 {
        let index = random.number(0...names.count - 1)
        let name = random.flip() ? names[index] : shouted[index]
        // Phases with more insertions or more removals, so that gaps are closed at many sizes.
        if random.chance(step / 300 % 2 == 0 ? 7 : 2, in: 10) {
          try #require(order.insert(name, step) == model.insert(name, step), "SWIFTCHAT_SEED=\(seed)")
        } else if random.flip() {
          let found = model.entries.firstIndex { $0.name == name }
          let changed = order.update(name) { value in
            value += 1
            return value
          }
          if let found { model.entries[found].value += 1 }
          try #require(changed == found.map { model.entries[$0].value }, "SWIFTCHAT_SEED=\(seed), step \(step)")
        } else {
          let removed = model.entries.firstIndex { $0.name == name }.map { model.entries.remove(at: $0).value }
          try #require(order.remove(name) == removed, "SWIFTCHAT_SEED=\(seed), step \(step)")
        }
        let expected = model.entries.map(\.value)
        try #require(order.entries.map(\.value) == expected, "SWIFTCHAT_SEED=\(seed), step \(step)")
        try #require(order.count == expected.count, "SWIFTCHAT_SEED=\(seed), step \(step)")
        let probe = names[random.number(0...names.count - 1)]
        let found = model.entries.first { $0.name == probe }
        try #require(order[probe] == found?.value, "SWIFTCHAT_SEED=\(seed), step \(step)")
        try #require(order.entry(probe)?.key.text == found?.name.text, "SWIFTCHAT_SEED=\(seed), step \(step)")
      }
    }
  }

  @Test func `users are listed in login order`() {
    let harness = HubHarness()
    var ids: [(String, SessionID)] = (0..<60).map { ("n\($0)", harness.logIn("n\($0)")) }
    for index in stride(from: 59, through: 0, by: -1) where index % 3 != 0 {
      harness.disconnect(ids.remove(at: index).1)
    }
    ids.append(("n1", harness.logIn("n1")))
    #expect(harness.send(as: ids[5].1, "WHO") == ids.map { "USER \($0.0)" })
  }
}
