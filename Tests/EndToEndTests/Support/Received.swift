import TestSupport
import Testing

/// Waits for bytes that a client receives.
enum Received {
  /// Waits until `bytes` is exactly `expected`; fails as soon as that is impossible.
  static func wait(
    toEqual expected: [UInt8], timeout: Duration, sourceLocation: SourceLocation, isEnded: () -> Bool,
    bytes: () async throws -> [UInt8]
  ) async throws {
    var last: [UInt8] = []
    let isEqual = try await Patience.answer(within: timeout) { () async throws -> Bool? in
      // Checked first, so that bytes received before the end are not missed.
      let ended = isEnded()
      last = try await bytes()
      if last == expected { return true }
      return ended || !expected.starts(with: last) ? false : nil
    }
    try #require(
      isEqual == true, "waited for exactly\n\(Excerpt(expected))\n--- but received\n\(Excerpt(last))",
      sourceLocation: sourceLocation)
  }

  /// Waits until `bytes` contains `text`; fails as soon as the connection has ended without it.
  static func wait(
    toContain text: String, timeout: Duration, sourceLocation: SourceLocation, isEnded: () -> Bool,
    bytes: () async throws -> [UInt8]
  ) async throws {
    var last: [UInt8] = []
    let contains = try await Patience.answer(within: timeout) { () async throws -> Bool? in
      let ended = isEnded()
      last = try await bytes()
      if last.contains(Array(text.utf8)) { return true }
      return ended ? false : nil
    }
    try #require(
      contains == true, "waited for\n\(Excerpt(text.utf8))\n--- but received\n\(Excerpt(last))",
      sourceLocation: sourceLocation)
  }
}
