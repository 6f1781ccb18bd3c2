import ChatHub
import ChatProtocol
import Testing

/// Private rooms.
@Suite struct PrivateRoomTests {
  private let stage = Stage.provable()
  private let neha: SessionID
  private let akash: SessionID
  /// An operator.
  private let mira: SessionID

  init() {
    neha = stage.settle("neha", Identity(1))
    akash = stage.settle("akash", Identity(2))
    mira = stage.settle("mira", Identity(3), from: .host)
    stage.forget()
  }

  @Test func `the creator of a private room is a member`() {
    #expect(
      stage.say(neha, "@label=1 CREATE #Den") == ["@label=1;room=#Den;private OK CREATE", "SYNC #Den e 0"])
    #expect(stage.rooms(of: neha) == ["#lobby", "#Den"])
    #expect(stage.say(neha, "JOIN #den").first == "@room=#Den;private OK JOIN")
    #expect(stage.say(neha, "ROOMS")[2] == "@batch=0;private ROOM #Den 1 ")
    #expect(stage.say(neha, "WHO #den").untagged[1] == "USER neha")
  }

  @Test func `for others the room does not exist`() {
    stage.say(neha, "CREATE #den", "SAY #den secret", "TOPIC #den secret")
    for other in [akash, mira, stage.arrive("guest").0] {
      stage.forget()
      for line in ["JOIN #den", "JOIN #DEN e 0"] {
        #expect(stage.say(other, line).isRefused("private-room", "JOIN"))
      }
      for line in [
        "HISTORY #den LATEST * 9", "SEARCH #den 9 secret", "WHO #den", "MARK #den 1", "SAY #den hi", "TOPIC #den x",
        "PART #den",
      ] {
        #expect(stage.say(other, line).untagged.first?.hasPrefix("ERR not-in-room") == true, "\(line)")
      }
      #expect(
        stage.say(other, "ROOMS").untagged == ["BATCH +0 rooms", "ROOM #lobby \(stage.hub.peopleCount) ", "BATCH -0"])
      #expect(stage.say(other, "SEARCH * 9 secret").untagged.count == 2)
    }
    stage.forget()
    stage.say(neha, "SAY #den more")
    for other in [akash, mira] { #expect(stage.heard(other) == []) }
  }

  @Test func `a resume admits no user without an invitation`() {
    let (guest, token) = stage.arrive("guest")
    stage.say(guest, "JOIN #den")
    stage.leave(guest)
    #expect(stage.say(neha, "CREATE #den").untagged.contains("OK CREATE"))
    stage.say(neha, "SAY #den secret")
    let (back, answer) = stage.resume(token, "#den e 0")
    #expect(answer.untagged.first == "OK RESUME")
    #expect(!answer.contains { $0.contains("#den") || $0.contains("secret") })
    #expect(stage.rooms(of: back) == ["#lobby"])
  }

  @Test func `an invited user can join, also after a restart`() {
    stage.say(neha, "CREATE #den", "SAY #den first")
    stage.forget()
    #expect(stage.say(neha, "@label=1 INVITE #DEN Akash") == ["@label=1 OK INVITE"])
    #expect(stage.heard(akash) == ["INFO neha invited you to #den, a private room."])
    #expect(stage.say(neha, "INVITE #den akash") == ["OK INVITE"])
    #expect(stage.heard(akash) == [])
    #expect(stage.say(akash, "ROOMS").contains { $0.hasSuffix("private ROOM #den 1 ") })
    #expect(stage.say(akash, "JOIN #den").first == "@room=#den;private OK JOIN")
    #expect(stage.say(akash, "HISTORY #den LATEST * 9").untagged[1] == "MSG neha first")
    stage.restart()
    let akash = stage.settle("akash", Identity(2))
    #expect(stage.say(akash, "JOIN #den").untagged.first == "OK JOIN")
    #expect(stage.say(stage.settle("mira", Identity(3)), "JOIN #den").isRefused("private-room", "JOIN"))
    #expect(stage.say(stage.settle("neha", Identity(1)), "INVITE #den mira") == ["OK INVITE"])
  }

  @Test func `an empty private room stays private`() {
    stage.say(neha, "CREATE #den", "PART #den")
    #expect(stage.say(akash, "JOIN #den").isRefused("private-room", "JOIN"))
    #expect(stage.say(akash, "CREATE #den").isRefused("room-exists", "CREATE"))
    stage.restart()
    #expect(stage.say(stage.settle("akash", Identity(2)), "JOIN #den").isRefused("private-room", "JOIN"))
    let neha = stage.settle("neha", Identity(1))
    #expect(stage.say(neha, "ROOMS").contains { $0.hasSuffix("private ROOM #den 0 ") })
    #expect(stage.say(neha, "JOIN #den").untagged.first == "OK JOIN")
  }

  @Test func `a removed member leaves on all terminals`() {
    stage.say(neha, "CREATE #den", "INVITE #den akash")
    let second = stage.settle("akash", Identity(2))
    stage.say(akash, "JOIN #den")
    stage.say(second, "JOIN #den")
    stage.forget()
    #expect(stage.say(neha, "UNINVITE #den akash").untagged == ["OK UNINVITE", "LEFT akash parted"])
    for id in [akash, second] {
      #expect(
        stage.heard(id) == [
          "@room=#den LEFT akash kicked", "@room=#den INFO neha took your invitation to #den back.",
        ])
      #expect(stage.rooms(of: id) == ["#lobby"])
    }
    stage.say(neha, "SAY #den secret")
    #expect(stage.heard(akash) == [])
    #expect(stage.say(akash, "JOIN #den").isRefused("private-room", "JOIN"))
    stage.forget()
    #expect(stage.say(neha, "UNINVITE #den akash").isRefused("not-found", "UNINVITE"))
    #expect(stage.say(neha, "UNINVITE #den neha").isRefused("not-found", "UNINVITE"))
  }

  @Test func `a request from before the removal is not answered after it`() {
    stage.say(neha, "CREATE #den", "INVITE #den akash", "SAY #den secret")
    stage.say(akash, "JOIN #den")
    stage.reading = .waits
    stage.say(akash, "HISTORY #den LATEST * 9", "SEARCH * 9 secret", "SEARCH #den 9 secret")
    stage.say(neha, "UNINVITE #den akash")
    stage.forget()
    #expect(stage.questions.count == 3)
    while !stage.questions.isEmpty { stage.answerRead() }
    #expect(!stage.heard(akash).contains { $0.contains("MSG") })
  }

  @Test func `a catch-up ends with the membership`() {
    stage.say(neha, "CREATE #den", "INVITE #den akash", "SAY #den secret")
    stage.reading = .waits
    stage.say(akash, "JOIN #den e 0")
    stage.say(neha, "UNINVITE #den akash", "INVITE #den akash")
    stage.say(akash, "JOIN #den")
    stage.forget()
    #expect(stage.questions.count == 1)
    stage.answerRead()
    #expect(stage.heard(akash) == [])
  }

  @Test func `operators manage private rooms but cannot read them`() {
    stage.say(neha, "CREATE #den")
    stage.forget()
    // Either name could be a second one of an operator.
    for name in ["mira", "akash"] {
      #expect(stage.say(mira, "INVITE #den \(name)").isRefused("not-owner", "INVITE"))
    }
    stage.say(neha, "INVITE #den akash")
    stage.forget()
    #expect(stage.say(mira, "UNINVITE #den akash") == ["OK UNINVITE"])
    #expect(stage.say(mira, "JOIN #den").isRefused("private-room", "JOIN"))
    #expect(
      stage.registry.acts.suffix(1).map { "\($0.by) \($0.verb.rawValue) \($0.subject) \($0.text)" } == [
        "mira UNINVITE #den akash"
      ])
  }

  @Test func `an invalid change is refused`() {
    stage.say(neha, "CREATE #den", "INVITE #den akash", "JOIN #open")
    let (guest, _) = stage.arrive("guest")
    #expect(stage.say(guest, "CREATE #other").isRefused("no-account", "CREATE"))
    #expect(stage.say(akash, "CREATE #DEN").isRefused("room-exists", "CREATE"))
    #expect(stage.say(akash, "CREATE #open").isRefused("room-exists", "CREATE"))
    #expect(stage.say(akash, "CREATE #lobby").isRefused("room-exists", "CREATE"))
    #expect(stage.say(akash, "CREATE nonsense").isRefused("invalid-room", "CREATE"))
    #expect(stage.say(akash, "INVITE #den mira").isRefused("not-owner", "INVITE"))
    #expect(stage.say(guest, "INVITE #den guest").isRefused("private-room", "INVITE"))
    #expect(stage.say(guest, "UNINVITE #den akash").isRefused("private-room", "UNINVITE"))
    #expect(stage.say(neha, "INVITE #den guest").isRefused("no-account", "INVITE"))
    #expect(stage.say(neha, "INVITE #open akash").isRefused("not-found", "INVITE"))
    #expect(stage.say(neha, "INVITE #nowhere akash").isRefused("not-found", "INVITE"))
  }

  @Test func `a user can create at most fifty`() {
    let neha = stage.settle("owner", Identity(9), from: .host)
    for number in 0..<50 {
      stage.wait(.seconds(1))
      #expect(stage.say(neha, "CREATE #r\(number)").untagged.first == "OK CREATE")
      stage.say(neha, "PART #r\(number)")
    }
    #expect(stage.say(neha, "CREATE #r50").isRefused("too-many-rooms", "CREATE"))
    stage.restart()
    #expect(stage.say(stage.settle("owner", Identity(9)), "CREATE #r50").isRefused("too-many-rooms", "CREATE"))
    #expect(stage.say(stage.settle("akash", Identity(2)), "CREATE #r50").untagged.first == "OK CREATE")
  }
}
