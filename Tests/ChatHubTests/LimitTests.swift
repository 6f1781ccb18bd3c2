import ChatHub
import ChatProtocol
import Testing

@Suite struct LimitTests {
  @Test func `beyond the limit a connection is refused as full`() {
    let harness = HubHarness(HubSettings(maximumSessions: 2))
    let neha = harness.logIn("neha")
    let stranger = harness.connect()
    let third = harness.connect()
    #expect(harness.takeOutput(of: third) == ["ERR server-full"])
    #expect(harness.closeReason(of: third) == .full)
    #expect(harness.send(as: third, "LOGIN mira") == [])
    harness.disconnect(third)
    #expect(harness.hub.sessionCount == 2)
    harness.disconnect(stranger)
    #expect(harness.send(as: harness.connect(), "LOGIN mira") == ["OK"])
    #expect(harness.takeOutput(of: neha) == [])
  }

  @Test func `a shutdown is sent to every session, logged in or not, and ends every connection`() {
    let harness = HubHarness()
    let plain = harness.logIn("plain")
    let tags = harness.logIn("tags", "tags", "presence")
    let stranger = harness.connect()
    harness.shutDown()
    #expect(harness.takeOutput(of: plain) == ["INFO server-shutting-down"])
    #expect(harness.takeOutput(of: tags) == ["BYE server-shutting-down The server is shutting down."])
    #expect(harness.takeOutput(of: stranger) == ["INFO server-shutting-down"])
    #expect([plain, tags, stranger].map { harness.closeReason(of: $0) } == [.shutdown, .shutdown, .shutdown])
    #expect(harness.hub.sessionCount == 0)
    #expect(harness.hub.peopleCount == 0)
    harness.disconnect(plain)
    harness.shutDown()
    harness.advanceClock(by: .seconds(3600))
    #expect(harness.takeOutput(of: tags) == [])
  }
}
