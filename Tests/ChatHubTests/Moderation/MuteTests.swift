import ChatProtocol
import Testing

@testable import ChatHub

@Suite struct MuteTests {
  private static let words = "You are muted until 2026-11-22 12:01 UTC: caps."

  private func stage() -> (Stage, host: SessionID) {
    let stage = Stage()
    stage.apply(.clock(Stage.noon))
    return (stage, stage.control())
  }

  @Test(arguments: [
    "MSG hi", "DM akash hi", "SAY #lobby hi", "SAY @akash hi", "TOPIC #lobby hi", "TOPIC #lobby", "AWAY hi",
  ])
  func `a muted user cannot send`(line: String) {
    let (stage, host) = stage()
    let ((neha, _), akash) = (stage.arrive("neha"), stage.join("akash", "tags", "presence", "rooms"))
    #expect(stage.say(host, "MUTE NEHA 60 caps") == ["OK MUTE"])
    let verb = line.prefix { $0 != " " }
    #expect(stage.say(neha, "@label=1 \(line)") == ["@label=1 ERR muted \(verb) \(Self.words)"])
    #expect(stage.heard(akash) == [])
    stage.pass(to: Stage.noon.advanced(by: .seconds(60)))
    stage.say(neha, line)
    #expect(stage.heard(akash) != [])
  }

  @Test(arguments: ["PING", "WHO", "AWAY", "JOIN #a", "HISTORY #lobby LATEST * 5", "MARK #lobby 0", "ROOMS"])
  func `a muted user can read`(line: String) {
    let (stage, host) = stage()
    stage.say(stage.arrive("mira").0, "JOIN #a")
    let (neha, _) = stage.arrive("neha")
    stage.say(host, "MUTE neha *")
    #expect(stage.say(neha, line).untagged.first?.hasPrefix("ERR") == false)
    stage.say(stage.join("akash"), "MSG hello")
    #expect(stage.heard(neha).untagged.contains("MSG akash hello"))
  }

  @Test func `without tags the refusal is a code`() {
    let (stage, host) = stage()
    let neha = stage.join("neha")
    stage.say(host, "MUTE neha 60 caps")
    #expect(stage.say(neha, "MSG hi") == ["ERR muted"])
  }

  @Test func `a mute applies to later logins, and its removal ends it`() {
    let (stage, host) = stage()
    stage.say(host, "MUTE neha *")
    let neha = stage.join("Neha")
    #expect(stage.say(neha, "MSG hi") == ["ERR muted"])
    stage.say(host, "UNMUTE nEHA")
    #expect(stage.say(neha, "MSG hi") == ["MSG Neha hi"])
  }

  @Test func `a message that the log has is delivered, and one that waits is not`() {
    let (stage, host) = stage()
    let (neha, akash) = (stage.join("neha"), stage.join("akash"))
    stage.storage = .waits
    stage.say(neha, "MSG one", "PING", "MSG two", "DM akash three")
    stage.say(host, "MUTE neha *")
    stage.storage = .works
    stage.answerStored()
    #expect(stage.heard(akash) == ["MSG neha one"])
    #expect(stage.heard(neha) == ["MSG neha one", "PONG", "ERR muted", "ERR muted"])
  }
}
