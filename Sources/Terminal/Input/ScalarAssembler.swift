/// Assembles a scalar from UTF-8 bytes (The Unicode Standard, table 3-7).
struct ScalarAssembler: Sendable {
  private var value: UInt32
  private var missing: Int
  /// The valid range of the next byte: for the second byte it excludes overlong forms, surrogates and values above
  /// U+10FFFF.
  private var allowed: ClosedRange<UInt8>

  enum ScalarStep: Hashable {
    case incomplete
    case scalar(Unicode.Scalar)
    /// The byte does not continue the character, which is broken.
    case invalid
  }

  /// Nil if no multi-byte character begins with this byte.
  init?(lead: UInt8) {
    switch lead {
    case 0xc2...0xdf: (value, missing) = (UInt32(lead & 0x1f), 1)
    case 0xe0...0xef: (value, missing) = (UInt32(lead & 0x0f), 2)
    case 0xf0...0xf4: (value, missing) = (UInt32(lead & 0x07), 3)
    default: return nil
    }
    switch lead {
    case 0xe0: allowed = 0xa0...0xbf
    case 0xed: allowed = 0x80...0x9f
    case 0xf0: allowed = 0x90...0xbf
    case 0xf4: allowed = 0x80...0x8f
    default: allowed = 0x80...0xbf
    }
  }

  mutating func append(_ byte: UInt8) -> ScalarStep {
    guard allowed.contains(byte) else { return .invalid }
    allowed = 0x80...0xbf
    value = value << 6 | UInt32(byte & 0x3f)
    missing -= 1
    guard missing == 0 else { return .incomplete }
    return Unicode.Scalar(value).map(ScalarStep.scalar) ?? .invalid
  }
}
