import ChatHub
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// A name belongs to the first key that logged in with it.
@Suite struct KeyLoginTests {
  @Test func `keys are offered only over TLS on a server with a pin`() {
    let harness = HubHarness.withPin()
    let plain = harness.connect()
    #expect(harness.send(as: plain, "CAP LS").last?.contains("keys") == false)
    #expect(harness.send(as: plain, "CAP REQ tags keys") == ["CAP NAK tags keys"])
    let control = harness.connect(from: .control)
    #expect(harness.send(as: control, "CAP REQ tags keys") == ["CAP NAK tags keys"])
    let pinless = HubHarness()
    #expect(pinless.send(as: pinless.connect(isSecured: true), "CAP REQ tags keys") == ["CAP NAK tags keys"])
    let secured = harness.connect(isSecured: true)
    #expect(
      harness.send(as: secured, "CAP LS") == ["CAP LS tags presence rooms history resume marks keys moderation lines"])
    #expect(harness.send(as: secured, "CAP REQ keys") == ["CAP NAK keys"])
    let answer = harness.send(as: secured, "CAP REQ tags keys")
    #expect(answer.first == "CAP ACK tags keys")
    #expect(answer.count == 2 && answer.last?.hasPrefix("CHALLENGE ") == true)
  }

  @Test func `a challenge belongs to one connection, and a replay makes the same one`() {
    var seen: Set<LoginChallenge> = []
    let harness = HubHarness.withPin()
    for _ in 0..<5 { seen.insert(harness.connectSecured().1) }
    harness.restart()
    for _ in 0..<5 { seen.insert(harness.connectSecured().1) }
    #expect(seen.count == 10)
    #expect(HubHarness.withPin().connectSecured().1 == HubHarness.withPin().connectSecured().1)
  }

  @Test func `the first key under a name owns it, present or not, and after a restart`() {
    let harness = HubHarness.withPin()
    let (neha, answer) = harness.requestLogin("Neha", TestKey(1))
    #expect(answer.first?.hasSuffix(";name=Neha;owned OK LOGIN") == true)
    #expect(harness.registry.state.accounts.map(\.name.text) == ["Neha"])
    func isReserved() {
      #expect(harness.send(as: harness.connect(), "LOGIN neha") == ["ERR username-reserved"])
      #expect(harness.send(as: harness.connectSecured().0, "LOGIN neha").isRefused("username-reserved", "LOGIN"))
      #expect(harness.requestLogin("neha", TestKey(2)).1.isRefused("username-reserved", "LOGIN"))
    }
    isReserved()
    harness.disconnect(neha)
    isReserved()
    harness.restart()
    isReserved()
    #expect(harness.registry.state.accounts.count == 1)
    // The account's own spelling of the name.
    #expect(harness.requestLogin("NEHA", TestKey(1)).1.first?.hasSuffix(";name=Neha;owned OK LOGIN") == true)
  }

  @Test func `of two keys that claim one name the first gets it`() {
    let harness = HubHarness.withPin()
    let (first, one) = harness.connectSecured()
    let (second, other) = harness.connectSecured()
    #expect(
      harness.send(as: second, "\(TestKey(2).tags(other, as: "neha"))LOGIN neha").first?.contains(";owned") == true)
    #expect(
      harness.send(as: first, "\(TestKey(1).tags(one, as: "neha"))LOGIN neha").isRefused("username-reserved", "LOGIN"))
    // The connection stays open, and another name can be tried.
    #expect(harness.send(as: first, "\(TestKey(1).tags(one, as: "mira"))LOGIN mira").first?.contains(";owned") == true)
    #expect(Set(harness.registry.state.accounts.map(\.name.text)) == ["neha", "mira"])
  }

  @Test func `a present guest has the name, and another's key must wait`() {
    let harness = HubHarness.withPin()
    let guest = harness.logIn("neha")
    #expect(harness.requestLogin("neha", TestKey(1)).1.isRefused("username-taken", "LOGIN"))
    harness.disconnect(guest)
    #expect(harness.requestLogin("neha", TestKey(1)).1.first?.contains(";owned") == true)
  }

  @Test func `one key can log in on eight terminals`() {
    let harness = HubHarness.withPin()
    let akash = harness.logIn("akash", "presence")
    let neha = harness.logInOwner("neha", TestKey(1))
    for _ in 1..<8 { _ = harness.logInOwner("neha", TestKey(1)) }
    #expect(harness.requestLogin("neha", TestKey(1)).1.isRefused("too-many-sessions", "LOGIN"))
    #expect(harness.takeOutput(of: akash) == [])
    #expect(harness.send(as: akash, "WHO") == ["USER akash", "USER neha"])
    #expect(harness.send(as: neha, "DM neha note").count == 3)
  }

  @Test func `an owner under another name is a guest`() {
    let harness = HubHarness.withPin()
    _ = harness.logInOwner("neha", TestKey(1))
    let (_, answer) = harness.requestLogin("other", TestKey(1))
    #expect(answer.first?.hasSuffix(";name=other OK LOGIN") == true)
    #expect(harness.registry.state.accounts.count == 1)
    #expect(harness.send(as: harness.connect(), "LOGIN other") == ["ERR username-taken"])
  }

  @Test func `a token without a proof does not open an owned name`() {
    let harness = HubHarness.withPin()
    let (neha, answer) = harness.requestLogin("neha", TestKey(1))
    let token = HubHarness.token(in: answer)
    func check() {
      #expect(
        harness.send(as: harness.connect(HubHarness.allCapabilities), "@token=\(token) LOGIN neha").isRefused(
          "username-reserved", "LOGIN"))
      #expect(harness.resume(token).1.isRefused("username-reserved", "RESUME"))
      #expect(harness.resume(token, named: "neha", TestKey(2)).1.isRefused("username-reserved", "RESUME"))
      // Nor does the token make its bearer the owner under another name.
      #expect(harness.logInTagged("mira", token: token).1.isEmpty == false)
      #expect(
        harness.send(as: harness.connect(HubHarness.allCapabilities), "@token=\(token) LOGIN zoe").first?.contains(
          "again") == false)
    }
    check()
    harness.disconnect(neha)
    harness.restart()
    check()
    let (back, resumed) = harness.resume(token, named: "neha", TestKey(1))
    #expect(resumed.first?.hasSuffix(";name=neha;owned OK RESUME") == true)
    #expect(harness.resume(token, named: "neha", TestKey(1)).1.first?.hasSuffix("OK RESUME") == true)
    #expect(harness.closeReason(of: back) == nil)
  }

  @Test func `a guest who proves a key keeps their conversations and the name`() throws {
    let harness = HubHarness.withPin()
    let (akash, _) = harness.logInTagged("akash")
    let (neha, token) = harness.logInTagged("neha")
    harness.send(as: akash, "DM neha before")
    let (second, answer) = harness.requestLogin("NEHA", TestKey(1), "token=\(token);")
    #expect(answer.first?.hasSuffix(";name=neha;again;owned OK LOGIN") == true)
    #expect(answer.untagged.contains { $0.hasPrefix("SYNC @akash e.") && $0.hasSuffix(" 1") })
    #expect(harness.send(as: second, "HISTORY @akash LATEST * 9").untagged[1] == "DM akash before")
    #expect(harness.send(as: akash, "WHO").untagged.dropFirst().dropLast() == ["USER akash", "USER neha"])
    harness.disconnect(neha)
    harness.disconnect(second)
    harness.restart()
    let (_, again) = harness.requestLogin("neha", TestKey(1))
    #expect(again.untagged.contains { $0.hasPrefix("SYNC @akash e.") && $0.hasSuffix(" 1") })
  }

  @Test func `a resume with a proof claims the name`() {
    let harness = HubHarness.withPin()
    let (neha, token) = harness.logInTagged("neha")
    harness.disconnect(neha)
    #expect(harness.resume(token, named: "neha", TestKey(1)).1.first?.hasSuffix(";owned OK RESUME") == true)
    #expect(harness.send(as: harness.connect(), "LOGIN neha") == ["ERR username-reserved"])
  }

  @Test func `the token of an earlier bearer of the name resumes no session`() {
    let harness = HubHarness.withPin()
    let (guest, token) = harness.logInTagged("neha")
    harness.disconnect(guest)
    _ = harness.logInOwner("neha", TestKey(1))
    #expect(harness.resume(token).1.isRefused("username-reserved", "RESUME"))
    #expect(harness.resume(token, named: "neha", TestKey(1)).1.isRefused("invalid-token", "RESUME"))
  }

  @Test(.computing) func `beyond the maximum number of accounts a new user is a guest`() {
    var settings = HubSettings()
    settings.pin = .test
    let added = Timestamp(milliseconds: 0)
    let accounts = (0..<100_000).compactMap { number -> Account? in
      let key = withUnsafeBytes(of: UInt64(number)) { PublicKey(Array($0) + Array(repeating: 1, count: 24)) }
      guard let name = Nickname("n\(number)"), let key else { return nil }
      return Account(
        member: MemberID(Int64(number)), name: name, keys: [AccountKey(key: key, added: added)], created: added)
    }
    let harness = HubHarness(settings, registry: RegistryState(accounts: accounts))
    let (_, answer) = harness.requestLogin("neha", TestKey(1))
    #expect(answer.untagged.first == "OK LOGIN")
    #expect(answer.first?.contains("owned") == false)
    #expect(harness.registry.state.accounts.isEmpty)
    #expect(harness.send(as: harness.connect(), "LOGIN n99999") == ["ERR username-reserved"])
  }
}
