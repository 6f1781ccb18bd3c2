import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

@Suite struct HubRedactionTests {
  private func people(_ capabilities: [String] = HubHarness.moderationCapabilities) -> (
    HubHarness, boss: SessionID, neha: SessionID, akash: SessionID
  ) {
    let harness = HubHarness()
    let boss = harness.logInOperator()
    let ((neha, _), (akash, _)) = (
      harness.logInTagged("neha", capabilities), harness.logInTagged("akash", capabilities)
    )
    harness.discardOutput()
    return (harness, boss, neha, akash)
  }

  private func code(_ lines: [String]) -> String {
    lines.untagged.last { $0.hasPrefix("ERR") || $0.hasPrefix("OK") }?.split(separator: " ").prefix(2)
      .joined(separator: " ") ?? ""
  }

  @Test func `authors remove their own messages, and sessions that know the verb are told`() {
    let (harness, _, neha, akash) = people()
    let (plain, tagged) = (harness.logIn("plain"), harness.logIn("tagged", "tags", "history"))
    harness.send(as: neha, "MSG oops")
    harness.discardOutput()
    #expect(harness.send(as: neha, "@label=1 REMOVE #lobby 1") == ["@label=1 OK REMOVE", "REMOVED #lobby 1 neha"])
    #expect(harness.takeOutput(of: akash) == ["REMOVED #lobby 1 neha"])
    #expect([plain, tagged].allSatisfy { harness.takeOutput(of: $0) == [] })
    #expect(harness.log.messages.map(\.kind) == [.redacted])
    #expect(
      harness.send(as: tagged, "HISTORY #lobby LATEST * 5")[1]
        == "@batch=0;\(HubHarness.place(1));removed MSG neha (removed)")
    // The redaction is not in the audit log.
    #expect(harness.log.acts.isEmpty)
  }

  @Test func `operators remove other messages, and the audit log has the act without the text`() {
    let (harness, boss, neha, _) = people()
    harness.send(as: neha, "MSG a secret")
    harness.send(as: boss, "MSG mine")
    harness.discardOutput()
    #expect(harness.send(as: boss, "REMOVE #lobby 1 off topic") == ["OK REMOVE", "REMOVED #lobby 1 boss"])
    #expect(harness.takeOutput(of: neha) == ["REMOVED #lobby 1 boss"])
    harness.send(as: boss, "REMOVE #lobby 2")
    #expect(harness.log.acts.map(\.subject) == ["#lobby/1"])
    #expect(harness.log.acts.map(\.text) == ["of neha: off topic"])
  }

  @Test func `the host removes messages of any room, and of no direct conversation`() {
    let (harness, _, neha, akash) = people()
    harness.send(as: neha, "JOIN #a", "SAY #a one", "DM akash psst")
    harness.send(as: akash, "DM neha psst")
    harness.discardOutput()
    let host = harness.connectControl()
    #expect(harness.send(as: host, "REMOVE #A 1") == ["OK REMOVE"])
    #expect(harness.takeOutput(of: neha) == ["REMOVED #a 1 host"])
    #expect(code(harness.send(as: host, "REMOVE @neha 1")) == "ERR not-found")
    #expect(code(harness.send(as: host, "REMOVE #nowhere 1")) == "ERR not-found")
  }

  @Test func `other users cannot remove a message`() {
    let (harness, boss, neha, akash) = people()
    harness.send(as: neha, "JOIN #a", "MSG one", "DM akash two", "SAY #a three")
    harness.send(as: boss, "DM neha four")
    harness.discardOutput()
    #expect(code(harness.send(as: akash, "REMOVE #lobby 1")) == "ERR not-found")
    #expect(code(harness.send(as: akash, "REMOVE @neha 1")) == "ERR not-found")
    #expect(code(harness.send(as: akash, "REMOVE #a 1")) == "ERR not-in-room")
    #expect(code(harness.send(as: boss, "REMOVE @akash 1")) == "ERR not-found")
    #expect(code(harness.send(as: boss, "REMOVE @nobody 1")) == "ERR user-not-found")
    #expect(harness.log.messages.allSatisfy { $0.kind == .text })
    #expect(harness.takeOutput(of: neha) == [])
  }

  @Test func `messages of a private room cannot be redacted by operators who are not members`() {
    let (harness, boss, neha, akash) = people()
    for id in [neha, akash] { harness.send(as: id, "JOIN #a") }
    harness.send(as: neha, "SAY #a one", "SAY #a two")
    guard let room = RoomName("#a"), let owner = harness.hub.sessions[neha]?.presence?.member,
      let guest = harness.hub.sessions[boss]?.presence?.member
    else { return }
    harness.hub.registry.apply(.room(RoomRules(room: room, owner: owner)))
    for id in [boss, harness.connectControl()] {
      #expect(code(harness.send(as: id, "REMOVE #a 1")) == "ERR private-room")
    }
    harness.hub.registry.apply(.room(RoomRules(room: room, owner: owner, guests: [guest])))
    #expect(code(harness.send(as: boss, "REMOVE #a 1")) == "OK REMOVE")
    #expect(code(harness.send(as: neha, "REMOVE #a 2")) == "OK REMOVE")
  }

  @Test func `both users of a direct conversation are told, on all their connections`() {
    let (harness, boss, neha, akash) = people()
    harness.send(as: neha, "DM akash psst")
    harness.discardOutput()
    #expect(harness.send(as: neha, "REMOVE @akash 1") == ["OK REMOVE", "REMOVED @akash 1 neha"])
    #expect(harness.takeOutput(of: akash) == ["REMOVED @neha 1 neha"])
    #expect(harness.takeOutput(of: boss) == [])
  }

  @Test func `a redacted message to oneself is announced once`() {
    let (harness, _, neha, _) = people()
    harness.send(as: neha, "DM neha note")
    harness.discardOutput()
    #expect(harness.send(as: neha, "REMOVE @neha 1") == ["OK REMOVE", "REMOVED @neha 1 neha"])
  }

  // MARK: Topics

  @Test func `a redacted topic message clears the topic`() {
    let (harness, boss, neha, _) = people()
    harness.send(as: boss, "JOIN #a")
    harness.send(as: neha, "JOIN #a", "TOPIC #a first", "TOPIC #a second")
    harness.discardOutput()
    #expect(harness.send(as: boss, "REMOVE #a 1").suffix(1) == ["REMOVED #a 1 boss"])
    harness.discardOutput()
    #expect(
      harness.send(as: boss, "REMOVE #a 2") == ["OK REMOVE", "REMOVED #a 2 boss", "@room=#a TOPIC boss "])
    #expect(harness.takeOutput(of: neha) == ["REMOVED #a 2 boss", "@room=#a TOPIC boss "])
    #expect(harness.send(as: neha, "ROOMS").untagged.contains("ROOM #a 2 "))
    #expect(!harness.send(as: harness.logInTagged("mira").0, "JOIN #a").untagged.contains { $0.hasPrefix("TOPIC") })
    harness.restart()
    #expect(!harness.send(as: harness.logInTagged("mira").0, "JOIN #a").untagged.contains { $0.hasPrefix("TOPIC") })
  }

  // MARK: Races

  @Test func `a message that is not stored or not published cannot be redacted`() {
    let (harness, boss, neha, akash) = people()
    harness.storage = .waits
    harness.send(as: neha, "MSG one")
    #expect(code(harness.send(as: boss, "REMOVE #lobby 1")) == "ERR not-found")
    for number in ["0", "2", "999999999999999999"] {
      #expect(code(harness.send(as: boss, "REMOVE #lobby \(number)")) == "ERR not-found")
    }
    let outcomes = harness.commit()
    #expect(code(harness.send(as: boss, "REMOVE #lobby 1")) == "ERR not-found")
    harness.storage = .works
    for outcome in outcomes { harness.apply(outcome) }
    #expect(harness.takeOutput(of: akash).untagged == ["MSG neha one"])
    #expect(code(harness.send(as: boss, "REMOVE #lobby 1")) == "OK REMOVE")
  }

  @Test func `a redacted message cannot be redacted again`() {
    let (harness, boss, neha, akash) = people()
    harness.send(as: neha, "MSG one", "MSG two")
    harness.redacting = .waits
    harness.send(as: boss, "@label=1 REMOVE #lobby 1")
    harness.send(as: neha, "@label=2 REMOVE #lobby 1")
    harness.discardOutput()
    harness.redacting = .works
    harness.answerRedaction()
    #expect(harness.takeOutput(of: boss) == ["@label=1 OK REMOVE", "REMOVED #lobby 1 boss"])
    #expect(
      harness.takeOutput(of: neha) == [
        "REMOVED #lobby 1 boss", "@label=2 ERR not-found REMOVE There is no such message that you may remove.",
      ])
    #expect(harness.takeOutput(of: akash) == ["REMOVED #lobby 1 boss"])
    harness.log.prune(.lobby, upTo: 2)
    #expect(code(harness.send(as: boss, "REMOVE #lobby 2")) == "ERR not-found")
    #expect(harness.log.acts.count == 1)
  }

  @Test func `a failure of the log is reported only to the requester`() {
    let (harness, boss, neha, _) = people()
    harness.send(as: neha, "MSG one")
    harness.discardOutput()
    harness.redacting = .fails
    #expect(
      harness.send(as: boss, "@label=1 REMOVE #lobby 1") == [
        "@label=1 ERR storage-unavailable REMOVE The server cannot remove messages at the moment; nothing was changed."
      ])
    #expect(harness.takeOutput(of: neha) == [])
  }

  @Test func `a page that was read before a redaction has no text after it`() {
    let (harness, boss, neha, akash) = people()
    harness.send(as: neha, "MSG a secret", "MSG other")
    harness.discardOutput()
    var answers: [HubEvent] = []
    harness.reading = .waits
    harness.send(as: akash, "@label=1 HISTORY #lobby LATEST * 5", "@label=2 SEARCH * 5 secret")
    for (id, request) in harness.reads { answers.append(.read(id, .success(harness.log.answer(request)))) }
    harness.send(as: boss, "REMOVE #lobby 1")
    harness.discardOutput()
    for answer in answers { harness.apply(answer) }
    let told = harness.takeOutput(of: akash)
    #expect(!told.contains { $0.contains("secret") })
    #expect(told.contains("@batch=0;\(HubHarness.place(1));removed MSG neha (removed)"))
  }

  @Test func `a slow reader is told afterwards`() {
    let (harness, boss, neha, akash) = people()
    harness.send(as: neha, "TOPIC #lobby one", "DM akash two")
    harness.discardOutput()
    harness.lag(akash)
    harness.send(as: boss, "REMOVE #lobby 1")
    harness.send(as: neha, "REMOVE @akash 1")
    #expect(harness.takeOutput(of: akash) == [])
    harness.catchUp(akash)
    #expect(harness.takeOutput(of: akash) == ["REMOVED #lobby 1 boss", "TOPIC boss ", "REMOVED @neha 1 neha"])
    harness.lag(akash)
    harness.catchUp(akash)
    #expect(harness.takeOutput(of: akash) == [])
  }

  @Test func `a redaction completes after its requester has left`() {
    let (harness, boss, neha, akash) = people()
    harness.send(as: neha, "MSG one")
    harness.redacting = .waits
    harness.send(as: boss, "REMOVE #lobby 1")
    harness.disconnect(boss, .lost)
    harness.discardOutput()
    harness.answerRedaction()
    #expect(harness.takeOutput(of: akash) == ["REMOVED #lobby 1 boss"])
    harness.apply(.redacted(RedactionID(99), .success(nil)))
  }

  @Test func `the number of pending redactions is limited, and later requests wait`() {
    let (harness, boss, neha, _) = people()
    for _ in 0..<20 { harness.send(as: neha, "MSG x") }
    harness.discardOutput()
    harness.redacting = .waits
    for number in 1...20 { harness.send(as: boss, "REMOVE #lobby \(number)") }
    #expect(harness.redactions.count == 16)
    harness.send(as: boss, "QUIT")
    #expect(harness.closeReason(of: boss) == nil)
    harness.redacting = .works
    harness.answerRedaction()
    #expect(harness.takeOutput(of: boss).filter { $0 == "OK REMOVE" }.count == 20)
    #expect(harness.closeReason(of: boss) == .quit)
  }

  @Test func `a muted user can remove their own messages`() {
    let (harness, boss, neha, _) = people()
    harness.send(as: neha, "MSG one")
    harness.send(as: boss, "MUTE neha *")
    #expect(code(harness.send(as: neha, "REMOVE #lobby 1")) == "OK REMOVE")
  }
}
