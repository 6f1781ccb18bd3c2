import ChatProtocol
import Testing

@testable import ChatHub

@Suite struct TurnTests {
  private static let id = SessionID(1)

  @Test func `an answer carries the label first, and the verb of the request`() throws {
    let caller = Caller.member(try #require(Session.Presence("neha", 1)))
    let actions = turn(as: caller) { turn in
      turn.replyOK { $0.isOwned = true }
      turn.refuse(.notFound, to: turn.caller.address)
      turn.send(.pong, to: Self.id)
    }
    var tags = Tags()
    tags.label = "7"
    var first = tags
    first.isOwned = true
    let error = ServerMessage.error(ErrorReply(RequestError(.notFound, .ping)))
    #expect(actions == [.send(Self.id, .ok(.ping), first), .send(Self.id, error, tags), .send(Self.id, .pong, Tags())])
  }

  @Test func `the actions of a turn follow those before it, in the same storage`() {
    var actions: [HubAction] = [.hold(Self.id)]
    actions.reserveCapacity(100)
    let storage = actions.withUnsafeBufferPointer(\.baseAddress)
    var turn = Turn(at: MonotonicTime(nanoseconds: 0), wall: .init(milliseconds: 0), appendingTo: &actions)
    turn.emit(.release(Self.id))
    turn.finish(into: &actions)
    #expect(actions == [.hold(Self.id), .release(Self.id)])
    #expect(actions.withUnsafeBufferPointer(\.baseAddress) == storage)
  }

  @Test func `the null caller has no session`() {
    var sessions = SlotMap<SessionID, Int>(placeholder: 0)
    sessions.insert(Self.id, 1)
    #expect(sessions[at: Caller.nobody.place] == 0)
    sessions[at: Caller.nobody.place] = 2
    #expect(sessions[at: Caller.nobody.place] == 0 && sessions[Self.id] == 1)
  }
}
