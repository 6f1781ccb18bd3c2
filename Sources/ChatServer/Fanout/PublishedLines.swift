import NIOCore

/// The lines published to one room until all readers have received them, each encoded once for all readers of a form.
///
/// An object, so that a reader can note slices of the lines before the iteration ends. Handing out the bytes that early
/// would make each later line copy all of them.
final class PublishedLines {
  private var lines = CountedLines(mostWrites: 4)
  /// The parts that were published without lines of another room in between.
  private var runs: [Run] = []

  private struct Run {
    let number: Int
    let start: Int
  }

  /// Lines for one reader.
  struct Slice {
    let lines: PublishedLines
    /// Offsets in the bytes.
    let start: Int
    var end: Int

    var count: Int { end - start }

    var bytes: ByteBuffer? { lines.bytes.getSlice(at: start, length: count) }

    /// The single lines. Call only if there are few.
    var single: [ByteBuffer] { lines.lines.single(from: start, to: end) }
  }

  var bytes: ByteBuffer { lines.bytes }
  var end: Int { lines.end }
  var isEmpty: Bool { lines.end == 0 }
  /// Whether each line may travel in a packet of its own.
  var areFew: Bool { lines.areFew }

  /// - Parameters:
  ///   - run: increases whenever lines of another room are published in between.
  ///   - expected: the number of bytes to allocate for all lines of the iteration.
  /// - Returns: the number of bytes.
  func append(inRun run: Int, expected: Int, _ write: (inout ByteBuffer) -> Void) -> Int {
    if isEmpty { lines.reserveCapacity(expected) }
    if runs.last?.number != run { runs.append(Run(number: run, start: end)) }
    return lines.append(write)
  }

  /// The lines from an offset on, divided into runs.
  func runs(from start: Int) -> [(number: Int, slice: Slice)] {
    runs.indices.compactMap { index in
      let end = index + 1 < runs.count ? runs[index + 1].start : end
      let start = max(start, runs[index].start)
      return start < end ? (runs[index].number, Slice(lines: self, start: start, end: end)) : nil
    }
  }

  /// The lines from an offset on, and their runs.
  func rest(from start: Int) -> PublishedLines {
    let rest = PublishedLines()
    for (number, slice) in runs(from: start) {
      guard let bytes = slice.bytes else { continue }
      rest.runs.append(Run(number: number, start: rest.end))
      rest.lines.append(bytes)
    }
    return rest
  }

  /// Empties the object for the next iteration. A slow reader may still hold the bytes.
  func reset() {
    lines.removeAll()
    runs.removeAll(keepingCapacity: true)
  }
}

@available(*, unavailable)
extension PublishedLines: Sendable {}
