import TerminalTypes
import Testing

@testable import Terminal

@Suite
struct KeyTests {
  @Test(arguments: table)
  func `keys of every kind of terminal are recognized, whole and split`(sequence: String, key: Key) {
    let input = bytes(sequence)
    #expect(decode(input) == [.key(key)], "\(sequence)")
    #expect(decodeSplit(input) == [[.key(key)]], "\(sequence)")
    // Ordinary keys on both sides are unaffected.
    let inside = bytes("x") + input + bytes("y")
    let isPrefix = ["^[", "^[[", "^[O", "^[]", "^[P", "^[_", "^[^", "^[X"].contains(sequence)
    if !isPrefix { #expect(decodeSplit(inside) == [[.key(.character("x")), .key(key), .key(.character("y"))]]) }
  }

  static let table: [(String, Key)] =
    [
      ("a", .character("a")), ("A", .character("A")), ("é", .character("é")), ("你", .character("你")),
      ("👍", .character("👍")), ("\u{301}", .character("\u{301}")), (" ", .character(" ")),
      ("\r", Key(.enter)), ("\n", .control("j")), ("\t", Key(.tab)), ("\u{7f}", Key(.backspace)),
      ("\u{08}", Key(.backspace, .control)), ("^[", Key(.escape)),
      ("\0", .control(" ")), ("\u{01}", .control("a")), ("\u{03}", .control("c")), ("\u{1a}", .control("z")),
      ("\u{1c}", .control("\\")), ("\u{1d}", .control("]")), ("\u{1e}", .control("^")), ("\u{1f}", .control("_")),
      ("^[a", .alt("a")), ("^[A", .alt("a")), ("^[1", .alt("1")), ("^[/", .alt("/")), ("^[=", .alt("=")),
      ("^[_", .alt("_")), ("^[\\", .alt("\\")), ("^[é", .alt("é")), ("^[É", .alt("é")), ("^[&", .alt("&")),
      ("^[\r", .alt(.enter)), ("^[\u{7f}", .alt(.backspace)), ("^[\t", .alt(.tab)),
      ("^[\u{01}", Key(.character("a"), [.alt, .control])),
      // Alt with a key that also starts a sequence.
      ("^[[", .alt("[")), ("^[O", .alt("o")), ("^[]", .alt("]")), ("^[P", .alt("p")), ("^[^", .alt("^")),
      ("^[X", .alt("x")),
      // C1 controls, as single bytes and in UTF-8, and their two-byte forms with ESC.
      ("\u{9b}A", Key(.up)), ("\u{8f}P", Key(.function(1))), ("\u{9b}1;5D", Key(.left, .control)),
    ] + arrows + editing + functions + reported

  static let arrows: [(String, Key)] = [
    ("^[[A", Key(.up)), ("^[[B", Key(.down)), ("^[[C", Key(.right)), ("^[[D", Key(.left)),
    ("^[OA", Key(.up)), ("^[OB", Key(.down)), ("^[OC", Key(.right)), ("^[OD", Key(.left)),
    ("^[[1;2A", Key(.up, .shift)), ("^[[1;3D", .alt(.left)), ("^[[1;5D", Key(.left, .control)),
    ("^[[1;6C", Key(.right, [.shift, .control])), ("^[[1;7C", Key(.right, [.alt, .control])),
    ("^[[1;8B", Key(.down, [.shift, .alt, .control])),
    // iTerm2's Option, and the form without the first parameter.
    ("^[[1;9A", .alt(.up)), ("^[[5D", Key(.left, .control)), ("^[O5C", Key(.right, .control)),
    ("^[O1;3A", .alt(.up)),
    // rxvt.
    ("^[[a", Key(.up, .shift)), ("^[[d", Key(.left, .shift)), ("^[Oa", Key(.up, .control)),
    ("^[Od", Key(.left, .control)),
    // A terminal that sends ESC for Alt.
    ("^[^[[A", .alt(.up)), ("^[^[OD", .alt(.left)), ("^[^[[1;5C", Key(.right, [.alt, .control])),
  ]

  static let editing: [(String, Key)] = [
    ("^[[H", Key(.home)), ("^[OH", Key(.home)), ("^[[1~", Key(.home)), ("^[[7~", Key(.home)),
    ("^[[F", Key(.end)), ("^[OF", Key(.end)), ("^[[4~", Key(.end)), ("^[[8~", Key(.end)),
    ("^[[1;3H", .alt(.home)), ("^[[1;3F", .alt(.end)), ("^[[1;5H", Key(.home, .control)),
    ("^[[2~", Key(.insert)), ("^[[3~", Key(.delete)), ("^[[3;5~", Key(.delete, .control)),
    ("^[[3;3~", .alt(.delete)), ("^[[3$", Key(.delete, .shift)), ("^[[3^", Key(.delete, .control)),
    ("^[[3@", Key(.delete, [.shift, .control])), ("^[[7$", Key(.home, .shift)),
    ("^[[5~", Key(.pageUp)), ("^[[6~", Key(.pageDown)), ("^[[5;3~", .alt(.pageUp)), ("^[[6;2~", Key(.pageDown, .shift)),
    ("^[[Z", Key(.tab, .shift)), ("^[^[[Z", Key(.tab, [.shift, .alt])), ("^[^[[5~", .alt(.pageUp)),
    ("^[OM", Key(.enter)), ("^[Oj", .character("*")), ("^[Op", .character("0")), ("^[Oy", .character("9")),
    ("^[OX", .character("=")),
  ]

  static let functions: [(String, Key)] = [
    ("^[OP", Key(.function(1))), ("^[OS", Key(.function(4))), ("^[[1;2P", Key(.function(1), .shift)),
    ("^[[1;5R", Key(.function(3), .control)), ("^[O5P", Key(.function(1), .control)),
    ("^[[11~", Key(.function(1))), ("^[[14~", Key(.function(4))), ("^[[15~", Key(.function(5))),
    ("^[[17~", Key(.function(6))), ("^[[19~", Key(.function(8))), ("^[[21~", Key(.function(10))),
    ("^[[23~", Key(.function(11))), ("^[[24~", Key(.function(12))), ("^[[19;5~", Key(.function(8), .control)),
    ("^[[25~", Key(.function(13))), ("^[[34~", Key(.function(20))),
    ("^[[[A", Key(.function(1))), ("^[[[E", Key(.function(5))), ("^[^[[[B", .alt(.function(2))),
  ]

  /// Terminals in a mode that sends keys as numbers.
  static let reported: [(String, Key)] = [
    ("^[[97;5u", .control("a")), ("^[[97u", .character("a")), ("^[[97;2u", .character("A")),
    ("^[[65;7u", Key(.character("a"), [.alt, .control])),
    ("^[[27;5;13~", Key(.enter, .control)), ("^[[27;6;9~", Key(.tab, [.shift, .control])),
    ("^[[13;2u", Key(.enter, .shift)), ("^[[13;5u", Key(.enter, .control)), ("^[[27;2;13~", Key(.enter, .shift)),
    ("^[[10;5u", Key(.enter, .control)), ("^[[106;5u", .control("j")), ("^[[27;3;50~", .alt("2")),
    ("^[[50;3u", .alt("2")), ("^[[57414u", Key(.enter)), ("^[[57414;2u", Key(.enter, .shift)),
    ("^[O2M", Key(.enter, .shift)),
    ("^[[127;5u", Key(.backspace, .control)), ("^[[8;5u", Key(.backspace, .control)), ("^[[8u", Key(.backspace)),
    ("^[[27;5;127~", Key(.backspace, .control)), ("^[[27;5;8~", Key(.backspace, .control)),
    ("^[[105;5u", Key(.tab)), ("^[[27;5;109~", Key(.enter)), ("^[[91;5u", Key(.escape)), ("^[[27;5;99~", .control("c")),
    ("^[[127u", Key(.backspace)), ("^[[127;2u", Key(.backspace, .shift)), ("^[[57399u", .character("0")),
    ("^[[27u", Key(.escape)), ("^[[97:65;3u", .alt("a")), ("^[[97;5:2u", .control("a")), ("^[[228u", .character("ä")),
  ]

  @Test(arguments: [
    "^[[?1;2c", "^[[>0;276;0c", "^[[?2026;2$y", "^[[24;80R", "^[[<0;10;20M", "^[[<64;1;1m", "^[[I^[[O", "^[[201~",
    "^[[E", "^[[99~", "^[[1;1:3A", "^[[57441u", "^[[999999999999999999999;5A", "^[[u", "^[[;;;;;;~", "^[[1:2:3:4:5x",
    "^[[4;1$y", "^[[ q", "^[[\"p", "^[]11;rgb:0000/0000/0000^[\\", "^[]52;c;aGVsbG8=\u{07}", "^[P>|term 1.0^[\\",
    "^[P1+r544e^[\\", "^[P!|00000000^[\\", "^[[200000000000~", "^[[155u", "^[[1114112u", "^[[55296u",
    // Control strings of any kind.
    "^[_Gi=1;OK^[\\", "^[^private^[\\", "^[Xstart of string^[\\", "^[]lwindow title^[\\", "^[]Licon\u{07}",
    "^[]x\u{07}", "^[Px^[\\", "^[_^[\\", "^[]^[\\", "^[_你好\u{9c}", "^[]11;rgb:0/0/0\u{9c}", "^[_a\rb\nc^[\\",
    "\u{9d}11;rgb:0/0/0\u{9c}", "\u{90}1$r0m\u{9c}", "\u{9f}Gi=1\u{9c}", "\u{98}x\u{9c}", "\u{9e}x\u{9c}",
    "\u{9b}?1;2c",
    // Reports of the window, of the mouse and of colours.
    "^[[8;24;80t", "^[[48;24;80;480;640t", "^[[?997;1n", "^[[M !!", "^[[M#~q", "^[[32;10;20M", "^[[0n", "^[[?1u",
  ])
  func `keys that are unknown are ignored as a whole`(sequence: String) {
    for events in decodeSplit(bytes("x") + bytes(sequence) + bytes("y")) {
      let keys = events.filter {
        switch $0 {
        case .focus, .mouse: false
        default: true
        }
      }
      #expect(keys == [.key(.character("x")), .key(.character("y"))], "\(sequence)")
    }
  }

  @Test
  func `C1 controls also come as single bytes`() {
    #expect(decodeSplit([0x9b] + bytes("1;5D")) == [[.key(Key(.left, .control))]])
    #expect(decodeSplit([0x8f] + bytes("P")) == [[.key(Key(.function(1)))]])
    for introducer in [0x90, 0x98, 0x9d, 0x9e, 0x9f] as [UInt8] {
      #expect(decodeSplit([introducer] + bytes("1;rgb") + [0x9c] + bytes("k")) == [[.key(.character("k"))]])
    }
    #expect(decodeSplit([0x9b] + bytes("200~a\rb") + bytes("^[[201~")) == [[.paste("a\nb")]])
  }

  @Test
  func `Focus is reported`() {
    #expect(decodeSplit(bytes("^[[I^[[O")) == [[.focus(true), .focus(false)]])
  }

  @Test
  func `Escape is reported after a timeout`() {
    var typist = Typist()
    typist.type([0x1b])
    typist.wait(.milliseconds(24))
    #expect(typist.events == [])
    typist.wait(.milliseconds(1))
    #expect(typist.events == [.key(Key(.escape))])
    #expect(typist.decoder.deadline == nil)
    // Later input is reported key by key.
    typist.type(bytes("["))
    typist.type(bytes("A"))
    #expect(typist.events.dropFirst() == [.key(.character("[")), .key(.character("A"))])
  }

  @Test
  func `A slow connection may cut a sequence anywhere after its first two bytes`() {
    var typist = Typist()
    for byte in bytes("^[[1") { typist.type([byte]) }
    typist.wait(.milliseconds(900))
    typist.type(bytes(";5D"))
    #expect(typist.events == [.key(Key(.left, .control))])
  }

  @Test(arguments: [
    "^[[1;", "^[O5", "^[]0;", "^[P1", "^[[[", "^[_G", "^[^x", "^[Xx", "^[]lx", "^[[M ", "\u{9d}", "\u{9b}",
  ]
  )
  func `A sequence that never ends is dropped, and later keys are reported`(sequence: String) {
    var typist = Typist()
    typist.type(bytes(sequence))
    typist.wait(.seconds(1))
    #expect(typist.events == [])
    typist.type(bytes("hi"))
    #expect(typist.events == [.key(.character("h")), .key(.character("i"))])
  }

  @Test
  func `Escape pressed several times is reported as often`() {
    #expect(decodeSplit([0x1b, 0x1b]) == [[.key(Key(.escape)), .key(Key(.escape))]])
    #expect(decodeSplit([0x1b, 0x1b, 0x1b]) == [Array(repeating: .key(Key(.escape)), count: 3)])
    #expect(decodeSplit([0x1b, 0x1b, 0x61]) == [[.key(Key(.escape)), .key(.alt("a"))]])
  }

  @Test
  func `A key that interrupts a sequence is reported`() {
    #expect(decodeSplit(bytes("^[[1;\u{03}")) == [[.key(.control("c"))]])
    #expect(decodeSplit(bytes("^[[1;^[[A")) == [[.key(Key(.up))]])
    #expect(decodeSplit(bytes("^[[1;é")) == [[.key(.character("é"))]])
    #expect(decodeSplit(bytes("^[]0;title^[[A")) == [[.key(Key(.up))]])
    #expect(decodeSplit(bytes("^[]0;title\u{03}")) == [[.key(.control("c"))]])
    #expect(decodeSplit(bytes("^[Oz")) == [[.key(.alt("o")), .key(.character("z"))]])
    #expect(decodeSplit(bytes("^[]\u{03}")) == [[.key(.alt("]")), .key(.control("c"))]])
    #expect(decodeSplit(bytes("^[_^[_")) == [[.key(.alt("_")), .key(.alt("_"))]])
    #expect(decodeSplit(bytes("^[_^[[A")) == [[.key(.alt("_")), .key(Key(.up))]])
    #expect(decodeSplit(bytes("^[_^[")) == [[.key(.alt("_")), .key(Key(.escape))]])
  }

  @Test(arguments: "]P_^X")
  func `Alt with the start of a control string is a key if nothing follows at once`(introducer: Character) {
    var typist = Typist()
    typist.type([0x1b] + Array(String(introducer).utf8))
    typist.wait(.milliseconds(25))
    typist.type(bytes("x"))
    #expect(typist.events == [.key(.alt(Character(introducer.lowercased()))), .key(.character("x"))])
  }

  @Test
  func `The delayed rest of a sequence is not taken for typing`() {
    let cut: [(String, String)] = [
      ("^[", "]11;rgb:0000/0000/0000^[\\"), ("^[]11;rg", "b:0000/0000/0000\u{07}"), ("^[P1", "$r0m^[\\"),
      ("^[_Gi=1", ";OK^[\\"), ("^[[24", ";80R"), ("^[", "[?62;4c"), ("^[", "[1;5D"),
    ]
    for (first, rest) in cut {
      var typist = Typist()
      typist.type(bytes(first))
      typist.wait(.seconds(3))
      typist.type(bytes(rest))
      typist.rest()
      let typed = typist.events.filter {
        if case .key(let key) = $0, case .character = key.symbol { true } else { false }
      }
      #expect(typed == [], "\(first) \(rest)")
    }
    // Much later, the bytes are typing.
    var typist = Typist()
    typist.type(bytes("^[[24"))
    typist.wait(.seconds(1))
    typist.wait(.seconds(20))
    typist.type(bytes("5a"))
    #expect(typist.events == [.key(.character("5")), .key(.character("a"))])
  }

  @Test
  func `Typing after an interrupted control string is ignored only briefly`() {
    var typist = Typist()
    typist.type(bytes("^[]11;rgb:00"))
    for _ in 0..<20 {
      typist.wait(.milliseconds(100))
      typist.type(bytes("a"))
    }
    #expect(typist.events.count >= 10)
  }

  @Test
  func `Backspace follows the terminal's erase character, and Ctrl+Backspace is the other`() {
    for (erase, other) in [(0x7f, 0x08), (0x08, 0x7f)] as [(UInt8, UInt8)] {
      var typist = Typist(erase: erase)
      typist.type([erase, other, 0x1b, erase])
      #expect(
        typist.events == [.key(Key(.backspace)), .key(Key(.backspace, .control)), .key(.alt(.backspace))])
    }
    // An unusual erase character, or none.
    for erase in [0, 0x15, 0xff] as [UInt8] {
      var typist = Typist(erase: erase)
      typist.type([0x7f])
      #expect(typist.events == [.key(Key(.backspace))])
    }
  }

  @Test
  func `The terminal reports its background`() {
    let answers: [(String, RGB?)] = [
      ("^[]11;rgb:2e2e/3434/4040^[\\", RGB(0x2e, 0x34, 0x40)), ("^[]11;rgb:ff/ff/ff\u{07}", .white),
      ("^[]11;rgba:0000/0000/0000/ffff^[\\", .black), ("^[]11;rgb:f/0/8^[\\", RGB(255, 0, 136)),
      ("^[]10;rgb:ff/ff/ff\u{07}", nil), ("^[]11;?\u{07}", nil), ("^[]11;rgb:ff/ff\u{07}", nil),
      ("^[]11;rgb:\u{07}", nil),
      ("^[]11;rgb:+f/00/00\u{07}", nil), ("^[]11;rgb:12345/0/0\u{07}", nil), ("^[]11;rgb:-1/0/0\u{07}", nil),
      ("^[P11;rgb:ff/ff/ff^[\\", nil), ("^[]11;rgb:ff/ff/f", nil),
    ]
    for (answer, color) in answers {
      var decoder = InputDecoder()
      #expect(decoder.decode(bytes(answer), at: .now) == [], "\(answer)")
      #expect(decoder.takeBackground() == color, "\(answer)")
      #expect(decoder.takeBackground() == nil)
    }
  }

  @Test(
    arguments: [
      [0x80], [0xff], [0xc3], [0xe4, 0xbd], [0xf0, 0x9f, 0x91], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80],
    ]
      as [[UInt8]])
  func `Broken UTF-8 is U+FFFD and loses nothing else`(broken: [UInt8]) {
    let expected = String(decoding: broken, as: UTF8.self).map { TerminalEvent.key(.character($0)) }
    #expect(decodeSplit(broken) == [expected])
    #expect(decodeSplit(broken + bytes("a")) == [expected + [.key(.character("a"))]])
    #expect(decodeSplit(broken + bytes("^[[A")) == [expected + [.key(Key(.up))]])
  }
}
