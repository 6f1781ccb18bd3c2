import ChatHub
import ChatProtocol
import Crypto
import Testing

/// Invalid login proofs.
@Suite struct ProofTests {
  private let harness = HubHarness.withPin()
  private let neha = TestKey(1)

  private func expectRefusal(_ tags: String, _ id: SessionID, _ line: String = "LOGIN neha") {
    let verb = String(line.prefix { $0 != " " })
    #expect(harness.send(as: id, "@\(tags) \(line)").isRefused("invalid-proof", verb))
    #expect(harness.registry.state.accounts.isEmpty)
    #expect(harness.hub.peopleCount == 0)
  }

  @Test func `a signature for another server, connection or name, or of another key`() throws {
    let pin = try #require(Pin(Array(repeating: 8, count: 32)))
    let (_, other) = harness.connectSecured()
    let (first, one) = harness.connectSecured()
    expectRefusal("key=\(neha.key.text);proof=\(neha.sign(one, as: "neha", pin: pin))", first)
    expectRefusal("key=\(neha.key.text);proof=\(neha.sign(other, as: "neha"))", first)
    expectRefusal("key=\(neha.key.text);proof=\(neha.sign(one, as: "mira"))", first)
    // The signed name is the spelling in the request.
    expectRefusal("key=\(neha.key.text);proof=\(neha.sign(one, as: "Neha"))", first)
    let (second, two) = harness.connectSecured()
    expectRefusal("key=\(TestKey(2).key.text);proof=\(neha.sign(two, as: "neha"))", second)
  }

  @Test func `a signature from before the restart`() {
    let (_, challenge) = harness.connectSecured()
    harness.restart()
    let (id, _) = harness.connectSecured()
    expectRefusal("key=\(neha.key.text);proof=\(neha.sign(challenge, as: "neha"))", id)
  }

  @Test func `a resume that is signed under another name`() {
    let (guest, token) = harness.logInTagged("neha")
    harness.disconnect(guest)
    let (id, challenge) = harness.connectSecured()
    expectRefusal(
      "key=\(neha.key.text);proof=\(neha.sign(challenge, as: "mira"))", id, "RESUME \(token)")
  }

  @Test(arguments: [
    "key", "proof", "key=;proof=", "key=x;proof=y", "key=\(String(repeating: "A", count: 43))",
    "proof=\(String(repeating: "A", count: 86))",
    "key=\(String(repeating: "_", count: 43));proof=\(String(repeating: "_", count: 86))",
    "key=\(String(repeating: "A", count: 44));proof=\(String(repeating: "A", count: 86))",
    "key=\(String(repeating: "8", count: 43));proof=\(String(repeating: "A", count: 86))",
    "key=\(String(repeating: "A", count: 43));proof=\(String(repeating: "A", count: 4000))",
  ])
  func `an invalid key or signature`(tags: String) { expectRefusal(tags, harness.connectSecured().0) }

  @Test func `one changed bit`() throws {
    let (id, challenge) = harness.connectSecured()
    let proof = try #require(Base64URL.decode(neha.sign(challenge, as: "neha"), bytes: 64))
    for place in [0, 31, 32, 63] {
      var changed = proof
      changed[place] ^= 1
      expectRefusal("key=\(neha.key.text);proof=\(Base64URL.encode(changed))", id)
    }
    #expect(harness.send(as: id, "\(neha.tags(challenge, as: "neha"))LOGIN neha").first?.contains(";owned") == true)
  }

  /// For a point of small order anyone can forge signatures: R is the point itself, and S is 0.
  @Test(
    arguments: [
      [1] + Array(repeating: 0, count: 31), Array(repeating: 0, count: 32),
      [0xec] + Array(repeating: 0xff, count: 30) + [0x7f], [0xee] + Array(repeating: 0xff, count: 31),
      [1] + Array(repeating: 0, count: 30) + [0x80],
    ] as [[UInt8]])
  func `a key of small order`(point: [UInt8]) throws {
    let key = try #require(PublicKey(point))
    for first: UInt8 in [0, 1] {
      let forged = [first] + Array(repeating: 0, count: 63)
      expectRefusal("key=\(key.text);proof=\(Base64URL.encode(forged))", harness.connectSecured().0)
    }
    let owner = harness.logInOwner("neha", neha)
    let request = try #require(KeyRequest(key: key, proof: [1] + Array(repeating: 0, count: 63)))
    #expect(harness.send(as: owner, "KEY ADD \(request.text)").isRefused("invalid-proof", "KEY"))
  }

  @Test func `five invalid proofs end the connection`() {
    let (id, _) = harness.connectSecured()
    for _ in 0..<4 { expectRefusal("key=x;proof=y", id) }
    #expect(harness.closeReason(of: id) == nil)
    expectRefusal("key=x;proof=y", id)
    #expect(harness.closeReason(of: id) == .unproven)
  }

  @Test func `without the capability a proof is ignored`() {
    let id = harness.connect(["tags", "resume"])
    #expect(harness.send(as: id, "@key=x;proof=y LOGIN neha").untagged.first == "OK LOGIN")
    #expect(harness.registry.state.accounts.isEmpty)
  }
}
