import ChatProtocol
import Testing

@testable import ChatHub

/// Settings that change at run time.
@Suite struct SettingsTests {
  @Test func `timeouts, connection limits and the message of the day change`() {
    let stage = Stage()
    let (neha, akash) = (stage.join("neha"), stage.join("akash"))
    stage.apply(.change(HubSettings(idleTimeout: .seconds(5), maximumSessions: 2, messageOfTheDay: ["New."])))
    #expect([neha, akash].allSatisfy { stage.end($0) == nil })
    #expect(stage.end(stage.open()) == .full)
    stage.wait(.seconds(4))
    stage.say(neha, "PING")
    stage.wait(.seconds(1))
    #expect(stage.end(akash) == .idle)
    #expect(stage.end(neha) == nil)
    let mira = stage.open(["tags"])
    #expect(stage.say(mira, "LOGIN mira").last == "MOTD New.")
  }

  @Test func `a session held by the old rate limit is released by the new one`() {
    let stage = Stage()
    let neha = stage.join("neha", at: "192.0.2.7")
    stage.wait(.seconds(30))
    stage.say(neha, bytes: Array(String(repeating: "MSG x\n", count: 30).utf8))
    #expect(stage.isHeld(neha))
    var settings = HubSettings()
    settings.limits.lineBurst = 1000
    stage.apply(.change(settings))
    stage.forget()
    stage.wait(.zero)
    #expect(stage.heard(neha).count == 20)
    #expect(!stage.isHeld(neha))
  }

  @Test func `a logged-in session without TLS stays when TLS becomes required`() {
    let stage = Stage()
    let neha = stage.join("neha", at: "192.0.2.7")
    let stranger = stage.open(at: "192.0.2.7")
    var settings = HubSettings()
    settings.requiresTLS = true
    stage.apply(.change(settings))
    #expect(stage.say(neha, "PING") == ["PONG"])
    stage.say(stranger, "LOGIN akash")
    #expect(stage.end(stranger) == .tlsRequired)
  }

  @Test func `address limits change for later connections`() {
    let stage = Stage()
    let ids = (0..<3).map { _ in stage.open(at: "192.0.2.7") }
    var settings = HubSettings()
    settings.limits.connectionsPerAddress = 2
    stage.apply(.change(settings))
    #expect(ids.allSatisfy { stage.end($0) == nil })
    #expect(stage.end(stage.open(at: "192.0.2.7")) == .tooMany)
    for id in ids { stage.leave(id) }
    #expect(stage.end(stage.open(at: "192.0.2.7")) == nil)
  }
}
