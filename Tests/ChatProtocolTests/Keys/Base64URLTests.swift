import ChatProtocol
import TestSupport
import Testing

@Suite struct Base64URLTests {
  /// RFC 4648, section 10, without padding; and the two digits that differ from base64.
  @Test(
    arguments: [
      ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
      ("foobar", "Zm9vYmFy"), ("\u{fb}\u{ff}", "w7vDvw"), ("~?>", "fj8-"), ("~~\u{7f}", "fn5_"),
    ])
  func examples(_ text: String, _ encoded: String) {
    let bytes = Array(text.utf8)
    #expect(Base64URL.encode(bytes) == encoded)
    #expect(Base64URL.decode(encoded, bytes: bytes.count) == bytes)
  }

  @Test func `each value has one encoding`() throws {
    var random = SeededGenerator()
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    for _ in 0..<2000 {
      let bytes = random.bytes(random.number(0...70))
      let text = Base64URL.encode(bytes)
      try #require(Base64URL.decode(text, bytes: bytes.count) == bytes, "\(random)")
      // Any other text that can be decoded is encoded to itself.
      let other = String(decoding: text.utf8.map { random.chance(1, in: 8) ? random.pick(digits) : $0 }, as: UTF8.self)
      if let read = Base64URL.decode(other, bytes: bytes.count) {
        try #require(Base64URL.encode(read) == other, "\(random)")
      }
    }
    // One byte, from every pair of digits.
    let readable = digits.flatMap { first in digits.map { String(decoding: [first, $0], as: UTF8.self) } }
      .filter { Base64URL.decode($0, bytes: 1) != nil }
    #expect(readable.count == 256)
  }

  @Test(arguments: ["Zg=", "Zg==", "Z", "Zh", "Z g", "Zg\n", "Z+", "Z/", "Ź", "é", "Zgg", "Z\0", "ｚg"])
  func `a non-canonical encoding is refused`(_ text: String) {
    #expect(Base64URL.decode(text, bytes: 1) == nil)
  }
}
