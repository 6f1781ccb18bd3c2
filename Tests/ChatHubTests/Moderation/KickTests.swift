import ChatProtocol
import Testing

@testable import ChatHub

@Suite struct KickTests {
  @Test func `all sessions of the user are closed, and others are sent the reason`() {
    let stage = Stage()
    let boss = stage.joinOperator()
    let (neha, token) = stage.arrive("neha", Stage.moderated)
    let (again, _) = stage.arrive("neha", token: token)
    let (plain, akash) = (stage.join("plain"), stage.join("akash", "tags", "presence"))
    stage.forget()
    #expect(stage.say(boss, "@label=1 KICK NEHA too  loud") == ["@label=1 OK KICK", "LEFT neha kicked"])
    #expect(stage.heard(neha) == ["BYE kicked boss ended your connection: too loud"])
    #expect(stage.heard(again) == ["BYE kicked boss ended your connection: too loud"])
    #expect([neha, again].map { stage.end($0) } == [.kicked, .kicked])
    #expect(stage.heard(plain) == ["INFO neha disconnected"])
    #expect(stage.heard(akash) == ["LEFT neha kicked"])
    #expect(stage.log.acts.map(\.subject) == ["@neha"])
    #expect(stage.log.acts.map(\.text) == ["too loud"])
    #expect(stage.log.acts.map(\.by.text) == ["boss"])
  }

  @Test func `without tags the reason is a code`() {
    let stage = Stage()
    let (host, neha) = (stage.control(), stage.join("neha"))
    #expect(stage.say(host, "KICK neha") == ["OK KICK"])
    #expect(stage.heard(neha) == ["INFO kicked"])
  }

  @Test func `a reason is one short line without control characters`() {
    let stage = Stage()
    let (host, neha) = (stage.control(), stage.join("neha", "tags"))
    stage.say(host, "KICK neha \u{202e}abc \u{200b} " + String(repeating: "é", count: 300))
    let bye = stage.heard(neha).first ?? ""
    #expect(bye.hasPrefix("BYE kicked host ended your connection: abc éé"))
    #expect(stage.log.acts.first?.text.utf8.count ?? 0 <= 256)
    #expect(!bye.unicodeScalars.contains("\u{202e}"))
  }

  @Test(arguments: [
    "KICK akash", "BAN akash *", "BAN 192.0.2.7 *", "UNBAN akash", "MUTE akash *", "UNMUTE akash", "BANS",
    "SLOW #lobby 5",
    "AUDIT 5",
  ])
  func `only operators may`(line: String) {
    let stage = Stage()
    let (neha, _) = stage.arrive("neha", Stage.moderated)
    let akash = stage.join("akash")
    let verb = line.prefix { $0 != " " }
    #expect(stage.say(neha, "@label=1 \(line)") == ["@label=1 ERR not-operator \(verb) Only operators may do this."])
    #expect(stage.end(akash) == nil)
    #expect(stage.records.isEmpty)
  }

  @Test func `operators may kick themselves`() {
    let stage = Stage()
    let boss = stage.joinOperator()
    #expect(stage.say(boss, "KICK boss").first == "OK KICK")
    #expect(stage.end(boss) == .kicked)
  }

  @Test func `an absent user cannot be kicked`() {
    let stage = Stage()
    #expect(stage.say(stage.control(), "KICK neha") == ["ERR user-not-found KICK Nobody with this name is here."])
    #expect(stage.log.acts.isEmpty)
  }

  @Test func `messages from before the kick are delivered`() {
    let stage = Stage()
    let (host, neha, akash) = (stage.control(), stage.join("neha"), stage.join("akash"))
    stage.storage = .waits
    stage.say(neha, "MSG one", "PING", "MSG two")
    stage.say(host, "KICK neha")
    stage.storage = .works
    stage.answerStored()
    #expect(stage.heard(akash) == ["INFO neha disconnected", "MSG neha one"])
  }
}
