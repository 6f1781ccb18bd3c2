import ChatProtocol
import TestSupport
import Testing

@Suite struct SubjectTests {
  private static let digits = RecordTests.digits
  /// Names that look like another kind of subject.
  static let disguises = [
    "10.0.0.1", "10.0.0.0/8", "::1", "@neha", "@", "@@", "key:", "key:x", "#lobby", "*", "cafe", "1", "a:b", "a/b",
  ]

  @Test(
    arguments: [
      ("@neha", .name(Nickname(testing: "neha"))), ("neha", .name(Nickname(testing: "neha"))),
      ("@@neha", .name(Nickname(testing: "@neha"))), ("@10.0.0.1", .name(Nickname(testing: "10.0.0.1"))),
      ("@key:x", .name(Nickname(testing: "key:x"))), ("@::1", .name(Nickname(testing: "::1"))),
      ("key:\(digits)", .key(RecordTests.key)), ("10.0.0.1", .network(Network(testing: "10.0.0.1"))),
      ("10.1.2.3/8", .network(Network(testing: "10.0.0.0/8"))), ("::1", .network(Network(testing: "::1"))),
      ("::ffff:10.0.0.1", .network(Network(testing: "10.0.0.1"))), ("cafe", .name(Nickname(testing: "cafe"))),
      ("1", .name(Nickname(testing: "1"))), ("@Key:x", .name(Nickname(testing: "Key:x"))),
      ("@\u{301}", .name(Nickname(testing: "\u{301}"))), ("@a.b.c.x", .name(Nickname(testing: "a.b.c.x"))),
    ] as [(String, Subject)])
  func read(_ word: String, _ subject: Subject) {
    #expect(Subject(word) == subject)
  }

  @Test(arguments: [
    "", "@", "@a b", "@\u{200b}", "key:", "key:x", "key:\(digits)A", "key:\(digits.dropLast())B", "10.0.0.0/33",
    "10.0.0.256", "10.0.0", "::1/129", "10.0.0.1/", ":", ".", "/", "dead:beef", "12:30", "1.5", "192.0.2.*",
    "*!*@192.0.2.7", "192.0.2.1-192.0.2.9", "example.org", "fe80::1%eth0", "*", "neha?",
    "Key:x", "http://example.org/",
    "@123456789012345678901234567890123", "123456789012345678901234567890123",
  ])
  func `invalid subjects are refused`(_ word: String) {
    #expect(Subject(word) == nil)
  }

  @Test(arguments: disguises)
  func `a name is never read as another kind of subject`(_ text: String) {
    let subject = Subject.name(Nickname(testing: text))
    #expect(subject.text == "@" + text)
    #expect(Subject(subject.text) == subject)
  }

  @Test func `a written subject is read back`() throws {
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let subject = random.subject()
      let read = try #require(Subject(subject.text), "\(subject) \(random)")
      try #require(read == subject, "\(random)")
      try #require(read.text.exactly == subject.text.exactly, "\(random)")
      try #require("\(subject)" == subject.text, "\(random)")
      // Any other subject that can be read has one written form.
      if let other = Subject(random.word()) { try #require(Subject(other.text) == other, "\(random)") }
    }
  }
}
