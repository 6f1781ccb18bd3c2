extension Duration {
  /// Reads a span: `90s`, `30m`, `12h`, `7d`, `2w`.
  /// - Returns: nil if the text is not a span, or longer than a hundred years.
  public init?(span text: some StringProtocol) {
    guard let unit = text.last?.asciiValue, let count = text.dropLast().asCount, count > 0 else { return nil }
    let seconds: Int
    switch unit {
    case UInt8(ascii: "s"): seconds = 1
    case UInt8(ascii: "m"): seconds = 60
    case UInt8(ascii: "h"): seconds = 3600
    case UInt8(ascii: "d"): seconds = 86_400
    case UInt8(ascii: "w"): seconds = 604_800
    default: return nil
    }
    let (total, overflows) = count.multipliedReportingOverflow(by: seconds)
    guard !overflows, total <= Self.longestSpan else { return nil }
    self = .seconds(total)
  }

  /// A hundred years, in seconds.
  static let longestSpan = 3_155_760_000
}

extension Timestamp {
  /// The timestamp later by the duration; saturates.
  public func advanced(by duration: Duration) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    let span = Int128(seconds) * 1000 + Int128(attoseconds / 1_000_000_000_000_000)
    return Timestamp(milliseconds: Int64(clamping: Int128(milliseconds) + span))
  }
}
