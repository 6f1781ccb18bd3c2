import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct BanTests {
  private static let minute = "2026-11-22 12:01 UTC"

  private func harness() -> (HubHarness, host: SessionID) {
    let harness = HubHarness()
    harness.apply(.clock(HubHarness.noon))
    return (harness, harness.connectControl())
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
    let (harness, host) = harness()
    let (stranger, neha) = (harness.connect(at: address), harness.logIn("neha", at: address))
    #expect(harness.send(as: host, "BAN \(network) 60 noise") == ["OK BAN"])
    #expect(harness.closeReason(of: neha) == (isOut ? .banned : nil))
    #expect(harness.takeOutput(of: stranger) == (isOut ? ["INFO banned"] : []))
    let next = harness.connect(at: address)
    #expect(harness.closeReason(of: next) == (isOut ? .banned : nil))
    let words = "INFO You are banned from this server until \(Self.minute): noise."
    #expect(harness.takeOutput(of: next) == (isOut ? ["ERR banned", words] : []))
    #expect(harness.closeReason(of: harness.connect()) == nil)
    harness.advanceClocks(to: HubHarness.noon.advanced(by: .seconds(60)))
    #expect(harness.closeReason(of: harness.connect(at: address)) == nil)
  }

  @Test(arguments: ["127.0.0.1", "127.0.0.0/8", "127.1.2.3", "0.0.0.0/0", "96.0.0.0/3", "::1", "::/0", "::/64"])
  func `the host cannot ban itself`(network: String) {
    let (harness, host) = harness()
    let answer = start(harness.send(as: host, "BAN \(network) *"))
    #expect(answer.hasPrefix("ERR protected BAN The host itself is in "))
    #expect(harness.hub.registry.sanctionCount == 0)
  }

  @Test func `an operator cannot ban themselves or another operator`() {
    let (harness, host) = harness()
    let boss = harness.logIn("boss", at: "192.0.2.7", ["tags", "moderation"])
    harness.makeOwner(boss, keys: [HubHarness.key(1)], isOperator: true)
    let other = harness.logIn("other", at: "198.51.100.1", ["tags", "moderation"])
    harness.makeOwner(other, keys: [HubHarness.key(2), HubHarness.key(3)], isOperator: true)
    #expect(
      start(harness.send(as: boss, "BAN 192.0.2.0/24 *")) == "ERR protected BAN Your own address is in 192.0.2.0/24.")
    let refusal = "ERR protected BAN Only the host may do this to an operator."
    for subject in ["boss", "other", "@OTHER", "key:\(HubHarness.key(3).text)", "198.51.100.0/24"] {
      #expect(start(harness.send(as: boss, "BAN \(subject) *")) == refusal, "\(subject)")
    }
    #expect(
      start(harness.send(as: boss, "MUTE other *")) == "ERR protected MUTE Only the host may do this to an operator.")
    #expect(harness.hub.registry.sanctionCount == 0)
    #expect(harness.send(as: host, "BAN other *") == ["OK BAN"])
    #expect(harness.closeReason(of: other) == .banned)
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
    let (harness, host) = harness()
    harness.send(as: host, "BAN 192.0.2.7 60", "BAN 192.0.2.7 *")
    harness.advanceClocks(to: HubHarness.noon.advanced(by: .seconds(61)))
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == .banned)
    harness.send(as: host, "UNBAN 192.0.2.7")
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == nil)
  }

  @Test(arguments: [
    "192.0.2.*", "*!*@192.0.2.7", "192.0.2.1-192.0.2.9", "example.org", "@192.0.2.*", "@192.0.2.7", "@192.0.2.1-9",
    "@2001:db8::/32", "@*", "@spam?",
  ])
  func `a mask, a range and a host name ban no user`(subject: String) {
    let (harness, host) = harness()
    let answer = start(harness.send(as: host, "BAN \(subject) *"))
    #expect(answer.hasPrefix("ERR invalid-request BAN "))
    #expect(answer.hasSuffix("@name, an address (192.0.2.7), a network (192.0.2.0/24) or a key (key:…)."))
    #expect(harness.hub.registry.sanctionCount == 0)
  }

  @Test(arguments: ["a*b", "192.0.2.7", "x.org"])
  func `a name that looks like a mask or a host can be banned while it is in use`(name: String) {
    let (harness, host) = harness()
    let neha = harness.logIn(name)
    #expect(harness.send(as: host, "BAN @\(name) *") == ["OK BAN"])
    #expect(harness.closeReason(of: neha) == .banned)
  }

  // MARK: Names and keys

  @Test(arguments: ["neha", "NEHA", "nehа"])
  func `a banned name is refused, in any case and in confusable form`(name: String) {
    let (harness, host) = harness()
    let neha = harness.logIn("neha", "tags")
    #expect(harness.send(as: host, "BAN neha 60 noise") == ["OK BAN"])
    #expect(harness.takeOutput(of: neha) == ["BYE banned You are banned from this server until \(Self.minute): noise."])
    #expect(harness.closeReason(of: neha) == .banned)
    let again = harness.connect(["tags"])
    #expect(
      start(harness.send(as: again, "LOGIN \(name)"))
        == (name == "nehа"
          ? "ERR username-confusable LOGIN This name looks like somebody else's; choose another."
          : "ERR banned LOGIN You are banned from this server until \(Self.minute): noise."))
    #expect(harness.send(as: harness.connect(), "LOGIN akash") == ["OK"])
    harness.advanceClocks(to: HubHarness.noon.advanced(by: .seconds(60)))
    #expect(start(harness.send(as: again, "LOGIN neha")) == "OK LOGIN")
  }

  @Test func `a token does not admit a banned user`() {
    let (harness, host) = harness()
    let (neha, token) = harness.logInTagged("neha")
    harness.send(as: host, "BAN @neha *")
    #expect(harness.closeReason(of: neha) == .banned)
    let (_, answer) = harness.resume(token)
    #expect(start(answer) == "ERR banned RESUME You are banned from this server.")
  }

  private func mustNotBeBanned(_ harness: HubHarness, _ name: Nickname, key: PublicKey?, member: MemberID?) throws {
    try harness.hub.registry.mustNotBeBanned(name, key: key, member: member, at: harness.hub.wall)
  }

  @Test(arguments: ["@neha", "key:1", "key:2"])
  func `a banned owner is refused with each of their keys`(subject: String) {
    let (harness, host) = harness()
    let neha = harness.logIn("neha", "tags")
    guard let member = harness.makeOwner(neha, keys: [HubHarness.key(1), HubHarness.key(2)]) else { return }
    let subject = subject.hasPrefix("@") ? subject : "key:\(HubHarness.key(UInt8(subject.dropFirst(4)) ?? 0).text)"
    harness.send(as: host, "BAN \(subject) *")
    #expect(harness.closeReason(of: neha) == .banned)
    for key in [1, 2] {
      // With either key under a name without an owner.
      #expect(throws: RequestError.self) {
        try mustNotBeBanned(harness, Self.name("other"), key: HubHarness.key(UInt8(key)), member: nil)
      }
    }
    #expect(throws: RequestError.self) {
      try mustNotBeBanned(harness, Self.name("neha"), key: nil, member: member)
    }
    #expect(throws: Never.self) {
      try mustNotBeBanned(harness, Self.name("other"), key: HubHarness.key(3), member: nil)
    }
    harness.send(as: host, "UNBAN \(subject)")
    #expect(throws: Never.self) {
      try mustNotBeBanned(harness, Self.name("other"), key: HubHarness.key(2), member: member)
    }
  }

  private static func name(_ text: String) -> Nickname { Nickname(text) ?? .host }

  @Test func `a session with a banned key under another name is closed`() {
    let (harness, host) = harness()
    let (neha, other) = (harness.logIn("neha", "tags"), harness.logIn("other", "tags"))
    harness.makeOwner(neha, keys: [HubHarness.key(1)])
    harness.hub.sessions.update(other) { $0.presence?.key = HubHarness.key(1) }
    harness.send(as: host, "BAN neha *")
    #expect([neha, other].map { harness.closeReason(of: $0) } == [.banned, .banned])
  }

  @Test func `a session under another name is closed by a ban of another key of its account`() {
    let (harness, host) = harness()
    let (neha, other) = (harness.logIn("neha", "tags"), harness.logIn("other", "tags"))
    harness.makeOwner(neha, keys: [HubHarness.key(1), HubHarness.key(2)])
    harness.hub.sessions.update(other) { $0.presence?.key = HubHarness.key(2) }
    harness.send(as: host, "BAN key:\(HubHarness.key(1).text) *")
    #expect([neha, other].map { harness.closeReason(of: $0) } == [.banned, .banned])
  }

  // MARK: The list

  @Test func `bans and mutes are listed, removed and expire`() {
    let (harness, host) = harness()
    harness.send(as: host, "MUTE mira 30 caps", "BAN Neha 60 noise", "BAN 192.0.2.0/24 *", "@label=7 BANS")
    harness.discardOutput()
    #expect(
      harness.send(as: host, "@label=7 BANS") == [
        "@label=7 BATCH +1 sanctions", "@batch=1 SANCTION ban 192.0.2.0/24 * host",
        "@batch=1 SANCTION ban @Neha 2026-11-22T12:01:00.000Z host noise",
        "@batch=1 SANCTION mute @mira 2026-11-22T12:00:30.000Z host caps", "BATCH -1",
      ])
    #expect(harness.send(as: host, "UNBAN NEHA", "UNMUTE Mira") == ["OK UNBAN", "OK UNMUTE"])
    for line in ["UNBAN neha", "UNMUTE mira", "UNBAN 192.0.2.1", "UNMUTE nobody"] {
      #expect(start(harness.send(as: host, line)).hasPrefix("ERR not-found "))
    }
    #expect(harness.log.acts.map(\.verb) == [.mute, .ban, .ban, .unban, .unmute])
    #expect(harness.log.acts.map(\.subject) == ["@mira", "@Neha", "192.0.2.0/24", "@Neha", "@mira"])
  }

  @Test func `an expired ban is removed once and not too early`() {
    let (harness, host) = harness()
    harness.send(as: host, "BAN b 60", "BAN a 60", "MUTE c 90", "BAN d *")
    harness.advanceClocks(to: HubHarness.noon.advanced(by: .seconds(60) - .milliseconds(1)))
    #expect(harness.proposedChanges.isEmpty)
    harness.advanceClocks(to: HubHarness.noon.advanced(by: .seconds(60)))
    #expect(harness.proposedChanges == ["a", "b"].map { .pardon(.ban, .name(Self.name($0))) })
    harness.advanceClocks(to: HubHarness.noon.advanced(by: .seconds(80)))
    #expect(harness.proposedChanges.isEmpty)
    harness.advanceClocks(to: HubHarness.noon.advanced(by: .seconds(3600)))
    #expect(harness.proposedChanges == [.pardon(.mute, .name(Self.name("c")))])
    #expect(harness.hub.registry.sanctionCount == 1)
  }

  @Test func `a ban survives a restart, and one that expired meanwhile does not`() {
    guard let network = Network("192.0.2.7") else { return }
    let bans = [Subject.network(network), .name(Self.name("neha"))].map {
      Sanction(kind: .ban, subject: $0, until: HubHarness.noon, by: .host, reason: "")
    }
    for (time, isOut) in [(HubHarness.noon.advanced(by: .seconds(-1)), true), (HubHarness.noon, false)] {
      var hub = Hub(registry: RegistryState(sanctions: bans))
      var actions: [HubAction] = []
      let now = MonotonicTime(nanoseconds: 0)
      hub.apply(.clock(time), at: now, into: &actions)
      hub.apply(.opened(SessionID(1), Peer(address: network.address, isHost: false)), at: now, into: &actions)
      #expect(actions.contains(.close(SessionID(1), .banned)) == isOut)
    }
  }

  @Test func `the number of bans is bounded, and their list has an end`() {
    let (harness, host) = harness()
    for number in 0..<10_000 {
      let subject = Subject.name(Self.name("n\(number)"))
      let reason = String(repeating: "x", count: 250)
      harness.hub.registry.apply(
        .sanction(Sanction(kind: .ban, subject: subject, until: nil, by: .host, reason: reason)))
    }
    #expect(start(harness.send(as: host, "BAN one-more *")).hasPrefix("ERR too-many-sanctions BAN "))
    #expect(harness.send(as: host, "BAN n1 60") == ["OK BAN"])
    let lines = harness.send(as: host, "BANS")
    #expect(lines.first == "@more BATCH +0 sanctions")
    #expect(lines.reduce(0) { $0 + $1.utf8.count } < 512 * 1024)
  }
}
