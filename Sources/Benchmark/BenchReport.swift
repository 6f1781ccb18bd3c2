#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The result of a benchmark.
protocol BenchReport: Encodable {
  var table: Table { get }
  /// The first check that failed; nil if all passed.
  var complaint: String? { get }
}

extension BenchReport {
  /// On one line, with the keys in alphabetical order.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
