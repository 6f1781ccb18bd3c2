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
    var session = Session(of: .host, openedAt: MonotonicTime(nanoseconds: 0))
    for limit in 1...6 { session.reads.append(Self.read(limit)) }
    let started = turn { reads.startNext(of: Self.id, &session, &$0) }
    #expect(started.count == 4)
    guard case .read(let first, .acts(1), for: nil)? = started.first else {
      Issue.record("the first read was not started first")
      return
    }
    #expect(reads.finish(first) != nil)
    #expect(reads.finish(first) == nil)
    session.reads.finish(first)
    #expect(turn { reads.startNext(of: Self.id, &session, &$0) }.count == 1)
  }

  @Test func `a slow reader starts none, and cancelled reads have no requester`() {
    var reads = Reads()
    var session = Session(of: .host, openedAt: MonotonicTime(nanoseconds: 0))
    session.lag = LagStart()
    session.reads.append(Self.read(1))
    #expect(turn { reads.startNext(of: Self.id, &session, &$0) }.isEmpty)
    session.lag = nil
    let started = turn { reads.startNext(of: Self.id, &session, &$0) }
    guard case .read(let id, _, _)? = started.first else {
      Issue.record("no read was started")
      return
    }
    #expect(turn { reads.cancel(of: &session, &$0) } == [.cancelRead(id, for: nil)])
    #expect(reads.finish(id) == nil && session.reads.isIdle)
  }

  @Test func `a stored message is answered in its order, once the feed has brought it`() throws {
    let neha = try #require(Session.Presence("neha", 1))
    var stores = PendingStores(after: 3)
    let texts = ["earlier", "new", "failed"]
    let messages = texts.map {
      NewMessage(conversation: .room(.lobby), author: neha.name, member: neha.member, text: $0)
    }
    let actions = turn(as: .member(neha)) { turn in
      for message in messages { stores.begin(message, &turn) }
    }
    #expect(actions.count == 3 && stores.next() == nil)
    func stored(_ index: Int, id: Int) -> StoredMessage {
      StoredMessage(messages[index], id: id, sequence: id, time: Timestamp(milliseconds: 0))
    }
    // A message from before the feed began needs no entry.
    stores.settle(.success(.duplicate(stored(0, id: 3))))
    stores.settle(.success(.stored(stored(1, id: 5))))
    stores.settle(.failure(HubEvent.StorageFailure()))
    #expect(stores.next()?.request.bytes == texts[0].utf8.count)
    #expect(stores.next() == nil && stores.sender(of: 4) == nil && stores.sender(of: 5) == SessionID(1))
    stores.reach(4)
    #expect(stores.next() == nil)
    stores.reach(5)
    #expect([stores.next()?.request.bytes, stores.next()?.request.bytes] == [3, 6])
    // An outcome that nothing waits for is ignored.
    stores.settle(.success(.conflict))
    #expect(stores.next() == nil)
  }
}
