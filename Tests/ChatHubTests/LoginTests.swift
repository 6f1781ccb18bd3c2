import ChatHub
import ChatProtocol
import Testing

@Suite struct LoginTests {
  @Test(arguments: ["neha", "NEHA", "nEhA"])
  func `a name in use is taken, in any letter case, and another may be tried`(name: String) {
    let harness = HubHarness()
    let neha = harness.logIn("Neha")
    let second = harness.connect()
    #expect(harness.send(as: second, "LOGIN \(name)") == ["ERR username-taken"])
    #expect(harness.closeReason(of: second) == nil)
    #expect(harness.send(as: second, "LOGIN \(name)") == ["ERR username-taken"])
    #expect(harness.send(as: second, "LOGIN mira") == ["OK"])
    #expect(harness.takeOutput(of: neha) == [])
  }

  @Test func `names that differ only in the encoding of an accent are one name`() {
    let harness = HubHarness()
    _ = harness.logIn("Zo\u{eb}")
    #expect(harness.send(as: harness.connect(), "LOGIN zoe\u{308}") == ["ERR username-taken"])
  }

  @Test func `of two sessions that ask for one name the first gets it`() {
    let harness = HubHarness()
    let (first, second) = (harness.connect(), harness.connect())
    #expect(harness.send(as: second, "LOGIN neha") == ["OK"])
    #expect(harness.send(as: first, "LOGIN neha") == ["ERR username-taken"])
    harness.disconnect(second)
    #expect(harness.send(as: first, "LOGIN neha") == ["OK"])
  }

  @Test(arguments: [LeaveReason.closed, .lost])
  func `a name is free as soon as its owner has left`(reason: LeaveReason) {
    let harness = HubHarness()
    harness.disconnect(harness.logIn("neha"), reason)
    #expect(harness.send(as: harness.connect(), "LOGIN Neha", "WHO") == ["OK", "USER Neha"])
  }

  @Test func `a refused name and an empty connection leave no trace`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    let second = harness.connect()
    harness.send(as: second, "LOGIN neha")
    harness.disconnect(second)
    #expect(harness.send(as: neha, "WHO") == ["USER neha"])
    #expect(harness.hub.sessionCount == 1)
    #expect(harness.hub.peopleCount == 1)
  }

  @Test func `a second login changes nothing`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    harness.send(as: neha, "LOGIN mira")
    #expect(harness.send(as: neha, "MSG hi", "WHO") == ["MSG neha hi", "USER neha"])
    #expect(harness.send(as: harness.connect(), "LOGIN mira") == ["OK"])
  }
}
