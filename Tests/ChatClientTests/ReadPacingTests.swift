import ChatProtocol
import Testing

@testable import ChatClient

/// Reading rests only between the messages of a stream.
@Suite struct ReadPacingTests {
  private static func time(_ milliseconds: Int64) -> MonotonicTime {
    MonotonicTime(nanoseconds: milliseconds * 1_000_000)
  }

  /// Reads at these times, in milliseconds, and ends each rest before the next read.
  private func rests(_ reads: [(at: Int64, bytes: Int)]) -> [Bool] {
    var pacing = ReadPacing()
    return reads.map { read in
      defer { pacing.isResting = false }
      return pacing.completedRead(of: read.bytes, at: Self.time(read.at))
    }
  }

  @Test func `single messages are read at once`() {
    #expect(rests([(0, 100), (20, 100), (500, 100)]) == [false, false, false])
  }

  @Test func `a stream of messages is read with rests, from its second message on`() {
    #expect(rests([(0, 100), (2, 100), (11, 400), (20, 400), (100, 100)]) == [false, true, true, true, false])
  }

  @Test func `history is read without rests`() {
    #expect(rests([(0, 4096), (1, 65_536), (2, 65_536), (3, 100)]) == [false, false, false, true])
  }

  @Test func `nothing that was read, and a second read within a rest, begin no rest`() {
    var pacing = ReadPacing()
    let reads = [(0, 9), (1, 0), (2, 9), (3, 9)].map { pacing.completedRead(of: $1, at: Self.time($0)) }
    #expect(reads == [false, false, true, false])
  }
}
