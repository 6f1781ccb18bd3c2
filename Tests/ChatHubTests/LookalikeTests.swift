import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatHub

/// Confusable names.
@Suite struct LookalikeTests {
  /// With a Cyrillic а.
  private static let disguise = "\u{430}kash"
  private let stage = Stage.provable()

  @Test func `a name confusable with a present user's is refused, and free when they have left`() {
    let akash = stage.join("akash")
    #expect(stage.say(stage.open(), "LOGIN \(Self.disguise)") == ["ERR username-confusable"])
    // The same name in full-width letters.
    #expect(stage.say(stage.open(), "LOGIN \u{ff21}kash") == ["ERR username-taken"])
    #expect(stage.come(Self.disguise, Identity(1)).1.isRefused("username-confusable", "LOGIN"))
    stage.leave(akash)
    let disguised = stage.join(Self.disguise)
    #expect(stage.say(stage.open(), "LOGIN akash") == ["ERR username-confusable"])
    stage.leave(disguised)
    #expect(stage.say(stage.open(), "LOGIN akash") == ["OK"])
  }

  @Test func `a name confusable with an owned name is refused while the owner is offline`() {
    stage.leave(stage.settle("akash", Identity(1)))
    #expect(stage.say(stage.open(), "LOGIN \(Self.disguise)") == ["ERR username-confusable"])
    stage.restart()
    #expect(stage.say(stage.open(), "LOGIN \(Self.disguise)") == ["ERR username-confusable"])
    _ = stage.settle("akash", Identity(1))
    _ = stage.settle("akash", Identity(1))
  }

  @Test func `ASCII names are never confusable`() {
    _ = stage.join("Bill")
    #expect(stage.say(stage.open(), "LOGIN Bi11") == ["OK"])
  }

  @Test func `a resume follows the same rule`() {
    let (akash, token) = stage.arrive("akash")
    stage.leave(akash)
    _ = stage.join(Self.disguise)
    #expect(stage.resume(token).1.isRefused("username-confusable", "RESUME"))
  }

  @Test(arguments: ["\u{441}ystem", "\u{ff48}ost", "serv\u{435}r", "SYSTEM"])
  func `a name confusable with a reserved name is reserved`(name: String) {
    // The first begins with a letter that does not resemble s.
    let isReserved = !name.hasPrefix("\u{441}")
    #expect(stage.say(stage.open(), "LOGIN \(name)") == [isReserved ? "ERR username-reserved" : "OK"])
  }

  @Test func `the index matches a linear search`() throws {
    let names = ["a", "\u{430}", "\u{251}", "b", "B1", "Bl", "\u{412}1", "\u{432}"].compactMap { Nickname($0) }
    for seed in SeededGenerator.seeds(50) {
      var random = SeededGenerator(seed: seed)
      var index = ConfusableIndex()
      var list: Set<Nickname> = []
      for _ in 0..<100 {
        let name = random.pick(names)
        if list.contains(name) {
          index.remove(name)
          list.remove(name)
        } else {
          try #require(
            index.contains(lookalikeOf: name) == list.contains { $0.resembles(name) }, "SWIFTCHAT_SEED=\(seed)")
          index.insert(name)
          list.insert(name)
        }
      }
      for name in list { index.remove(name) }
      #expect(index == ConfusableIndex())
    }
  }
}
