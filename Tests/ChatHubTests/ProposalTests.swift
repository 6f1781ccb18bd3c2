import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

/// `OK` means stored, for every change of the registry: before that nothing is applied, answered or announced.
@Suite struct ProposalTests {
  /// A request, its author, and its visible effect when it is stored.
  struct Case: CustomTestStringConvertible {
    var line: String
    var prepare: [String] = []
    var isByOwner = false
    var hasHappened: @Sendable (Stage, Cast) -> Bool
    var testDescription: String { line }
  }

  /// The sessions: an operator, an owner of a name, another one, and a guest.
  struct Cast {
    var boss: SessionID
    var neha: SessionID
    var zoe: SessionID
    var guest: SessionID
  }

  private static let spare = Identity(77).key
  private static let spareRequest = Identity(77).request(for: "neha")

  private static func den(_ stage: Stage) -> RoomRules? {
    RoomName("#den").flatMap { stage.hub.registry.rules(of: $0) }
  }

  private static func account(_ name: String, _ stage: Stage) -> Account? {
    Nickname(name).flatMap { stage.hub.registry.account(named: $0) }
  }

  static let cases: [Case] = [
    Case(line: "KEY ADD \(spareRequest) laptop", isByOwner: true) { stage, _ in
      stage.hub.registry.account(with: spare) != nil
    },
    Case(line: "KEY REMOVE \(spare.text)", prepare: ["KEY ADD \(spareRequest) laptop"], isByOwner: true) { stage, _ in
      stage.hub.registry.account(with: spare) == nil
    },
    Case(line: "CREATE #den", isByOwner: true) { stage, cast in
      stage.rooms(of: cast.neha).contains("#den") && den(stage) != nil
    },
    Case(line: "INVITE #den zoe", prepare: ["CREATE #den"], isByOwner: true) { stage, cast in
      stage.heard(cast.zoe).contains { $0.contains("invited you to #den") }
    },
    Case(line: "UNINVITE #den zoe", prepare: ["CREATE #den", "INVITE #den zoe"], isByOwner: true) { stage, _ in
      den(stage)?.guests == []
    },
    Case(line: "ADMIT 3 *") { stage, _ in stage.hub.registry.invitationCount == 1 },
    Case(line: "OP zoe") { stage, cast in
      account("zoe", stage)?.isOperator == true
        && stage.heard(cast.zoe).contains { $0.contains("made you an operator") }
    },
    Case(line: "DEOP zoe", prepare: ["OP zoe"]) { stage, _ in
      account("zoe", stage)?.isOperator == false
    },
    Case(line: "KICK guest") { stage, cast in stage.end(cast.guest) == .kicked },
    Case(line: "BAN @guest *") { stage, cast in stage.end(cast.guest) == .banned },
    Case(line: "BAN 198.51.100.0/24 60") { stage, cast in stage.end(cast.guest) == .banned },
    Case(line: "UNBAN @nobody", prepare: ["BAN @nobody *"]) { stage, _ in stage.hub.registry.sanctionCount == 0 },
    Case(line: "MUTE guest 60") { stage, cast in
      stage.say(cast.guest, "MSG hello").contains("ERR muted")
    },
    Case(line: "UNMUTE guest", prepare: ["MUTE guest *"]) { stage, cast in
      stage.say(cast.guest, "MSG hello").contains("MSG guest hello")
    },
    Case(line: "SLOW #lobby 60") { stage, cast in
      stage.say(cast.guest, "MSG one", "MSG two").contains("ERR slow-mode")
    },
  ]

  func begin(_ test: Case) -> (Stage, Cast, context: SessionID) {
    let stage = Stage.provable()
    let boss = stage.settle("boss", Identity(1), from: .host)
    let cast = Cast(
      boss: boss, neha: stage.settle("neha", Identity(2)), zoe: stage.settle("zoe", Identity(3)),
      guest: stage.join("guest", at: "198.51.100.7"))
    let context = test.isByOwner ? cast.neha : cast.boss
    for line in test.prepare { stage.say(context, line) }
    // None of these changes is announced later.
    stage.pass(.seconds(3600))
    stage.forget()
    return (stage, cast, context)
  }

  @Test(arguments: cases)
  func `a change is answered and applied when it is stored`(test: Case) throws {
    let (stage, cast, context) = begin(test)
    let before = stage.hub.registry.state
    stage.recording = .waits
    #expect(stage.say(context, "@label=1 \(test.line)") == [])
    #expect(stage.actions.allSatisfy { if case .propose = $0 { true } else { false } }, "\(stage.actions)")
    #expect(stage.hub.registry.state.isSame(as: before))
    #expect(!test.hasHappened(stage, cast))
    stage.recording = .works
    stage.settle()
    #expect(stage.heard(context).contains { $0.contains("label=1") && $0.contains(" OK ") })
    #expect(test.hasHappened(stage, cast))
  }

  @Test(arguments: cases)
  func `a change that cannot be stored is refused with a reason, and changes nothing`(test: Case) throws {
    let (stage, cast, context) = begin(test)
    let before = stage.hub.registry.state
    stage.recording = .waits
    stage.say(context, "@label=1 \(test.line)")
    stage.settle(successfully: false, isFull: true)
    let verb = String(test.line.prefix { $0 != " " })
    #expect(
      stage.heard(context) == [
        "@label=1 ERR storage-unavailable \(verb) The server's disk is full; nothing was changed."
      ])
    #expect(stage.hub.registry.state.isSame(as: before))
    #expect(!test.hasHappened(stage, cast))
    stage.recording = .works
    stage.pass(.seconds(3600))
    // The request succeeds when the disk has space again.
    #expect(stage.say(context, "@label=2 \(test.line)").contains { $0.contains("label=2") && $0.contains(" OK ") })
    #expect(test.hasHappened(stage, cast))
  }

  @Test(arguments: cases)
  func `a confirmed change survives a crash right after it`(test: Case) throws {
    let (stage, _, context) = begin(test)
    #expect(stage.say(context, "@label=1 \(test.line)").contains { $0.contains("label=1") && $0.contains(" OK ") })
    let confirmed = stage.hub.registry.state
    stage.restart()
    #expect(stage.hub.registry.state.isSame(as: confirmed))
  }

  @Test(arguments: cases)
  func `a change is stored and applied after its session has ended`(test: Case) throws {
    let (stage, cast, context) = begin(test)
    stage.recording = .waits
    stage.say(context, test.line)
    stage.leave(context, .lost)
    stage.recording = .works
    stage.settle()
    if !test.line.hasPrefix("CREATE") { #expect(test.hasHappened(stage, cast)) }
    stage.recording = .works
    #expect(stage.come(test.isByOwner ? "neha" : "boss", Identity(test.isByOwner ? 2 : 1), from: .host).1.isOwned)
  }

  // MARK: Logins

  @Test func `a name belongs to its key when the claim is stored`() {
    let stage = Stage.provable()
    stage.recording = .waits
    let (neha, challenge) = stage.meet()
    let line = "\(Identity(1).tags(challenge, as: "neha", "label=1;"))LOGIN neha"
    #expect(stage.say(neha, line, "MSG hello") == [])
    #expect(stage.hub.peopleCount == 0)
    // Meanwhile neither the name nor a confusable one is available, and the refusal does not say taken.
    let guest = stage.open()
    let lookalike = stage.open()
    #expect(stage.say(guest, "LOGIN neha", "WHO") == [])
    #expect(stage.say(lookalike, "LOGIN n\u{435}ha") == [])
    // Other logins are not delayed.
    let other = stage.open()
    #expect(stage.say(other, "LOGIN akash") == ["OK"])
    stage.settle()
    let heard = stage.heard(neha)
    #expect(heard.first?.contains(";owned OK LOGIN") == true, "\(heard)")
    #expect(heard.last?.hasSuffix("OK MSG") == true)
    #expect(stage.heard(guest) == ["ERR username-reserved", "ERR not-logged-in"])
    #expect(stage.heard(lookalike) == ["ERR username-confusable"])
  }

  @Test func `a login that cannot be stored is refused, and the name stays free`() {
    let stage = Stage.provable()
    stage.recording = .waits
    let (neha, challenge) = stage.meet()
    stage.say(neha, "\(Identity(1).tags(challenge, as: "neha", "label=1;"))LOGIN neha")
    let guest = stage.open()
    stage.say(guest, "LOGIN neha")
    stage.settle(successfully: false, isFull: true)
    #expect(
      stage.heard(neha) == [
        "@label=1 ERR storage-unavailable LOGIN The server's disk is full; you are not logged in; try again later."
      ])
    #expect(stage.heard(guest) == ["OK"])
    #expect(stage.hub.registry.accountCount == 0)
  }

  @Test func `names are claimed concurrently by different keys, each by one key`() {
    let stage = Stage.provable()
    _ = stage.settle("boss", Identity(9), from: .host)
    stage.recording = .waits
    var people: [SessionID] = []
    for (number, name) in ["neha", "zoe", "neha", "mira"].enumerated() {
      let (id, challenge) = stage.meet(from: Peer(address: IPAddress("192.0.2.\(number)"), isHost: false))
      stage.say(id, "\(Identity(UInt8(number + 1)).tags(challenge, as: name))LOGIN \(name)")
      people.append(id)
    }
    #expect(stage.proposals.count == 3)
    // The log answers in any order.
    stage.settle(2)
    stage.settle(0)
    stage.settle(0)
    #expect(stage.proposals.isEmpty)
    for id in [people[0], people[1], people[3]] { #expect(stage.heard(id).isOwned) }
    #expect(stage.heard(people[2]).isRefused("username-reserved", "LOGIN"))
  }

  @Test func `pending claims count towards the name limit of their address block`() {
    let stage = Stage.provable()
    stage.recording = .waits
    let people = (0..<10).map { number in
      let (id, challenge) = stage.meet()
      stage.say(id, "\(Identity(UInt8(number + 1)).tags(challenge, as: "n\(number)"))LOGIN n\(number)")
      return id
    }
    while !stage.proposals.isEmpty { stage.settle() }
    #expect(people.count { stage.heard($0).isOwned } == 8)
  }

  @Test func `a failed claim does not count`() {
    let stage = Stage.provable()
    stage.recording = .fails
    for _ in 0..<9 { #expect(stage.come("neha", Identity(1)).1.isRefused("storage-unavailable", "LOGIN")) }
    stage.recording = .works
    #expect(stage.come("neha", Identity(1)).1.isOwned)
  }

  @Test func `an invitation admits no more than its uses, even concurrently`() throws {
    let stage = Stage.provable(isInviteOnly: true)
    let host = stage.control()
    let code = try #require(
      stage.say(host, "ADMIT 2 *").first?.firstMatch(of: /code=([^; ]+)/).map { String($0.1) })
    stage.recording = .waits
    let people = (0..<4).map { number in
      let (id, challenge) = stage.meet()
      stage.say(
        id,
        "\(Identity(UInt8(number + 1)).tags(challenge, as: "n\(number)", "invite=\(code);"))LOGIN n\(number)")
      return id
    }
    while !stage.proposals.isEmpty { stage.settle() }
    let answers = people.map { stage.heard($0) }
    #expect(answers.count { $0.isOwned } == 2)
    #expect(answers.count { $0.isRefused("invalid-invite", "LOGIN") } == 2)
  }

  // MARK: Several at once

  @Test func `the last operator stays one under concurrent changes`() {
    let stage = Stage.provable()
    let boss = stage.settle("boss", Identity(1), from: .host)
    let zoe = stage.settle("zoe", Identity(2))
    stage.say(boss, "OP zoe")
    stage.forget()
    stage.recording = .waits
    stage.say(boss, "DEOP zoe")
    stage.say(zoe, "DEOP boss")
    #expect(stage.proposals.count == 1)
    while !stage.proposals.isEmpty { stage.settle() }
    #expect(stage.heard(boss).contains { $0.hasSuffix("OK DEOP") })
    #expect(stage.heard(zoe).contains { $0.contains("ERR not-operator DEOP") })
    #expect(stage.hub.registry.operators.map(\.text) == ["boss"])
  }

  @Test func `two guests who are invited concurrently are both invited`() {
    let stage = Stage.provable()
    let neha = stage.settle("neha", Identity(2))
    let second = stage.settle("neha", Identity(2))
    for (number, name) in ["zoe", "mira"].enumerated() { _ = stage.settle(name, Identity(UInt8(number + 3))) }
    stage.say(neha, "CREATE #den")
    stage.recording = .waits
    stage.say(neha, "INVITE #den zoe")
    stage.say(second, "INVITE #den mira")
    while !stage.proposals.isEmpty { stage.settle() }
    #expect(Self.den(stage)?.guests.count == 2)
  }

  @Test func `a room that is being made private cannot be joined`() {
    let stage = Stage.provable()
    _ = stage.settle("boss", Identity(1), from: .host)
    let neha = stage.settle("neha", Identity(2))
    let guest = stage.join("guest", "tags", "rooms")
    stage.recording = .waits
    stage.say(neha, "CREATE #den")
    #expect(stage.say(guest, "JOIN #DEN") == [])
    stage.settle()
    #expect(stage.heard(guest).first?.hasPrefix("ERR private-room JOIN") == true)
    #expect(stage.rooms(of: neha) == ["#lobby", "#den"])
  }

  @Test func `requests behind a change wait for its answer`() {
    let stage = Stage.provable()
    let boss = stage.settle("boss", Identity(1), from: .host)
    let zoe = stage.settle("zoe", Identity(2))
    stage.recording = .waits
    stage.say(boss, "@label=1 MUTE zoe *", "@label=2 MSG hello", "@label=3 PING")
    #expect(stage.say(zoe, "MSG not yet").contains { $0.hasSuffix("MSG zoe not yet") })
    stage.settle()
    #expect(stage.heard(boss).untagged.suffix(4) == ["OK MUTE", "MSG boss hello", "OK MSG", "PONG"])
  }

  @Test func `a half-closed session receives the answer, and an ended one does not`() {
    let stage = Stage.provable()
    _ = stage.settle("boss", Identity(1), from: .host)
    let host = stage.control()
    stage.recording = .waits
    stage.say(host, "ADMIT 1 *")
    stage.finish(host)
    #expect(stage.end(host) == nil)
    stage.settle()
    #expect(stage.heard(host).first?.contains("code=") == true)
    #expect(stage.end(host) == .closed)
  }

  @Test func `expired sanctions are removed when the disk has space again`() {
    let stage = Stage()
    stage.apply(.clock(Stage.noon))
    let host = stage.control()
    stage.say(host, "MUTE zoe 10")
    stage.recording = .fails
    let later = Stage.noon.advanced(by: .seconds(20))
    for _ in 0..<3 { stage.pass(to: later, after: .seconds(1)) }
    #expect(stage.hub.registry.sanctionCount == 1)
    stage.recording = .works
    stage.pass(to: later.advanced(by: .seconds(61)), after: .seconds(1))
    #expect(stage.hub.registry.sanctionCount == 0)
    #expect(stage.registry.state.sanctions == [])
  }
}

extension [String] {
  var isOwned: Bool { first?.contains(";owned") == true && untagged.first?.hasPrefix("OK ") == true }
}
