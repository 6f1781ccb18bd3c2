import TestSupport
import Testing

@testable import ChatHub

@Suite struct RegisterTests {
  @Test func `a slot map behaves like a dictionary after many insertions and removals`() throws {
    for seed in SeededGenerator.seeds(20) {
      var random = SeededGenerator(seed: seed)
      var register = SlotMap<Int, [Int]>()
      var model: [Int: [Int]] = [:]
      for step in 0..<2000 {
        let key = random.number(0...60)
        switch random.number(0...5) {
        case 0, 1:
          register.insert(key, [step])
          model[key] = [step]
        case 2:
          #expect(register.remove(key) == model.removeValue(forKey: key))
        case 3:
          register[key]?.append(step)
          model[key]?.append(step)
        case 4:
          if let place = register.place(of: key) { register[at: place]?.append(-step) }
          model[key]?.append(-step)
        default: register[999]?.append(step)
        }
        try #require(register[key] == model[key], "SWIFTCHAT_SEED=\(seed), step \(step)")
        try #require(register.count == model.count, "SWIFTCHAT_SEED=\(seed), step \(step)")
        try #require(Set(register.keys) == Set(model.keys), "SWIFTCHAT_SEED=\(seed), step \(step)")
      }
      for key in 0...60 { try #require(register[key] == model[key], "SWIFTCHAT_SEED=\(seed)") }
      register.removeAll()
      #expect(register.isEmpty && register[1] == nil && register.place(of: 1) == nil)
    }
  }

  /// A slot map is a value.
  @Test func `a copy does not change with the original`() {
    var register = SlotMap<Int, [Int]>()
    register.insert(1, [1])
    let copy = register
    register[1]?.append(2)
    register.insert(2, [])
    #expect(copy[1] == [1] && copy.count == 1)
    #expect(register[1] == [1, 2])
  }
}
