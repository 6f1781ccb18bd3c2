import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct PeopleTests {
  private static func people(_ presence: Session.Presence, sessions: [UInt64]) -> People {
    var people = People()
    people.enter(presence.member, named: presence.name, MemberRecord(.complete))
    people[presence.member]?.sessions = sessions.map { SessionID($0) }
    return people
  }

  @Test func `a member leaves with the last session`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    var people = Self.people(neha, sessions: [1, 2])
    #expect(turn { people.leave(neha, SessionID(1), .quit, &$0) }.isEmpty)
    #expect(people.count == 1)
    #expect(
      turn { people.leave(neha, SessionID(2), .lost, &$0) } == [
        .publish(.left(neha.name, .lost), in: .lobby, Tags())
      ])
    #expect(people.count == 0 && people[neha.member] == nil && people.present(neha.name) == nil)
  }

  @Test func `an away message is announced when it changes`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    var people = Self.people(neha, sessions: [1])
    let announced = turn { turn in
      for text in ["out", "out", nil, nil] { people.setAway(text, neha, &turn) }
    }
    #expect(
      announced == [
        .publish(.away(neha.name, text: "out"), in: .lobby, Tags()), .publish(.back(neha.name), in: .lobby, Tags()),
      ])
  }

  @Test func `a name stands for its present bearer, its owner, then a former correspondent`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    let bob = try #require(Session.Presence("bob", 2))
    var people = Self.people(neha, sessions: [1])
    var registry = Registry()
    #expect(people.bearer(of: bob.name, for: neha.member, registry) == nil)
    let known = StoredMessage(
      NewMessage(
        conversation: .pair(Conversation.Pair(neha.member, bob.member)), author: bob.name, member: bob.member,
        reader: neha.name, text: "x"), id: 1, sequence: 1, time: Timestamp(milliseconds: 0))
    _ = people[neha.member]?.record.note(known, in: 0, with: bob.member, named: bob.name)
    #expect(people.bearer(of: bob.name, for: neha.member, registry)?.member == bob.member)
    #expect(people.reader(named: bob.name, registry) == nil)
    registry.apply(
      .account(Account(member: MemberID(3), name: bob.name, keys: [], created: Timestamp(milliseconds: 0))))
    #expect(people.bearer(of: bob.name, for: neha.member, registry)?.member == MemberID(3))
    people.enter(MemberID(4), named: bob.name, MemberRecord(.complete))
    #expect(people.bearer(of: bob.name, for: neha.member, registry)?.member == MemberID(4))
    #expect(people.currentName(of: MemberID(3), registry) == bob.name)
  }

  @Test func `a similar name is confusable while its bearer is present`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    let similar = try #require(Nickname("nеha"))
    var people = Self.people(neha, sessions: [1])
    #expect(people.contains(lookalikeOf: similar))
    _ = turn { people.leave(neha, SessionID(1), .quit, &$0) }
    #expect(!people.contains(lookalikeOf: similar))
  }
}
