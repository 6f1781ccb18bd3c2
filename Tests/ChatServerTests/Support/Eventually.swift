import ChatProtocol
import Foundation
import TestSupport
import Testing

/// Blocks the calling thread, which must be a separate one (see `onThread`), until the condition holds. Only a broken
/// server lets it reach the deadline.
func eventually(_ what: String, _ condition: () throws -> Bool) throws {
  let deadline = MonotonicTime.now() + Patience.limit
  while try !condition() {
    try #require(.now() < deadline, "\(what) in \(Patience.limit)")
    usleep(1000)
  }
}
