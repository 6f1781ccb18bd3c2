import ChatHub
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// A name belongs to the first key that logged in with it.
@Suite struct KeyLoginTests {
  @Test func `keys are offered only over TLS on a server with a pin`() {
    let stage = Stage.provable()
    let plain = stage.open()
    #expect(stage.say(plain, "CAP LS").last?.contains("keys") == false)
    #expect(stage.say(plain, "CAP REQ tags keys") == ["CAP NAK tags keys"])
    let control = stage.open(from: .control)
    #expect(stage.say(control, "CAP REQ tags keys") == ["CAP NAK tags keys"])
    let pinless = Stage()
    #expect(pinless.say(pinless.open(isSecured: true), "CAP REQ tags keys") == ["CAP NAK tags keys"])
    let secured = stage.open(isSecured: true)
    #expect(
      stage.say(secured, "CAP LS") == ["CAP LS tags presence rooms history resume marks keys moderation"])
    #expect(stage.say(secured, "CAP REQ keys") == ["CAP NAK keys"])
    let answer = stage.say(secured, "CAP REQ tags keys")
    #expect(answer.first == "CAP ACK tags keys")
    #expect(answer.count == 2 && answer.last?.hasPrefix("CHALLENGE ") == true)
  }

  @Test func `a challenge belongs to one connection, and a replay makes the same one`() {
    var seen: Set<LoginChallenge> = []
    let stage = Stage.provable()
    for _ in 0..<5 { seen.insert(stage.meet().1) }
    stage.restart()
    for _ in 0..<5 { seen.insert(stage.meet().1) }
    #expect(seen.count == 10)
    #expect(Stage.provable().meet().1 == Stage.provable().meet().1)
  }

  @Test func `the first key under a name owns it, present or not, and after a restart`() {
    let stage = Stage.provable()
    let (neha, answer) = stage.come("Neha", Identity(1))
    #expect(answer.first?.hasSuffix(";name=Neha;owned OK LOGIN") == true)
    #expect(stage.registry.state.accounts.map(\.name.text) == ["Neha"])
    func isReserved() {
      #expect(stage.say(stage.open(), "LOGIN neha") == ["ERR username-reserved"])
      #expect(stage.say(stage.meet().0, "LOGIN neha").isRefused("username-reserved", "LOGIN"))
      #expect(stage.come("neha", Identity(2)).1.isRefused("username-reserved", "LOGIN"))
    }
    isReserved()
    stage.leave(neha)
    isReserved()
    stage.restart()
    isReserved()
    #expect(stage.registry.state.accounts.count == 1)
    // The account's own spelling of the name.
    #expect(stage.come("NEHA", Identity(1)).1.first?.hasSuffix(";name=Neha;owned OK LOGIN") == true)
  }

  @Test func `of two keys that claim one name the first gets it`() {
    let stage = Stage.provable()
    let (first, one) = stage.meet()
    let (second, other) = stage.meet()
    #expect(stage.say(second, "\(Identity(2).tags(other, as: "neha"))LOGIN neha").first?.contains(";owned") == true)
    #expect(
      stage.say(first, "\(Identity(1).tags(one, as: "neha"))LOGIN neha").isRefused("username-reserved", "LOGIN"))
    // The connection stays open, and another name can be tried.
    #expect(stage.say(first, "\(Identity(1).tags(one, as: "mira"))LOGIN mira").first?.contains(";owned") == true)
    #expect(Set(stage.registry.state.accounts.map(\.name.text)) == ["neha", "mira"])
  }

  @Test func `a present guest has the name, and another's key must wait`() {
    let stage = Stage.provable()
    let guest = stage.join("neha")
    #expect(stage.come("neha", Identity(1)).1.isRefused("username-taken", "LOGIN"))
    stage.leave(guest)
    #expect(stage.come("neha", Identity(1)).1.first?.contains(";owned") == true)
  }

  @Test func `one key can log in on eight terminals`() {
    let stage = Stage.provable()
    let akash = stage.join("akash", "presence")
    let neha = stage.settle("neha", Identity(1))
    for _ in 1..<8 { _ = stage.settle("neha", Identity(1)) }
    #expect(stage.come("neha", Identity(1)).1.isRefused("too-many-sessions", "LOGIN"))
    #expect(stage.heard(akash) == [])
    #expect(stage.say(akash, "WHO") == ["USER akash", "USER neha"])
    #expect(stage.say(neha, "DM neha note").count == 3)
  }

  @Test func `an owner under another name is a guest`() {
    let stage = Stage.provable()
    _ = stage.settle("neha", Identity(1))
    let (_, answer) = stage.come("other", Identity(1))
    #expect(answer.first?.hasSuffix(";name=other OK LOGIN") == true)
    #expect(stage.registry.state.accounts.count == 1)
    #expect(stage.say(stage.open(), "LOGIN other") == ["ERR username-taken"])
  }

  @Test func `a token without a proof does not open an owned name`() {
    let stage = Stage.provable()
    let (neha, answer) = stage.come("neha", Identity(1))
    let token = Stage.token(in: answer)
    func check() {
      #expect(
        stage.say(stage.open(Stage.everything), "@token=\(token) LOGIN neha").isRefused("username-reserved", "LOGIN"))
      #expect(stage.resume(token).1.isRefused("username-reserved", "RESUME"))
      #expect(stage.resume(token, named: "neha", Identity(2)).1.isRefused("username-reserved", "RESUME"))
      // Nor does the token make its bearer the owner under another name.
      #expect(stage.arrive("mira", token: token).1.isEmpty == false)
      #expect(stage.say(stage.open(Stage.everything), "@token=\(token) LOGIN zoe").first?.contains("again") == false)
    }
    check()
    stage.leave(neha)
    stage.restart()
    check()
    let (back, resumed) = stage.resume(token, named: "neha", Identity(1))
    #expect(resumed.first?.hasSuffix(";name=neha;owned OK RESUME") == true)
    #expect(stage.resume(token, named: "neha", Identity(1)).1.first?.hasSuffix("OK RESUME") == true)
    #expect(stage.end(back) == nil)
  }

  @Test func `a guest who proves a key keeps their conversations and the name`() throws {
    let stage = Stage.provable()
    let (akash, _) = stage.arrive("akash")
    let (neha, token) = stage.arrive("neha")
    stage.say(akash, "DM neha before")
    let (second, answer) = stage.come("NEHA", Identity(1), "token=\(token);")
    #expect(answer.first?.hasSuffix(";name=neha;again;owned OK LOGIN") == true)
    #expect(answer.untagged.contains { $0.hasPrefix("SYNC @akash e.") && $0.hasSuffix(" 1") })
    #expect(stage.say(second, "HISTORY @akash LATEST * 9").untagged[1] == "DM akash before")
    #expect(stage.say(akash, "WHO").untagged.dropFirst().dropLast() == ["USER akash", "USER neha"])
    stage.leave(neha)
    stage.leave(second)
    stage.restart()
    let (_, again) = stage.come("neha", Identity(1))
    #expect(again.untagged.contains { $0.hasPrefix("SYNC @akash e.") && $0.hasSuffix(" 1") })
  }

  @Test func `a resume with a proof claims the name`() {
    let stage = Stage.provable()
    let (neha, token) = stage.arrive("neha")
    stage.leave(neha)
    #expect(stage.resume(token, named: "neha", Identity(1)).1.first?.hasSuffix(";owned OK RESUME") == true)
    #expect(stage.say(stage.open(), "LOGIN neha") == ["ERR username-reserved"])
  }

  @Test func `the token of an earlier bearer of the name resumes no session`() {
    let stage = Stage.provable()
    let (guest, token) = stage.arrive("neha")
    stage.leave(guest)
    _ = stage.settle("neha", Identity(1))
    #expect(stage.resume(token).1.isRefused("username-reserved", "RESUME"))
    #expect(stage.resume(token, named: "neha", Identity(1)).1.isRefused("invalid-token", "RESUME"))
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
    let stage = Stage(settings, registry: RegistryState(accounts: accounts))
    let (_, answer) = stage.come("neha", Identity(1))
    #expect(answer.untagged.first == "OK LOGIN")
    #expect(answer.first?.contains("owned") == false)
    #expect(stage.registry.state.accounts.isEmpty)
    #expect(stage.say(stage.open(), "LOGIN n99999") == ["ERR username-reserved"])
  }
}
