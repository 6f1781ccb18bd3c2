import ChatHub
import ChatProtocol
import Testing

@Suite struct CapabilityTests {
  private static let list = "CAP LS tags presence rooms history resume marks moderation"

  enum Moment: CaseIterable { case beforeLogin, afterLogin }

  private func session(_ moment: Moment, _ stage: Stage) -> SessionID {
    switch moment {
    case .beforeLogin: stage.open()
    case .afterLogin: stage.join("neha")
    }
  }

  @Test(arguments: Moment.allCases)
  func `they are listed on request`(moment: Moment) {
    let stage = Stage()
    let id = session(moment, stage)
    #expect(stage.say(id, "CAP LS", "cap ls 302") == [Self.list, Self.list])
  }

  @Test(arguments: Moment.allCases)
  func `the dialect changes after the ACK, which is in the old dialect`(moment: Moment) {
    let stage = Stage()
    let id = session(moment, stage)
    #expect(
      stage.say(id, "@label=1 PING", "CAP REQ tags") == [
        moment == .beforeLogin ? "ERR not-logged-in" : "ERR unknown-command", "CAP ACK tags",
      ])
    #expect(stage.say(id, "@label=2 CAP LS") == ["@label=2 \(Self.list)"])
  }

  @Test(arguments: Moment.allCases)
  func `all requested capabilities are enabled, or none`(moment: Moment) {
    let stage = Stage()
    let id = session(moment, stage)
    #expect(stage.say(id, "CAP REQ tags typing presence") == ["CAP NAK tags typing presence"])
    #expect(!stage.actions.contains { if case .agree = $0 { true } else { false } })
    #expect(stage.say(id, "@label=1 CAP LS").first?.hasPrefix("ERR ") == true)
  }

  @Test(arguments: ["CAP", "CAP REQ", "CAP REQ  ", "CAP END", "CAP ACK tags", "CAP nonsense"])
  func `an invalid request is refused`(line: String) {
    let stage = Stage()
    #expect(stage.say(stage.open(), line) == ["ERR invalid-cap-request"])
    #expect(stage.say(stage.join("neha"), line) == ["ERR invalid-cap-request"])
  }

  @Test func `they add up, and asking twice changes nothing`() {
    let stage = Stage()
    let id = stage.open()
    stage.say(id, "CAP REQ presence")
    stage.say(id, "CAP REQ tags tags")
    #expect(stage.say(id, "@label=1 CAP REQ presence") == ["@label=1 CAP ACK presence"])
    #expect(stage.actions.contains(.agree(id, [.tags, .presence])))
  }

  @Test func `each is enabled separately`() {
    let stage = Stage()
    let presence = stage.join("presence", "presence")
    let tags = stage.join("tags", "tags")
    let plain = stage.join("plain")
    let neha = stage.join("neha")
    stage.leave(neha)
    #expect(stage.heard(presence) == ["LEFT neha closed"])
    #expect(stage.heard(tags) == ["INFO neha disconnected"])
    #expect(stage.heard(plain) == ["INFO neha disconnected"])
    stage.say(plain, "MSG a  b")
    #expect(stage.heard(presence) == ["MSG plain a b"])
    #expect(stage.heard(tags) == ["@\(Stage.place(1)) MSG plain a b"])
  }

  @Test func `other sessions are unaffected`() {
    let stage = Stage(HubSettings(messageOfTheDay: ["Welcome."]))
    let plain = stage.join("plain")
    let neha = stage.join("neha", "tags", "presence")
    #expect(stage.heard(plain) == [])
    stage.say(neha, "@label=1 MSG  a  b", "AWAY lunch", "AWAY", "DM plain  c  d")
    #expect(stage.heard(plain) == ["MSG neha a b", "DM neha c  d"])
    #expect(stage.say(plain, "WHO") == ["USER plain", "USER neha"])
  }

  @Test func `a text that looks like tags is sent verbatim`() {
    let stage = Stage()
    let neha = stage.join("neha", "tags")
    let akash = stage.join("akash", "tags")
    stage.say(neha, "MSG  a \t b ")
    stage.say(neha, "DM akash  c  d ")
    #expect(
      stage.heard(akash) == [
        "@\(Stage.place(1)) MSG neha  a \t b ", "@\(Stage.place(1, id: 2)) DM neha  c  d ",
      ])
  }
}
