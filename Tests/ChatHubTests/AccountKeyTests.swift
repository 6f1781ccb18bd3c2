import ChatHub
import ChatProtocol
import Testing

/// Accounts with several keys.
@Suite struct AccountKeyTests {
  private let harness = HubHarness.withPin()
  private let first = TestKey(1)
  private let second = TestKey(2)

  @Test func `the keys of an account are listed, added and removed`() {
    harness.apply(.clock(LogModel.time))
    let neha = harness.logInOwner("neha", first)
    let time = LogModel.time.description
    #expect(
      harness.send(as: neha, "@label=1 KEY LIST") == [
        "@label=1 BATCH +0 keys", "@batch=0 KEY \(first.key.text) \(time)", "BATCH -0",
      ])
    #expect(harness.send(as: neha, "@label=2 KEY ADD \(second.request(for: "neha")) my  laptop") == ["@label=2 OK KEY"])
    #expect(harness.send(as: neha, "KEY LIST")[2] == "@batch=1 KEY \(second.key.text) \(time) my  laptop")
    let other = harness.logInOwner("neha", second)
    #expect(harness.send(as: other, "KEY REMOVE \(first.key.text)") == ["OK KEY"])
    #expect(harness.takeOutput(of: neha) == ["BYE kicked The key that you logged in with was removed."])
    #expect(harness.closeReason(of: neha) == .kicked)
    #expect(harness.requestLogin("neha", first).1.isRefused("username-reserved", "LOGIN"))
    harness.restart()
    #expect(harness.requestLogin("neha", first).1.isRefused("username-reserved", "LOGIN"))
    _ = harness.logInOwner("neha", second)
  }

  @Test func `a user who removes their own key is disconnected`() {
    let neha = harness.logInOwner("neha", first)
    harness.send(as: neha, "KEY ADD \(second.request(for: "neha"))")
    #expect(harness.send(as: neha, "KEY REMOVE \(first.key.text)").untagged.first == "OK KEY")
    #expect(harness.closeReason(of: neha) == .kicked)
    #expect(harness.hub.peopleCount == 0)
  }

  @Test func `an invalid change is refused`() {
    let neha = harness.logInOwner("neha", first)
    let akash = harness.logInOwner("akash", second)
    let third = TestKey(3)
    #expect(harness.send(as: neha, "KEY REMOVE \(first.key.text)").isRefused("last-key", "KEY"))
    #expect(harness.send(as: neha, "KEY ADD x").isRefused("invalid-request", "KEY"))
    for number: UInt8 in 3...17 {
      #expect(harness.send(as: neha, "KEY ADD \(TestKey(number).request(for: "neha"))") == ["OK KEY"])
    }
    #expect(harness.send(as: neha, "KEY ADD \(TestKey(18).request(for: "neha"))").isRefused("too-many-keys", "KEY"))
    #expect(harness.send(as: neha, "KEY REMOVE \(TestKey(18).key.text)").isRefused("no-such-key", "KEY"))
    #expect(harness.send(as: neha, "KEY REMOVE \(second.key.text)").isRefused("no-such-key", "KEY"))
    #expect(harness.send(as: neha, "KEY ADD \(second.request(for: "neha"))").isRefused("key-in-use", "KEY"))
    #expect(harness.send(as: akash, "KEY ADD \(third.request(for: "akash"))").isRefused("key-in-use", "KEY"))
    let guest = harness.requestLogin("guest", first).0
    harness.discardOutput()
    #expect(harness.send(as: guest, "KEY LIST").isRefused("no-account", "KEY"))
    #expect(harness.send(as: harness.connectSecured().0, "KEY LIST").isRefused("not-logged-in", "KEY"))
  }

  @Test func `a key of another account cannot be added`() throws {
    let mallory = harness.logInOwner("mallory", first)
    let otherPin = try #require(Pin(Array(repeating: 8, count: Pin.bytes)))
    let forged = try #require(KeyRequest(key: second.key, proof: Array(repeating: 1, count: 64)))
    let challenge = harness.connectSecured().1
    let proof = try #require(Base64URL.decode(second.sign(challenge, as: "mallory"), bytes: LoginChallenge.proofBytes))
    let login = try #require(KeyRequest(key: second.key, proof: proof))
    for request in [
      second.key.text, forged.text, login.text, second.request(for: "neha"),
      second.request(for: "mallory", pin: otherPin),
    ] {
      #expect(harness.send(as: mallory, "KEY ADD \(request)").isRefused("invalid-proof", "KEY"), "\(request)")
    }
    // The owner of the key can still own a name with it.
    #expect(harness.requestLogin("neha", second).1.first?.contains(";owned") == true)
    harness.discardOutput()
    #expect(harness.send(as: mallory, "KEY ADD \(TestKey(3).request(for: "MALLORY"))") == ["OK KEY"])
    _ = harness.logInOwner("mallory", TestKey(3))
  }

  @Test func `a session without a proof cannot change keys, even under the owner's name`() {
    let guest = harness.connect(from: .remote, isSecured: true)
    harness.send(as: guest, "CAP REQ \(HubHarness.allCapabilitiesWithKeys.joined(separator: " "))")
    let token = HubHarness.token(in: harness.send(as: guest, "LOGIN neha"))
    #expect(harness.requestLogin("neha", first, "token=\(token);").1.first?.contains(";owned") == true)
    harness.discardOutput()
    #expect(harness.send(as: guest, "KEY ADD \(second.request(for: "neha"))").isRefused("no-account", "KEY"))
    #expect(harness.send(as: guest, "CREATE #room").isRefused("no-account", "CREATE"))
  }

  @Test func `a label is short and has no control characters`() {
    let neha = harness.logInOwner("neha", first)
    let label = String(repeating: "\u{202e}ab\u{e9}", count: 40)
    harness.send(as: neha, "KEY ADD \(second.request(for: "neha")) \(label)")
    let kept = harness.registry.state.accounts[0].keys[1].label
    #expect(kept.utf8.count == 64 && kept.hasPrefix("ab\u{e9}ab\u{e9}"))
  }
}
