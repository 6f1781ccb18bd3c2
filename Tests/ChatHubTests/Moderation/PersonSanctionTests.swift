import ChatProtocol
import Testing

@testable import ChatHub

/// A sanction applies to a user under any name and for any verb.
@Suite struct PersonSanctionTests {
  private static let address = "192.0.2.7"
  private static let home = Peer(address: IPAddress(address), isHost: false)
  private static let elsewhere = Peer(address: IPAddress("198.51.100.1"), isHost: false)

  private let stage = Stage.provable()
  private let host: SessionID
  private let akash: SessionID

  init() {
    stage.apply(.clock(Stage.noon))
    host = stage.control()
    akash = stage.settle("akash", Identity(9), from: Self.elsewhere)
  }

  private func guest(_ name: String, from peer: Peer = home) -> SessionID {
    let (id, _) = stage.meet(from: peer)
    stage.say(id, "LOGIN \(name)")
    stage.forget()
    return id
  }

  // MARK: Names

  @Test func `a mute applies to the owner of a key under every name`() {
    _ = stage.settle("mallory", Identity(1), from: Self.home)
    #expect(stage.say(host, "MUTE mallory *") == ["OK MUTE"])
    // A login announces the name, so it is refused too.
    #expect(stage.come("trudy", Identity(1), from: Self.elsewhere).1.isRefused("muted", "LOGIN"))
    let mallory = stage.settle("mallory", Identity(1), from: Self.elsewhere)
    #expect(stage.say(mallory, "MSG hi").isRefused("muted", "MSG"))
    // With another of their keys.
    let second = Identity(2)
    let member = stage.hub.registry.account(with: Identity(1).key)
    if var account = member {
      account.keys.append(AccountKey(key: second.key, added: Stage.noon))
      stage.hub.registry.apply(.account(account))
    }
    let again = stage.settle("mallory", second, from: Self.elsewhere)
    #expect(stage.say(again, "MSG hi").isRefused("muted", "MSG"))
    #expect(!stage.heard(akash).contains { $0.contains("MSG") })
  }

  @Test func `a mute of an owner's guest name applies to the owned name`() {
    stage.leave(stage.settle("mallory", Identity(1), from: Self.home))
    let (other, answer) = stage.come("trudy", Identity(1), from: Self.home)
    #expect(answer.untagged.first == "OK LOGIN")
    #expect(stage.say(host, "MUTE trudy *") == ["OK MUTE"])
    #expect(stage.say(other, "MSG hi").isRefused("muted", "MSG"))
    stage.leave(other)
    let mallory = stage.settle("mallory", Identity(1), from: Self.elsewhere)
    #expect(stage.say(mallory, "MSG hi").isRefused("muted", "MSG"))
  }

  @Test func `a mute applies to guests at the same address, and not to owners of names there`() {
    let mallory = guest("mallory")
    let owner = stage.settle("owner", Identity(3), from: Self.home)
    #expect(stage.say(host, "MUTE mallory 60 caps") == ["OK MUTE"])
    stage.leave(mallory)
    let trudy = guest("trudy")
    #expect(stage.say(trudy, "MSG hi").isRefused("muted", "MSG"))
    #expect(stage.say(guest("eve", from: Self.elsewhere), "MSG hi").untagged.last == "OK MSG")
    #expect(stage.say(owner, "MSG hi").untagged.last == "OK MSG")
    // A new owned name does not evade the mute.
    let (fresh, answer) = stage.come("fresh", Identity(4), from: Self.home)
    #expect(answer.first?.contains("owned") == false)
    #expect(stage.say(fresh, "MSG hi").isRefused("muted", "MSG"))
    stage.restart()
    stage.apply(.clock(Stage.noon))
    #expect(stage.say(guest("third"), "MSG hi").isRefused("muted", "MSG"))
    stage.pass(to: Stage.noon.advanced(by: .seconds(61)))
    #expect(stage.say(guest("fourth"), "MSG hi").untagged.last == "OK MSG")
  }

  @Test func `a removed mute applies to no guest`() {
    let mallory = guest("mallory")
    stage.say(host, "MUTE mallory *", "UNMUTE mallory")
    #expect(stage.say(mallory, "MSG hi").untagged.last == "OK MSG")
    #expect(stage.say(guest("trudy"), "MSG hi").untagged.last == "OK MSG")
  }

  @Test func `a muted owner is muted as a guest at later addresses too`() {
    stage.leave(stage.settle("mallory", Identity(1), from: Self.home))
    stage.say(host, "MUTE mallory *")
    stage.leave(stage.settle("mallory", Identity(1), from: .init(address: IPAddress("203.0.113.9"), isHost: false)))
    let trudy = guest("trudy", from: .init(address: IPAddress("203.0.113.9"), isHost: false))
    #expect(stage.say(trudy, "MSG hi").isRefused("muted", "MSG"))
  }

  @Test func `new guest names do not evade a mute`() {
    stage.leave(guest("mallory"))
    stage.say(host, "MUTE mallory *")
    var heard = 0
    for number in 0..<12 {
      let (id, _) = stage.meet(from: Self.home)
      if stage.say(id, "LOGIN mallory-says-\(number)").untagged.first == "OK LOGIN" { heard += 1 }
      stage.leave(id)
    }
    #expect(heard == 3)
    #expect(stage.say(stage.meet(from: Self.home).0, "LOGIN mallory").untagged.first == "OK LOGIN")
  }

  @Test func `a ban applies to guests at the same address, and not to owners of names there`() {
    let (mallory, eve) = (guest("mallory"), guest("eve"))
    let owner = stage.settle("owner", Identity(3), from: Self.home)
    #expect(stage.say(host, "BAN mallory 60") == ["OK BAN"])
    #expect(stage.end(mallory) == .banned)
    #expect(stage.end(eve) == .banned)
    #expect(stage.end(owner) == nil)
    #expect(stage.say(stage.meet(from: Self.home).0, "LOGIN trudy").isRefused("banned", "LOGIN"))
    #expect(stage.come("fresh", Identity(4), from: Self.home).1.isRefused("banned", "LOGIN"))
    #expect(stage.come("owner", Identity(3), from: Self.home).1.untagged.first == "OK LOGIN")
    #expect(stage.say(stage.meet(from: Self.elsewhere).0, "LOGIN trudy").untagged.first == "OK LOGIN")
    stage.say(host, "UNBAN mallory")
    #expect(stage.say(stage.meet(from: Self.home).0, "LOGIN mallory").untagged.first == "OK LOGIN")
  }

  // MARK: Verbs

  @Test func `a mute covers rooms and invitations`() {
    let mallory = stage.settle("mallory", Identity(1), from: Self.home)
    stage.say(mallory, "CREATE #old")
    stage.say(akash, "JOIN #team")
    stage.say(host, "MUTE mallory *")
    stage.forget()
    for line in ["CREATE #mallory-says-hi", "INVITE #old akash", "JOIN #mallory-says-hi", "AWAY hi", "TOPIC #old hi"] {
      let verb = String(line.prefix { $0 != " " })
      #expect(stage.say(mallory, line).isRefused("muted", verb), "\(line)")
    }
    #expect(stage.say(mallory, "JOIN #team").untagged.first == "OK JOIN")
    #expect(!stage.heard(akash).contains { $0.contains("says") || $0.contains("invited") })
    #expect(stage.hub.rooms.count == 3)
  }

  @Test func `the number of invitations that a user receives is limited`() {
    let mallory = stage.settle("mallory", Identity(1), from: .host)
    stage.forget()
    for number in 0..<50 { stage.say(mallory, "CREATE #r\(number)", "INVITE #r\(number) akash") }
    for _ in 0..<200 { stage.say(mallory, "UNINVITE #r0 akash", "INVITE #r0 akash") }
    #expect(stage.heard(akash).count { $0.contains("invited you") } == 3)
    #expect(stage.say(mallory, "INVITE #r9 akash").isRefused("too-fast", "INVITE"))
    stage.pass(.seconds(1300))
    #expect(stage.say(mallory, "INVITE #r9 akash").untagged.last == "OK INVITE")
  }

  // MARK: Slow mode

  @Test func `slow mode counts guests at one address as one, and each owner under all names`() {
    stage.say(host, "SLOW #lobby 60")
    #expect(stage.say(guest("mallory"), "MSG hi").untagged.last == "OK MSG")
    #expect(stage.say(guest("trudy"), "MSG hi").isRefused("slow-mode", "MSG"))
    let (eve, _) = stage.come("eve", Identity(5), from: Self.elsewhere)
    #expect(stage.say(eve, "MSG hi").untagged.last == "OK MSG")
    let (second, _) = stage.come("eve2", Identity(5), from: Self.elsewhere)
    #expect(stage.say(second, "MSG hi").isRefused("slow-mode", "MSG"))
    #expect(stage.say(guest("guest", from: Self.elsewhere), "MSG hi").untagged.last == "OK MSG")
  }
}
