import ChatProtocol
import Testing

@testable import ChatHub

@Suite struct MuteTests {
  private static let words = "You are muted until 2026-11-22 12:01 UTC: caps."

  private func harness() -> (HubHarness, host: SessionID) {
    let harness = HubHarness()
    harness.apply(.clock(HubHarness.noon))
    return (harness, harness.connectControl())
  }

  @Test(arguments: [
    "MSG hi", "DM akash hi", "SAY #lobby hi", "SAY @akash hi", "TOPIC #lobby hi", "TOPIC #lobby", "AWAY hi",
  ])
  func `a muted user cannot send`(line: String) {
    let (harness, host) = harness()
    let ((neha, _), akash) = (harness.logInTagged("neha"), harness.logIn("akash", "tags", "presence", "rooms"))
    #expect(harness.send(as: host, "MUTE NEHA 60 caps") == ["OK MUTE"])
    let verb = line.prefix { $0 != " " }
    #expect(harness.send(as: neha, "@label=1 \(line)") == ["@label=1 ERR muted \(verb) \(Self.words)"])
    #expect(harness.takeOutput(of: akash) == [])
    harness.advanceClocks(to: HubHarness.noon.advanced(by: .seconds(60)))
    harness.send(as: neha, line)
    #expect(harness.takeOutput(of: akash) != [])
  }

  @Test(arguments: ["PING", "WHO", "AWAY", "JOIN #a", "HISTORY #lobby LATEST * 5", "MARK #lobby 0", "ROOMS"])
  func `a muted user can read`(line: String) {
    let (harness, host) = harness()
    harness.send(as: harness.logInTagged("mira").0, "JOIN #a")
    let (neha, _) = harness.logInTagged("neha")
    harness.send(as: host, "MUTE neha *")
    #expect(harness.send(as: neha, line).untagged.first?.hasPrefix("ERR") == false)
    harness.send(as: harness.logIn("akash"), "MSG hello")
    #expect(harness.takeOutput(of: neha).untagged.contains("MSG akash hello"))
  }

  @Test func `without tags the refusal is a code`() {
    let (harness, host) = harness()
    let neha = harness.logIn("neha")
    harness.send(as: host, "MUTE neha 60 caps")
    #expect(harness.send(as: neha, "MSG hi") == ["ERR muted"])
  }

  @Test func `a mute applies to later logins, and its removal ends it`() {
    let (harness, host) = harness()
    harness.send(as: host, "MUTE neha *")
    let neha = harness.logIn("Neha")
    #expect(harness.send(as: neha, "MSG hi") == ["ERR muted"])
    harness.send(as: host, "UNMUTE nEHA")
    #expect(harness.send(as: neha, "MSG hi") == ["MSG Neha hi"])
  }

  @Test func `a message that the log has is delivered, and one that waits is not`() {
    let (harness, host) = harness()
    let (neha, akash) = (harness.logIn("neha"), harness.logIn("akash"))
    harness.storage = .waits
    harness.send(as: neha, "MSG one", "PING", "MSG two", "DM akash three")
    harness.send(as: host, "MUTE neha *")
    harness.storage = .works
    harness.answerStore()
    #expect(harness.takeOutput(of: akash) == ["MSG neha one"])
    #expect(harness.takeOutput(of: neha) == ["MSG neha one", "PONG", "ERR muted", "ERR muted"])
  }
}
