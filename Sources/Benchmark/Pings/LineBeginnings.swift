/// Splits received bytes into lines, and keeps only the beginning of each: answers have thousands of lines, which need no
/// decoding to be counted.
struct LineBeginnings {
  /// The beginning of an incomplete line.
  private var partial: [UInt8] = []
  /// The maximum length of a beginning, in bytes. It must not change while lines are read.
  var longest: Int

  init(longest: Int) { self.longest = longest }

  /// - Parameter hear: called with the beginning of each line.
  mutating func read(_ bytes: UnsafeRawBufferPointer, _ hear: (ArraySlice<UInt8>) -> Void) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      partial += rest[..<end].prefix(longest - min(partial.count, longest))
      hear(partial[...])
      partial.removeAll(keepingCapacity: true)
      rest = rest[(end + 1)...]
    }
    partial += rest.prefix(longest - min(partial.count, longest))
  }
}
