import ChatProtocol
import Testing

@testable import ChatHub

/// A sanction applies to a user under any name and for any verb.
@Suite struct PersonSanctionTests {
  private static let address = "192.0.2.7"
  private static let home = Peer(address: IPAddress(address), isHost: false)
  private static let elsewhere = Peer(address: IPAddress("198.51.100.1"), isHost: false)

  private let harness = HubHarness.withPin()
  private let host: SessionID
  private let akash: SessionID

  init() {
    harness.apply(.clock(HubHarness.noon))
    host = harness.connectControl()
    akash = harness.logInOwner("akash", TestKey(9), from: Self.elsewhere)
  }

  private func guest(_ name: String, from peer: Peer = home) -> SessionID {
    let (id, _) = harness.connectSecured(from: peer)
    harness.send(as: id, "LOGIN \(name)")
    harness.discardOutput()
    return id
  }

  // MARK: Names

  @Test func `a mute applies to the owner of a key under every name`() {
    _ = harness.logInOwner("mallory", TestKey(1), from: Self.home)
    #expect(harness.send(as: host, "MUTE mallory *") == ["OK MUTE"])
    // A login announces the name, so it is refused too.
    #expect(harness.requestLogin("trudy", TestKey(1), from: Self.elsewhere).1.isRefused("muted", "LOGIN"))
    let mallory = harness.logInOwner("mallory", TestKey(1), from: Self.elsewhere)
    #expect(harness.send(as: mallory, "MSG hi").isRefused("muted", "MSG"))
    // With another of their keys.
    let second = TestKey(2)
    let member = harness.hub.registry.account(with: TestKey(1).key)
    if var account = member {
      account.keys.append(AccountKey(key: second.key, added: HubHarness.noon))
      harness.hub.registry.apply(.account(account))
    }
    let again = harness.logInOwner("mallory", second, from: Self.elsewhere)
    #expect(harness.send(as: again, "MSG hi").isRefused("muted", "MSG"))
    #expect(!harness.takeOutput(of: akash).contains { $0.contains("MSG") })
  }

  @Test func `a mute of an owner's guest name applies to the owned name`() {
    harness.disconnect(harness.logInOwner("mallory", TestKey(1), from: Self.home))
    let (other, answer) = harness.requestLogin("trudy", TestKey(1), from: Self.home)
    #expect(answer.untagged.first == "OK LOGIN")
    #expect(harness.send(as: host, "MUTE trudy *") == ["OK MUTE"])
    #expect(harness.send(as: other, "MSG hi").isRefused("muted", "MSG"))
    harness.disconnect(other)
    let mallory = harness.logInOwner("mallory", TestKey(1), from: Self.elsewhere)
    #expect(harness.send(as: mallory, "MSG hi").isRefused("muted", "MSG"))
  }

  @Test func `a mute applies to guests at the same address, and not to owners of names there`() {
    let mallory = guest("mallory")
    let owner = harness.logInOwner("owner", TestKey(3), from: Self.home)
    #expect(harness.send(as: host, "MUTE mallory 60 caps") == ["OK MUTE"])
    harness.disconnect(mallory)
    let trudy = guest("trudy")
    #expect(harness.send(as: trudy, "MSG hi").isRefused("muted", "MSG"))
    #expect(harness.send(as: guest("eve", from: Self.elsewhere), "MSG hi").untagged.last == "OK MSG")
    #expect(harness.send(as: owner, "MSG hi").untagged.last == "OK MSG")
    // A new owned name does not evade the mute.
    let (fresh, answer) = harness.requestLogin("fresh", TestKey(4), from: Self.home)
    #expect(answer.first?.contains("owned") == false)
    #expect(harness.send(as: fresh, "MSG hi").isRefused("muted", "MSG"))
    harness.restart()
    harness.apply(.clock(HubHarness.noon))
    #expect(harness.send(as: guest("third"), "MSG hi").isRefused("muted", "MSG"))
    harness.advanceClocks(to: HubHarness.noon.advanced(by: .seconds(61)))
    #expect(harness.send(as: guest("fourth"), "MSG hi").untagged.last == "OK MSG")
  }

  @Test func `a removed mute applies to no guest`() {
    let mallory = guest("mallory")
    harness.send(as: host, "MUTE mallory *", "UNMUTE mallory")
    #expect(harness.send(as: mallory, "MSG hi").untagged.last == "OK MSG")
    #expect(harness.send(as: guest("trudy"), "MSG hi").untagged.last == "OK MSG")
  }

  @Test func `a muted owner is muted as a guest at later addresses too`() {
    harness.disconnect(harness.logInOwner("mallory", TestKey(1), from: Self.home))
    harness.send(as: host, "MUTE mallory *")
    harness.disconnect(
      harness.logInOwner("mallory", TestKey(1), from: .init(address: IPAddress("203.0.113.9"), isHost: false)))
    let trudy = guest("trudy", from: .init(address: IPAddress("203.0.113.9"), isHost: false))
    #expect(harness.send(as: trudy, "MSG hi").isRefused("muted", "MSG"))
  }

  @Test func `new guest names do not evade a mute`() {
    harness.disconnect(guest("mallory"))
    harness.send(as: host, "MUTE mallory *")
    var heard = 0
    for number in 0..<12 {
      let (id, _) = harness.connectSecured(from: Self.home)
      if harness.send(as: id, "LOGIN mallory-says-\(number)").untagged.first == "OK LOGIN" { heard += 1 }
      harness.disconnect(id)
    }
    #expect(heard == 3)
    #expect(harness.send(as: harness.connectSecured(from: Self.home).0, "LOGIN mallory").untagged.first == "OK LOGIN")
  }

  @Test func `a key that cannot own its name because of a mute is told so`() {
    harness.disconnect(guest("mallory"))
    harness.send(as: host, "MUTE mallory *")
    let (_, answer) = harness.requestLogin("fresh", TestKey(4), from: Self.home)
    #expect(answer.untagged.first == "OK LOGIN" && answer.first?.contains(";owned") == false)
    #expect(answer.untagged.contains("INFO \(ClaimObstacle.mute.sentence)"), "\(answer)")
  }

  @Test func `a token does not make a guest's new name an old one`() {
    func login(_ name: String, _ token: String? = nil) -> (SessionID, [String]) {
      let (id, _) = harness.connectSecured(from: Self.home)
      return (id, harness.send(as: id, "\(token.map { "@token=\($0) " } ?? "")LOGIN \(name)"))
    }
    let (mallory, mallorys) = login("mallory")
    let (eve, eves) = login("eve")
    for id in [mallory, eve] { harness.disconnect(id) }
    harness.send(as: host, "MUTE mallory *")
    let token = HubHarness.token(in: mallorys)
    var heard = 0
    for number in 0..<12 {
      let (id, answer) = login("mallory-says-\(number)", token)
      if answer.untagged.first == "OK LOGIN" { heard += 1 }
      harness.disconnect(id)
    }
    #expect(heard == 3)
    #expect(login("eve", HubHarness.token(in: eves)).1.untagged.first == "OK LOGIN")
  }

  @Test func `the ban of a key applies to guests at the address that its owner left`() {
    harness.disconnect(harness.logInOwner("mallory", TestKey(1), from: Self.home))
    #expect(harness.send(as: host, "BAN key:\(TestKey(1).key.text) *") == ["OK BAN"])
    #expect(harness.send(as: harness.connectSecured(from: Self.home).0, "LOGIN trudy").isRefused("banned", "LOGIN"))
    #expect(
      harness.send(as: harness.connectSecured(from: Self.elsewhere).0, "LOGIN trudy").untagged.first == "OK LOGIN")
  }

  @Test func `a ban applies to guests at the same address, and not to owners of names there`() {
    let (mallory, eve) = (guest("mallory"), guest("eve"))
    let owner = harness.logInOwner("owner", TestKey(3), from: Self.home)
    #expect(harness.send(as: host, "BAN mallory 60") == ["OK BAN"])
    #expect(harness.closeReason(of: mallory) == .banned)
    #expect(harness.closeReason(of: eve) == .banned)
    #expect(harness.closeReason(of: owner) == nil)
    #expect(harness.send(as: harness.connectSecured(from: Self.home).0, "LOGIN trudy").isRefused("banned", "LOGIN"))
    #expect(harness.requestLogin("fresh", TestKey(4), from: Self.home).1.isRefused("banned", "LOGIN"))
    #expect(harness.requestLogin("owner", TestKey(3), from: Self.home).1.untagged.first == "OK LOGIN")
    #expect(
      harness.send(as: harness.connectSecured(from: Self.elsewhere).0, "LOGIN trudy").untagged.first == "OK LOGIN")
    harness.send(as: host, "UNBAN mallory")
    #expect(harness.send(as: harness.connectSecured(from: Self.home).0, "LOGIN mallory").untagged.first == "OK LOGIN")
  }

  // MARK: Verbs

  @Test func `a mute covers rooms and invitations`() {
    let mallory = harness.logInOwner("mallory", TestKey(1), from: Self.home)
    harness.send(as: mallory, "CREATE #old")
    harness.send(as: akash, "JOIN #team")
    harness.send(as: host, "MUTE mallory *")
    harness.discardOutput()
    for line in ["CREATE #mallory-says-hi", "INVITE #old akash", "JOIN #mallory-says-hi", "AWAY hi", "TOPIC #old hi"] {
      let verb = String(line.prefix { $0 != " " })
      #expect(harness.send(as: mallory, line).isRefused("muted", verb), "\(line)")
    }
    #expect(harness.send(as: mallory, "JOIN #team").untagged.first == "OK JOIN")
    #expect(!harness.takeOutput(of: akash).contains { $0.contains("says") || $0.contains("invited") })
    #expect(harness.hub.rooms.count == 3)
  }

  @Test func `the number of invitations that a user receives is limited`() {
    let mallory = harness.logInOwner("mallory", TestKey(1), from: .host)
    harness.discardOutput()
    for number in 0..<50 { harness.send(as: mallory, "CREATE #r\(number)", "INVITE #r\(number) akash") }
    for _ in 0..<200 { harness.send(as: mallory, "UNINVITE #r0 akash", "INVITE #r0 akash") }
    #expect(harness.takeOutput(of: akash).count { $0.contains("invited you") } == 3)
    #expect(harness.send(as: mallory, "INVITE #r9 akash").isRefused("too-fast", "INVITE"))
    harness.advanceClockWithoutTick(by: .seconds(1300))
    #expect(harness.send(as: mallory, "INVITE #r9 akash").untagged.last == "OK INVITE")
  }

  // MARK: Slow mode

  @Test func `slow mode counts guests at one address as one, and each owner under all names`() {
    harness.send(as: host, "SLOW #lobby 60")
    #expect(harness.send(as: guest("mallory"), "MSG hi").untagged.last == "OK MSG")
    #expect(harness.send(as: guest("trudy"), "MSG hi").isRefused("slow-mode", "MSG"))
    let (eve, _) = harness.requestLogin("eve", TestKey(5), from: Self.elsewhere)
    #expect(harness.send(as: eve, "MSG hi").untagged.last == "OK MSG")
    let (second, _) = harness.requestLogin("eve2", TestKey(5), from: Self.elsewhere)
    #expect(harness.send(as: second, "MSG hi").isRefused("slow-mode", "MSG"))
    #expect(harness.send(as: guest("guest", from: Self.elsewhere), "MSG hi").untagged.last == "OK MSG")
  }
}
