import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatHub

/// Confusable names.
@Suite struct LookalikeTests {
  /// With a Cyrillic а.
  private static let disguise = "\u{430}kash"
  private let harness = HubHarness.withPin()

  @Test func `a name confusable with a present user's is refused, and free when they have left`() {
    let akash = harness.logIn("akash")
    #expect(harness.send(as: harness.connect(), "LOGIN \(Self.disguise)") == ["ERR username-confusable"])
    // The same name in full-width letters.
    #expect(harness.send(as: harness.connect(), "LOGIN \u{ff21}kash") == ["ERR username-taken"])
    #expect(harness.requestLogin(Self.disguise, TestKey(1)).1.isRefused("username-confusable", "LOGIN"))
    harness.disconnect(akash)
    let disguised = harness.logIn(Self.disguise)
    #expect(harness.send(as: harness.connect(), "LOGIN akash") == ["ERR username-confusable"])
    harness.disconnect(disguised)
    #expect(harness.send(as: harness.connect(), "LOGIN akash") == ["OK"])
  }

  @Test func `a name confusable with an owned name is refused while the owner is offline`() {
    harness.disconnect(harness.logInOwner("akash", TestKey(1)))
    #expect(harness.send(as: harness.connect(), "LOGIN \(Self.disguise)") == ["ERR username-confusable"])
    harness.restart()
    #expect(harness.send(as: harness.connect(), "LOGIN \(Self.disguise)") == ["ERR username-confusable"])
    _ = harness.logInOwner("akash", TestKey(1))
    _ = harness.logInOwner("akash", TestKey(1))
  }

  @Test func `ASCII names are never confusable`() {
    _ = harness.logIn("Bill")
    #expect(harness.send(as: harness.connect(), "LOGIN Bi11") == ["OK"])
  }

  @Test func `a resume follows the same rule`() {
    let (akash, token) = harness.logInTagged("akash")
    harness.disconnect(akash)
    _ = harness.logIn(Self.disguise)
    #expect(harness.resume(token).1.isRefused("username-confusable", "RESUME"))
  }

  @Test(arguments: ["\u{441}ystem", "\u{ff48}ost", "serv\u{435}r", "SYSTEM"])
  func `a name confusable with a reserved name is reserved`(name: String) {
    // The first begins with a letter that does not resemble s.
    let isReserved = !name.hasPrefix("\u{441}")
    #expect(harness.send(as: harness.connect(), "LOGIN \(name)") == [isReserved ? "ERR username-reserved" : "OK"])
  }

  @Test(arguments: ["\u{24d7}ost", "\u{24e2}erver", "\u{24de}perator"])
  func `a name equal to a reserved name is reserved, whatever its letters look like`(name: String) {
    #expect(harness.send(as: harness.connect(), "LOGIN \(name)") == ["ERR username-reserved"])
  }

  @Test func `equal names are claimed one after the other, whatever their letters look like`() {
    harness.recording = .waits
    for (number, name) in ["neha\u{2461}", "neha2"].enumerated() {
      let peer = Peer(address: IPAddress("192.0.2.\(number)"), isHost: false)
      harness.requestLogin(name, TestKey(UInt8(number + 1)), from: peer)
    }
    #expect(harness.proposals.count == 1)
    harness.answerProposal()
    #expect(harness.proposals.isEmpty)
    #expect(harness.hub.registry.accountCount == 1)
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
