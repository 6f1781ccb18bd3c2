import ChatHub
import ChatProtocol
import ChatRecords
import Testing

/// An invite-only server.
@Suite struct InvitationTests {
  private let stage = Stage.provable(isInviteOnly: true)

  private func code(_ id: SessionID, _ request: String = "ADMIT 1 *", on stage: Stage? = nil) -> String {
    let answer = (stage ?? self.stage).say(id, request)
    #expect(answer.untagged == ["OK ADMIT"])
    let tags = answer.first?.prefix { $0 != " " }.dropFirst().split(separator: ";") ?? []
    return tags.first { $0.hasPrefix("code=") }.map { String($0.dropFirst(5)) } ?? ""
  }

  @Test func `a login without an invitation is refused, except the first on the host`() {
    #expect(stage.say(stage.open(), "LOGIN neha") == ["ERR invite-required"])
    #expect(stage.say(stage.open(Stage.everything), "@invite=x LOGIN neha").isRefused("invite-required", "LOGIN"))
    #expect(stage.come("neha", Identity(1)).1.isRefused("invite-required", "LOGIN"))
    let neha = stage.settle("neha", Identity(1), from: .host)
    #expect(stage.come("akash", Identity(2), from: .host).1.isRefused("invite-required", "LOGIN"))
    // The answer does not reveal which names are in use.
    #expect(stage.say(stage.open(), "LOGIN neha") == ["ERR invite-required"])
    #expect(stage.come("neha", Identity(2)).1.isRefused("invite-required", "LOGIN"))
    #expect(stage.come("other", Identity(1)).1.isRefused("invite-required", "LOGIN"))
    #expect(stage.hub.peopleCount == 1)
    stage.leave(neha)
    stage.restart()
    _ = stage.settle("neha", Identity(1))
  }

  @Test func `a code admits as many accounts as it has uses, permanently`() {
    let neha = stage.settle("neha", Identity(1), from: .host)
    let code = code(neha, "@label=1 ADMIT 2 *")
    #expect(code.utf8.count == 22)
    // A refused login uses no invitation.
    #expect(stage.come("neha", Identity(2), "invite=\(code);").1.isRefused("username-reserved", "LOGIN"))
    #expect(stage.come("server", Identity(2), "invite=\(code);").1.isRefused("username-reserved", "LOGIN"))
    #expect(
      stage.say(stage.open(Stage.everything), "@invite=\(code) LOGIN guest").isRefused("invite-required", "LOGIN"))
    #expect(stage.come("akash", Identity(2), "invite=\(code);").1.first?.contains(";owned") == true)
    #expect(stage.registry.state.invitations.map(\.uses) == [1])
    stage.restart()
    #expect(stage.come("mira", Identity(3), "invite=\(code);").1.first?.contains(";owned") == true)
    #expect(stage.registry.state.invitations.isEmpty)
    #expect(stage.come("zoe", Identity(4), "invite=\(code);").1.isRefused("invalid-invite", "LOGIN"))
    // An account needs no invitation later.
    #expect(stage.come("akash", Identity(2)).1.first?.contains(";owned") == true)
  }

  @Test(arguments: ["x", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB", String(repeating: "A", count: 3000)])
  func `a code of another server or an invalid one is refused`(code: String) {
    _ = stage.settle("neha", Identity(1), from: .host)
    #expect(stage.come("akash", Identity(2), "invite=\(code);").1.isRefused("invalid-invite", "LOGIN"))
  }

  @Test func `a code expires`() {
    stage.apply(.clock(Timestamp(milliseconds: 1_000_000)))
    let neha = stage.settle("neha", Identity(1), from: .host)
    let code = code(neha, "ADMIT 5 60")
    stage.apply(.clock(Timestamp(milliseconds: 1_059_999)))
    #expect(stage.come("akash", Identity(2), "invite=\(code);").1.first?.contains(";owned") == true)
    stage.apply(.clock(Timestamp(milliseconds: 1_060_000)))
    #expect(stage.come("mira", Identity(3), "invite=\(code);").1.isRefused("invalid-invite", "LOGIN"))
    stage.forget()
    // The next invitation removes the expired one.
    _ = self.code(neha, "ADMIT 1 60")
    #expect(stage.registry.state.invitations.count == 1)
  }

  @Test func `operators make codes, and all codes differ`() {
    let neha = stage.settle("neha", Identity(1), from: .host)
    var codes: Set<String> = []
    for _ in 0..<20 { codes.insert(code(neha)) }
    let control = stage.open(from: .control)
    stage.say(control, "CAP REQ tags moderation")
    codes.insert(code(control))
    #expect(codes.count == 21)
    #expect(stage.registry.state.invitations.last?.by.text == "host")
    for kept in stage.registry.state.invitations {
      #expect(kept.digest.count == 32)
      #expect(!codes.contains(Base64URL.encode(Array(kept.digest.prefix(16)))))
    }
    let akash = stage.come("akash", Identity(2), "invite=\(codes.first ?? "");").0
    stage.forget()
    #expect(stage.say(akash, "ADMIT 1 *").isRefused("not-operator", "ADMIT"))
    #expect(stage.say(neha, "ADMIT 10001 *").isRefused("invalid-request", "ADMIT"))
    #expect(stage.say(neha, "ADMIT 0 *").isRefused("invalid-request", "ADMIT"))
  }

  @Test func `the number of codes is bounded, not counting expired ones`() throws {
    var settings = HubSettings()
    settings.pin = .test
    let by = try #require(Nickname("mira"))
    let until = Timestamp(milliseconds: 1000)
    let invitations = (0..<10_000).map { number in
      let digest = withUnsafeBytes(of: UInt64(number)) { Array($0) }
      return Invitation(digest: digest, uses: 1, expires: number == 0 ? until : nil, by: by)
    }
    let stage = Stage(settings, registry: RegistryState(invitations: invitations))
    let neha = stage.settle("neha", Identity(1), from: .host)
    #expect(stage.say(neha, "ADMIT 1 *").isRefused("too-many-invitations", "ADMIT"))
    stage.apply(.clock(until))
    #expect(stage.say(neha, "ADMIT 1 *").untagged == ["OK ADMIT"])
  }

  @Test func `on an open server a code is ignored`() {
    let stage = Stage.provable()
    #expect(stage.come("akash", Identity(2), "invite=x;").1.first?.contains(";owned") == true)
    #expect(stage.say(stage.open(["tags"]), "@invite=x LOGIN guest").untagged == ["OK LOGIN"])
  }

  @Test func `a server that becomes invite-only keeps present users and admits no other guest`() {
    let stage = Stage.provable()
    let (guest, token) = stage.arrive("guest")
    var settings = HubSettings()
    settings.pin = .test
    settings.isInviteOnly = true
    stage.apply(.change(settings))
    #expect(stage.say(guest, "PING") == ["PONG"])
    #expect(stage.resume(token).1.untagged.first == "OK RESUME")
    #expect(stage.end(guest) == .takenOver)
    stage.restart(settings)
    #expect(stage.resume(token).1.isRefused("invite-required", "RESUME"))
  }

  @Test func `a guest from before owns no name without an invitation`() {
    let stage = Stage.provable()
    let boss = stage.settle("boss", Identity(1), from: .host)
    let (_, token) = stage.arrive("guest")
    var settings = HubSettings()
    settings.pin = .test
    settings.isInviteOnly = true
    stage.apply(.change(settings))
    for tags in ["", "invite=AAAAAAAAAAAAAAAAAAAAAA;"] {
      let (_, answer) = stage.come("guest", Identity(2), "\(tags)token=\(token);")
      #expect(answer.untagged.first == "OK LOGIN")
      #expect(answer.first?.contains(";owned") == false)
    }
    #expect(stage.registry.state.accounts.map(\.name.text) == ["boss"])
    let code = code(boss, on: stage)
    #expect(stage.come("guest", Identity(2), "invite=\(code);token=\(token);").1.first?.contains(";owned") == true)
    #expect(stage.registry.state.invitations.isEmpty)
  }
}
