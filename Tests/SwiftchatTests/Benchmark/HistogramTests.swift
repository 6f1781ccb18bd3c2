import ChatProtocol
import Testing

@testable import Benchmark

/// The distribution of latencies in a report.
@Suite struct HistogramTests {
  @Test(arguments: [1, 2, 3, 99, 100, 101, 20_000])
  func `percentiles are within one percent of those of the sorted durations`(count: Int) throws {
    var random = SplitMix64(seed: UInt64(count))
    let durations = (0..<count).map { _ in
      let bits = random.next() % 63
      return Int64(random.next() >> (bits + 1))
    }
    let sorted = durations.sorted()
    let percentiles = try #require(Percentiles(Histogram(durations), unit: 1))
    for (share, found) in [(0.5, percentiles.p50), (0.99, percentiles.p99)] {
      let rank = Int((share * Double(count)).rounded(.up))
      let exact = Double(sorted[rank - 1])
      #expect(abs(found - exact) <= exact / 100, "\(share): \(found) instead of \(exact)")
    }
    #expect(percentiles.samples == count)
    #expect(percentiles.max == Double(sorted[count - 1]))
  }

  @Test func `short durations and the longest ones are exact`() {
    for duration in [Int64(0), 1, 63, 64, 127] {
      // Two samples: the longest one is not taken from a bucket.
      #expect(Histogram([duration, duration]).percentile(0.5) == duration)
    }
    #expect(Histogram([0, Int64.max]).percentile(1) == Int64.max)
    let all = Histogram(0..<Int64(128))
    for duration in 0..<127 { #expect(all.percentile(Double(duration + 1) / 128) == Int64(duration)) }
  }

  @Test func `a negative duration counts as none`() {
    #expect(Histogram([-5, -1]).percentile(1) == 0)
  }

  @Test func `without samples there are no percentiles`() {
    #expect(Percentiles(Histogram(), unit: 1) == nil)
  }
}
