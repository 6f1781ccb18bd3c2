import ChatHub
import ChatProtocol
import ChatRecords
import Testing

/// An invite-only server.
@Suite struct InvitationTests {
  private let harness = HubHarness.withPin(isInviteOnly: true)

  private func code(_ id: SessionID, _ request: String = "ADMIT 1 *", on harness: HubHarness? = nil) -> String {
    let answer = (harness ?? self.harness).send(as: id, request)
    #expect(answer.untagged == ["OK ADMIT"])
    let tags = answer.first?.prefix { $0 != " " }.dropFirst().split(separator: ";") ?? []
    return tags.first { $0.hasPrefix("code=") }.map { String($0.dropFirst(5)) } ?? ""
  }

  @Test func `a login without an invitation is refused, except the first on the host`() {
    #expect(harness.send(as: harness.connect(), "LOGIN neha") == ["ERR invite-required"])
    #expect(
      harness.send(as: harness.connect(HubHarness.allCapabilities), "@invite=x LOGIN neha").isRefused(
        "invite-required", "LOGIN"))
    #expect(harness.requestLogin("neha", TestKey(1)).1.isRefused("invite-required", "LOGIN"))
    let neha = harness.logInOwner("neha", TestKey(1), from: .host)
    #expect(harness.requestLogin("akash", TestKey(2), from: .host).1.isRefused("invite-required", "LOGIN"))
    // The answer does not reveal which names are in use.
    #expect(harness.send(as: harness.connect(), "LOGIN neha") == ["ERR invite-required"])
    #expect(harness.requestLogin("neha", TestKey(2)).1.isRefused("invite-required", "LOGIN"))
    #expect(harness.requestLogin("other", TestKey(1)).1.isRefused("invite-required", "LOGIN"))
    #expect(harness.hub.peopleCount == 1)
    harness.disconnect(neha)
    harness.restart()
    _ = harness.logInOwner("neha", TestKey(1))
  }

  @Test func `a code admits as many accounts as it has uses, permanently`() {
    let neha = harness.logInOwner("neha", TestKey(1), from: .host)
    let code = code(neha, "@label=1 ADMIT 2 *")
    #expect(code.utf8.count == 22)
    // A refused login uses no invitation.
    #expect(harness.requestLogin("neha", TestKey(2), "invite=\(code);").1.isRefused("username-reserved", "LOGIN"))
    #expect(harness.requestLogin("server", TestKey(2), "invite=\(code);").1.isRefused("username-reserved", "LOGIN"))
    #expect(
      harness.send(as: harness.connect(HubHarness.allCapabilities), "@invite=\(code) LOGIN guest").isRefused(
        "invite-required", "LOGIN"))
    #expect(harness.requestLogin("akash", TestKey(2), "invite=\(code);").1.first?.contains(";owned") == true)
    #expect(harness.registry.state.invitations.map(\.uses) == [1])
    harness.restart()
    #expect(harness.requestLogin("mira", TestKey(3), "invite=\(code);").1.first?.contains(";owned") == true)
    #expect(harness.registry.state.invitations.isEmpty)
    #expect(harness.requestLogin("zoe", TestKey(4), "invite=\(code);").1.isRefused("invalid-invite", "LOGIN"))
    // An account needs no invitation later.
    #expect(harness.requestLogin("akash", TestKey(2)).1.first?.contains(";owned") == true)
  }

  @Test(arguments: ["x", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB", String(repeating: "A", count: 3000)])
  func `a code of another server or an invalid one is refused`(code: String) {
    _ = harness.logInOwner("neha", TestKey(1), from: .host)
    #expect(harness.requestLogin("akash", TestKey(2), "invite=\(code);").1.isRefused("invalid-invite", "LOGIN"))
  }

  @Test func `a code expires`() {
    harness.apply(.clock(Timestamp(milliseconds: 1_000_000)))
    let neha = harness.logInOwner("neha", TestKey(1), from: .host)
    let code = code(neha, "ADMIT 5 60")
    harness.apply(.clock(Timestamp(milliseconds: 1_059_999)))
    #expect(harness.requestLogin("akash", TestKey(2), "invite=\(code);").1.first?.contains(";owned") == true)
    harness.apply(.clock(Timestamp(milliseconds: 1_060_000)))
    #expect(harness.requestLogin("mira", TestKey(3), "invite=\(code);").1.isRefused("invalid-invite", "LOGIN"))
    harness.discardOutput()
    // The next invitation removes the expired one.
    _ = self.code(neha, "ADMIT 1 60")
    #expect(harness.registry.state.invitations.count == 1)
  }

  @Test func `operators make codes, and all codes differ`() {
    let neha = harness.logInOwner("neha", TestKey(1), from: .host)
    var codes: Set<String> = []
    for _ in 0..<20 { codes.insert(code(neha)) }
    let control = harness.connect(from: .control)
    harness.send(as: control, "CAP REQ tags moderation")
    codes.insert(code(control))
    #expect(codes.count == 21)
    #expect(harness.registry.state.invitations.last?.by.text == "host")
    for kept in harness.registry.state.invitations {
      #expect(kept.digest.count == 32)
      #expect(!codes.contains(Base64URL.encode(Array(kept.digest.prefix(16)))))
    }
    let akash = harness.requestLogin("akash", TestKey(2), "invite=\(codes.first ?? "");").0
    harness.discardOutput()
    #expect(harness.send(as: akash, "ADMIT 1 *").isRefused("not-operator", "ADMIT"))
    #expect(harness.send(as: neha, "ADMIT 10001 *").isRefused("invalid-request", "ADMIT"))
    #expect(harness.send(as: neha, "ADMIT 0 *").isRefused("invalid-request", "ADMIT"))
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
    let harness = HubHarness(settings, registry: RegistryState(invitations: invitations))
    let neha = harness.logInOwner("neha", TestKey(1), from: .host)
    #expect(harness.send(as: neha, "ADMIT 1 *").isRefused("too-many-invitations", "ADMIT"))
    harness.apply(.clock(until))
    #expect(harness.send(as: neha, "ADMIT 1 *").untagged == ["OK ADMIT"])
  }

  @Test func `on an open server a code is ignored`() {
    let harness = HubHarness.withPin()
    #expect(harness.requestLogin("akash", TestKey(2), "invite=x;").1.first?.contains(";owned") == true)
    #expect(harness.send(as: harness.connect(["tags"]), "@invite=x LOGIN guest").untagged == ["OK LOGIN"])
  }

  @Test func `a server that becomes invite-only keeps present users and admits no other guest`() {
    let harness = HubHarness.withPin()
    let (guest, token) = harness.logInTagged("guest")
    var settings = HubSettings()
    settings.pin = .test
    settings.isInviteOnly = true
    harness.apply(.change(settings))
    #expect(harness.send(as: guest, "PING") == ["PONG"])
    #expect(harness.resume(token).1.untagged.first == "OK RESUME")
    #expect(harness.closeReason(of: guest) == .takenOver)
    harness.restart(settings)
    #expect(harness.resume(token).1.isRefused("invite-required", "RESUME"))
  }

  @Test func `a guest from before owns no name without an invitation`() {
    let harness = HubHarness.withPin()
    let boss = harness.logInOwner("boss", TestKey(1), from: .host)
    let (_, token) = harness.logInTagged("guest")
    var settings = HubSettings()
    settings.pin = .test
    settings.isInviteOnly = true
    harness.apply(.change(settings))
    for tags in ["", "invite=AAAAAAAAAAAAAAAAAAAAAA;"] {
      let (_, answer) = harness.requestLogin("guest", TestKey(2), "\(tags)token=\(token);")
      #expect(answer.untagged.first == "OK LOGIN")
      #expect(answer.first?.contains(";owned") == false)
    }
    #expect(harness.registry.state.accounts.map(\.name.text) == ["boss"])
    let code = code(boss, on: harness)
    #expect(
      harness.requestLogin("guest", TestKey(2), "invite=\(code);token=\(token);").1.first?.contains(";owned") == true)
    #expect(harness.registry.state.invitations.isEmpty)
  }
}
