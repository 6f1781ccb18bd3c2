import ChatProtocol
import Testing

@testable import ChatHub

/// A disk that never answers, or very late.
@Suite struct LateStorageTests {
  private let noAnswer = "The server's disk does not answer"

  /// The storage timeout, by the clock of the server.
  private func pass(_ stage: Stage) {
    for _ in 0..<7 { stage.wait(.seconds(1)) }
  }

  @Test(arguments: ProposalTests.cases)
  private func `a change is refused after a timeout, and still made when the disk answers`(
    test: ProposalTests.Case
  ) {
    let (stage, cast, context) = ProposalTests().begin(test)
    // Keeps every session from being idle.
    for id in [cast.boss, cast.neha, cast.zoe, cast.guest] { stage.say(id, "PING") }
    stage.forget()
    stage.recording = .waits
    #expect(stage.say(context, "@label=1 \(test.line)", "@label=2 PING") == [])
    stage.wait(.seconds(1))
    stage.wait(.seconds(3))
    #expect(stage.heard(context) == [], "a slow disk is waited for")
    pass(stage)
    let verb = String(test.line.prefix { $0 != " " })
    let heard = stage.heard(context)
    #expect(heard.contains("@label=2 PONG") || context == cast.boss, "the session goes on")
    #expect(
      heard.first
        == "@label=1 ERR storage-unavailable \(verb) \(noAnswer); the change is made when it does, or not at all.")
    #expect(!test.hasHappened(stage, cast))
    stage.recording = .works
    stage.settle()
    #expect(stage.heard(context).allSatisfy { !$0.contains("label=1") }, "a request has one answer")
    if !test.line.hasPrefix("CREATE") { #expect(test.hasHappened(stage, cast)) }
  }

  @Test func `a request behind another session's change is refused after a timeout, and not made`() {
    let stage = Stage.provable()
    let boss = stage.settle("boss", Identity(1), from: .host)
    let neha = stage.settle("neha", Identity(2))
    stage.recording = .waits
    stage.say(boss, "BAN 203.0.113.0/24 *")
    let (zoe, challenge) = stage.meet()
    #expect(stage.say(zoe, "\(Identity(3).tags(challenge, as: "zoe", "label=1;"))LOGIN zoe") == [])
    #expect(stage.say(neha, "@label=1 CREATE #den", "@label=2 CREATE #shed", "@label=3 PING") == [])
    // Other users, including owners of names, log in and talk meanwhile.
    #expect(stage.come("neha", Identity(2)).1.isOwned)
    let guest = stage.join("guest")
    #expect(stage.say(guest, "MSG hello") == ["MSG guest hello"])
    pass(stage)
    #expect(
      stage.heard(zoe).filter { $0.contains("label=1") } == [
        "@label=1 ERR storage-unavailable LOGIN \(noAnswer); you are not logged in; try again later."
      ])
    pass(stage)
    #expect(
      stage.heard(neha).filter { $0.contains("label=") } == [
        "@label=1 ERR storage-unavailable CREATE \(noAnswer); nothing was changed.",
        "@label=2 ERR storage-unavailable CREATE \(noAnswer); nothing was changed.", "@label=3 PONG",
      ])
    #expect(stage.proposals.count == 1)
    stage.recording = .works
    stage.settle()
    #expect(stage.hub.registry.sanctionCount == 1)
    #expect(RoomName("#den").flatMap { stage.hub.registry.rules(of: $0) } == nil)
    #expect(stage.say(zoe, "\(Identity(3).tags(challenge, as: "zoe", "label=2;"))LOGIN zoe").isOwned)
  }

  @Test func `a login that claims a name times out, and the name is its key's when the disk answers`() {
    let stage = Stage.provable()
    stage.recording = .waits
    let (neha, challenge) = stage.meet()
    stage.say(neha, "\(Identity(1).tags(challenge, as: "neha", "label=1;"))LOGIN neha")
    pass(stage)
    #expect(
      stage.heard(neha) == [
        "@label=1 ERR storage-unavailable LOGIN \(noAnswer); you are not logged in; try again later."
      ])
    #expect(stage.hub.peopleCount == 0)
    // The login is repeated while the first claim is pending.
    stage.say(neha, "\(Identity(1).tags(challenge, as: "neha", "label=2;"))LOGIN neha")
    #expect(stage.heard(neha) == [])
    #expect(stage.proposals.count == 1)
    stage.settle()
    let heard = stage.heard(neha)
    #expect(heard.isOwned, "\(heard)")
    #expect(heard.allSatisfy { !$0.contains("label=1;") })
    #expect(stage.hub.registry.accountCount == 1)
  }

  @Test func `a redaction is refused after a timeout, and announced when the disk answers`() {
    let stage = Stage()
    let neha = stage.join("neha", "tags", "rooms", "history", "moderation")
    let akash = stage.join("akash", "tags", "rooms", "history", "moderation")
    stage.say(neha, "MSG oh no")
    stage.forget()
    stage.redacting = .waits
    #expect(stage.say(neha, "@label=1 REMOVE #lobby 1") == [])
    pass(stage)
    #expect(
      stage.heard(neha) == [
        "@label=1 ERR storage-unavailable REMOVE \(noAnswer); the message is taken away when it does, or not at all."
      ])
    stage.answerRedaction()
    #expect(stage.heard(neha) == ["REMOVED #lobby 1 neha"])
    #expect(stage.heard(akash) == ["REMOVED #lobby 1 neha"])
    stage.redacting = .works
    stage.say(neha, "MSG again")
    stage.forget()
    #expect(stage.say(neha, "@label=2 REMOVE #lobby 2").first == "@label=2 OK REMOVE")
  }

  @Test func `no state grows while the disk hangs, whatever is requested`() {
    let stage = Stage.provable()
    let boss = stage.settle("boss", Identity(1), from: .host)
    stage.recording = .waits
    for number in 0..<200 {
      stage.say(boss, "BAN 203.0.113.\(number) *")
      stage.wait(.seconds(1))
    }
    #expect(stage.hub.proposals.count == 1)
    #expect(stage.hub.proposals.waitingCount <= 1)
    for _ in 0..<2000 { stage.wait(.seconds(1)) }
    #expect(stage.hub.sessions[boss]?.backlog.waiting.isEmpty != false)
  }
}
