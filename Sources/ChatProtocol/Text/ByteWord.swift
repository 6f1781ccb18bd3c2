/// Eight bytes of a text, looked at together: every line is searched several times on its way from one to all, and byte
/// by byte that took a fifth of the server's own time.
///
/// The tests for a byte are those of "Bit Twiddling Hacks" (Sean Eron Anderson, public domain), "Determine if a word has
/// a zero byte" and "… has a byte less than n"; whether there is any they tell exactly, and where only `spaces` does.
struct ByteWord {
  private let bits: UInt64

  /// - Parameter offset: of the first byte, which becomes the lowest. There must be eight.
  init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    bits = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  static let bytes = 8
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  func contains(_ byte: UInt8) -> Bool { (bits ^ (Self.ones &* UInt64(byte))).hasZeroByte }

  var isASCII: Bool { bits & Self.highs == 0 }

  var hasByteBelowSpace: Bool { (bits &- Self.ones &* 0x20) & ~bits & Self.highs != 0 }

  /// The highest bit of each byte that is a space, and no other.
  var spaces: UInt64 {
    let difference = bits ^ (Self.ones &* 0x20)
    return ~(((difference & ~Self.highs) &+ ~Self.highs) | difference | ~Self.highs)
  }
}

extension UInt64 {
  fileprivate var hasZeroByte: Bool { (self &- 0x0101_0101_0101_0101) & ~self & 0x8080_8080_8080_8080 != 0 }
}
