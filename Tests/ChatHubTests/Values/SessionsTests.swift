import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct SessionsTests {
  private static let id = SessionID(1)
  private static let address = ReplyAddress(session: id, verb: .key, label: "7")
  private static let peer = Peer(address: IPAddress("10.0.0.1"), isHost: false)

  private static func sessions(_ peer: Peer = .host, capabilities: Capabilities = .all) -> Sessions {
    var sessions = Sessions()
    var session = Session(of: peer, openedAt: MonotonicTime(nanoseconds: 0))
    session.capabilities = capabilities
    sessions.insert(id, session)
    return sessions
  }

  @Test func `a list is a batch with the label at its start, under a new reference each time`() {
    var sessions = Self.sessions()
    let actions = turn { turn in
      sessions.reply("keys", [.pong], hasMore: true, to: Self.address, &turn)
      sessions.reply("keys", [], to: Self.address, &turn)
      sessions.reply("keys", [], to: ReplyAddress(session: SessionID(2)), &turn)
    }
    var start = Self.address.tags
    start.hasMore = true
    var line = Tags()
    line.batch = "0"
    #expect(
      actions == [
        .send(Self.id, .batchStart(reference: "0", kind: "keys"), start), .send(Self.id, .pong, line),
        .send(Self.id, .batchEnd(reference: "0"), Tags()),
        .send(Self.id, .batchStart(reference: "1", kind: "keys"), Self.address.tags),
        .send(Self.id, .batchEnd(reference: "1"), Tags()),
      ])
  }

  @Test func `lines of a plain list have no tags`() {
    var sessions = Self.sessions(capabilities: [])
    let actions = turn { sessions.reply("who", [.pong], to: ReplyAddress(session: Self.id), &$0) }
    #expect(actions.dropFirst().first == .send(Self.id, .pong, Tags()))
  }

  @Test func `a session above its rate is held once and released when it is below`() throws {
    var sessions = Self.sessions(Self.peer)
    let place = try #require(sessions.place(of: Self.id))
    let limits = HubLimits()
    var answers: [Bool] = []
    let actions = turn { turn in
      for _ in 0..<(limits.lineBurst + 3) {
        answers.append(sessions.charge(Self.id, at: place, tenths: 10, bytes: 1, limits, &turn))
      }
    }
    #expect(answers == Array(repeating: true, count: limits.lineBurst) + [false, false, false])
    #expect(actions.count == 1 && sessions.paced == [Self.id])
    #expect(sessions.releasePaced(limits, at: MonotonicTime(nanoseconds: 0)).isEmpty)
    #expect(sessions.releasePaced(limits, at: MonotonicTime(nanoseconds: 1_000_000_000)) == [Self.id])
    #expect(sessions.paced.isEmpty && sessions[Self.id]?.backlog.isPaced == false)
  }

  @Test func `a session that ended is not released`() throws {
    var sessions = Self.sessions(Self.peer)
    let place = try #require(sessions.place(of: Self.id))
    _ = turn { _ = sessions.charge(Self.id, at: place, tenths: 10_000, bytes: 1, HubLimits(), &$0) }
    _ = sessions.remove(Self.id)
    #expect(sessions.releasePaced(HubLimits(), at: MonotonicTime(nanoseconds: .max)).isEmpty)
    #expect(sessions.paced.isEmpty)
  }

  @Test func `the login timeout counts before login, and the idle timeout after it`() throws {
    var sessions = Self.sessions()
    let settings = HubSettings(idleTimeout: .seconds(60), loginTimeout: .seconds(30))
    func expired(_ seconds: Int64) -> [Bool] {
      sessions.expired(settings, at: MonotonicTime(nanoseconds: seconds * 1_000_000_000)).map(\.isIdle)
    }
    #expect(expired(29).isEmpty && expired(30) == [false])
    let neha = try #require(Session.Presence("neha", 1))
    sessions.update(Self.id) { $0.enter(neha, at: MonotonicTime(nanoseconds: 0)) }
    #expect(expired(59).isEmpty && expired(60) == [true])
  }

  @Test func `a session is removed from a room`() throws {
    let room = try #require(RoomName("#a"))
    let neha = try #require(Session.Presence("neha", 1))
    var sessions = Self.sessions(capabilities: [.tags, .rooms])
    sessions.update(Self.id) { $0.enter(neha, at: MonotonicTime(nanoseconds: 0)) }
    #expect(turn { sessions.takeOut(Self.id, of: room, "why", &$0) }.isEmpty)
    sessions.update(Self.id) { _ = $0.rooms.insert(room, 1) }
    var tags = Tags()
    tags.setRoom(room)
    let actions = turn { sessions.takeOut(Self.id, of: room, "why", &$0) }
    #expect(actions == [.leave(Self.id, room), .send(Self.id, .info(.other("why")), tags)])
    #expect(sessions[Self.id]?.isIn(room) == false)
  }
}
