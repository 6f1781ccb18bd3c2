import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct PeopleTests {
  private static func login(_ number: UInt64, of presence: Session.Presence) -> Login {
    Login(LoginID(number), on: HubID(0), of: presence.member, named: presence.name, key: nil, address: nil)
  }

  private static func people(_ presence: Session.Presence, logins: [UInt64]) -> People {
    var people = People()
    for number in logins { people.enter(login(number, of: presence)) }
    people.update(presence.member) { $0.record = MemberRecord(.complete) }
    return people
  }

  @Test func `a member enters with the first login and leaves with the last`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    var people = People()
    let logins = [1, 2].map { Self.login($0, of: neha) }
    #expect(people.enter(logins[0]) && !people.enter(logins[1]))
    #expect(people.leave(LoginID(1), of: neha.member) == logins[0])
    #expect(people.leave(LoginID(1), of: neha.member) == nil)
    #expect(people.count == 1)
    #expect(people.leave(LoginID(2), of: neha.member) == logins[1])
    #expect(people.count == 0 && people[neha.member] == nil && people.present(neha.name) == nil)
  }

  @Test func `a record is kept while the member has a session here`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    var people = Self.people(neha, logins: [1, 2])
    people.attach(SessionID(7), to: LoginID(1), of: neha.member)
    people.attach(SessionID(8), to: LoginID(2), of: neha.member)
    #expect(people[neha.member]?.sessions == [SessionID(7), SessionID(8)])
    people.attach(nil, to: LoginID(1), of: neha.member)
    #expect(people[neha.member]?.record.knowledge == .complete)
    people.attach(nil, to: LoginID(2), of: neha.member)
    #expect(people[neha.member]?.record.knowledge == .elsewhere)
  }

  @Test func `a login joins and leaves a room once`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    let room = try #require(RoomName("#a"))
    var people = Self.people(neha, logins: [1, 2])
    #expect(people.join(room, LoginID(1), of: neha.member) == neha.name)
    #expect(people.join(room, LoginID(1), of: neha.member) == nil)
    #expect(people.join(room, LoginID(3), of: neha.member) == nil)
    #expect(people.logins(of: neha.member, in: room).map(\.login) == [LoginID(1)])
    #expect(people.part(room, LoginID(2), of: neha.member) == nil)
    #expect(people.part(room, LoginID(1), of: neha.member) == neha.name)
    #expect(people.part(room, LoginID(1), of: neha.member) == nil)
  }

  @Test func `an away message is announced when it changes`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    var people = Self.people(neha, logins: [1])
    let announced = turn { turn in
      for text in ["out", "out", nil, nil] { people.setAway(text, neha.member, &turn) }
    }
    #expect(
      announced == [
        .publish(.away(neha.name, text: "out"), in: .lobby, Tags()), .publish(.back(neha.name), in: .lobby, Tags()),
      ])
  }

  @Test func `a name stands for its present bearer, its owner, then a former correspondent`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    let bob = try #require(Session.Presence("bob", 2))
    var people = Self.people(neha, logins: [1])
    var registry = Registry()
    #expect(people.bearer(of: bob.name, for: neha.member, registry) == nil)
    let known = StoredMessage(
      NewMessage(
        conversation: .pair(Conversation.Pair(neha.member, bob.member)), author: bob.name, member: bob.member,
        reader: neha.name, text: "x"), id: 1, sequence: 1, time: Timestamp(milliseconds: 0))
    people.update(neha.member) { _ = $0.record.note(known, in: 0, with: bob.member, named: bob.name) }
    #expect(people.bearer(of: bob.name, for: neha.member, registry)?.member == bob.member)
    #expect(people.reader(named: bob.name, registry) == nil)
    registry.apply(
      .account(Account(member: MemberID(3), name: bob.name, keys: [], created: Timestamp(milliseconds: 0))))
    #expect(people.bearer(of: bob.name, for: neha.member, registry)?.member == MemberID(3))
    people.enter(
      Login(LoginID(9), on: HubID(0), of: MemberID(4), named: bob.name, key: nil, address: nil))
    #expect(people.bearer(of: bob.name, for: neha.member, registry)?.member == MemberID(4))
    #expect(people.currentName(of: MemberID(3), registry) == bob.name)
  }

  @Test func `a similar name is confusable while its bearer is present`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    let similar = try #require(Nickname("nеha"))
    var people = Self.people(neha, logins: [1])
    #expect(people.contains(lookalikeOf: similar))
    _ = people.leave(LoginID(1), of: neha.member)
    #expect(!people.contains(lookalikeOf: similar))
  }
}
