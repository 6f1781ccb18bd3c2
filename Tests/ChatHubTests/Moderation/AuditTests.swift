import ChatProtocol
import Testing

@testable import ChatHub

@Suite struct AuditTests {
  @Test func `acts are listed, newest first`() {
    let harness = HubHarness()
    harness.apply(.clock(HubHarness.noon))
    let host = harness.connectControl()
    _ = harness.logIn("neha")
    harness.send(as: host, "KICK neha noise", "BAN 192.0.2.7 60")
    harness.discardOutput()
    #expect(
      harness.send(as: host, "@label=1 AUDIT 9") == [
        "@label=1 BATCH +0 acts", "@batch=0 ACT 2026-11-22T12:00:00.001Z host BAN 192.0.2.7 for 1 minute",
        "@batch=0 ACT 2026-11-22T12:00:00.000Z host KICK @neha noise", "BATCH -0",
      ])
    #expect(harness.send(as: host, "AUDIT 1").count == 3)
  }

  @Test func `equal acts are listed separately`() {
    let harness = HubHarness()
    harness.apply(.clock(HubHarness.noon))
    let host = harness.connectControl()
    for _ in 0..<6 {
      harness.disconnect(harness.logIn("neha"))
      _ = harness.logIn("neha")
      harness.send(as: host, "KICK neha noise")
    }
    harness.discardOutput()
    let acts = harness.send(as: host, "AUDIT 9").filter { $0.hasSuffix("host KICK @neha noise") }
    #expect(Set(acts).count == 6)
  }

  @Test func `a failed read is reported`() {
    let harness = HubHarness()
    let host = harness.connectControl()
    harness.reading = .fails
    #expect(
      harness.send(as: host, "@label=1 AUDIT 5") == [
        "@label=1 ERR history-unavailable AUDIT The server cannot read its audit log at the moment."
      ])
  }

  @Test func `the number of concurrent reads is limited, and QUIT waits for their answers`() {
    let harness = HubHarness()
    let boss = harness.logInOperator()
    harness.reading = .waits
    for _ in 0..<10 { harness.send(as: boss, "AUDIT 1000000") }
    #expect(harness.reads.count == 4)
    #expect(harness.reads.allSatisfy { $0.request == .acts(limit: 500) })
    harness.send(as: boss, "QUIT")
    #expect(harness.closeReason(of: boss) == nil)
    harness.reading = .works
    harness.answerRead()
    #expect(harness.takeOutput(of: boss).filter { $0.hasPrefix("BATCH +") }.count == 10)
    #expect(harness.closeReason(of: boss) == .quit)
  }
}
