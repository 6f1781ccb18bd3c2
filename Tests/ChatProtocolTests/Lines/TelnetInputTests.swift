import ChatProtocol
import NIOCore
import Testing

/// Input from telnet programs, with their editing and negotiation bytes.
@Suite struct TelnetInputTests {
  private static func lines(_ bytes: [UInt8], allowsTags: Bool = false, chunk: Int = .max) -> [Outcome] {
    var decoder = LineDecoder(allowsTags: allowsTags, allowsTyping: true)
    var outcomes: [Outcome] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      outcomes += decoder.outcomes(after: rest.prefix(chunk))
      rest = rest.dropFirst(chunk)
    }
    return outcomes
  }

  private static func line(_ text: String) -> Outcome {
    .text(text, flagged: text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f })
  }

  @Test(
    arguments: [
      ("MSG helo\u{8}lo\r\n", ["MSG hello"]), ("MSG helo\u{7f}lo\n", ["MSG hello"]), ("\u{8}\u{7f}PING\n", ["PING"]),
      ("x\u{8}\u{8}\u{8}PING\n", ["PING"]), ("MSG é\u{8}e\n", ["MSG e"]), ("MSG 你好\u{8}\n", ["MSG 你"]),
      ("MSG 😀\u{8}!\n", ["MSG !"]), ("MSG e\u{301}\u{8}\n", ["MSG e"]), ("PINGG\u{8}\n", ["PING"]),
      ("MSG \u{7f}\n", ["MSG \u{7f}"]),
      ("MSG \u{8}\n", ["MSG"]), ("MSG a b\u{7f}\u{7f}c\n", ["MSG ac"]), ("MSG a\u{7f}b\n", ["MSG b"]),
      ("ab\u{8}\u{8}\n", [""]),
      ("LOGIN neha\r\0MSG hi\r\0", ["LOGIN neha", "MSG hi"]), ("PING\r\0\nPING\r\n", ["PING", "", "PING"]),
      ("PING\r\n\0PING\r\0", ["PING", "\0PING"]), ("a\rb\n", ["a\rb"]), ("a\0b\n", ["a\0b"]), ("\0\r\0", ["\0"]),
    ])
  func `erased characters are removed, and a CR ends a line`(typed: String, lines: [String]) {
    for chunk in [1, 2, 3, .max] {
      #expect(Self.lines(Array(typed.utf8), chunk: chunk) == lines.map(Self.line), "in chunks of \(chunk)")
    }
  }

  /// PuTTY's options at connecting, and inetutils' Ctrl+C.
  @Test(
    arguments: [
      [255, 251, 31, 255, 251, 32, 255, 251, 24, 255, 251, 39, 255, 253, 1, 255, 251, 3, 255, 253, 3],
      [255, 244, 255, 253, 6], [255, 241], [255, 250, 31, 0, 80, 0, 24, 255, 240], [],
    ] as [[UInt8]])
  func `negotiation before a line is skipped`(commands: [UInt8]) {
    for chunk in [1, 5, .max] {
      let bytes = commands + Array("LOGIN neha\r\n".utf8) + commands + Array("PING\n".utf8)
      #expect(Self.lines(bytes, chunk: chunk) == [.text("LOGIN neha"), .text("PING")], "in chunks of \(chunk)")
    }
  }

  /// Invalid UTF-8 is refused as always.
  @Test(
    arguments: [
      [255], [255, 254], [255, 255], [255, 253], [255, 251, 0x4d], [255, 240], [255, 250, 31, 0, 80], [254, 251, 1],
      [0x61, 255, 251, 1], [255, 253, 3, 254],
    ] as [[UInt8]])
  func `bytes that are neither a telnet command nor UTF-8 are refused`(bytes: [UInt8]) {
    #expect(Self.lines(bytes + [0x0a]) == [.fault(.invalidUTF8)])
    #expect(Self.lines(bytes + Array("MSG hi\n".utf8)) == [.fault(.invalidUTF8)])
  }

  @Test func `erased characters count towards the line limit`() {
    let long = String(repeating: "x", count: 4000) + String(repeating: "\u{8}", count: 4000)
    #expect(Self.lines(Array("\(long)\nPING\n".utf8)) == [.fault(.tooLong), .text("PING")])
    #expect(Self.lines(Array(long.utf8)) == [.fault(.tooLong)])
    #expect(Self.lines(Array("\(long)\r\0PING\r\0".utf8)) == [.fault(.tooLong), .text("PING")])
  }

  @Test func `a line that is too long ends with CR NUL, however it was split`() {
    let most = String(repeating: "x", count: 4096)
    let streams: [(String, [Outcome])] = [
      ("\(most)x\r\0PING\r\n", [.fault(.tooLong), .text("PING")]),
      ("\(most)xx\rx\r\r\0PING\r\0", [.fault(.tooLong), .text("PING")]),
      ("\(most)\r\r\0PING\r\n", [.fault(.tooLong), .text("PING")]),
      ("\(most)x\r\nPING\n", [.fault(.tooLong), .text("PING")]),
      ("\(most)x\rPING\n\0\n", [.fault(.tooLong), Self.line("\0")]),
      ("\(most)\r\0PING\r\n", [.text(most), .text("PING")]),
    ]
    for (text, outcomes) in streams {
      for chunk in [1, 2, 3, 4095, 4096, 4097, 4098, 4099, 4100, .max] {
        #expect(Self.lines(Array(text.utf8), chunk: chunk) == outcomes, "in chunks of \(chunk)")
      }
    }
  }

  @Test func `the bytes of a line that is too long are counted alike, however it was split`() {
    let bytes = Array("\(String(repeating: "x", count: 5000))\r\0\r\rPING\r\0".utf8)
    for chunk in [1, 2, 5000, 5001, .max] {
      var decoder = LineDecoder(allowsTags: false, allowsTyping: true)
      var rest = bytes[...]
      while !rest.isEmpty {
        _ = decoder.outcomes(after: rest.prefix(chunk))
        rest = rest.dropFirst(chunk)
      }
      #expect(decoder.takeConsumedBytes() == 5000 + "\r\rPING".utf8.count, "in chunks of \(chunk)")
    }
  }

  @Test func `lines of programs are not edited`() {
    for typed in ["MSG helo\u{8}lo\n", "MSG a\u{7f}\n"] {
      let line = String(typed.dropLast())
      #expect(Self.lines(Array(typed.utf8), allowsTags: true) == [Self.line(line)])
      var decoder = LineDecoder(allowsTags: false)
      #expect(decoder.outcomes(after: typed) == [Self.line(line)])
    }
    #expect(Self.lines(Array("@a x\r\0\n".utf8), allowsTags: true) == [.text("x\r\0", tags: ["a": ""], flagged: true)])
    #expect(Self.lines([255, 253, 1, 0x61, 0x0a], allowsTags: true) == [.fault(.invalidUTF8)])
  }
}
