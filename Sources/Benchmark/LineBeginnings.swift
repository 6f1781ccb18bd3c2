/// Splits received bytes into lines, and keeps only the beginning of each: answers have thousands of lines, which need no
/// decoding to be counted.
struct LineBeginnings {
  /// The beginning of an incomplete line.
  private var partial: [UInt8] = []
  private static let longest = 64

  /// - Parameter hear: called with the beginning of each line, at most 64 bytes.
  mutating func read(_ bytes: UnsafeRawBufferPointer, _ hear: (ArraySlice<UInt8>) -> Void) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      partial += rest[..<end].prefix(Self.longest - min(partial.count, Self.longest))
      hear(partial[...])
      partial.removeAll(keepingCapacity: true)
      rest = rest[(end + 1)...]
    }
    partial += rest.prefix(Self.longest - min(partial.count, Self.longest))
  }
}
