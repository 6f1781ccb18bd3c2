import ChatProtocol
import Testing

@testable import ChatHub

@Suite struct AuditTests {
  @Test func `acts are listed, newest first`() {
    let stage = Stage()
    stage.apply(.clock(Stage.noon))
    let host = stage.control()
    _ = stage.join("neha")
    stage.say(host, "KICK neha noise", "BAN 192.0.2.7 60")
    stage.forget()
    #expect(
      stage.say(host, "@label=1 AUDIT 9") == [
        "@label=1 BATCH +0 acts", "@batch=0 ACT 2026-11-22T12:00:00.001Z host BAN 192.0.2.7 for 1 minute",
        "@batch=0 ACT 2026-11-22T12:00:00.000Z host KICK @neha noise", "BATCH -0",
      ])
    #expect(stage.say(host, "AUDIT 1").count == 3)
  }

  @Test func `equal acts are listed separately`() {
    let stage = Stage()
    stage.apply(.clock(Stage.noon))
    let host = stage.control()
    for _ in 0..<6 {
      stage.leave(stage.join("neha"))
      _ = stage.join("neha")
      stage.say(host, "KICK neha noise")
    }
    stage.forget()
    let acts = stage.say(host, "AUDIT 9").filter { $0.hasSuffix("host KICK @neha noise") }
    #expect(Set(acts).count == 6)
  }

  @Test func `a failed read is reported`() {
    let stage = Stage()
    let host = stage.control()
    stage.reading = .fails
    #expect(
      stage.say(host, "@label=1 AUDIT 5") == [
        "@label=1 ERR history-unavailable AUDIT The server cannot read its audit log at the moment."
      ])
  }

  @Test func `the number of concurrent reads is limited, and QUIT waits for their answers`() {
    let stage = Stage()
    let boss = stage.joinOperator()
    stage.reading = .waits
    for _ in 0..<10 { stage.say(boss, "AUDIT 1000000") }
    #expect(stage.questions.count == 4)
    #expect(stage.questions.allSatisfy { $0.request == .acts(limit: 500) })
    stage.say(boss, "QUIT")
    #expect(stage.end(boss) == nil)
    stage.reading = .works
    stage.answerRead()
    #expect(stage.heard(boss).filter { $0.hasPrefix("BATCH +") }.count == 10)
    #expect(stage.end(boss) == .quit)
  }
}
