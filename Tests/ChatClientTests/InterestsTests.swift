import ChatClient
import ChatModel
import ChatProtocol
import TestSupport
import Testing

/// Clients without a screen: they request less, and read the log themselves.
@Suite struct InterestsTests {
  private static let interests = ClientInterests(
    capabilities: [.tags, .rooms, .history, .resume], people: false, firstPages: false)
  private static let names = "tags rooms history resume"

  private func online(head: Int = 5, memory: ClientMemory = ClientMemory()) -> ClientSessionHarness {
    var harness = ClientSessionHarness(interests: Self.interests)
    harness.command(.connect(.home, memory))
    harness.handle(.opened(nil))
    #expect(harness.takeSent() == ["CAP REQ \(Self.names)"])
    harness.receive("CAP ACK \(Self.names)", "@label=1;token=t1;name=neha OK LOGIN", "SYNC #lobby e1 \(head)")
    return harness
  }

  @Test func `without interest in people and history, a login requests neither`() {
    var harness = online()
    #expect(harness.takeSent() == ["@label=1 LOGIN neha"])
    #expect(
      harness.takeEvents().suffix(2) == [
        .synced(.lobby, Epoch(known: "e1"), head: 5, mark: nil), .older(.lobby, [], hasMore: false),
      ])
    #expect(harness.session.nextDeadline.map { $0 > harness.now } ?? true, "the session does not wait for a roster")
    harness.receive("@seq=6;id=6 MSG akash hi")
    #expect(harness.takeEvents().compactMap(\.message).map(\.sequence) == [6])
  }

  @Test func `a page of the log is read without influence on the conversation`() {
    var harness = online()
    harness.takeAll()
    harness.command(.readHistory(7, .lobby, .after(2), limit: 2))
    #expect(harness.takeSent() == ["@label=2 HISTORY #lobby AFTER 2 2"])
    harness.receive("@seq=6;id=6 MSG akash live")
    harness.receive(
      "@label=2;more BATCH +h history #lobby", "@batch=h;seq=3;id=3 MSG akash three",
      "@batch=h;seq=4;id=4 MSG akash \u{1b}four",
      "BATCH -h")
    let events = harness.takeEvents()
    #expect(events.compactMap(\.message).map(\.sequence) == [6])
    guard case .history(7, let page, true)? = events.last else {
      Issue.record("no page: \(events)")
      return
    }
    #expect(page.map(\.sequence) == [3, 4])
    #expect(page.map(\.text) == ["three", "\u{fffd}four"])
  }

  @Test func `a page that cannot be read fails, also if the connection breaks`() {
    var harness = online()
    harness.takeAll()
    harness.command(.readHistory(1, .lobby, .latest, limit: 9))
    harness.receive("@label=2 ERR history-unavailable HISTORY The disk is broken.")
    #expect(harness.takeEvents() == [.historyFailed(1, reason: "The disk is broken.")])
    harness.command(.readHistory(2, .lobby, .latest, limit: 9))
    harness.handle(.closed(reason: nil))
    #expect(harness.events.contains(.historyFailed(2, reason: "The connection broke before the server answered.")))
    harness.takeAll()
    harness.command(.readHistory(3, .lobby, .latest, limit: 9))
    #expect(harness.takeEvents() == [.historyFailed(3, reason: "There is no connection.")])
    var plain = ClientSessionHarness.plain()
    plain.command(.readHistory(4, .lobby, .latest, limit: 9))
    #expect(plain.takeEvents() == [.historyFailed(4, reason: "This server has no history.")])
  }

  @Test func `a key of the user's own is sent in place of the one made from the id`() {
    var harness = online()
    harness.takeAll()
    let message = OutgoingMessage(
      id: SendID(1), target: .lobby, text: "built", time: Timestamp(milliseconds: 0),
      idempotencyKey: IdempotencyKey("ci-4711"))
    harness.command(.takeOver([message]))
    #expect(harness.takeSent() == ["@cid=ci-4711;label=2 MSG built"])
    // On a new connection it is the same key.
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK \(Self.names)", "@label=1;token=t1;name=neha OK RESUME", "SYNC #lobby e1 6")
    #expect(harness.takeSent().last == "@cid=ci-4711;label=2 MSG built")
    harness.receive("@label=2;seq=6;id=6;dup OK MSG")
    #expect(harness.events.contains { $0.answers == SendID(1) })
  }

  @Test(arguments: [true, false])
  func `a token of an earlier run resumes its connection only if no other client can have it`(isOwn: Bool) {
    var memory = ClientMemory(
      token: "t0", cursors: [Cursor(target: .lobby, epoch: Epoch(known: "e0"), sequence: 3)])
    if isOwn { memory.resumesAs = .neha }
    var harness = ClientSessionHarness(interests: Self.interests)
    harness.command(.connect(.home, memory))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK \(Self.names)")
    #expect(harness.sent.last == (isOwn ? "@label=1 RESUME t0 #lobby e0 3" : "@token=t0;label=1 LOGIN neha"))
    guard isOwn else { return }
    // The numbers mean the same after a restart of the server.
    harness.receive("@label=1;token=t1;name=neha OK RESUME", "@since=e0 SYNC #lobby e1 3")
    #expect(harness.events.contains(.continued(.lobby, Epoch(known: "e1"))))
    #expect(!harness.events.contains(.reset(.lobby)))
  }
}
