import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The connection to the server.
@Suite
struct ServerConnectionTests {
  private let noon = Timestamp.noon
  private func later(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: noon.milliseconds + seconds * 1000) }

  @Test
  func `the server connection reports an outage in one line, and another reason in another`() {
    var connection = ServerConnection(to: Endpoint(testing: "x:1"), at: noon)
    expectEqual(connection.fail("refused", retryAt: later(1)), true)
    connection.connect(to: Endpoint(testing: "x:1"), at: later(1))
    expectEqual(connection.fail("refused", retryAt: later(3)), false)
    expectEqual(connection.fail("timed out", retryAt: later(5)), true)
    connection.succeed(.all, Standing())
    expectEqual(connection.fail("timed out", retryAt: nil), true, "it was connected between")
  }

  @Test
  func `the server connection counts down to the next attempt, and up while it waits for an answer`() {
    var connection = ServerConnection(to: Endpoint(testing: "x:1"), at: noon)
    #expect(connection.isCountingDown)
    #expect(connection.statusParts(invitation: nil, at: later(3)).map(\.text) == ["connecting to x:1…"])
    #expect(connection.statusParts(invitation: nil, at: later(4)).map(\.text) == ["no answer from x:1 for 4 s"])
    _ = connection.fail("gone", retryAt: later(10))
    #expect(connection.isCountingDown)
    #expect(connection.trouble(at: later(8))?.text == "offline, again in 2 s")
    #expect(connection.trouble(at: later(60))?.text == "offline, again in 0 s")
    _ = connection.fail("gone", retryAt: nil)
    #expect(!connection.isCountingDown)
    #expect(connection.trouble(at: noon)?.text == "gone")
  }

  @Test
  func `a server with several hosts is named by its first one, and by the one that is connected`() {
    let list = Endpoint(testing: "a:1,b:2,c:3")
    var connection = ServerConnection(to: list, at: noon)
    #expect(connection.statusParts(invitation: nil, at: noon).map(\.text) == ["connecting to a:1 (3 hosts)…"])
    connection.reach(list.hosts[1])
    connection.succeed(.all, Standing())
    #expect(connection.statusParts(invitation: nil, at: noon).map(\.text) == ["b:2"])
    #expect(connection.endpoint == list)
    _ = connection.fail("gone", retryAt: later(1))
    connection.connect(to: list, at: later(1))
    #expect(
      connection.statusParts(invitation: nil, at: later(5)).map(\.text) == ["no answer from a:1 (3 hosts) for 4 s"])
    connection.reach(list.hosts[2])
    connection.succeed(.all, Standing())
    #expect(connection.place == "c:3")
  }

  @Test(arguments: [Int64.min, 0, Int64.max])
  func `the server connection survives any clock`(milliseconds: Int64) {
    let odd = Timestamp(milliseconds: milliseconds)
    var connection = ServerConnection(to: Endpoint(testing: "x:1"), at: odd)
    for now in [noon, odd] { _ = connection.statusParts(invitation: nil, at: now) }
    _ = connection.fail("gone", retryAt: odd)
    for now in [noon, odd] { #expect(connection.trouble(at: now) != nil) }
  }

  @Test
  func `the server connection shows the delay while connected, and discards it on disconnect`() {
    var connection = ServerConnection(to: Endpoint(testing: "x:1"), at: noon)
    connection.succeed([], Standing(isEncrypted: true))
    connection.lag = .milliseconds(12)
    #expect(connection.statusParts(invitation: nil, at: noon).map(\.text) == ["x:1", "12 ms", "plain"])
    #expect(connection.statusParts(invitation: "join", at: noon).map(\.text) == ["hosting", "12 ms", "join", "plain"])
    _ = connection.fail("gone", retryAt: nil)
    #expect(connection.lag == nil)
  }

  @Test
  func `the server connection distrusts a server until it is accepted, or the known one answers`() {
    let mismatch = PinMismatch(endpoint: Endpoint(testing: "x:1"), known: .testing(0), seen: .testing(1))
    var connection = ServerConnection(to: Endpoint(testing: "x:1"), at: noon)
    connection.distrust(mismatch)
    expectEqual(connection.fail(mismatch.brief, retryAt: nil), false, "the warning tells it")
    #expect(connection.trouble(at: noon)?.text == mismatch.standing)
    expectEqual(connection.accept(), mismatch)
    expectEqual(connection.accept(), nil)
    connection.distrust(mismatch)
    connection.succeed(.all, Standing())
    expectEqual(connection.accept(), nil)
  }
}
