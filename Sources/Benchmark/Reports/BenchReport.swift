/// The result of a benchmark.
protocol BenchReport: Encodable {
  var table: Table { get }
  /// The first check that failed; nil if all passed.
  var complaint: String? { get }
}
