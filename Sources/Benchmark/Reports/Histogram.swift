/// Counts of durations in buckets: the memory does not grow with the number of samples. Each power of two has 64 buckets,
/// so that the middle of a bucket is within 0.8 % of every duration in it.
struct Histogram: Sendable {
  private var counts: [Int]
  private(set) var samples = 0
  /// The longest duration in nanoseconds; exact.
  private(set) var longest: Int64 = 0

  private static let bits = 6
  /// Enough for every `Int64`.
  private static let buckets = (64 - bits) << bits

  init() { counts = Array(repeating: 0, count: Self.buckets) }

  /// - Parameter durations: in nanoseconds.
  init(_ durations: some Sequence<Int64>) {
    self.init()
    for duration in durations { add(duration) }
  }

  /// - Parameter duration: in nanoseconds; a negative one counts as 0.
  mutating func add(_ duration: Int64) {
    let duration = max(duration, 0)
    counts[Self.bucket(of: UInt64(duration))] += 1
    samples += 1
    longest = max(longest, duration)
  }

  /// The duration by nearest rank, in nanoseconds; 0 without samples.
  /// - Parameter share: of the samples that are not longer, from 0 to 1.
  func percentile(_ share: Double) -> Int64 {
    let rank = max(Int((share * Double(samples)).rounded(.up)), 1)
    guard rank < samples else { return longest }
    var passed = 0
    for (bucket, count) in counts.enumerated() where count > 0 {
      passed += count
      if passed >= rank { return min(Self.middle(of: bucket), longest) }
    }
    return longest
  }

  /// Durations below 128 have a bucket each; of longer ones, the highest bit and the next six select it.
  private static func bucket(of duration: UInt64) -> Int {
    let shift = max(63 - bits - duration.leadingZeroBitCount, 0)
    return (shift << bits) + Int(duration >> shift)
  }

  private static func middle(of bucket: Int) -> Int64 {
    let shift = max((bucket >> bits) - 1, 0)
    let lower = Int64(bucket - (shift << bits)) << shift
    let width = Int64(1) << shift
    return lower + width / 2
  }
}
