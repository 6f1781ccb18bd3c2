import NIOCore

/// The lines published to one room in one iteration of the event loop, each encoded once for all readers of a form.
///
/// An object, so that a reader can note ranges of the lines before the iteration ends. Handing out the bytes that early
/// would make each later line copy all of them.
final class SharedLines {
  private(set) var bytes = ByteBuffer()
  /// The parts that were published without lines of another room in between.
  private var runs: [Run] = []
  /// The end offsets of the lines, while there are few.
  private var lineEnds: [Int] = []
  /// The number of publications, each of one line or of the lines of one message.
  private var publications = 0

  private struct Run {
    let number: Int
    let start: Int
  }

  /// Lines for one reader.
  struct Range {
    let lines: SharedLines
    /// Offsets in the bytes.
    let start: Int
    var end: Int

    var count: Int { end - start }

    var bytes: ByteBuffer? { lines.bytes.getSlice(at: start, length: count) }
  }

  /// The lines of up to this many publications in one iteration travel in a packet each, if the dialect asks for it and
  /// there are at most `fewLines`.
  private static let fewPublications = 4
  private static let fewLines = 16

  var end: Int { bytes.writerIndex }
  var isEmpty: Bool { bytes.writerIndex == 0 }
  var areFew: Bool { publications <= Self.fewPublications && lineEnds.count <= Self.fewLines }

  /// - Parameters:
  ///   - run: increases whenever lines of another room are published in between.
  ///   - expected: the number of bytes to allocate for all lines of the iteration.
  /// - Returns: the number of bytes.
  func append(inRun run: Int, expected: Int, _ write: (inout ByteBuffer) -> Void) -> Int {
    if isEmpty { bytes.reserveCapacity(expected) }
    if runs.last?.number != run { runs.append(Run(number: run, start: end)) }
    let start = end
    write(&bytes)
    publications += 1
    if areFew { lineEnds.append(contentsOf: bytes.lineEnds(from: start, limit: Self.fewLines + 1)) }
    return end - start
  }

  /// The lines from an offset on, divided into runs.
  func runs(from start: Int) -> [(number: Int, range: Range)] {
    runs.indices.compactMap { index in
      let end = index + 1 < runs.count ? runs[index + 1].start : end
      let start = max(start, runs[index].start)
      return start < end ? (runs[index].number, Range(lines: self, start: start, end: end)) : nil
    }
  }

  /// The single lines of a range. Call only if there are few.
  func singleLines(of range: Range) -> [ByteBuffer] {
    var start = range.start
    return lineEnds.filter { $0 > range.start && $0 <= range.end }.compactMap { end in
      defer { start = end }
      return bytes.getSlice(at: start, length: end - start)
    }
  }

  /// Empties the object for the next iteration. A slow reader may still hold the bytes.
  func reset() {
    bytes = ByteBuffer()
    runs.removeAll(keepingCapacity: true)
    lineEnds.removeAll(keepingCapacity: true)
    publications = 0
  }
}

extension ByteBuffer {
  /// The offsets behind the first line feeds from an offset on.
  func lineEnds(from start: Int, limit: Int) -> [Int] {
    let bytes = viewBytes(at: start, length: writerIndex - start) ?? ByteBufferView()
    return Array(bytes.indices.lazy.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }.prefix(limit))
  }
}

@available(*, unavailable)
extension SharedLines: Sendable {}
