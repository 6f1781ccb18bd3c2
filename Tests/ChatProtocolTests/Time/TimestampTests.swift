import TestSupport
import ChatProtocol
import Testing

@Suite struct TimestampTests {
  static let earliest: Int64 = -62_167_219_200_000
  static let latest: Int64 = 253_402_300_799_999

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (-86_400_000, "1969-12-31T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (1_709_251_199_999, "2024-02-29T23:59:59.999Z"), (1_795_341_600_123, "2026-11-22T10:00:00.123Z"),
      (-2_203_891_200_001, "1900-02-28T23:59:59.999Z"), (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
      (earliest, "0000-01-01T00:00:00.000Z"), (latest, "9999-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
  func known(_ milliseconds: Int64, _ text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
    #expect(Timestamp(text) == Timestamp(milliseconds: milliseconds))
  }

  @Test(arguments: [.min, .min + 1, earliest - 1])
  func `a timestamp is clamped below`(_ milliseconds: Int64) {
    #expect(Timestamp(milliseconds: milliseconds).description == "0000-01-01T00:00:00.000Z")
  }

  @Test(arguments: [.max, latest + 1])
  func `a timestamp is clamped above`(_ milliseconds: Int64) {
    #expect(Timestamp(milliseconds: milliseconds).description == "9999-12-31T23:59:59.999Z")
  }

  @Test(
    arguments: [
      ("2026-11-22T10:00:00Z", 0), ("2026-11-22T10:00:00.1Z", 100), ("2026-11-22T10:00:00.12Z", 120),
      ("2026-11-22T10:00:00.1239Z", 123), ("2026-11-22T10:00:00.123456789Z", 123),
      ("2026-11-22T10:00:00.000999999Z", 0),
      // A leap second is read as the first second of the next minute (required by IRCv3 server-time).
      ("2026-11-22T09:59:60.500Z", 500),
    ] as [(String, Int64)])
  func `other precisions`(_ text: String, _ milliseconds: Int64) {
    #expect(Timestamp(text)?.milliseconds == 1_795_341_600_000 + milliseconds)
  }

  @Test(arguments: [
    "", "Z", "2026", "2026-11-22", "2026-11-22T10:00:00", "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00.1234567890Z",
    "2026-11-22T10:00:00.12x3Z", "2026-11-22T10:00:00.123456x89Z", "2026-11-22T10:00:00,123Z",
    "2026-11-22t10:00:00.123Z", "2026-11-22T10:00:00.123z", "2026-11-22 10:00:00.123Z", "2026-11-22T10:00:00.123+00:00",
    "+026-11-22T10:00:00.123Z", "-026-11-22T10:00:00.123Z", "12026-11-22T10:00:00.123Z", "2026-1-22T10:00:00.1234Z",
    "2026-00-22T10:00:00.123Z", "2026-13-22T10:00:00.123Z", "2026-11-00T10:00:00.123Z", "2026-11-31T10:00:00.123Z",
    "2026-01-32T10:00:00.123Z", "2026-02-29T10:00:00.123Z", "2024-02-30T10:00:00.123Z", "2100-02-29T10:00:00.123Z",
    "1900-02-29T10:00:00.123Z", "2026-11-22T24:00:00.000Z", "2026-11-22T10:60:00.123Z", "2026-11-22T10:00:61.123Z",
    "２026-11-22T10:00:00Z", "2026-11-22T10:00:00.١٢Z", " 2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z ",
    "2026-11-22T10:00:00.123Z\n", "2026-11-22T10:00:00\u{301}Z", "2026/11/22T10:00:00Z", "2026-11-22T10.00.00Z",
    "\0\0\0\0-\0\0-\0\0T\0\0:\0\0:\0\0Z",
  ])
  func malformed(_ text: String) { #expect(Timestamp(text) == nil) }

  @Test func `a timestamp is read as it was written`() throws {
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let time = Timestamp(milliseconds: Int64.random(in: Self.earliest...Self.latest, using: &random))
      let text = time.description
      try #require(text.utf8.count == 24, "\(random)")
      try #require(Timestamp(text) == time, "\(text) \(random)")
    }
  }

  /// Texts sort like their times.
  @Test func order() throws {
    var random = SeededGenerator()
    for _ in 0..<500 {
      let one = Timestamp(milliseconds: Int64.random(in: Self.earliest...Self.latest, using: &random))
      let other = Timestamp(milliseconds: one.milliseconds + Int64(random.number(-100_000...100_000)))
      guard other.milliseconds >= Self.earliest, other.milliseconds <= Self.latest else { continue }
      try #require((one < other) == (one.description < other.description), "\(random)")
    }
  }

  @Test func `random text never traps`() throws {
    var random = SeededGenerator()
    let marks = Array("0123456789-T:.Zé".unicodeScalars)
    for _ in 0..<2000 {
      var scalars = Array("2026-11-22T10:00:00.123Z".unicodeScalars)
      for _ in 0..<random.number(1...3) { scalars[random.number(0...scalars.count - 1)] = random.pick(marks) }
      let text = String(String.UnicodeScalarView(scalars))
      guard let time = Timestamp(text) else { continue }
      // A text that can be read is written unchanged, except for leap seconds and other precisions.
      let isExact = text.utf8.count == 24 && !text.contains(":60.")
      try #require(!isExact || time.description == text, "\(text) \(random)")
    }
  }
}
