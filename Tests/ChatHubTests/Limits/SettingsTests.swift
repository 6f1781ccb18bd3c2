import ChatProtocol
import Testing

@testable import ChatHub

/// Settings that change at run time.
@Suite struct SettingsTests {
  @Test func `timeouts, connection limits and the message of the day change`() {
    let harness = HubHarness()
    let (neha, akash) = (harness.logIn("neha"), harness.logIn("akash"))
    harness.apply(.change(HubSettings(idleTimeout: .seconds(5), maximumSessions: 2, messageOfTheDay: ["New."])))
    #expect([neha, akash].allSatisfy { harness.closeReason(of: $0) == nil })
    #expect(harness.closeReason(of: harness.connect()) == .full)
    harness.advanceClock(by: .seconds(4))
    harness.send(as: neha, "PING")
    harness.advanceClock(by: .seconds(1))
    #expect(harness.closeReason(of: akash) == .idle)
    #expect(harness.closeReason(of: neha) == nil)
    let mira = harness.connect(["tags"])
    #expect(harness.send(as: mira, "LOGIN mira").last == "MOTD New.")
  }

  @Test func `a session held by the old rate limit is released by the new one`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", at: "192.0.2.7")
    harness.advanceClock(by: .seconds(30))
    harness.send(as: neha, bytes: Array(String(repeating: "MSG x\n", count: 30).utf8))
    #expect(harness.isHeld(neha))
    var settings = HubSettings()
    settings.limits.lineBurst = 1000
    harness.apply(.change(settings))
    harness.discardOutput()
    harness.advanceClock(by: .zero)
    #expect(harness.takeOutput(of: neha).count == 20)
    #expect(!harness.isHeld(neha))
  }

  @Test func `a logged-in session without TLS stays when TLS becomes required`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", at: "192.0.2.7")
    let stranger = harness.connect(at: "192.0.2.7")
    var settings = HubSettings()
    settings.requiresTLS = true
    harness.apply(.change(settings))
    #expect(harness.send(as: neha, "PING") == ["PONG"])
    harness.send(as: stranger, "LOGIN akash")
    #expect(harness.closeReason(of: stranger) == .tlsRequired)
  }

  @Test func `address limits change for later connections`() {
    let harness = HubHarness()
    let ids = (0..<3).map { _ in harness.connect(at: "192.0.2.7") }
    var settings = HubSettings()
    settings.limits.connectionsPerAddress = 2
    harness.apply(.change(settings))
    #expect(ids.allSatisfy { harness.closeReason(of: $0) == nil })
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == .tooMany)
    for id in ids { harness.disconnect(id) }
    #expect(harness.closeReason(of: harness.connect(at: "192.0.2.7")) == nil)
  }
}
