/// The distribution of a duration over the samples.
struct Percentiles: Encodable {
  let samples: Int
  /// Within 1 % of a sample; so is `p99`.
  let p50: Double
  let p99: Double
  let max: Double

  /// - Returns: nil if there are no samples.
  /// - Parameter unit: nanoseconds per unit of the result: 1000 for µs.
  init?(_ durations: Histogram, unit: Double) {
    guard durations.samples > 0 else { return nil }
    samples = durations.samples
    p50 = Double(durations.percentile(0.5)) / unit
    p99 = Double(durations.percentile(0.99)) / unit
    max = Double(durations.longest) / unit
  }

  func text(_ unit: String, digits: Int) -> String {
    "p50 \(p50.digits(digits)) \(unit), p99 \(p99.digits(digits)) \(unit)"
  }
}
