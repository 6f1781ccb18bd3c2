import TerminalTypes
import Testing

@testable import Terminal

@Suite
struct PasteTests {
  @Test(arguments: [
    ("hello", "hello"), ("a\rb\r\nc\nd\r", "a\nb\nc\nd\n"), ("\r\r\n\n", "\n\n\n"), ("你好 👍", "你好 👍"),
    ("^[[31mred^[[0m", "\u{1b}[31mred\u{1b}[0m"), ("^[", "\u{1b}"), ("^[^[^[[20", "\u{1b}\u{1b}\u{1b}[20"),
    ("^[[200~", "\u{1b}[200~"), ("^[[201^[[201", "\u{1b}[201\u{1b}[201"), ("\t\0x", "\t\0x"),
  ])
  func `pastes arrive in one piece, however they are split`(sent: String, received: String) {
    let input = bytes("x^[[200~\(sent)^[[201~y")
    #expect(decodeSplit(input) == [[.key(.character("x")), .paste(received), .key(.character("y"))]])
  }

  @Test
  func `pastes without text are ignored`() {
    #expect(decodeSplit(bytes("^[[200~^[[201~y")) == [[.key(.character("y"))]])
  }

  @Test
  func `pastes after Escape leave Escape a key`() {
    #expect(decodeSplit(bytes("^[^[[200~hi^[[201~")) == [[.key(Key(.escape)), .paste("hi")]])
  }

  @Test
  func `pastes that never end are closed after a second without input`() {
    var typist = Typist()
    typist.type(bytes("^[[200~one"))
    typist.wait(.milliseconds(999))
    typist.type(bytes(" two^[[20"))
    typist.wait(.milliseconds(999))
    #expect(typist.events == [])
    typist.wait(.milliseconds(1))
    #expect(typist.events == [.paste("one two")])
    typist.type(bytes("k"))
    #expect(typist.events.last == .key(.character("k")))
  }

  @Test
  func `pastes that a slow connection delays continue, and press no key`() {
    var typist = Typist()
    typist.type(bytes("^[[200~one"))
    typist.wait(.seconds(5))
    typist.type(bytes(" two\rthree\r"))
    typist.wait(.seconds(5))
    typist.type(bytes("four and five^[[201~k"))
    #expect(
      typist.events == [.paste("one"), .paste(" two\nthree\n"), .paste("four and five"), .key(.character("k"))])
    // Only input that arrives at once is a paste: users type one key after another.
    typist.events = []
    typist.type(bytes("^[[200~one"))
    typist.wait(.seconds(5))
    typist.type(bytes("k"))
    typist.type(bytes("and quickly\r"))
    #expect(typist.events.last == .key(Key(.enter)))
  }

  @Test
  func `pastes end with Ctrl+C`() {
    #expect(
      decodeSplit(bytes("^[[200~one\u{03}k")) == [[.paste("one"), .key(.control("c")), .key(.character("k"))]])
  }

  @Test
  func `pastes are cut off at the limit, between two characters`() {
    var typist = Typist(pasteLimit: 10)
    typist.type(bytes("^[[200~123456789你" + String(repeating: "z", count: 1000) + "^[[201~k"))
    #expect(typist.events == [.paste("123456789"), .key(.character("k"))])
    typist.events = []
    typist.type(bytes("^[[200~1234567你zz^[[201~"))
    #expect(typist.events == [.paste("1234567你")])
  }

  @Test
  func `pastes with broken UTF-8 are repaired`() {
    #expect(decode(bytes("^[[200~a") + [0xff, 0xe4] + bytes("b^[[201~")) == [.paste("a\u{fffd}\u{fffd}b")])
  }

  @Test(arguments: [
    ("first line\rsecond", "first line\nsecond"), ("one\rtwo\rthree\r", "one\ntwo\nthree\n"),
    ("if x {\r\n\ty()\r\n}", "if x {\n\ty()\n}"), ("line\n\nline", "line\n\nline"), ("你好\r世界", "你好\n世界"),
  ])
  func `pastes without markers are several lines that arrive at once`(sent: String, received: String) {
    var typist = Typist()
    typist.type(bytes(sent))
    #expect(typist.events == [])
    typist.wait(.milliseconds(100))
    #expect(typist.events == [.paste(received)])
    typist.type(bytes("k\r"))
    #expect(typist.events.dropFirst() == [.key(.character("k")), .key(Key(.enter))])
  }

  @Test(arguments: ["^[[I", "^[[I^[[O^[[I", "^[[A", "^[b"])
  func `pastes without markers may arrive together with a report or a key`(sequence: String) {
    var typist = Typist()
    typist.type(bytes(sequence + "first line\rsecond\r"))
    typist.wait(.milliseconds(100))
    #expect(typist.events.last == .paste("first line\nsecond\n"))
    #expect(!typist.events.contains(.key(Key(.enter))))
  }

  @Test
  func `pastes without markers may arrive in several pieces`() {
    var typist = Typist()
    typist.type(bytes("begin"))
    typist.type(bytes("ning of it\rsecond line\rthi"))
    typist.wait(.milliseconds(99))
    typist.type(bytes("rd line\r"))
    typist.wait(.milliseconds(100))
    // A delay of the connection.
    typist.wait(.seconds(2))
    typist.type(bytes("fourth line\r"))
    typist.rest()
    #expect(
      typist.events == "begin".map { .key(.character($0)) } + [
        .paste("ning of it\nsecond line\nthird line\n"), .paste("fourth line\n"),
      ])
  }

  @Test
  func `pastes without markers are not confused with typed lines`() {
    for typed in [
      "hello, everybody\r", "\rhello there", "a\rb\r", "hi\r\r\r\r\r\r\r\r", "\u{15}new text\rand", "^[[A^[[B^[[A\rabc",
    ] {
      let events = decode(bytes(typed))
      #expect(events.contains(.key(Key(.enter))), "\(typed)")
      #expect(!events.contains { if case .paste = $0 { true } else { false } }, "\(typed)")
    }
  }

  @Test
  func `pastes without markers exclude reports and keys`() {
    var typist = Typist()
    typist.type(bytes("first line\rsecond line^[[O\rthird\r^[[A"))
    typist.rest()
    #expect(
      typist.events == [.paste("first line\nsecond line"), .focus(false), .paste("\nthird\n"), .key(Key(.up))])
    typist.events = []
    typist.type(bytes("first line\rsecond line\u{03}k"))
    typist.rest()
    #expect(typist.events == [.paste("first line\nsecond line"), .key(.control("c")), .paste("k")])
  }
}
