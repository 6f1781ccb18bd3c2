import ChatProtocol
import TestSupport
import Testing

/// Keys, pins and challenges: 32 bytes each, with one encoding.
@Suite struct KeyTests {
  @Test func `only 32 bytes are accepted`() throws {
    for count in [0, 1, 31, 33, 64, 1000] {
      let bytes = [UInt8](repeating: 7, count: count)
      #expect(PublicKey(bytes) == nil)
      #expect(Pin(bytes) == nil)
      #expect(LoginChallenge(bytes) == nil)
      let text = Base64URL.encode(bytes)
      #expect(PublicKey(text) == nil)
      #expect(Pin(text) == nil)
      #expect(LoginChallenge(text) == nil)
    }
    var random = SeededGenerator()
    for _ in 0..<200 {
      let bytes = random.bytes(32)
      let (key, pin) = (try #require(PublicKey(bytes)), try #require(Pin(bytes)))
      let challenge = try #require(LoginChallenge(bytes))
      #expect(key.text.utf8.count == 43)
      #expect(PublicKey(key.text) == key)
      #expect(Pin(pin.text) == pin)
      #expect(LoginChallenge(challenge.text) == challenge)
      #expect("\(key)" == key.text)
      #expect("\(pin)" == pin.text)
    }
  }

  /// The signed statement contains the purpose, the server, the challenge and the name. All parts but the name have a
  /// fixed length, so that two logins never share a statement.
  @Test func statement() throws {
    let challenge = try #require(LoginChallenge([UInt8](repeating: 1, count: 32)))
    let pin = try #require(Pin([UInt8](repeating: 2, count: 32)))
    let statement = challenge.statement(to: pin, as: Nickname(testing: "Neha"))
    #expect(
      statement == Array("swiftchat login 1\n".utf8) + [UInt8](repeating: 1, count: 32)
        + [UInt8](repeating: 2, count: 32) + Array("Neha".utf8))
    let otherPin = try #require(Pin([UInt8](repeating: 3, count: 32)))
    let otherChallenge = try #require(LoginChallenge([UInt8](repeating: 3, count: 32)))
    #expect(challenge.statement(to: otherPin, as: Nickname(testing: "Neha")) != statement)
    #expect(otherChallenge.statement(to: pin, as: Nickname(testing: "Neha")) != statement)
    #expect(challenge.statement(to: pin, as: Nickname(testing: "neha")) != statement)
  }

  /// The owner of a name may type it in another spelling on the machine of the new key.
  @Test(arguments: ["Jos\u{e9}", "jos\u{e9}", "JOS\u{c9}", "jose\u{301}", "Ｊose\u{301}"])
  func `the statement of a key request does not depend on the spelling of the name`(name: String) throws {
    let key = try #require(PublicKey([UInt8](repeating: 1, count: 32)))
    let pin = try #require(Pin([UInt8](repeating: 2, count: 32)))
    #expect(
      KeyRequest.statement(of: key, for: Nickname(testing: name), on: pin)
        == Array("swiftchat key 1\n".utf8) + pin.bytes + key.bytes + Array("jose\u{301}".utf8))
  }
}
