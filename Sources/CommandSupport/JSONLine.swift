#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Encodable {
  /// On one line, with the keys in alphabetical order.
  package var jsonLine: String {
    get throws { String(decoding: try JSONLines.encoder.encode(self), as: UTF8.self) }
  }
}

private enum JSONLines {
  static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }()
}
