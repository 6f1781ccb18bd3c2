import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatHub

@Suite struct TokenSealTests {
  private static let seal = TokenSeal(secret: Array(0..<32))

  private static func token(_ name: String, member: Int64 = 7, login: UInt64 = 9) throws -> Token {
    Token(member: MemberID(member), name: try #require(Nickname(name)), login: LoginID(login))
  }

  @Test(arguments: ["a", "Neha", "नेहा", "abcdefghijklmnopqrstuvwxyz123456", "é", "\u{65}\u{301}"])
  func `a sealed token can be opened`(name: String) throws {
    for (member, login) in [(Int64(0), UInt64(0)), (.max, .max), (1, 1 << 63)] {
      let token = try Self.token(name, member: member, login: login)
      let text = Self.seal.close(token)
      #expect(text.utf8.count < 200)
      #expect(text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
      let opened = try #require(Self.seal.open(text))
      #expect(opened == token)
      #expect(Array(opened.name.text.utf8) == Array(name.utf8))
    }
  }

  @Test func `a token of another server is refused`() throws {
    let text = TokenSeal(secret: Array(1..<33)).close(try Self.token("neha"))
    #expect(Self.seal.open(text) == nil)
    #expect(TokenSeal(secret: []).open(text) == nil)
  }

  /// The same log in another run of the server.
  @Test func `a token is the same after a restart`() throws {
    let token = try Self.token("neha")
    #expect(TokenSeal(secret: Array(0..<32)).open(Self.seal.close(token)) == token)
    #expect(TokenSeal(secret: Array(0..<32)).close(token) == Self.seal.close(token))
  }

  @Test func `every changed character is detected`() throws {
    let text = Array(Self.seal.close(try Self.token("neha")).utf8)
    for index in text.indices {
      for digit in "0123456789abcdefF".utf8 where digit != text[index] {
        var changed = text
        changed[index] = digit
        #expect(Self.seal.open(String(decoding: changed, as: UTF8.self)) == nil)
      }
      #expect(Self.seal.open(String(decoding: text[..<index], as: UTF8.self)) == nil)
      #expect(Self.seal.open(String(decoding: text[index...], as: UTF8.self)) == nil || index == 0)
    }
  }

  @Test func `invalid tokens are refused`() {
    var random = SeededGenerator()
    for _ in 0..<3000 {
      let length = random.number(0...300)
      let bytes = (0..<length).map { _ in
        random.flip() ? UInt8(random.number(0...255)) : random.pick(Array("01af".utf8))
      }
      #expect(Self.seal.open(String(decoding: bytes, as: UTF8.self)) == nil, "\(random)")
    }
    for text in ["", "01", "x", String(repeating: "0", count: 162), String(repeating: "é", count: 81)] {
      #expect(Self.seal.open(text) == nil)
    }
  }
}
