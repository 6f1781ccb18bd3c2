import ChatProtocol
import Testing

@testable import ChatHub

/// A disk that never answers, or very late.
@Suite struct LateStorageTests {
  private let noAnswer = "The server's disk does not answer"

  /// The storage timeout, by the clock of the server.
  private func pass(_ harness: HubHarness) {
    for _ in 0..<7 { harness.advanceClock(by: .seconds(1)) }
  }

  @Test(arguments: ProposalTests.cases)
  private func `a change is refused after a timeout, and still made when the disk answers`(
    test: ProposalTests.ProposalCase
  ) {
    let (harness, cast, context) = ProposalTests().begin(test)
    // Keeps every session from being idle.
    for id in [cast.boss, cast.neha, cast.zoe, cast.guest] { harness.send(as: id, "PING") }
    harness.discardOutput()
    harness.recording = .waits
    #expect(harness.send(as: context, "@label=1 \(test.line)", "PING") == [])
    harness.advanceClock(by: .seconds(1))
    harness.advanceClock(by: .seconds(2))
    #expect(harness.takeOutput(of: context) == [], "nothing is sent before the timeout")
    pass(harness)
    let verb = String(test.line.prefix { $0 != " " })
    let heard = harness.takeOutput(of: context)
    #expect(heard.contains("PONG") || context == cast.boss, "the session continues after the refusal")
    #expect(
      heard.first
        == "@label=1 ERR storage-unavailable \(verb) \(noAnswer); the change is made when it does, or not at all.")
    #expect(!test.hasHappened(harness, cast))
    harness.recording = .works
    harness.answerProposal()
    #expect(
      harness.takeOutput(of: context).allSatisfy { !$0.contains("label=1") }, "a refused request gets no second answer")
    if !test.line.hasPrefix("CREATE") { #expect(test.hasHappened(harness, cast)) }
  }

  @Test func `a request behind another session's change is refused after a timeout, and not made`() {
    let harness = HubHarness.withPin()
    let boss = harness.logInOwner("boss", TestKey(1), from: .host)
    let neha = harness.logInOwner("neha", TestKey(2))
    harness.recording = .waits
    harness.send(as: boss, "BAN 203.0.113.0/24 *")
    let (zoe, challenge) = harness.connectSecured()
    #expect(harness.send(as: zoe, "\(TestKey(3).tags(challenge, as: "zoe", "label=1;"))LOGIN zoe") == [])
    #expect(harness.send(as: neha, "@label=1 CREATE #den", "@label=2 CREATE #shed", "PING") == [])
    // Other users, including owners of names, log in and talk meanwhile.
    #expect(harness.requestLogin("neha", TestKey(2)).1.isOwned)
    let guest = harness.logIn("guest")
    #expect(harness.send(as: guest, "MSG hello") == ["MSG guest hello"])
    pass(harness)
    #expect(
      harness.takeOutput(of: zoe).filter { $0.contains("label=1") } == [
        "@label=1 ERR storage-unavailable LOGIN \(noAnswer); you are not logged in; try again later."
      ])
    pass(harness)
    #expect(
      harness.takeOutput(of: neha).filter { $0.contains("label=") || $0 == "PONG" } == [
        "@label=1 ERR storage-unavailable CREATE \(noAnswer); nothing was changed.",
        "@label=2 ERR storage-unavailable CREATE \(noAnswer); nothing was changed.", "PONG",
      ])
    #expect(harness.proposals.count == 1)
    harness.recording = .works
    harness.answerProposal()
    #expect(harness.hub.registry.sanctionCount == 1)
    #expect(RoomName("#den").flatMap { harness.hub.registry.rules(of: $0) } == nil)
    #expect(harness.send(as: zoe, "\(TestKey(3).tags(challenge, as: "zoe", "label=2;"))LOGIN zoe").isOwned)
  }

  @Test func `a login that claims a name times out, and the name is its key's when the disk answers`() {
    let harness = HubHarness.withPin()
    harness.recording = .waits
    let (neha, challenge) = harness.connectSecured()
    harness.send(as: neha, "\(TestKey(1).tags(challenge, as: "neha", "label=1;"))LOGIN neha")
    pass(harness)
    #expect(
      harness.takeOutput(of: neha) == [
        "@label=1 ERR storage-unavailable LOGIN \(noAnswer); you are not logged in; try again later."
      ])
    #expect(harness.hub.peopleCount == 0)
    // The login is repeated while the first claim is pending.
    harness.send(as: neha, "\(TestKey(1).tags(challenge, as: "neha", "label=2;"))LOGIN neha")
    #expect(harness.takeOutput(of: neha) == [])
    #expect(harness.proposals.count == 1)
    harness.answerProposal()
    let heard = harness.takeOutput(of: neha)
    #expect(heard.isOwned, "\(heard)")
    #expect(heard.allSatisfy { !$0.contains("label=1;") })
    #expect(harness.hub.registry.accountCount == 1)
  }

  /// A request that waits can be handled in between: it waits for a change that is refused, and its session is paced.
  @Test func `a request that no longer waits is not refused, and neither is the one behind it`() {
    let harness = HubHarness.withPin()
    let boss = harness.logInOwner("boss", TestKey(1), from: .host)
    harness.recording = .waits
    let (zoe, zoesChallenge) = harness.connectSecured()
    harness.send(as: zoe, "\(TestKey(2).tags(zoesChallenge, as: "zoe", "label=1;"))LOGIN zoe")
    harness.send(as: boss, "@label=1 BAN 203.0.113.0/24 *")
    for _ in 0..<2 { harness.advanceClock(by: .seconds(1)) }
    let elsewhere = Peer(address: IPAddress("198.51.100.7"), isHost: false)
    let (mira, mirasChallenge) = harness.connectSecured(from: elsewhere)
    harness.send(as: mira, "\(TestKey(3).tags(mirasChallenge, as: "mira", "label=1;"))LOGIN mira", "@label=2 PING")
    harness.hub.sessions.update(mira) { $0.backlog.isPaced = true }
    harness.hub.sessions.paced = [mira]
    for _ in 0..<3 { harness.advanceClock(by: .seconds(1)) }
    #expect(harness.takeOutput(of: boss).contains { $0.hasPrefix("@label=1 ERR storage-unavailable BAN") })
    #expect(harness.proposals.count == 2, "the login no longer waits for the change that was refused")
    for _ in 0..<2 { harness.advanceClock(by: .seconds(1)) }
    #expect(harness.takeOutput(of: mira) == [], "nothing is sent before the login's own timeout")
    for _ in 0..<3 { harness.advanceClock(by: .seconds(1)) }
    #expect(
      harness.takeOutput(of: mira).filter { $0.contains("label=") } == [
        "@label=1 ERR storage-unavailable LOGIN \(noAnswer); you are not logged in; try again later.",
        "@label=2 ERR not-logged-in PING Log in first: LOGIN name.",
      ])
  }

  @Test func `a redaction is refused after a timeout, and announced when the disk answers`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags", "rooms", "history", "moderation")
    let akash = harness.logIn("akash", "tags", "rooms", "history", "moderation")
    harness.send(as: neha, "MSG oh no")
    harness.discardOutput()
    harness.redacting = .waits
    #expect(harness.send(as: neha, "@label=1 REMOVE #lobby 1") == [])
    pass(harness)
    #expect(
      harness.takeOutput(of: neha) == [
        "@label=1 ERR storage-unavailable REMOVE \(noAnswer); the message is removed when it does, or not at all."
      ])
    harness.answerRedaction()
    #expect(harness.takeOutput(of: neha) == ["REMOVED #lobby 1 neha"])
    #expect(harness.takeOutput(of: akash) == ["REMOVED #lobby 1 neha"])
    harness.redacting = .works
    harness.send(as: neha, "MSG again")
    harness.discardOutput()
    #expect(harness.send(as: neha, "@label=2 REMOVE #lobby 2").first == "@label=2 OK REMOVE")
  }

  @Test func `no state grows while the disk hangs, whatever is requested`() {
    let harness = HubHarness.withPin()
    let boss = harness.logInOwner("boss", TestKey(1), from: .host)
    harness.recording = .waits
    for number in 0..<200 {
      harness.send(as: boss, "BAN 203.0.113.\(number) *")
      harness.advanceClock(by: .seconds(1))
    }
    #expect(harness.hub.proposals.count == 1)
    #expect(harness.hub.proposals.waitingCount <= 1)
    for _ in 0..<2000 { harness.advanceClock(by: .seconds(1)) }
    #expect(harness.hub.sessions[boss]?.backlog.waiting.isEmpty != false)
  }
}
