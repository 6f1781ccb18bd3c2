/// The distribution of a quantity over the samples.
struct Percentiles: Encodable {
  let samples: Int
  let p50: Double
  let p99: Double
  let max: Double

  /// - Returns: nil if there are no samples.
  /// - Parameter unit: nanoseconds per unit of the result: 1000 for µs.
  init?(nanoseconds: [Int64], unit: Double) {
    guard let largest = nanoseconds.max() else { return nil }
    let sorted = nanoseconds.sorted()
    // Nearest rank, so that the result is an actual sample.
    func rank(_ share: Double) -> Double {
      let place = (share * Double(sorted.count)).rounded(.up)
      return Double(sorted[Swift.min(Swift.max(Int(place) - 1, 0), sorted.count - 1)]) / unit
    }
    samples = sorted.count
    p50 = rank(0.5)
    p99 = rank(0.99)
    max = Double(largest) / unit
  }

  func text(_ unit: String, digits: Int) -> String {
    "p50 \(p50.digits(digits)) \(unit), p99 \(p99.digits(digits)) \(unit)"
  }
}
