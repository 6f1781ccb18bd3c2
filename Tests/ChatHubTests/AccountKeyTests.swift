import ChatHub
import ChatProtocol
import Testing

/// Accounts with several keys.
@Suite struct AccountKeyTests {
  private let stage = Stage.provable()
  private let first = Identity(1)
  private let second = Identity(2)

  @Test func `they are listed, added and removed`() {
    stage.apply(.clock(LogModel.time))
    let neha = stage.settle("neha", first)
    let time = LogModel.time.description
    #expect(
      stage.say(neha, "@label=1 KEY LIST") == [
        "@label=1 BATCH +0 keys", "@batch=0 KEY \(first.key.text) \(time)", "BATCH -0",
      ])
    #expect(stage.say(neha, "@label=2 KEY ADD \(second.request(for: "neha")) my  laptop") == ["@label=2 OK KEY"])
    #expect(stage.say(neha, "KEY LIST")[2] == "@batch=1 KEY \(second.key.text) \(time) my  laptop")
    let other = stage.settle("neha", second)
    #expect(stage.say(other, "KEY REMOVE \(first.key.text)") == ["OK KEY"])
    #expect(stage.heard(neha) == ["BYE kicked The key that you logged in with was removed."])
    #expect(stage.end(neha) == .kicked)
    #expect(stage.come("neha", first).1.isRefused("username-reserved", "LOGIN"))
    stage.restart()
    #expect(stage.come("neha", first).1.isRefused("username-reserved", "LOGIN"))
    _ = stage.settle("neha", second)
  }

  @Test func `a user who removes their own key is disconnected`() {
    let neha = stage.settle("neha", first)
    stage.say(neha, "KEY ADD \(second.request(for: "neha"))")
    #expect(stage.say(neha, "KEY REMOVE \(first.key.text)").untagged.first == "OK KEY")
    #expect(stage.end(neha) == .kicked)
    #expect(stage.hub.peopleCount == 0)
  }

  @Test func `an invalid change is refused`() {
    let neha = stage.settle("neha", first)
    let akash = stage.settle("akash", second)
    let third = Identity(3)
    #expect(stage.say(neha, "KEY REMOVE \(first.key.text)").isRefused("last-key", "KEY"))
    #expect(stage.say(neha, "KEY ADD x").isRefused("invalid-request", "KEY"))
    for number: UInt8 in 3...17 {
      #expect(stage.say(neha, "KEY ADD \(Identity(number).request(for: "neha"))") == ["OK KEY"])
    }
    #expect(stage.say(neha, "KEY ADD \(Identity(18).request(for: "neha"))").isRefused("too-many-keys", "KEY"))
    #expect(stage.say(neha, "KEY REMOVE \(Identity(18).key.text)").isRefused("no-such-key", "KEY"))
    #expect(stage.say(neha, "KEY REMOVE \(second.key.text)").isRefused("no-such-key", "KEY"))
    #expect(stage.say(neha, "KEY ADD \(second.request(for: "neha"))").isRefused("key-in-use", "KEY"))
    #expect(stage.say(akash, "KEY ADD \(third.request(for: "akash"))").isRefused("key-in-use", "KEY"))
    let guest = stage.come("guest", first).0
    stage.forget()
    #expect(stage.say(guest, "KEY LIST").isRefused("no-account", "KEY"))
    #expect(stage.say(stage.meet().0, "KEY LIST").isRefused("not-logged-in", "KEY"))
  }

  @Test func `a key of another account cannot be added`() throws {
    let mallory = stage.settle("mallory", first)
    let otherPin = try #require(Pin(Array(repeating: 8, count: Pin.bytes)))
    let forged = try #require(KeyRequest(key: second.key, proof: Array(repeating: 1, count: 64)))
    let challenge = stage.meet().1
    let proof = try #require(Base64URL.decode(second.sign(challenge, as: "mallory"), bytes: LoginChallenge.proofBytes))
    let login = try #require(KeyRequest(key: second.key, proof: proof))
    for request in [
      second.key.text, forged.text, login.text, second.request(for: "neha"),
      second.request(for: "mallory", pin: otherPin),
    ] {
      #expect(stage.say(mallory, "KEY ADD \(request)").isRefused("invalid-proof", "KEY"), "\(request)")
    }
    // The owner of the key can still own a name with it.
    #expect(stage.come("neha", second).1.first?.contains(";owned") == true)
    stage.forget()
    #expect(stage.say(mallory, "KEY ADD \(Identity(3).request(for: "MALLORY"))") == ["OK KEY"])
    _ = stage.settle("mallory", Identity(3))
  }

  @Test func `a session without a proof cannot change keys, even under the owner's name`() {
    let guest = stage.open(from: .stranger, isSecured: true)
    stage.say(guest, "CAP REQ \(Stage.everythingProven.joined(separator: " "))")
    let token = Stage.token(in: stage.say(guest, "LOGIN neha"))
    #expect(stage.come("neha", first, "token=\(token);").1.first?.contains(";owned") == true)
    stage.forget()
    #expect(stage.say(guest, "KEY ADD \(second.request(for: "neha"))").isRefused("no-account", "KEY"))
    #expect(stage.say(guest, "CREATE #room").isRefused("no-account", "CREATE"))
  }

  @Test func `a label is short and has no control characters`() {
    let neha = stage.settle("neha", first)
    let label = String(repeating: "\u{202e}ab\u{e9}", count: 40)
    stage.say(neha, "KEY ADD \(second.request(for: "neha")) \(label)")
    let kept = stage.registry.state.accounts[0].keys[1].label
    #expect(kept.utf8.count == 64 && kept.hasPrefix("ab\u{e9}ab\u{e9}"))
  }
}
