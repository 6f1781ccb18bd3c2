/// Collects pasted bytes up to the end marker. Keeps a limited number of bytes and drops the rest.
struct PasteCollector: Sendable {
  private let limit: Int
  private var bytes: [UInt8] = []
  /// The number of bytes of the marker that the latest bytes match.
  private var matched = 0

  private static let marker = Array("\u{1b}[201~".utf8)

  init(limit: Int) { self.limit = limit }

  /// - Returns: whether the paste is complete.
  mutating func append(_ byte: UInt8) -> Bool {
    if byte == Self.marker[matched] {
      matched += 1
      return matched == Self.marker.count
    }
    // ESC occurs only at the beginning of the marker, so that a mismatch can begin a new match only with ESC.
    Self.marker[..<matched].forEach { keep($0) }
    matched = byte == .escape ? 1 : 0
    if matched == 0 { keep(byte) }
    return false
  }

  /// Empties the collector.
  /// - Returns: the text with LF between its lines; nil if there is none.
  mutating func finish() -> String? {
    defer { (bytes, matched) = ([], 0) }
    if bytes.count == limit { dropBrokenCharacter() }
    guard !bytes.isEmpty else { return nil }
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var isAfterReturn = false
    for byte in bytes {
      if byte == UInt8(ascii: "\n"), isAfterReturn {
        isAfterReturn = false
        continue
      }
      isAfterReturn = byte == UInt8(ascii: "\r")
      text.append(isAfterReturn ? UInt8(ascii: "\n") : byte)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func keep(_ byte: UInt8) {
    if bytes.count < limit { bytes.append(byte) }
  }

  /// Drops an incomplete character at the end, which the limit may have cut.
  private mutating func dropBrokenCharacter() {
    let tail = bytes.suffix(4)
    guard let lead = tail.lastIndex(where: { $0 & 0xc0 != 0x80 }), var assembler = ScalarAssembler(lead: bytes[lead])
    else { return }
    for byte in bytes[(lead + 1)...] {
      guard assembler.append(byte) == .incomplete else { return }
    }
    bytes.removeSubrange(lead...)
  }
}
