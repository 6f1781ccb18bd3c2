import ChatProtocol
import NIOCore

/// Encoded lines, with the places where each ends while there are few. Few lines travel in a packet each if the dialect
/// asks for it; beyond that, packets cost more than they help.
struct CountedLines {
  private(set) var bytes = ByteBuffer()
  /// The end offsets of the lines, while there are few.
  private var ends: [Int] = []
  /// The number of writes, each of one line or of the lines of one message.
  private var writes = 0
  private let mostWrites: Int

  /// One message may have many lines.
  private static let mostLines = 16

  /// - Parameter mostWrites: this many writes still count as few.
  init(mostWrites: Int) { self.mostWrites = mostWrites }

  var end: Int { bytes.writerIndex }
  var areFew: Bool { writes <= mostWrites && ends.count <= Self.mostLines }

  mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

  /// - Returns: the number of bytes.
  mutating func append(_ write: (inout ByteBuffer) -> Void) -> Int {
    let start = end
    write(&bytes)
    writes += 1
    if areFew { noteLineEnds(from: start) }
    return end - start
  }

  /// Appends lines that were written elsewhere, and counts one write for each.
  mutating func append(_ lines: ByteBuffer) {
    let (start, known) = (end, ends.count)
    bytes.writeImmutableBuffer(lines)
    noteLineEnds(from: start)
    writes += ends.count - known
  }

  /// Notes the ends of the lines from an offset on, until there are more than `mostLines`.
  private mutating func noteLineEnds(from start: Int) {
    bytes.withUnsafeReadableBytes { bytes in
      var start = start
      while ends.count <= Self.mostLines, let end = bytes.firstLineFeed(from: start) {
        start = end + 1
        ends.append(start)
      }
    }
  }

  /// The single lines between two offsets. Call only if there are few.
  func single(from start: Int, to limit: Int) -> [ByteBuffer] {
    var start = start
    return ends.filter { $0 > start && $0 <= limit }.compactMap { end in
      defer { start = end }
      return bytes.getSlice(at: start, length: end - start)
    }
  }

  /// A slow reader may still hold the bytes.
  mutating func removeAll() {
    bytes = ByteBuffer()
    ends.removeAll(keepingCapacity: true)
    writes = 0
  }
}
