import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct HubRedactionTests {
  private func people(_ capabilities: [String] = Stage.moderated) -> (
    Stage, boss: SessionID, neha: SessionID, akash: SessionID
  ) {
    let stage = Stage()
    let boss = stage.joinOperator()
    let ((neha, _), (akash, _)) = (stage.arrive("neha", capabilities), stage.arrive("akash", capabilities))
    stage.forget()
    return (stage, boss, neha, akash)
  }

  private func code(_ lines: [String]) -> String {
    lines.untagged.last { $0.hasPrefix("ERR") || $0.hasPrefix("OK") }?.split(separator: " ").prefix(2)
      .joined(separator: " ") ?? ""
  }

  @Test func `authors remove their own messages, and sessions that know the verb are told`() {
    let (stage, _, neha, akash) = people()
    let (plain, tagged) = (stage.join("plain"), stage.join("tagged", "tags", "history"))
    stage.say(neha, "MSG oops")
    stage.forget()
    #expect(stage.say(neha, "@label=1 REMOVE #lobby 1") == ["@label=1 OK REMOVE", "REMOVED #lobby 1 neha"])
    #expect(stage.heard(akash) == ["REMOVED #lobby 1 neha"])
    #expect([plain, tagged].allSatisfy { stage.heard($0) == [] })
    #expect(stage.log.messages.map(\.kind) == [.redacted])
    #expect(
      stage.say(tagged, "HISTORY #lobby LATEST * 5")[1]
        == "@batch=0;\(Stage.place(1));removed MSG neha (removed)")
    // The redaction is not in the audit log.
    #expect(stage.log.acts.isEmpty)
  }

  @Test func `operators remove other messages, and the audit log has the act without the text`() {
    let (stage, boss, neha, _) = people()
    stage.say(neha, "MSG a secret")
    stage.say(boss, "MSG mine")
    stage.forget()
    #expect(stage.say(boss, "REMOVE #lobby 1 off topic") == ["OK REMOVE", "REMOVED #lobby 1 boss"])
    #expect(stage.heard(neha) == ["REMOVED #lobby 1 boss"])
    stage.say(boss, "REMOVE #lobby 2")
    #expect(stage.log.acts.map(\.subject) == ["#lobby/1"])
    #expect(stage.log.acts.map(\.text) == ["of neha: off topic"])
  }

  @Test func `the host removes messages of any room, and of no direct conversation`() {
    let (stage, _, neha, akash) = people()
    stage.say(neha, "JOIN #a", "SAY #a one", "DM akash psst")
    stage.say(akash, "DM neha psst")
    stage.forget()
    let host = stage.control()
    #expect(stage.say(host, "REMOVE #A 1") == ["OK REMOVE"])
    #expect(stage.heard(neha) == ["REMOVED #a 1 host"])
    #expect(code(stage.say(host, "REMOVE @neha 1")) == "ERR not-found")
    #expect(code(stage.say(host, "REMOVE #nowhere 1")) == "ERR not-found")
  }

  @Test func `other users cannot remove a message`() {
    let (stage, boss, neha, akash) = people()
    stage.say(neha, "JOIN #a", "MSG one", "DM akash two", "SAY #a three")
    stage.say(boss, "DM neha four")
    stage.forget()
    #expect(code(stage.say(akash, "REMOVE #lobby 1")) == "ERR not-found")
    #expect(code(stage.say(akash, "REMOVE @neha 1")) == "ERR not-found")
    #expect(code(stage.say(akash, "REMOVE #a 1")) == "ERR not-in-room")
    #expect(code(stage.say(boss, "REMOVE @akash 1")) == "ERR not-found")
    #expect(code(stage.say(boss, "REMOVE @nobody 1")) == "ERR user-not-found")
    #expect(stage.log.messages.allSatisfy { $0.kind == .text })
    #expect(stage.heard(neha) == [])
  }

  @Test func `messages of a private room cannot be redacted by operators who are not members`() {
    let (stage, boss, neha, akash) = people()
    for id in [neha, akash] { stage.say(id, "JOIN #a") }
    stage.say(neha, "SAY #a one", "SAY #a two")
    guard let room = RoomName("#a"), let owner = stage.hub.sessions[neha]?.presence?.member,
      let guest = stage.hub.sessions[boss]?.presence?.member
    else { return }
    stage.hub.registry.apply(.room(RoomRules(room: room, owner: owner)))
    for id in [boss, stage.control()] { #expect(code(stage.say(id, "REMOVE #a 1")) == "ERR private-room") }
    stage.hub.registry.apply(.room(RoomRules(room: room, owner: owner, guests: [guest])))
    #expect(code(stage.say(boss, "REMOVE #a 1")) == "OK REMOVE")
    #expect(code(stage.say(neha, "REMOVE #a 2")) == "OK REMOVE")
  }

  @Test func `both users of a direct conversation are told, on all their connections`() {
    let (stage, boss, neha, akash) = people()
    stage.say(neha, "DM akash psst")
    stage.forget()
    #expect(stage.say(neha, "REMOVE @akash 1") == ["OK REMOVE", "REMOVED @akash 1 neha"])
    #expect(stage.heard(akash) == ["REMOVED @neha 1 neha"])
    #expect(stage.heard(boss) == [])
  }

  @Test func `a redacted message to oneself is announced once`() {
    let (stage, _, neha, _) = people()
    stage.say(neha, "DM neha note")
    stage.forget()
    #expect(stage.say(neha, "REMOVE @neha 1") == ["OK REMOVE", "REMOVED @neha 1 neha"])
  }

  // MARK: Topics

  @Test func `a redacted topic message clears the topic`() {
    let (stage, boss, neha, _) = people()
    stage.say(boss, "JOIN #a")
    stage.say(neha, "JOIN #a", "TOPIC #a first", "TOPIC #a second")
    stage.forget()
    #expect(stage.say(boss, "REMOVE #a 1").suffix(1) == ["REMOVED #a 1 boss"])
    stage.forget()
    #expect(
      stage.say(boss, "REMOVE #a 2") == ["OK REMOVE", "REMOVED #a 2 boss", "@room=#a TOPIC boss "])
    #expect(stage.heard(neha) == ["REMOVED #a 2 boss", "@room=#a TOPIC boss "])
    #expect(stage.say(neha, "ROOMS").untagged.contains("ROOM #a 2 "))
    #expect(!stage.say(stage.arrive("mira").0, "JOIN #a").untagged.contains { $0.hasPrefix("TOPIC") })
    stage.restart()
    #expect(!stage.say(stage.arrive("mira").0, "JOIN #a").untagged.contains { $0.hasPrefix("TOPIC") })
  }

  // MARK: Races

  @Test func `a message that is not stored or not published cannot be redacted`() {
    let (stage, boss, neha, akash) = people()
    stage.storage = .waits
    stage.say(neha, "MSG one")
    #expect(code(stage.say(boss, "REMOVE #lobby 1")) == "ERR not-found")
    for number in ["0", "2", "999999999999999999"] {
      #expect(code(stage.say(boss, "REMOVE #lobby \(number)")) == "ERR not-found")
    }
    let outcomes = stage.commit()
    #expect(code(stage.say(boss, "REMOVE #lobby 1")) == "ERR not-found")
    stage.storage = .works
    for outcome in outcomes { stage.apply(outcome) }
    #expect(stage.heard(akash).untagged == ["MSG neha one"])
    #expect(code(stage.say(boss, "REMOVE #lobby 1")) == "OK REMOVE")
  }

  @Test func `a redacted message cannot be redacted again`() {
    let (stage, boss, neha, akash) = people()
    stage.say(neha, "MSG one", "MSG two")
    stage.redacting = .waits
    stage.say(boss, "@label=1 REMOVE #lobby 1")
    stage.say(neha, "@label=2 REMOVE #lobby 1")
    stage.forget()
    stage.redacting = .works
    stage.answerRedaction()
    #expect(stage.heard(boss) == ["@label=1 OK REMOVE", "REMOVED #lobby 1 boss"])
    #expect(
      stage.heard(neha) == [
        "REMOVED #lobby 1 boss", "@label=2 ERR not-found REMOVE There is no such message that you may remove.",
      ])
    #expect(stage.heard(akash) == ["REMOVED #lobby 1 boss"])
    stage.log.prune(.lobby, upTo: 2)
    #expect(code(stage.say(boss, "REMOVE #lobby 2")) == "ERR not-found")
    #expect(stage.log.acts.count == 1)
  }

  @Test func `a failure of the log is reported only to the requester`() {
    let (stage, boss, neha, _) = people()
    stage.say(neha, "MSG one")
    stage.forget()
    stage.redacting = .fails
    #expect(
      stage.say(boss, "@label=1 REMOVE #lobby 1") == [
        "@label=1 ERR storage-unavailable REMOVE The server cannot take messages away at the moment; nothing was changed."
      ])
    #expect(stage.heard(neha) == [])
  }

  @Test func `a page that was read before a redaction has no text after it`() {
    let (stage, boss, neha, akash) = people()
    stage.say(neha, "MSG a secret", "MSG other")
    stage.forget()
    var answers: [HubEvent] = []
    stage.reading = .waits
    stage.say(akash, "@label=1 HISTORY #lobby LATEST * 5", "@label=2 SEARCH * 5 secret")
    for (id, request) in stage.questions { answers.append(.read(id, .success(stage.log.answer(request)))) }
    stage.say(boss, "REMOVE #lobby 1")
    stage.forget()
    for answer in answers { stage.apply(answer) }
    let told = stage.heard(akash)
    #expect(!told.contains { $0.contains("secret") })
    #expect(told.contains("@batch=0;\(Stage.place(1));removed MSG neha (removed)"))
  }

  @Test func `a slow reader is told afterwards`() {
    let (stage, boss, neha, akash) = people()
    stage.say(neha, "TOPIC #lobby one", "DM akash two")
    stage.forget()
    stage.lag(akash)
    stage.say(boss, "REMOVE #lobby 1")
    stage.say(neha, "REMOVE @akash 1")
    #expect(stage.heard(akash) == [])
    stage.catchUp(akash)
    #expect(stage.heard(akash) == ["REMOVED #lobby 1 boss", "TOPIC boss ", "REMOVED @neha 1 neha"])
    stage.lag(akash)
    stage.catchUp(akash)
    #expect(stage.heard(akash) == [])
  }

  @Test func `a redaction completes after its requester has left`() {
    let (stage, boss, neha, akash) = people()
    stage.say(neha, "MSG one")
    stage.redacting = .waits
    stage.say(boss, "REMOVE #lobby 1")
    stage.leave(boss, .lost)
    stage.forget()
    stage.answerRedaction()
    #expect(stage.heard(akash) == ["REMOVED #lobby 1 boss"])
    stage.apply(.redacted(RedactionID(99), .success(nil)))
  }

  @Test func `the number of pending redactions is limited, and later requests wait`() {
    let (stage, boss, neha, _) = people()
    for _ in 0..<20 { stage.say(neha, "MSG x") }
    stage.forget()
    stage.redacting = .waits
    for number in 1...20 { stage.say(boss, "REMOVE #lobby \(number)") }
    #expect(stage.redactions.count == 16)
    stage.say(boss, "QUIT")
    #expect(stage.end(boss) == nil)
    stage.redacting = .works
    stage.answerRedaction()
    #expect(stage.heard(boss).filter { $0 == "OK REMOVE" }.count == 20)
    #expect(stage.end(boss) == .quit)
  }

  @Test func `a muted user can remove their own messages`() {
    let (stage, boss, neha, _) = people()
    stage.say(neha, "MSG one")
    stage.say(boss, "MUTE neha *")
    #expect(code(stage.say(neha, "REMOVE #lobby 1")) == "OK REMOVE")
  }
}
