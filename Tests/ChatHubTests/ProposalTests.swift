import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

/// `OK` means stored, for every change of the registry: before that nothing is applied, answered or announced.
@Suite struct ProposalTests {
  /// A request, its author, and its visible effect when it is stored.
  struct ProposalCase: CustomTestStringConvertible {
    var line: String
    var prepare: [String] = []
    var isByOwner = false
    var hasHappened: @Sendable (HubHarness, Cast) -> Bool
    var testDescription: String { line }
  }

  /// The sessions: an operator, an owner of a name, another one, and a guest.
  struct Cast {
    var boss: SessionID
    var neha: SessionID
    var zoe: SessionID
    var guest: SessionID
  }

  private static let spare = TestKey(77).key
  private static let spareRequest = TestKey(77).request(for: "neha")

  private static func den(_ harness: HubHarness) -> RoomRules? {
    RoomName("#den").flatMap { harness.hub.registry.rules(of: $0) }
  }

  private static func account(_ name: String, _ harness: HubHarness) -> Account? {
    Nickname(name).flatMap { harness.hub.registry.account(named: $0) }
  }

  static let cases: [ProposalCase] = [
    ProposalCase(line: "KEY ADD \(spareRequest) laptop", isByOwner: true) { harness, _ in
      harness.hub.registry.account(with: spare) != nil
    },
    ProposalCase(line: "KEY REMOVE \(spare.text)", prepare: ["KEY ADD \(spareRequest) laptop"], isByOwner: true) {
      harness, _ in
      harness.hub.registry.account(with: spare) == nil
    },
    ProposalCase(line: "CREATE #den", isByOwner: true) { harness, cast in
      harness.rooms(of: cast.neha).contains("#den") && den(harness) != nil
    },
    ProposalCase(line: "INVITE #den zoe", prepare: ["CREATE #den"], isByOwner: true) { harness, cast in
      harness.takeOutput(of: cast.zoe).contains { $0.contains("invited you to #den") }
    },
    ProposalCase(line: "UNINVITE #den zoe", prepare: ["CREATE #den", "INVITE #den zoe"], isByOwner: true) {
      harness, _ in
      den(harness)?.guests == []
    },
    ProposalCase(line: "ADMIT 3 *") { harness, _ in harness.hub.registry.invitationCount == 1 },
    ProposalCase(line: "OP zoe") { harness, cast in
      account("zoe", harness)?.isOperator == true
        && harness.takeOutput(of: cast.zoe).contains { $0.contains("made you an operator") }
    },
    ProposalCase(line: "DEOP zoe", prepare: ["OP zoe"]) { harness, _ in
      account("zoe", harness)?.isOperator == false
    },
    ProposalCase(line: "KICK guest") { harness, cast in harness.closeReason(of: cast.guest) == .kicked },
    ProposalCase(line: "BAN @guest *") { harness, cast in harness.closeReason(of: cast.guest) == .banned },
    ProposalCase(line: "BAN 198.51.100.0/24 60") { harness, cast in harness.closeReason(of: cast.guest) == .banned },
    ProposalCase(line: "UNBAN @nobody", prepare: ["BAN @nobody *"]) { harness, _ in
      harness.hub.registry.sanctionCount == 0
    },
    ProposalCase(line: "MUTE guest 60") { harness, cast in
      harness.send(as: cast.guest, "MSG hello").contains("ERR muted")
    },
    ProposalCase(line: "UNMUTE guest", prepare: ["MUTE guest *"]) { harness, cast in
      harness.send(as: cast.guest, "MSG hello").contains("MSG guest hello")
    },
    ProposalCase(line: "SLOW #lobby 60") { harness, cast in
      harness.send(as: cast.guest, "MSG one", "MSG two").contains("ERR slow-mode")
    },
  ]

  func begin(_ test: ProposalCase) -> (HubHarness, Cast, context: SessionID) {
    let harness = HubHarness.withPin()
    let boss = harness.logInOwner("boss", TestKey(1), from: .host)
    let cast = Cast(
      boss: boss, neha: harness.logInOwner("neha", TestKey(2)), zoe: harness.logInOwner("zoe", TestKey(3)),
      guest: harness.logIn("guest", at: "198.51.100.7"))
    let context = test.isByOwner ? cast.neha : cast.boss
    for line in test.prepare { harness.send(as: context, line) }
    // None of these changes is announced later.
    harness.advanceClockWithoutTick(by: .seconds(3600))
    harness.discardOutput()
    return (harness, cast, context)
  }

  @Test(arguments: cases)
  func `a change is answered and applied when it is stored`(test: ProposalCase) throws {
    let (harness, cast, context) = begin(test)
    let before = harness.hub.registry.state
    harness.recording = .waits
    #expect(harness.send(as: context, "@label=1 \(test.line)") == [])
    #expect(harness.actions.allSatisfy { if case .propose = $0 { true } else { false } }, "\(harness.actions)")
    #expect(harness.hub.registry.state.isSame(as: before))
    #expect(!test.hasHappened(harness, cast))
    harness.recording = .works
    harness.answerProposal()
    #expect(harness.takeOutput(of: context).contains { $0.contains("label=1") && $0.contains(" OK ") })
    #expect(test.hasHappened(harness, cast))
  }

  @Test(arguments: cases)
  func `a change that cannot be stored is refused with a reason, and changes nothing`(test: ProposalCase) throws {
    let (harness, cast, context) = begin(test)
    let before = harness.hub.registry.state
    harness.recording = .waits
    harness.send(as: context, "@label=1 \(test.line)")
    harness.answerProposal(successfully: false, isFull: true)
    let verb = String(test.line.prefix { $0 != " " })
    #expect(
      harness.takeOutput(of: context) == [
        "@label=1 ERR storage-unavailable \(verb) The server's disk is full; nothing was changed."
      ])
    #expect(harness.hub.registry.state.isSame(as: before))
    #expect(!test.hasHappened(harness, cast))
    harness.recording = .works
    harness.advanceClockWithoutTick(by: .seconds(3600))
    // The request succeeds when the disk has space again.
    #expect(
      harness.send(as: context, "@label=2 \(test.line)").contains { $0.contains("label=2") && $0.contains(" OK ") })
    #expect(test.hasHappened(harness, cast))
  }

  @Test(arguments: cases)
  func `a confirmed change survives a crash right after it`(test: ProposalCase) throws {
    let (harness, _, context) = begin(test)
    #expect(
      harness.send(as: context, "@label=1 \(test.line)").contains { $0.contains("label=1") && $0.contains(" OK ") })
    let confirmed = harness.hub.registry.state
    harness.restart()
    #expect(harness.hub.registry.state.isSame(as: confirmed))
  }

  @Test(arguments: cases)
  func `a change is stored and applied after its session has ended`(test: ProposalCase) throws {
    let (harness, cast, context) = begin(test)
    harness.recording = .waits
    harness.send(as: context, test.line)
    harness.disconnect(context, .lost)
    harness.recording = .works
    harness.answerProposal()
    if !test.line.hasPrefix("CREATE") { #expect(test.hasHappened(harness, cast)) }
    harness.recording = .works
    #expect(
      harness.requestLogin(test.isByOwner ? "neha" : "boss", TestKey(test.isByOwner ? 2 : 1), from: .host).1.isOwned)
  }

  // MARK: Logins

  @Test func `a name belongs to its key when the claim is stored`() {
    let harness = HubHarness.withPin()
    harness.recording = .waits
    let (neha, challenge) = harness.connectSecured()
    let line = "\(TestKey(1).tags(challenge, as: "neha", "label=1;"))LOGIN neha"
    #expect(harness.send(as: neha, line, "MSG hello") == [])
    #expect(harness.hub.peopleCount == 0)
    // Meanwhile neither the name nor a confusable one is available, and the refusal does not say taken.
    let guest = harness.connect()
    let lookalike = harness.connect()
    #expect(harness.send(as: guest, "LOGIN neha", "WHO") == [])
    #expect(harness.send(as: lookalike, "LOGIN n\u{435}ha") == [])
    // Other logins are not delayed.
    let other = harness.connect()
    #expect(harness.send(as: other, "LOGIN akash") == ["OK"])
    harness.answerProposal()
    let heard = harness.takeOutput(of: neha)
    #expect(heard.first?.contains(";owned OK LOGIN") == true, "\(heard)")
    #expect(heard.last?.hasSuffix("OK MSG") == true)
    #expect(harness.takeOutput(of: guest) == ["ERR username-reserved", "ERR not-logged-in"])
    #expect(harness.takeOutput(of: lookalike) == ["ERR username-confusable"])
  }

  @Test func `a login that cannot be stored is refused, and the name stays free`() {
    let harness = HubHarness.withPin()
    harness.recording = .waits
    let (neha, challenge) = harness.connectSecured()
    harness.send(as: neha, "\(TestKey(1).tags(challenge, as: "neha", "label=1;"))LOGIN neha")
    let guest = harness.connect()
    harness.send(as: guest, "LOGIN neha")
    harness.answerProposal(successfully: false, isFull: true)
    #expect(
      harness.takeOutput(of: neha) == [
        "@label=1 ERR storage-unavailable LOGIN The server's disk is full; you are not logged in; try again later."
      ])
    #expect(harness.takeOutput(of: guest) == ["OK"])
    #expect(harness.hub.registry.accountCount == 0)
  }

  @Test func `names are claimed concurrently by different keys, each by one key`() {
    let harness = HubHarness.withPin()
    _ = harness.logInOwner("boss", TestKey(9), from: .host)
    harness.recording = .waits
    var people: [SessionID] = []
    for (number, name) in ["neha", "zoe", "neha", "mira"].enumerated() {
      let (id, challenge) = harness.connectSecured(from: Peer(address: IPAddress("192.0.2.\(number)"), isHost: false))
      harness.send(as: id, "\(TestKey(UInt8(number + 1)).tags(challenge, as: name))LOGIN \(name)")
      people.append(id)
    }
    #expect(harness.proposals.count == 3)
    // The log answers in any order.
    harness.answerProposal(2)
    harness.answerProposal(0)
    harness.answerProposal(0)
    #expect(harness.proposals.isEmpty)
    for id in [people[0], people[1], people[3]] { #expect(harness.takeOutput(of: id).isOwned) }
    #expect(harness.takeOutput(of: people[2]).isRefused("username-reserved", "LOGIN"))
  }

  @Test func `pending claims count towards the name limit of their address block`() {
    let harness = HubHarness.withPin()
    harness.recording = .waits
    let people = (0..<10).map { number in
      let (id, challenge) = harness.connectSecured()
      harness.send(as: id, "\(TestKey(UInt8(number + 1)).tags(challenge, as: "n\(number)"))LOGIN n\(number)")
      return id
    }
    while !harness.proposals.isEmpty { harness.answerProposal() }
    #expect(people.count { harness.takeOutput(of: $0).isOwned } == 8)
  }

  @Test func `a failed claim does not count`() {
    let harness = HubHarness.withPin()
    harness.recording = .fails
    for _ in 0..<9 { #expect(harness.requestLogin("neha", TestKey(1)).1.isRefused("storage-unavailable", "LOGIN")) }
    harness.recording = .works
    #expect(harness.requestLogin("neha", TestKey(1)).1.isOwned)
  }

  @Test func `an invitation admits no more than its uses, even concurrently`() throws {
    let harness = HubHarness.withPin(isInviteOnly: true)
    let host = harness.connectControl()
    let code = try #require(
      harness.send(as: host, "ADMIT 2 *").first?.firstMatch(of: /code=([^; ]+)/).map { String($0.1) })
    harness.recording = .waits
    let people = (0..<4).map { number in
      let (id, challenge) = harness.connectSecured()
      harness.send(
        as: id,
        "\(TestKey(UInt8(number + 1)).tags(challenge, as: "n\(number)", "invite=\(code);"))LOGIN n\(number)")
      return id
    }
    while !harness.proposals.isEmpty { harness.answerProposal() }
    let answers = people.map { harness.takeOutput(of: $0) }
    #expect(answers.count { $0.isOwned } == 2)
    #expect(answers.count { $0.isRefused("invalid-invite", "LOGIN") } == 2)
  }

  // MARK: Several at once

  @Test func `the last operator stays one under concurrent changes`() {
    let harness = HubHarness.withPin()
    let boss = harness.logInOwner("boss", TestKey(1), from: .host)
    let zoe = harness.logInOwner("zoe", TestKey(2))
    harness.send(as: boss, "OP zoe")
    harness.discardOutput()
    harness.recording = .waits
    harness.send(as: boss, "DEOP zoe")
    harness.send(as: zoe, "DEOP boss")
    #expect(harness.proposals.count == 1)
    while !harness.proposals.isEmpty { harness.answerProposal() }
    #expect(harness.takeOutput(of: boss).contains { $0.hasSuffix("OK DEOP") })
    #expect(harness.takeOutput(of: zoe).contains { $0.contains("ERR not-operator DEOP") })
    #expect(harness.hub.registry.operators.map(\.text) == ["boss"])
  }

  @Test func `two guests who are invited concurrently are both invited`() {
    let harness = HubHarness.withPin()
    let neha = harness.logInOwner("neha", TestKey(2))
    let second = harness.logInOwner("neha", TestKey(2))
    for (number, name) in ["zoe", "mira"].enumerated() { _ = harness.logInOwner(name, TestKey(UInt8(number + 3))) }
    harness.send(as: neha, "CREATE #den")
    harness.recording = .waits
    harness.send(as: neha, "INVITE #den zoe")
    harness.send(as: second, "INVITE #den mira")
    while !harness.proposals.isEmpty { harness.answerProposal() }
    #expect(Self.den(harness)?.guests.count == 2)
  }

  @Test func `a room that is being made private cannot be joined`() {
    let harness = HubHarness.withPin()
    _ = harness.logInOwner("boss", TestKey(1), from: .host)
    let neha = harness.logInOwner("neha", TestKey(2))
    let guest = harness.logIn("guest", "tags", "rooms")
    harness.recording = .waits
    harness.send(as: neha, "CREATE #den")
    #expect(harness.send(as: guest, "JOIN #DEN") == [])
    harness.answerProposal()
    #expect(harness.takeOutput(of: guest).first?.hasPrefix("ERR private-room JOIN") == true)
    #expect(harness.rooms(of: neha) == ["#lobby", "#den"])
  }

  @Test func `requests behind a change wait for its answer`() {
    let harness = HubHarness.withPin()
    let boss = harness.logInOwner("boss", TestKey(1), from: .host)
    let zoe = harness.logInOwner("zoe", TestKey(2))
    harness.recording = .waits
    harness.send(as: boss, "@label=1 MUTE zoe *", "@label=2 MSG hello", "PING")
    #expect(harness.send(as: zoe, "MSG not yet").contains { $0.hasSuffix("MSG zoe not yet") })
    harness.answerProposal()
    #expect(harness.takeOutput(of: boss).untagged.suffix(4) == ["OK MUTE", "MSG boss hello", "OK MSG", "PONG"])
  }

  @Test func `a half-closed session receives the answer, and an ended one does not`() {
    let harness = HubHarness.withPin()
    _ = harness.logInOwner("boss", TestKey(1), from: .host)
    let host = harness.connectControl()
    harness.recording = .waits
    harness.send(as: host, "ADMIT 1 *")
    harness.halfClose(host)
    #expect(harness.closeReason(of: host) == nil)
    harness.answerProposal()
    #expect(harness.takeOutput(of: host).first?.contains("code=") == true)
    #expect(harness.closeReason(of: host) == .closed)
  }

  @Test func `expired sanctions are removed when the disk has space again`() {
    let harness = HubHarness()
    harness.apply(.clock(HubHarness.noon))
    let host = harness.connectControl()
    harness.send(as: host, "MUTE zoe 10")
    harness.recording = .fails
    let later = HubHarness.noon.advanced(by: .seconds(20))
    for _ in 0..<3 { harness.advanceClocks(to: later, after: .seconds(1)) }
    #expect(harness.hub.registry.sanctionCount == 1)
    harness.recording = .works
    harness.advanceClocks(to: later.advanced(by: .seconds(61)), after: .seconds(1))
    #expect(harness.hub.registry.sanctionCount == 0)
    #expect(harness.registry.state.sanctions == [])
  }
}

extension [String] {
  var isOwned: Bool { first?.contains(";owned") == true && untagged.first?.hasPrefix("OK ") == true }
}
