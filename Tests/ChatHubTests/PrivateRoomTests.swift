import ChatHub
import ChatProtocol
import Testing

@Suite struct PrivateRoomTests {
  private let harness = HubHarness.withPin()
  private let neha: SessionID
  private let akash: SessionID
  /// An operator.
  private let mira: SessionID

  init() {
    neha = harness.logInOwner("neha", TestKey(1))
    akash = harness.logInOwner("akash", TestKey(2))
    mira = harness.logInOwner("mira", TestKey(3), from: .host)
    harness.discardOutput()
  }

  @Test func `the creator of a private room is a member`() {
    #expect(
      harness.send(as: neha, "@label=1 CREATE #Den") == ["@label=1;room=#Den;private OK CREATE", "SYNC #Den e 0"])
    #expect(harness.rooms(of: neha) == ["#lobby", "#Den"])
    #expect(harness.send(as: neha, "JOIN #den").first == "@room=#Den;private OK JOIN")
    #expect(harness.send(as: neha, "ROOMS")[2] == "@batch=0;private ROOM #Den 1 ")
    #expect(harness.send(as: neha, "WHO #den").untagged[1] == "USER neha")
  }

  @Test func `a private room does not exist for others`() {
    harness.send(as: neha, "CREATE #den", "SAY #den secret", "TOPIC #den secret")
    for other in [akash, mira, harness.logInTagged("guest").0] {
      harness.discardOutput()
      for line in ["JOIN #den", "JOIN #DEN e 0"] {
        #expect(harness.send(as: other, line).isRefused("private-room", "JOIN"))
      }
      for line in [
        "HISTORY #den LATEST * 9", "SEARCH #den 9 secret", "WHO #den", "MARK #den 1", "SAY #den hi", "TOPIC #den x",
        "PART #den",
      ] {
        #expect(harness.send(as: other, line).untagged.first?.hasPrefix("ERR not-in-room") == true, "\(line)")
      }
      #expect(
        harness.send(as: other, "ROOMS").untagged == [
          "BATCH +0 rooms", "ROOM #lobby \(harness.hub.peopleCount) ", "BATCH -0",
        ])
      #expect(harness.send(as: other, "SEARCH * 9 secret").untagged.count == 2)
    }
    harness.discardOutput()
    harness.send(as: neha, "SAY #den more")
    for other in [akash, mira] { #expect(harness.takeOutput(of: other) == []) }
  }

  @Test func `a resume admits no user without an invitation`() {
    let (guest, token) = harness.logInTagged("guest")
    harness.send(as: guest, "JOIN #den")
    harness.disconnect(guest)
    #expect(harness.send(as: neha, "CREATE #den").untagged.contains("OK CREATE"))
    harness.send(as: neha, "SAY #den secret")
    let (back, answer) = harness.resume(token, "#den e 0")
    #expect(answer.untagged.first == "OK RESUME")
    #expect(!answer.contains { $0.contains("#den") || $0.contains("secret") })
    #expect(harness.rooms(of: back) == ["#lobby"])
  }

  @Test func `an invited user can join, also after a restart`() {
    harness.send(as: neha, "CREATE #den", "SAY #den first")
    harness.discardOutput()
    #expect(harness.send(as: neha, "@label=1 INVITE #DEN Akash") == ["@label=1 OK INVITE"])
    #expect(harness.takeOutput(of: akash) == ["INFO neha invited you to #den, a private room."])
    #expect(harness.send(as: neha, "INVITE #den akash") == ["OK INVITE"])
    #expect(harness.takeOutput(of: akash) == [])
    #expect(harness.send(as: akash, "ROOMS").contains { $0.hasSuffix("private ROOM #den 1 ") })
    #expect(harness.send(as: akash, "JOIN #den").first == "@room=#den;private OK JOIN")
    #expect(harness.send(as: akash, "HISTORY #den LATEST * 9").untagged[1] == "MSG neha first")
    harness.restart()
    let akash = harness.logInOwner("akash", TestKey(2))
    #expect(harness.send(as: akash, "JOIN #den").untagged.first == "OK JOIN")
    #expect(harness.send(as: harness.logInOwner("mira", TestKey(3)), "JOIN #den").isRefused("private-room", "JOIN"))
    #expect(harness.send(as: harness.logInOwner("neha", TestKey(1)), "INVITE #den mira") == ["OK INVITE"])
  }

  @Test func `an empty private room stays private`() {
    harness.send(as: neha, "CREATE #den", "PART #den")
    #expect(harness.send(as: akash, "JOIN #den").isRefused("private-room", "JOIN"))
    #expect(harness.send(as: akash, "CREATE #den").isRefused("room-exists", "CREATE"))
    harness.restart()
    #expect(harness.send(as: harness.logInOwner("akash", TestKey(2)), "JOIN #den").isRefused("private-room", "JOIN"))
    let neha = harness.logInOwner("neha", TestKey(1))
    #expect(harness.send(as: neha, "ROOMS").contains { $0.hasSuffix("private ROOM #den 0 ") })
    #expect(harness.send(as: neha, "JOIN #den").untagged.first == "OK JOIN")
  }

  @Test func `a removed member leaves on all terminals`() {
    harness.send(as: neha, "CREATE #den", "INVITE #den akash")
    let second = harness.logInOwner("akash", TestKey(2))
    harness.send(as: akash, "JOIN #den")
    harness.send(as: second, "JOIN #den")
    harness.discardOutput()
    #expect(harness.send(as: neha, "UNINVITE #den akash").untagged == ["OK UNINVITE", "LEFT akash parted"])
    for id in [akash, second] {
      #expect(
        harness.takeOutput(of: id) == [
          "@room=#den LEFT akash kicked", "@room=#den INFO neha withdrew your invitation to #den.",
        ])
      #expect(harness.rooms(of: id) == ["#lobby"])
    }
    harness.send(as: neha, "SAY #den secret")
    #expect(harness.takeOutput(of: akash) == [])
    #expect(harness.send(as: akash, "JOIN #den").isRefused("private-room", "JOIN"))
    harness.discardOutput()
    #expect(harness.send(as: neha, "UNINVITE #den akash").isRefused("not-found", "UNINVITE"))
    #expect(harness.send(as: neha, "UNINVITE #den neha").isRefused("not-found", "UNINVITE"))
  }

  @Test func `a request from before the removal is not answered after it`() {
    harness.send(as: neha, "CREATE #den", "INVITE #den akash", "SAY #den secret")
    harness.send(as: akash, "JOIN #den")
    harness.reading = .waits
    harness.send(as: akash, "HISTORY #den LATEST * 9", "SEARCH * 9 secret", "SEARCH #den 9 secret")
    harness.send(as: neha, "UNINVITE #den akash")
    harness.discardOutput()
    #expect(harness.reads.count == 3)
    while !harness.reads.isEmpty { harness.answerRead() }
    #expect(!harness.takeOutput(of: akash).contains { $0.contains("MSG") })
  }

  @Test func `a catch-up ends with the membership`() {
    harness.send(as: neha, "CREATE #den", "INVITE #den akash", "SAY #den secret")
    harness.reading = .waits
    harness.send(as: akash, "JOIN #den e 0")
    harness.send(as: neha, "UNINVITE #den akash", "INVITE #den akash")
    harness.send(as: akash, "JOIN #den")
    harness.discardOutput()
    #expect(harness.reads.count == 1)
    harness.answerRead()
    #expect(harness.takeOutput(of: akash) == [])
  }

  @Test func `operators manage private rooms but cannot read them`() {
    harness.send(as: neha, "CREATE #den")
    harness.discardOutput()
    // Either name could be a second one of an operator.
    for name in ["mira", "akash"] {
      #expect(harness.send(as: mira, "INVITE #den \(name)").isRefused("not-owner", "INVITE"))
    }
    harness.send(as: neha, "INVITE #den akash")
    harness.discardOutput()
    #expect(harness.send(as: mira, "UNINVITE #den akash") == ["OK UNINVITE"])
    #expect(harness.send(as: mira, "JOIN #den").isRefused("private-room", "JOIN"))
    #expect(
      harness.registry.acts.suffix(1).map { "\($0.by) \($0.verb.rawValue) \($0.subject) \($0.text)" } == [
        "mira UNINVITE #den akash"
      ])
  }

  @Test func `a private room is counted once, when it is created`() {
    for number in 0..<10 {
      #expect(harness.send(as: neha, "CREATE #r\(number)").untagged.first == "OK CREATE")
      harness.advanceClock(by: .seconds(2))
    }
    #expect(harness.send(as: neha, "SAY #r0 hi").untagged.last == "OK SAY")
    harness.send(as: neha, "INVITE #r1 akash")
    harness.restart()
    let (neha, akash) = (harness.logInOwner("neha", TestKey(1)), harness.logInOwner("akash", TestKey(2)))
    for number in 10..<20 {
      #expect(harness.send(as: neha, "CREATE #r\(number)").untagged.first == "OK CREATE")
      harness.advanceClock(by: .seconds(2))
    }
    harness.send(as: neha, "JOIN #r1")
    #expect(harness.send(as: neha, "SAY #r1 hi").untagged.last == "OK SAY")
    harness.send(as: akash, "JOIN #r1")
    #expect(harness.send(as: akash, "SAY #r1 hi").untagged.last == "OK SAY")
  }

  @Test func `an invalid change is refused`() {
    harness.send(as: neha, "CREATE #den", "INVITE #den akash", "JOIN #open")
    let (guest, _) = harness.logInTagged("guest")
    #expect(harness.send(as: guest, "CREATE #other").isRefused("no-account", "CREATE"))
    #expect(harness.send(as: akash, "CREATE #DEN").isRefused("room-exists", "CREATE"))
    #expect(harness.send(as: akash, "CREATE #open").isRefused("room-exists", "CREATE"))
    #expect(harness.send(as: akash, "CREATE #lobby").isRefused("room-exists", "CREATE"))
    #expect(harness.send(as: akash, "CREATE nonsense").isRefused("invalid-room", "CREATE"))
    #expect(harness.send(as: akash, "INVITE #den mira").isRefused("not-owner", "INVITE"))
    #expect(harness.send(as: guest, "INVITE #den guest").isRefused("private-room", "INVITE"))
    #expect(harness.send(as: guest, "UNINVITE #den akash").isRefused("private-room", "UNINVITE"))
    #expect(harness.send(as: neha, "INVITE #den guest").isRefused("no-account", "INVITE"))
    #expect(harness.send(as: neha, "INVITE #open akash").isRefused("not-found", "INVITE"))
    #expect(harness.send(as: neha, "INVITE #nowhere akash").isRefused("not-found", "INVITE"))
  }

  @Test func `a user can create at most fifty`() {
    let neha = harness.logInOwner("owner", TestKey(9), from: .host)
    for number in 0..<50 {
      harness.advanceClock(by: .seconds(1))
      #expect(harness.send(as: neha, "CREATE #r\(number)").untagged.first == "OK CREATE")
      harness.send(as: neha, "PART #r\(number)")
    }
    #expect(harness.send(as: neha, "CREATE #r50").isRefused("too-many-rooms", "CREATE"))
    harness.restart()
    #expect(
      harness.send(as: harness.logInOwner("owner", TestKey(9)), "CREATE #r50").isRefused("too-many-rooms", "CREATE"))
    #expect(harness.send(as: harness.logInOwner("akash", TestKey(2)), "CREATE #r50").untagged.first == "OK CREATE")
  }
}
