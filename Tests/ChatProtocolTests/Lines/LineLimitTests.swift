import ChatProtocol
import NIOCore
import Testing

/// The line limits, to the byte.
@Suite struct LineLimitTests {
  struct LimitCase: CustomTestStringConvertible, Sendable {
    let tags: Int?
    let text: Int
    let isAllowed: Bool

    var testDescription: String { "\(tags.map { "\($0) + " } ?? "")\(text)" }

    var line: String {
      let text = String(repeating: "x", count: text)
      return tags.map { "@a=\(String(repeating: "b", count: $0 - 2)) \(text)" } ?? text
    }

    var outcome: Outcome {
      guard isAllowed else { return .fault(.tooLong) }
      let tags = tags.map { ["a": String(repeating: "b", count: $0 - 2)] } ?? [:]
      return .text(String(repeating: "x", count: text), tags: tags)
    }
  }

  static let cases = [
    LimitCase(tags: nil, text: 4095, isAllowed: true),
    LimitCase(tags: nil, text: 4096, isAllowed: true),
    LimitCase(tags: nil, text: 4097, isAllowed: false),
    LimitCase(tags: 4093, text: 3, isAllowed: true),
    LimitCase(tags: 4094, text: 3, isAllowed: true),
    LimitCase(tags: 4095, text: 3, isAllowed: false),
    LimitCase(tags: 4094, text: 0, isAllowed: true),
    LimitCase(tags: 4094, text: 4096, isAllowed: true),
    LimitCase(tags: 4094, text: 4097, isAllowed: false),
    LimitCase(tags: 4095, text: 4096, isAllowed: false),
    LimitCase(tags: 3, text: 4097, isAllowed: false),
  ]

  @Test(arguments: cases, ["\n", "\r\n"])
  func defaults(_ limit: LimitCase, end: String) {
    let bytes = Array((limit.line + end + "next\n").utf8)
    let expected = [limit.outcome, .text("next")]
    let length = bytes.count
    for split in [0, 1, 4094, 4095, 4096, 4097, 4098, length - 8, length - 7, length - 6, length - 5] {
      guard (0...length).contains(split) else { continue }
      var decoder = LineDecoder(allowsTags: true)
      let outcomes = decoder.outcomes(after: bytes[..<split]) + decoder.outcomes(after: bytes[split...])
      #expect(outcomes == expected, "split at \(split) of \(length)")
      #expect(decoder.heldBytes == 0)
    }
  }

  /// A line may end in a CR, which does not count, but any other byte exceeds the limit.
  @Test func `a line that is too long is reported at the first excess byte`() {
    var decoder = LineDecoder(allowsTags: false)
    #expect(decoder.outcomes(after: String(repeating: "x", count: 4096)) == [])
    #expect(decoder.heldBytes == 4096)
    #expect(decoder.outcomes(after: "\r") == [])
    #expect(decoder.heldBytes == 4097)
    #expect(decoder.outcomes(after: "x") == [.fault(.tooLong)])
    #expect(decoder.heldBytes == 0)

    decoder = LineDecoder(allowsTags: false)
    #expect(decoder.outcomes(after: String(repeating: "x", count: 4096)) == [])
    #expect(decoder.outcomes(after: "x") == [.fault(.tooLong)])
  }

  @Test func `an endless line is reported once and not stored`() {
    var decoder = LineDecoder(allowsTags: true)
    var faults: [Outcome] = []
    for _ in 0..<1000 {
      faults += decoder.outcomes(after: String(repeating: "x", count: 1000))
      #expect(decoder.heldBytes <= 4097)
    }
    #expect(faults == [.fault(.tooLong)])
    #expect(decoder.heldBytes == 0)
    #expect(
      decoder.outcomes(after: "x\r\nWHO\n" + String(repeating: "y", count: 5000)) == [.text("WHO"), .fault(.tooLong)])
    #expect(decoder.outcomes(after: "\nWHO\n") == [.text("WHO")])
  }

  @Test(arguments: [1, 7, 4096, 4097, 5000, 20_000])
  func `all bytes of lines are counted, however they arrive`(part: Int) {
    let lines = ["PING", String(repeating: "x", count: 10_000), "\u{7}", "@a=b PING", "@;; PING", ""]
    let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
    var decoder = LineDecoder(allowsTags: true)
    for start in stride(from: 0, to: bytes.count, by: part) {
      _ = decoder.outcomes(after: bytes[start..<min(start + part, bytes.count)])
    }
    #expect(decoder.takeConsumedBytes() == lines.reduce(0) { $0 + $1.utf8.count })
    #expect(decoder.consumedBytes == 0)
  }

  /// Without tags `@` is an ordinary character.
  @Test func `an at sign without tags`() {
    var decoder = LineDecoder(allowsTags: false)
    let line = "@" + String(repeating: "b", count: 4095)
    #expect(decoder.outcomes(after: line + "\n@a WHO\n") == [.text(line), .text("@a WHO")])
    #expect(decoder.outcomes(after: line + " x\nWHO\n") == [.fault(.tooLong), .text("WHO")])
  }
}
