import Testing

/// What a client has received, and how to wait for it.
enum Received {
  /// Waits until `bytes` is exactly `expected`; fails at once when it can no longer become so.
  static func wait(
    toEqual expected: [UInt8], timeout: Duration, sourceLocation: SourceLocation, isEnded: () -> Bool,
    bytes: () async throws -> [UInt8]
  ) async throws {
    var last: [UInt8] = []
    let isEqual = try await Patience.answer(within: timeout) { () async throws -> Bool? in
      // Asked first, so that bytes which came before the end are not missed.
      let ended = isEnded()
      last = try await bytes()
      if last == expected { return true }
      return ended || !expected.starts(with: last) ? false : nil
    }
    try #require(
      isEqual == true, "waited for exactly\n\(Excerpt(expected))\n--- but received\n\(Excerpt(last))",
      sourceLocation: sourceLocation)
  }

  /// Waits until `text` is part of `bytes`; fails at once when nothing more can come.
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
