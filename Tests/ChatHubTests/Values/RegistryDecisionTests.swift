import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

/// Decisions about the registry are proposals, and change nothing themselves.
@Suite struct RegistryDecisionTests {
  private static func registry(isOperator: Bool) throws -> (Registry, Caller) {
    let key = HubHarness.key(1)
    let neha = try #require(Session.Presence("neha", 1, key: key))
    var account = Account(
      member: neha.member, name: neha.name, keys: [AccountKey(key: key, added: Timestamp(milliseconds: 0))],
      created: Timestamp(milliseconds: 0))
    account.isOperator = isOperator
    var registry = Registry()
    registry.apply(.account(account))
    return (registry, .member(neha))
  }

  private static func refusal(_ decide: () throws(RequestError) -> Proposal?) -> ErrorCode? {
    do {
      _ = try decide()
      return nil
    } catch {
      return error.code
    }
  }

  @Test func `only an operator decides on operators, invitations and sanctions`() throws {
    let (registry, caller) = try Self.registry(isOperator: false)
    let name = try #require(Nickname("neha"))
    var codes: [ErrorCode?] = []
    _ = turn(as: caller) { turn in
      codes = [
        Self.refusal { () throws(RequestError) in try registry.makeOperator(name, turn.caller) },
        Self.refusal { () throws(RequestError) in try registry.unmakeOperator(name, turn.caller) },
        Self.refusal { () throws(RequestError) in try registry.pardon(.ban, .name(name), or: .name(name), turn) },
        Self.refusal { () throws(RequestError) in try registry.addInvitation([1], uses: 1, for: .forever, turn) },
      ]
    }
    #expect(codes == Array(repeating: .notOperator, count: 4))
  }

  @Test func `an operator who is one already needs no proposal, and the last one stays`() throws {
    let (registry, caller) = try Self.registry(isOperator: true)
    let name = try #require(Nickname("neha"))
    #expect(Self.refusal { () throws(RequestError) in try registry.makeOperator(name, caller) } == nil)
    #expect(throws: RequestError(.lastOperator)) { _ = try registry.unmakeOperator(name, caller) }
  }

  @Test func `the last key stays`() throws {
    let (registry, caller) = try Self.registry(isOperator: false)
    #expect(throws: RequestError(.lastKey)) { _ = try registry.removeKey(HubHarness.key(1), caller) }
    #expect(throws: RequestError(.noSuchKey)) { _ = try registry.removeKey(HubHarness.key(2), caller) }
  }

  @Test func `acts of one moment have distinct times`() throws {
    let (_, caller) = try Self.registry(isOperator: true)
    var proposals = Proposals(of: HubID(0))
    let actions = turn(as: caller) { turn in
      for _ in 0..<3 {
        proposals.begin(Proposal(changes: [], act: ProposedAct(.kick, "@neha", by: turn.caller.actor)), &turn)
      }
    }
    let times = actions.compactMap { action -> Timestamp? in
      guard case .propose(let entry, _) = action, case .act(let act)? = entry.changes.first else { return nil }
      return act.time
    }
    #expect(times.count == 3 && Set(times).count == 3 && times == times.sorted())
  }
}
