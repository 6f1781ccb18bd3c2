import TestSupport
import ChatProtocol
import NIOCore
import Testing

/// However a stream is split, the decoder returns the lines of a naive split.
@Suite struct LineDecoderTests {
  /// Small, so that every split of a stream near its limits can be tested.
  static let limits = LineLimits(line: 16, tags: 12)

  struct ByteStream: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]

    init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }

    init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }

    var testDescription: String { name }
  }

  private static let hundred = String(repeating: "x", count: 100)

  /// A line that ends in the malformed bytes, one that starts with them, and one without.
  private static func joined(_ malformed: [UInt8]) -> [UInt8] {
    [0x61] + malformed + [0x0a] + malformed + [0x62, 0x0d, 0x0a, 0x63, 0x0a]
  }

  static let streams: [ByteStream] = [
    ByteStream("nothing", []),
    ByteStream("one line", "WHO\n"),
    ByteStream("LF and CRLF", "WHO\nPING\r\nQUIT\n\r\nx\r\n"),
    ByteStream("blank lines", "\n\n\r\n\n \n\t\n"),
    ByteStream("no final LF", "WHO\nPIN"),
    ByteStream("no final LF, but CR", "WHO\nPING\r"),
    ByteStream("CR in the middle", "a\rb\n\rc\nd\r\r\n\r"),
    ByteStream("characters of several bytes", "grüße\n日本\r\n👩‍👧\né\n"),
    ByteStream("controls", "a\0b\n\u{1b}[2J\n\u{7f}\n\u{85}\n\u{9b}m\n\ta\n\u{a0}\n"),
    ByteStream("at the limit", "1234567890abcdef\n1234567890abcdef\r\n"),
    ByteStream("one over", "1234567890abcdefg\nx\n1234567890abcdefg\r\ny\n"),
    ByteStream("CRs at the limit", "1234567890abcdef\r\r\nx\n1234567890abcde\r\r\ny\n1234567890abcdef\rz\nw\n"),
    ByteStream("at the limit, in several bytes a character", "äöüäöüäö\näöüäöüäöx\nx\n"),
    ByteStream(
      "far over", "\(hundred)\nWHO\n\(hundred)\r\nPING\n"),
    ByteStream("endless", "WHO\n\(hundred)"),
    ByteStream("over, but not UTF-8", [UInt8](repeating: 0xff, count: 20) + [0x0a, 0x61, 0x0a] as [UInt8]),
    ByteStream("tags", "@a=1;b WHO\n@a=\\s\\: x\r\n@a\n@a \n@ x\n@\n@\r\n"),
    ByteStream("spaces after the tags", "@a=1   MSG  x \n@a  \u{301}x\n@a \u{301}x\n"),
    ByteStream(
      "bad tags", "@=1 x\n@a_b x\n@ä x\nWHO\n@a;=x x\n@a\tb x\n@a=\u{1b} x\n@a=\r x\n@a=\r\r\n@a=\u{9b} x\nPING\n"),
    ByteStream("tags at their limit", "@a=123456789a WHO\n@a=123456789a\r\n@a=123456789a\n@a=12345678\r \nx\n"),
    ByteStream("tags one over", "@a=123456789ab WHO\n@a=123456789ab\r\nx\n@a=123456789ab\nx\n@a=123456789a\r WHO\ny\n"),
    ByteStream("both at their limits", "@a=123456789a 1234567890abcdef\r\n@a=123456789a 1234567890abcdef\n"),
    ByteStream(
      "both at their limits, one over", "@a=123456789a 1234567890abcdefg\nx\n@a=123456789a  1234567890abcdef\r\ny\n"),
    ByteStream("tags endless", "x\n@\(hundred)"),
    ByteStream("text endless behind tags", "x\n@a \(hundred)\nx\n"),
    ByteStream("not UTF-8", malformed.flatMap { joined($0) }),
    ByteStream("not UTF-8, in tags", [0x40, 0x61, 0x3d, 0xc3, 0x20, 0x61, 0x0a, 0xa9, 0x0a, 0x78, 0x0a]),
  ]

  /// The Unicode Standard, table 3-7.
  static let malformed: [[UInt8]] = [
    [0x80], [0xbf], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xf0, 0x9f],
    [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0xaf], [0xe0, 0x9f, 0xbf], [0xf0, 0x8f, 0xbf, 0xbf],
    [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
    [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xfe], [0xff], [0xc3, 0x28], [0xe2, 0x28, 0xa1],
  ]

  @Test(arguments: streams, [true, false])
  func `lines are decoded alike whole and byte by byte`(_ stream: ByteStream, allowsTags: Bool) {
    let expected = NaiveSplit(stream.bytes, limits: Self.limits, allowsTags: allowsTags)
    var whole = LineDecoder(limits: Self.limits, allowsTags: allowsTags)
    #expect(whole.outcomes(after: stream.bytes) == expected.outcomes)
    #expect(whole.heldBytes == expected.held)

    var bytewise = LineDecoder(limits: Self.limits, allowsTags: allowsTags)
    var outcomes: [Outcome] = []
    for (index, byte) in stream.bytes.enumerated() {
      outcomes += bytewise.outcomes(after: [byte])
      // Checked after each byte: no line may be returned late or early.
      let expected = NaiveSplit(Array(stream.bytes[...index]), limits: Self.limits, allowsTags: allowsTags)
      #expect(outcomes == expected.outcomes, "after \(index + 1) bytes")
      #expect(bytewise.heldBytes == expected.held, "after \(index + 1) bytes")
    }
  }

  @Test(arguments: streams, [true, false])
  func `every two way split`(_ stream: ByteStream, allowsTags: Bool) {
    let expected = NaiveSplit(stream.bytes, limits: Self.limits, allowsTags: allowsTags)
    for split in 0...stream.bytes.count {
      var decoder = LineDecoder(limits: Self.limits, allowsTags: allowsTags)
      let outcomes =
        decoder.outcomes(after: stream.bytes[..<split]) + decoder.outcomes(after: [])
        + decoder.outcomes(after: stream.bytes[split...])
      #expect(outcomes == expected.outcomes, "split at \(split)")
      #expect(decoder.heldBytes == expected.held, "split at \(split)")
    }
  }

  /// Several chunks may arrive before a line is requested.
  @Test(arguments: streams, [true, false])
  func `every two way split read at the end`(_ stream: ByteStream, allowsTags: Bool) {
    let expected = NaiveSplit(stream.bytes, limits: Self.limits, allowsTags: allowsTags)
    for split in 0...stream.bytes.count {
      var decoder = LineDecoder(limits: Self.limits, allowsTags: allowsTags)
      decoder.append(ByteBuffer(bytes: stream.bytes[..<split]))
      decoder.append(ByteBuffer())
      #expect(decoder.outcomes(after: stream.bytes[split...]) == expected.outcomes, "split at \(split)")
      #expect(decoder.heldBytes == expected.held, "split at \(split)")
    }
  }

  @Test func `lines are decoded alike in random chunks`() throws {
    var random = SeededGenerator()
    for _ in 0..<300 {
      // The unfinished line of one stream joins the next stream.
      let bytes = (0..<random.number(1...4)).flatMap { _ in random.pick(Self.streams).bytes }
      try Self.compare(bytes, allowsTags: random.flip(), using: &random)
    }
  }

  @Test func `random bytes are decoded within the limits`() throws {
    var random = SeededGenerator()
    let alphabet =
      Array("aa1@@;;==\\\\s:   \t\r\r\n\n\n\0".utf8) + [0x1b, 0x7f, 0xc2, 0x85, 0x80, 0xe2, 0x82, 0xf0, 0xed]
    for _ in 0..<3000 {
      let isAnything = random.number(0...9) == 0
      let bytes = (0..<random.number(0...80)).map { _ in
        isAnything ? UInt8.random(in: 0...255, using: &random) : random.pick(alphabet)
      }
      try Self.compare(bytes, allowsTags: random.number(0...3) > 0, using: &random)
    }
  }

  private static func compare(
    _ bytes: [UInt8], allowsTags: Bool, using random: inout SeededGenerator,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    var decoder = LineDecoder(limits: limits, allowsTags: allowsTags)
    var outcomes: [Outcome] = []
    var sizes: [Int] = []
    var start = 0
    while start < bytes.count {
      let size = min(random.pick([0, 1, 1, 2, 3, 7, 20, 100]), bytes.count - start)
      sizes.append(size)
      outcomes += decoder.outcomes(after: bytes[start..<start + size])
      start += size
      if decoder.heldBytes > limits.tags + limits.line + 3 {
        Issue.record("\(decoder.heldBytes) bytes held. \(random)", sourceLocation: location)
      }
    }
    let expected = NaiveSplit(bytes, limits: limits, allowsTags: allowsTags)
    try #require(
      outcomes == expected.outcomes, "\(bytes) in chunks of \(sizes), tags \(allowsTags). \(random)",
      sourceLocation: location)
    try #require(
      decoder.heldBytes == expected.held, "\(bytes) in chunks of \(sizes), tags \(allowsTags). \(random)",
      sourceLocation: location)
  }

  @Test func `many lines at once`() {
    var decoder = LineDecoder(allowsTags: false)
    let text = (0..<5000).map { "MSG \($0)\($0 % 3 == 0 ? "\r" : "")\n" }.joined()
    #expect(decoder.outcomes(after: text) == (0..<5000).map { .text("MSG \($0)") })
    #expect(decoder.heldBytes == 0)
  }

  @Test func `tags can be switched on between two lines of one chunk`() {
    var decoder = LineDecoder(allowsTags: false)
    decoder.append(ByteBuffer(string: "@a x\n@a x\n@a x\n@a x"))
    var outcomes: [Outcome] = []
    while let result = decoder.next() {
      outcomes.append(Outcome(result))
      decoder.allowsTags.toggle()
    }
    #expect(outcomes == [.text("@a x"), .text("x", tags: ["a": ""]), .text("@a x")])
    #expect(decoder.outcomes(after: "\n") == [.text("x", tags: ["a": ""])])
  }

  @Test func `the limits follow the switch`() {
    var decoder = LineDecoder(limits: Self.limits, allowsTags: false)
    let line = "@a=123456789a 1234567890abcdef\n"
    #expect(decoder.outcomes(after: line) == [.fault(.tooLong)])
    decoder.allowsTags = true
    #expect(decoder.outcomes(after: line) == [.text("1234567890abcdef", tags: ["a": "123456789a"])])
  }
}
