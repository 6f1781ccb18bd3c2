import TestSupport
import Testing

@testable import ChatHub

@Suite struct SlotMapTests {
  @Test func `a slot map behaves like a dictionary after many insertions and removals`() throws {
    for seed in SeededGenerator.seeds(20) {
      var random = SeededGenerator(seed: seed)
      var map = SlotMap<Int, [Int]>(placeholder: [])
      var model: [Int: [Int]] = [:]
      for step in 0..<2000 {
        let key = random.number(0...60)
        switch random.number(0...5) {
        case 0, 1:
          map.insert(key, [step])
          model[key] = [step]
        case 2:
          #expect(map.remove(key) == model.removeValue(forKey: key))
        case 3:
          map.update(key) { $0.append(step) }
          model[key]?.append(step)
        case 4:
          if let place = map.place(of: key) { map[at: place].append(-step) }
          model[key]?.append(-step)
        default:
          map.update(999) { $0.append(step) }
          map[at: 0].append(step)
        }
        try #require(map[key] == model[key], "SWIFTCHAT_SEED=\(seed), step \(step)")
        try #require(map.count == model.count, "SWIFTCHAT_SEED=\(seed), step \(step)")
        try #require(Set(map.keys) == Set(model.keys), "SWIFTCHAT_SEED=\(seed), step \(step)")
      }
      for key in 0...60 { try #require(map[key] == model[key], "SWIFTCHAT_SEED=\(seed)") }
      map.removeAll()
      #expect(map.isEmpty && map[1] == nil && map.place(of: 1) == nil)
    }
  }

  /// A slot map is a value.
  @Test func `a copy does not change with the original`() {
    var map = SlotMap<Int, [Int]>(placeholder: [])
    map.insert(1, [1])
    let copy = map
    map.update(1) { $0.append(2) }
    map.insert(2, [])
    #expect(copy[1] == [1] && copy.count == 1)
    #expect(map[1] == [1, 2])
  }
}
