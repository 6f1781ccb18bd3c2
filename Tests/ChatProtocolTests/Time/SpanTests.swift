import ChatProtocol
import TestSupport
import Testing

@Suite struct SpanTests {
  @Test(
    arguments: [
      ("1s", 1), ("90s", 90), ("30m", 1800), ("12h", 43_200), ("7d", 604_800), ("2w", 1_209_600), ("007d", 604_800),
      ("3155760000s", 3_155_760_000), ("36525d", 3_155_760_000),
    ])
  func read(_ text: String, _ seconds: Int) {
    #expect(Duration(span: text) == .seconds(seconds))
  }

  @Test(arguments: [
    "", "s", "7", "0s", "-1s", "+1s", "1.5h", " 1s", "1s ", "1 s", "1S", "1y", "1min", "s1", "1ss", "3155760001s",
    "36526d", "999999999999999999w", "9999999999999999999s", "٧d", "7d\u{301}", "7ｄ", "1\u{301}s", "7\r\n", "*",
    "9223372036854775808s",
  ])
  func `invalid spans are refused`(_ text: String) {
    #expect(Duration(span: text) == nil)
  }

  @Test(
    arguments: [
      (0, .seconds(1), 1000), (5, .milliseconds(-6), -1), (0, .microseconds(1999), 1), (0, .microseconds(-1999), -1),
      (.max, .milliseconds(1), .max), (.max, .seconds(-1), .max - 1000), (.min, .milliseconds(-1), .min),
      (.min, .nanoseconds(-999_999), .min), (0, .seconds(Int64.max), .max), (0, .seconds(Int64.min), .min),
      (0, .seconds(Int64.max / 1000) + .milliseconds(807), .max),
      (0, .seconds(Int64.max / 1000) + .milliseconds(808), .max),
      (0, .seconds(Int64.min / 1000) - .milliseconds(808), .min),
      (0, .seconds(Int64.min / 1000) - .milliseconds(809), .min), (-1, .seconds(Int64.max), .max),
      (.max, .seconds(Int64.min / 1000), 807),
      (.max, .seconds(Int64.min / 1000) * 3, .min), (.max, .seconds(Int64.min / 1000) * 2, .min + 1615),
    ] as [(Int64, Duration, Int64)])
  func `advancing saturates at the range of milliseconds`(_ from: Int64, _ by: Duration, _ to: Int64) {
    #expect(Timestamp(milliseconds: from).advanced(by: by).milliseconds == to)
  }

  /// Compared with arithmetic in wider integers.
  @Test func `any span`() throws {
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let from = Int64(truncatingIfNeeded: random.next())
      let seconds = Int64(truncatingIfNeeded: random.next()) >> Int64(random.number(0...63))
      let rest = Int64(random.number(-999_999_999...999_999_999))
      let span = Duration.seconds(seconds) + .nanoseconds(rest)
      let milliseconds = (Int128(seconds) * 1_000_000_000 + Int128(rest)) / 1_000_000
      let expected = Int64(clamping: Int128(from) + milliseconds)
      try #require(Timestamp(milliseconds: from).advanced(by: span).milliseconds == expected, "\(span) \(random)")
    }
  }
}
