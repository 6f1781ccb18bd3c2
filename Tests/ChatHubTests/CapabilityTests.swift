import ChatHub
import ChatProtocol
import Testing

@Suite struct CapabilityTests {
  private static let list = "CAP LS tags presence rooms history resume marks moderation lines"

  enum LoginMoment: CaseIterable { case beforeLogin, afterLogin }

  private func session(_ moment: LoginMoment, _ harness: HubHarness) -> SessionID {
    switch moment {
    case .beforeLogin: harness.connect()
    case .afterLogin: harness.logIn("neha")
    }
  }

  @Test(arguments: LoginMoment.allCases)
  func `capabilities are listed on request`(moment: LoginMoment) {
    let harness = HubHarness()
    let id = session(moment, harness)
    #expect(harness.send(as: id, "CAP LS", "cap ls 302") == [Self.list, Self.list])
  }

  @Test(arguments: LoginMoment.allCases)
  func `the dialect changes after the ACK, which is in the old dialect`(moment: LoginMoment) {
    let harness = HubHarness()
    let id = session(moment, harness)
    #expect(
      harness.send(as: id, "@label=1 PING", "CAP REQ tags") == [
        moment == .beforeLogin ? "ERR not-logged-in" : "ERR unknown-command", "CAP ACK tags",
      ])
    #expect(harness.send(as: id, "@label=2 CAP LS") == ["@label=2 \(Self.list)"])
  }

  @Test(arguments: LoginMoment.allCases)
  func `all requested capabilities are enabled, or none`(moment: LoginMoment) {
    let harness = HubHarness()
    let id = session(moment, harness)
    #expect(harness.send(as: id, "CAP REQ tags typing presence") == ["CAP NAK tags typing presence"])
    #expect(!harness.actions.contains { if case .agree = $0 { true } else { false } })
    #expect(harness.send(as: id, "@label=1 CAP LS").first?.hasPrefix("ERR ") == true)
  }

  @Test(arguments: ["CAP", "CAP REQ", "CAP REQ  ", "CAP END", "CAP ACK tags", "CAP nonsense"])
  func `an invalid request is refused`(line: String) {
    let harness = HubHarness()
    #expect(harness.send(as: harness.connect(), line) == ["ERR invalid-cap-request"])
    #expect(harness.send(as: harness.logIn("neha"), line) == ["ERR invalid-cap-request"])
  }

  @Test func `capabilities add up, and requesting twice changes nothing`() {
    let harness = HubHarness()
    let id = harness.connect()
    harness.send(as: id, "CAP REQ presence")
    harness.send(as: id, "CAP REQ tags tags")
    #expect(harness.send(as: id, "@label=1 CAP REQ presence") == ["@label=1 CAP ACK presence"])
    #expect(harness.actions.contains(.agree(id, [.tags, .presence])))
  }

  @Test func `each capability is enabled separately`() {
    let harness = HubHarness()
    let presence = harness.logIn("presence", "presence")
    let tags = harness.logIn("tags", "tags")
    let plain = harness.logIn("plain")
    let neha = harness.logIn("neha")
    harness.disconnect(neha)
    #expect(harness.takeOutput(of: presence) == ["LEFT neha closed"])
    #expect(harness.takeOutput(of: tags) == ["INFO neha disconnected"])
    #expect(harness.takeOutput(of: plain) == ["INFO neha disconnected"])
    harness.send(as: plain, "MSG a  b")
    #expect(harness.takeOutput(of: presence) == ["MSG plain a b"])
    #expect(harness.takeOutput(of: tags) == ["@\(HubHarness.place(1)) MSG plain a b"])
  }

  @Test func `other sessions are unaffected`() {
    let harness = HubHarness(HubSettings(messageOfTheDay: ["Welcome."]))
    let plain = harness.logIn("plain")
    let neha = harness.logIn("neha", "tags", "presence")
    #expect(harness.takeOutput(of: plain) == [])
    harness.send(as: neha, "@label=1 MSG  a  b", "AWAY lunch", "AWAY", "DM plain  c  d")
    #expect(harness.takeOutput(of: plain) == ["MSG neha a b", "DM neha c  d"])
    #expect(harness.send(as: plain, "WHO") == ["USER plain", "USER neha"])
  }

  @Test func `a text that looks like tags is sent verbatim`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags")
    let akash = harness.logIn("akash", "tags")
    harness.send(as: neha, "MSG  a \t b ")
    harness.send(as: neha, "DM akash  c  d ")
    #expect(
      harness.takeOutput(of: akash) == [
        "@\(HubHarness.place(1)) MSG neha  a \t b ", "@\(HubHarness.place(1, id: 2)) DM neha  c  d ",
      ])
  }
}
