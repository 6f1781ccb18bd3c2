import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct ReadsTests {
  private static let id = SessionID(1)

  private static func read(_ limit: Int) -> Read {
    Read(request: .acts(limit: limit), purpose: .acts(ReplyAddress(session: id)))
  }

  @Test func `a session has few reads under way, and the next one starts when one has finished`() {
    var reads = Reads()
    var session: Session? = Session(of: .host, openedAt: MonotonicTime(nanoseconds: 0))
    for limit in 1...6 { session?.reads.append(Self.read(limit)) }
    let started = turn { reads.startNext(of: Self.id, &session, &$0) }
    #expect(started.count == 4)
    guard case .read(let first, .acts(1), for: nil)? = started.first else {
      Issue.record("the first read was not started first")
      return
    }
    #expect(reads.finish(first) != nil)
    #expect(reads.finish(first) == nil)
    session?.reads.finish(first)
    #expect(turn { reads.startNext(of: Self.id, &session, &$0) }.count == 1)
  }

  @Test func `a slow reader starts none, and cancelled reads have no requester`() {
    var reads = Reads()
    var session: Session? = Session(of: .host, openedAt: MonotonicTime(nanoseconds: 0))
    session?.lag = LagStart()
    session?.reads.append(Self.read(1))
    #expect(turn { reads.startNext(of: Self.id, &session, &$0) }.isEmpty)
    session?.lag = nil
    let started = turn { reads.startNext(of: Self.id, &session, &$0) }
    guard case .read(let id, _, _)? = started.first else {
      Issue.record("no read was started")
      return
    }
    #expect(turn { reads.cancel(of: &session, &$0) } == [.cancelRead(id, for: nil)])
    #expect(reads.finish(id) == nil && session?.reads.isIdle == true)
  }

  @Test func `stores are answered in their order and counted`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    var stores = PendingStores()
    let actions = turn(as: .member(neha)) { turn in
      for text in ["a", "bc"] {
        stores.begin(
          NewMessage(conversation: .room(.lobby), author: neha.name, member: neha.member, text: text), &turn)
      }
    }
    #expect(actions.count == 2 && stores.last == 2 && stores.answered == 0)
    #expect([stores.finish()?.bytes, stores.finish()?.bytes] == [1, 2])
    #expect(stores.finish() == nil && stores.answered == 2)
  }
}
