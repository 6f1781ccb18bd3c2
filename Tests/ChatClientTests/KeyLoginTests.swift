import ChatClient
import ChatModel
import ChatProtocol
import Crypto
import NIOCore
import Testing

@Suite struct KeyLoginTests {
  private static let pin = Pin(known: 1)
  private static let asks = "CAP REQ tags presence rooms history resume marks keys moderation lines"
  private static let agrees = "CAP ACK tags presence rooms history resume marks keys moderation lines"
  private let identity = Identity()
  private let nonce = LoginChallenge(known: 7)
  private let second = LoginChallenge(known: 8)

  /// An encrypted connection after the capability request.
  private func opened(_ memory: ClientMemory = ClientMemory()) -> ClientSessionHarness {
    var harness = ClientSessionHarness(identity: identity)
    harness.command(.connect(.home, memory))
    harness.handle(.opened(Self.pin))
    return harness
  }

  @Test func `the login signs the challenge the pin and the name`() throws {
    var harness = opened(ClientMemory(token: "t1", invitation: "a code"))
    #expect(harness.takeSent() == [Self.asks])
    harness.receive(Self.agrees)
    #expect(harness.takeSent() == [], "the login waits for the challenge")
    harness.receive("CHALLENGE \(nonce.text)")
    let login = try #require(harness.takeSent().first)
    #expect(try isProof(login, of: nonce, to: Self.pin, as: .neha))
    #expect(login.hasSuffix(" LOGIN neha"))
    #expect(try tags(of: login).token == "t1")
    #expect(try tags(of: login).invitation == "a code")
    harness.receive("@label=1;owned;operator;token=t1;name=neha;again OK LOGIN")
    #expect(
      harness.events.contains(
        .online(
          .neha, capabilities: .all,
          standing: Standing(isEncrypted: true, pin: Self.pin, isOwned: true, isOperator: true))))
  }

  @Test func `a resume sends the proof and no invitation`() throws {
    var harness = opened(ClientMemory(invitation: "code"))
    harness.receive(Self.agrees, "CHALLENGE \(nonce.text)", "@label=1;owned;token=t1;name=neha OK LOGIN")
    harness.receive("SYNC #lobby e1 0")
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(Self.pin))
    harness.sent = []
    harness.receive(Self.agrees, "CHALLENGE \(second.text)")
    let resume = try #require(harness.takeSent().first)
    #expect(resume.contains(" RESUME t1 "))
    #expect(try isProof(resume, of: second, to: Self.pin, as: .neha))
    #expect(try tags(of: resume).invitation == nil)
    harness.receive("@label=1 ERR invalid-token RESUME")
    let login = try #require(harness.takeSent().first)
    #expect(try isProof(login, of: second, to: Self.pin, as: .neha), "the login signs the challenge of this connection")
    #expect(try tags(of: login).invitation == nil, "an invitation is sent once")
  }

  @Test func `after a refused name the former session is resumed with a proof for its own name`() throws {
    var harness = opened()
    harness.receive(Self.agrees, "CHALLENGE \(nonce.text)", "@label=1;owned;token=t1;name=neha OK LOGIN")
    harness.receive("SYNC #lobby e1 0")
    harness.command(.useName(.mira))
    harness.handle(.closed(reason: nil))
    harness.handle(.opened(Self.pin))
    harness.sent = []
    harness.receive(Self.agrees, "CHALLENGE \(second.text)", "@label=1 ERR username-reserved LOGIN It is not yours.")
    let sent = harness.takeSent()
    try #require(sent.count == 2, "\(sent)")
    #expect(try isProof(sent[0], of: second, to: Self.pin, as: .mira))
    #expect(sent[1].contains(" RESUME t1 "))
    #expect(try isProof(sent[1], of: second, to: Self.pin, as: .neha))
  }

  @Test func `a server that replaces its challenge gets no second signature`() throws {
    var harness = opened()
    harness.receive(Self.agrees, "CHALLENGE \(nonce.text)")
    harness.receive("CHALLENGE \(second.text)", "CHALLENGE \(second.text)", Self.agrees)
    #expect(harness.takeSent().count == 2)
    harness.receive("@label=1 ERR username-taken LOGIN")
    harness.receive("CHALLENGE \(second.text)")
    harness.command(.useName(.mira))
    let login = try #require(harness.takeSent().first)
    #expect(try isProof(login, of: nonce, to: Self.pin, as: .mira))
  }

  @Test(arguments: ["CHALLENGE", "CHALLENGE x", "CHALLENGE =", "INFO wait", "ERR unknown-command", "OK LOGIN", ""])
  func `a server without a challenge is waited for only briefly`(line: String) throws {
    var harness = opened()
    harness.receive(Self.agrees)
    for _ in 1...4 {
      harness.receive(line)
      harness.advanceClock(by: .seconds(1))
    }
    #expect(harness.takeSent() == [Self.asks])
    harness.advanceClock(by: .seconds(1))
    #expect(harness.takeSent() == ["@label=1 LOGIN neha"])
    // Too late: the signature would belong to a login that is over.
    harness.receive("CHALLENGE \(nonce.text)", "@label=1 OK LOGIN")
    #expect(!harness.takeSent().contains { $0.contains("proof") })
  }

  @Test(arguments: ["username-reserved", "username-taken", "invite-required"])
  func `a login that was sent before the server agreed is repeated with the proof if it is refused`(
    code: String
  ) throws {
    var harness = opened(ClientMemory(invitation: "a code"))
    harness.advanceClock(by: .seconds(2))
    #expect(harness.takeSent() == [Self.asks, "LOGIN neha"])
    harness.receive(Self.agrees, "CHALLENGE \(nonce.text)", "ERR \(code) LOGIN")
    let login = try #require(harness.takeSent().first)
    #expect(try isProof(login, of: nonce, to: Self.pin, as: .neha))
    #expect(try tags(of: login).invitation == "a code")
    #expect(!harness.events.contains { if case .nameRefused = $0 { true } else { false } })
    // Once: this refusal is final.
    harness.receive("@label=1 ERR username-reserved LOGIN It belongs to somebody else.")
    #expect(harness.takeSent() == [])
    #expect(harness.events.contains { if case .nameRefused = $0 { true } else { false } })
  }

  @Test func `a login that was sent before the challenge is repeated with the proof if it is refused`() throws {
    var harness = opened()
    harness.receive(Self.agrees)
    harness.advanceClock(by: .seconds(5))
    #expect(harness.takeSent() == [Self.asks, "@label=1 LOGIN neha"])
    harness.receive("CHALLENGE \(nonce.text)", "@label=1 ERR username-reserved LOGIN It belongs to somebody else.")
    let login = try #require(harness.takeSent().first)
    #expect(try isProof(login, of: nonce, to: Self.pin, as: .neha))
    // It may also arrive after the refusal, while the user chooses a name.
    harness = opened()
    harness.receive(Self.agrees)
    harness.advanceClock(by: .seconds(5))
    harness.receive("@label=1 ERR username-reserved LOGIN It belongs to somebody else.", "CHALLENGE \(nonce.text)")
    harness.takeAll()
    harness.command(.useName(.mira))
    let next = try #require(harness.takeSent().first)
    #expect(try isProof(next, of: nonce, to: Self.pin, as: .mira))
  }

  @Test func `without encryption or a key nothing is signed`() {
    var plain = ClientSessionHarness(identity: identity)
    plain.command(.connect(.home, ClientMemory()))
    plain.handle(.opened(nil))
    #expect(plain.takeSent() == [ClientSessionHarness.asks])
    // The server acknowledges more than the client requested.
    plain.receive(Self.agrees, "CHALLENGE \(nonce.text)")
    #expect(plain.takeSent() == ["@label=1 LOGIN neha"])

    var nobody = ClientSessionHarness()
    nobody.command(.connect(.home, ClientMemory()))
    nobody.handle(.opened(Self.pin))
    #expect(nobody.takeSent() == [ClientSessionHarness.asks])
    nobody.receive(Self.agrees, "CHALLENGE \(nonce.text)")
    #expect(nobody.takeSent() == ["@label=1 LOGIN neha"])
  }

  @Test func `keys are not requested again from a server that does not know them`() {
    var harness = opened()
    harness.receive("CAP NAK tags", "CAP LS tags presence rooms")
    #expect(harness.takeSent() == [Self.asks, "CAP LS", "CAP REQ tags presence rooms"])
    harness.receive("CAP ACK tags presence rooms")
    #expect(harness.takeSent() == ["@label=1 LOGIN neha"])
  }

  @Test(arguments: [("username-reserved", NameRefusal.reserved), ("username-confusable", .confusable)])
  func `another name is asked for when a name is reserved`(code: String, refusal: NameRefusal) {
    var harness = opened()
    harness.receive(Self.agrees, "CHALLENGE \(nonce.text)", "@label=1 ERR \(code) LOGIN It is not yours.")
    #expect(harness.events.last == .nameRefused(.neha, refusal, suggestion: Nickname("neha2")))
    #expect(harness.closes == 0)
  }

  @Test(arguments: [(ErrorCode.shapelessName, NameRefusal.shapeless), ("A name has 1 to 32 bytes.", .invalid)])
  func `the reason for which a name is not allowed is recognised`(text: String, refusal: NameRefusal) {
    var harness = opened()
    harness.receive(Self.agrees, "CHALLENGE \(nonce.text)", "@label=1 ERR invalid-username LOGIN \(text)")
    #expect(harness.events.last == .nameRefused(.neha, refusal, suggestion: nil))
  }

  @Test(arguments: ["invalid-proof", "banned", "invite-required", "invalid-invite"])
  func `a refused login is not repeated without the key`(code: String) {
    var harness = opened()
    harness.receive(Self.agrees, "CHALLENGE \(nonce.text)")
    harness.takeAll()
    harness.receive("@label=1 ERR \(code) LOGIN No, \u{1b}because.")
    #expect(harness.takeSent() == [])
    // The event occurs once, in the outage.
    #expect(harness.events.last?.outage == Outage(reason: "No, \u{fffd}because", retryIn: nil))
    harness.advanceClock(by: .seconds(3600))
    #expect(harness.opened.count == 1)
  }

  @Test func `an identity is made from its secret`() throws {
    let again = try #require(Identity(secret: identity.secret))
    #expect(again.publicKey == identity.publicKey)
    #expect(Identity().publicKey != identity.publicKey)
    #expect(identity.secret.count == Identity.bytes)
    for count in [0, 31, 33, 64] { #expect(Identity(secret: [UInt8](repeating: 1, count: count)) == nil) }
  }

  // MARK: Sent lines

  private func tags(of line: String) throws -> Tags {
    var decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 8191), allowsTags: true)
    decoder.append(ByteBuffer(string: line + "\n"))
    let read = decoder.next()
    return try #require(read).get().tags
  }

  private func isProof(
    _ line: String, of challenge: LoginChallenge, to pin: Pin, as name: Nickname
  ) throws -> Bool {
    let tags = try tags(of: line)
    #expect(tags.publicKey == identity.publicKey)
    let key = try Curve25519.Signing.PublicKey(rawRepresentation: identity.publicKey.bytes)
    let statement = Array("swiftchat login 1\n".utf8) + challenge.bytes + pin.bytes + Array(name.text.utf8)
    let proof = try #require(tags.proof)
    return key.isValidSignature(proof, for: statement)
  }
}

extension LoginChallenge {
  init(known byte: UInt8) {
    guard let challenge = LoginChallenge([UInt8](repeating: byte, count: Self.bytes)) else {
      preconditionFailure("32 bytes")
    }
    self = challenge
  }
}
