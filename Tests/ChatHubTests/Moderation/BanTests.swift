import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct BanTests {
  private static let minute = "2026-11-22 12:01 UTC"

  private func stage() -> (Stage, host: SessionID) {
    let stage = Stage()
    stage.apply(.clock(Stage.noon))
    return (stage, stage.control())
  }

  private func start(_ lines: [String]) -> String { lines.untagged.first ?? "" }

  // MARK: Addresses

  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false), ("192.0.2.0/24", "192.0.2.255", true),
    ("192.0.2.0/24", "192.0.3.0", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
    ("2001:db8::1", "2001:db8::2", false), ("2001:db8::/64", "2001:db8:0:1::1", false),
    ("::ffff:192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "::ffff:192.0.2.7", true),
  ])
  func `a banned network is refused`(network: String, address: String, isOut: Bool) {
    let (stage, host) = stage()
    let (stranger, neha) = (stage.open(at: address), stage.join("neha", at: address))
    #expect(stage.say(host, "BAN \(network) 60 noise") == ["OK BAN"])
    #expect(stage.end(neha) == (isOut ? .banned : nil))
    #expect(stage.heard(stranger) == (isOut ? ["INFO banned"] : []))
    let next = stage.open(at: address)
    #expect(stage.end(next) == (isOut ? .banned : nil))
    let words = "INFO You are banned from this server until \(Self.minute): noise."
    #expect(stage.heard(next) == (isOut ? ["ERR banned", words] : []))
    #expect(stage.end(stage.open()) == nil)
    stage.pass(to: Stage.noon.advanced(by: .seconds(60)))
    #expect(stage.end(stage.open(at: address)) == nil)
  }

  @Test(arguments: ["127.0.0.1", "127.0.0.0/8", "127.1.2.3", "0.0.0.0/0", "96.0.0.0/3", "::1", "::/0", "::/64"])
  func `the host cannot ban itself`(network: String) {
    let (stage, host) = stage()
    let answer = start(stage.say(host, "BAN \(network) *"))
    #expect(answer.hasPrefix("ERR protected BAN The host itself is in "))
    #expect(stage.hub.registry.sanctionCount == 0)
  }

  @Test func `an operator cannot ban themselves or another operator`() {
    let (stage, host) = stage()
    let boss = stage.join("boss", at: "192.0.2.7", ["tags", "moderation"])
    stage.own(boss, keys: [Stage.key(1)], isOperator: true)
    let other = stage.join("other", at: "198.51.100.1", ["tags", "moderation"])
    stage.own(other, keys: [Stage.key(2), Stage.key(3)], isOperator: true)
    #expect(start(stage.say(boss, "BAN 192.0.2.0/24 *")) == "ERR protected BAN Your own address is in 192.0.2.0/24.")
    let refusal = "ERR protected BAN Only the host may do this to an operator."
    for subject in ["boss", "other", "@OTHER", "key:\(Stage.key(3).text)", "198.51.100.0/24"] {
      #expect(start(stage.say(boss, "BAN \(subject) *")) == refusal, "\(subject)")
    }
    #expect(start(stage.say(boss, "MUTE other *")) == "ERR protected MUTE Only the host may do this to an operator.")
    #expect(stage.hub.registry.sanctionCount == 0)
    #expect(stage.say(host, "BAN other *") == ["OK BAN"])
    #expect(stage.end(other) == .banned)
  }

  @Test func `only possibly matching bans are compared`() {
    var networks = BannedNetworks()
    for number in 0..<2000 {
      guard let network = Network("10.\(number / 256).\(number % 256).0/24") else { continue }
      networks.insert(network)
    }
    guard let address = IPAddress("10.0.5.9"), let wide = Network("10.0.0.0/8"), let own = Network("10.0.5.0/24"),
      let six = Network("2001:db8::/32")
    else { return }
    networks.insert(wide)
    networks.insert(six)
    #expect(Array(networks.networks(around: address)) == [own, wide])
    networks.remove(wide)
    #expect(Array(networks.networks(around: address)) == [own])
  }

  @Test func `banning the same network again replaces the ban`() {
    let (stage, host) = stage()
    stage.say(host, "BAN 192.0.2.7 60", "BAN 192.0.2.7 *")
    stage.pass(to: Stage.noon.advanced(by: .seconds(61)))
    #expect(stage.end(stage.open(at: "192.0.2.7")) == .banned)
    stage.say(host, "UNBAN 192.0.2.7")
    #expect(stage.end(stage.open(at: "192.0.2.7")) == nil)
  }

  @Test(arguments: [
    "192.0.2.*", "*!*@192.0.2.7", "192.0.2.1-192.0.2.9", "example.org", "@192.0.2.*", "@192.0.2.7", "@192.0.2.1-9",
    "@2001:db8::/32", "@*", "@spam?",
  ])
  func `a mask, a range and a host name ban no user`(subject: String) {
    let (stage, host) = stage()
    let answer = start(stage.say(host, "BAN \(subject) *"))
    #expect(answer.hasPrefix("ERR invalid-request BAN "))
    #expect(answer.hasSuffix("@name, an address (192.0.2.7), a network (192.0.2.0/24) or a key (key:…)."))
    #expect(stage.hub.registry.sanctionCount == 0)
  }

  @Test(arguments: ["a*b", "192.0.2.7", "x.org"])
  func `a name that looks like a mask or a host can be banned while it is in use`(name: String) {
    let (stage, host) = stage()
    let neha = stage.join(name)
    #expect(stage.say(host, "BAN @\(name) *") == ["OK BAN"])
    #expect(stage.end(neha) == .banned)
  }

  // MARK: Names and keys

  @Test(arguments: ["neha", "NEHA", "nehа"])
  func `a banned name is refused, in any case and in confusable form`(name: String) {
    let (stage, host) = stage()
    let neha = stage.join("neha", "tags")
    #expect(stage.say(host, "BAN neha 60 noise") == ["OK BAN"])
    #expect(stage.heard(neha) == ["BYE banned You are banned from this server until \(Self.minute): noise."])
    #expect(stage.end(neha) == .banned)
    let again = stage.open(["tags"])
    #expect(
      start(stage.say(again, "LOGIN \(name)"))
        == (name == "nehа"
          ? "ERR username-confusable LOGIN This name looks like somebody else's; choose another."
          : "ERR banned LOGIN You are banned from this server until \(Self.minute): noise."))
    #expect(stage.say(stage.open(), "LOGIN akash") == ["OK"])
    stage.pass(to: Stage.noon.advanced(by: .seconds(60)))
    #expect(start(stage.say(again, "LOGIN neha")) == "OK LOGIN")
  }

  @Test func `a token does not admit a banned user`() {
    let (stage, host) = stage()
    let (neha, token) = stage.arrive("neha")
    stage.say(host, "BAN @neha *")
    #expect(stage.end(neha) == .banned)
    let (_, answer) = stage.resume(token)
    #expect(start(answer) == "ERR banned RESUME You are banned from this server.")
  }

  private func mustNotBeBanned(_ stage: Stage, _ name: Nickname, key: PublicKey?, member: MemberID?) throws {
    try stage.hub.registry.mustNotBeBanned(name, key: key, member: member, at: stage.hub.wall)
  }

  @Test(arguments: ["@neha", "key:1", "key:2"])
  func `a banned owner is refused with each of their keys`(subject: String) {
    let (stage, host) = stage()
    let neha = stage.join("neha", "tags")
    guard let member = stage.own(neha, keys: [Stage.key(1), Stage.key(2)]) else { return }
    let subject = subject.hasPrefix("@") ? subject : "key:\(Stage.key(UInt8(subject.dropFirst(4)) ?? 0).text)"
    stage.say(host, "BAN \(subject) *")
    #expect(stage.end(neha) == .banned)
    for key in [1, 2] {
      // With either key under a name without an owner.
      #expect(throws: RequestError.self) {
        try mustNotBeBanned(stage, Self.name("other"), key: Stage.key(UInt8(key)), member: nil)
      }
    }
    #expect(throws: RequestError.self) {
      try mustNotBeBanned(stage, Self.name("neha"), key: nil, member: member)
    }
    #expect(throws: Never.self) {
      try mustNotBeBanned(stage, Self.name("other"), key: Stage.key(3), member: nil)
    }
    stage.say(host, "UNBAN \(subject)")
    #expect(throws: Never.self) {
      try mustNotBeBanned(stage, Self.name("other"), key: Stage.key(2), member: member)
    }
  }

  private static func name(_ text: String) -> Nickname { Nickname(text) ?? .host }

  @Test func `a session with a banned key under another name is closed`() {
    let (stage, host) = stage()
    let (neha, other) = (stage.join("neha", "tags"), stage.join("other", "tags"))
    stage.own(neha, keys: [Stage.key(1)])
    stage.hub.sessions[other]?.presence?.key = Stage.key(1)
    stage.say(host, "BAN neha *")
    #expect([neha, other].map { stage.end($0) } == [.banned, .banned])
  }

  @Test func `a session under another name is closed by a ban of another key of its account`() {
    let (stage, host) = stage()
    let (neha, other) = (stage.join("neha", "tags"), stage.join("other", "tags"))
    stage.own(neha, keys: [Stage.key(1), Stage.key(2)])
    stage.hub.sessions[other]?.presence?.key = Stage.key(2)
    stage.say(host, "BAN key:\(Stage.key(1).text) *")
    #expect([neha, other].map { stage.end($0) } == [.banned, .banned])
  }

  // MARK: The list

  @Test func `bans and mutes are listed, removed and expire`() {
    let (stage, host) = stage()
    stage.say(host, "MUTE mira 30 caps", "BAN Neha 60 noise", "BAN 192.0.2.0/24 *", "@label=7 BANS")
    stage.forget()
    #expect(
      stage.say(host, "@label=7 BANS") == [
        "@label=7 BATCH +1 sanctions", "@batch=1 SANCTION ban 192.0.2.0/24 * host",
        "@batch=1 SANCTION ban @Neha 2026-11-22T12:01:00.000Z host noise",
        "@batch=1 SANCTION mute @mira 2026-11-22T12:00:30.000Z host caps", "BATCH -1",
      ])
    #expect(stage.say(host, "UNBAN NEHA", "UNMUTE Mira") == ["OK UNBAN", "OK UNMUTE"])
    for line in ["UNBAN neha", "UNMUTE mira", "UNBAN 192.0.2.1", "UNMUTE nobody"] {
      #expect(start(stage.say(host, line)).hasPrefix("ERR not-found "))
    }
    #expect(stage.log.acts.map(\.verb) == [.mute, .ban, .ban, .unban, .unmute])
    #expect(stage.log.acts.map(\.subject) == ["@mira", "@Neha", "192.0.2.0/24", "@Neha", "@mira"])
  }

  @Test func `an expired ban is removed once and not too early`() {
    let (stage, host) = stage()
    stage.say(host, "BAN b 60", "BAN a 60", "MUTE c 90", "BAN d *")
    stage.pass(to: Stage.noon.advanced(by: .seconds(60) - .milliseconds(1)))
    #expect(stage.records.isEmpty)
    stage.pass(to: Stage.noon.advanced(by: .seconds(60)))
    #expect(stage.records == ["a", "b"].map { .pardon(.ban, .name(Self.name($0))) })
    stage.pass(to: Stage.noon.advanced(by: .seconds(80)))
    #expect(stage.records.isEmpty)
    stage.pass(to: Stage.noon.advanced(by: .seconds(3600)))
    #expect(stage.records == [.pardon(.mute, .name(Self.name("c")))])
    #expect(stage.hub.registry.sanctionCount == 1)
  }

  @Test func `a ban survives a restart, and one that expired meanwhile does not`() {
    guard let network = Network("192.0.2.7") else { return }
    let bans = [Subject.network(network), .name(Self.name("neha"))].map {
      Sanction(kind: .ban, subject: $0, until: Stage.noon, by: .host, reason: "")
    }
    for (time, isOut) in [(Stage.noon.advanced(by: .seconds(-1)), true), (Stage.noon, false)] {
      var hub = Hub(registry: RegistryState(sanctions: bans))
      var actions: [HubAction] = []
      let now = MonotonicTime(nanoseconds: 0)
      hub.apply(.clock(time), at: now, into: &actions)
      hub.apply(.opened(SessionID(1), Peer(address: network.address, isHost: false)), at: now, into: &actions)
      #expect(actions.contains(.close(SessionID(1), .banned)) == isOut)
    }
  }

  @Test func `the number of bans is bounded, and their list has an end`() {
    let (stage, host) = stage()
    for number in 0..<10_000 {
      let subject = Subject.name(Self.name("n\(number)"))
      let reason = String(repeating: "x", count: 250)
      stage.hub.registry.apply(
        .sanction(Sanction(kind: .ban, subject: subject, until: nil, by: .host, reason: reason)))
    }
    #expect(start(stage.say(host, "BAN one-more *")).hasPrefix("ERR too-many-sanctions BAN "))
    #expect(stage.say(host, "BAN n1 60") == ["OK BAN"])
    let lines = stage.say(host, "BANS")
    #expect(lines.first == "@more BATCH +0 sanctions")
    #expect(lines.reduce(0) { $0 + $1.utf8.count } < 512 * 1024)
  }
}
