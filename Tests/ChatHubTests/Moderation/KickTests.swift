import ChatProtocol
import Testing

@testable import ChatHub

@Suite struct KickTests {
  @Test func `all sessions of the user are closed, and others are sent the reason`() {
    let harness = HubHarness()
    let boss = harness.logInOperator()
    let (neha, token) = harness.logInTagged("neha", HubHarness.moderationCapabilities)
    let (again, _) = harness.logInTagged("neha", token: token)
    let (plain, akash) = (harness.logIn("plain"), harness.logIn("akash", "tags", "presence"))
    harness.discardOutput()
    #expect(harness.send(as: boss, "@label=1 KICK NEHA too  loud") == ["@label=1 OK KICK", "LEFT neha kicked"])
    #expect(harness.takeOutput(of: neha) == ["BYE kicked boss ended your connection: too loud"])
    #expect(harness.takeOutput(of: again) == ["BYE kicked boss ended your connection: too loud"])
    #expect([neha, again].map { harness.closeReason(of: $0) } == [.kicked, .kicked])
    #expect(harness.takeOutput(of: plain) == ["INFO neha disconnected"])
    #expect(harness.takeOutput(of: akash) == ["LEFT neha kicked"])
    #expect(harness.log.acts.map(\.subject) == ["@neha"])
    #expect(harness.log.acts.map(\.text) == ["too loud"])
    #expect(harness.log.acts.map(\.by.text) == ["boss"])
  }

  @Test func `without tags the reason is a code`() {
    let harness = HubHarness()
    let (host, neha) = (harness.connectControl(), harness.logIn("neha"))
    #expect(harness.send(as: host, "KICK neha") == ["OK KICK"])
    #expect(harness.takeOutput(of: neha) == ["INFO kicked"])
  }

  @Test func `a reason is one short line without control characters`() {
    let harness = HubHarness()
    let (host, neha) = (harness.connectControl(), harness.logIn("neha", "tags"))
    harness.send(as: host, "KICK neha \u{202e}abc \u{200b} " + String(repeating: "é", count: 300))
    let bye = harness.takeOutput(of: neha).first ?? ""
    #expect(bye.hasPrefix("BYE kicked host ended your connection: abc éé"))
    #expect(harness.log.acts.first?.text.utf8.count ?? 0 <= 256)
    #expect(!bye.unicodeScalars.contains("\u{202e}"))
  }

  @Test(arguments: [
    "KICK akash", "BAN akash *", "BAN 192.0.2.7 *", "UNBAN akash", "MUTE akash *", "UNMUTE akash", "BANS",
    "SLOW #lobby 5",
    "AUDIT 5",
  ])
  func `only operators may kick`(line: String) {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha", HubHarness.moderationCapabilities)
    let akash = harness.logIn("akash")
    let verb = line.prefix { $0 != " " }
    #expect(
      harness.send(as: neha, "@label=1 \(line)") == ["@label=1 ERR not-operator \(verb) Only operators may do this."])
    #expect(harness.closeReason(of: akash) == nil)
    #expect(harness.proposedChanges.isEmpty)
  }

  @Test func `operators may kick themselves`() {
    let harness = HubHarness()
    let boss = harness.logInOperator()
    #expect(harness.send(as: boss, "KICK boss").first == "OK KICK")
    #expect(harness.closeReason(of: boss) == .kicked)
  }

  @Test func `an absent user cannot be kicked`() {
    let harness = HubHarness()
    #expect(
      harness.send(as: harness.connectControl(), "KICK neha") == [
        "ERR user-not-found KICK Nobody with this name is here."
      ])
    #expect(harness.log.acts.isEmpty)
  }

  @Test func `messages from before the kick are delivered`() {
    let harness = HubHarness()
    let (host, neha, akash) = (harness.connectControl(), harness.logIn("neha"), harness.logIn("akash"))
    harness.storage = .waits
    harness.send(as: neha, "MSG one", "PING", "MSG two")
    harness.send(as: host, "KICK neha")
    harness.storage = .works
    harness.answerStore()
    #expect(harness.takeOutput(of: akash) == ["INFO neha disconnected", "MSG neha one"])
  }
}
