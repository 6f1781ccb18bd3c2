import Foundation
import Testing

/// Blocks the calling thread, which must be a separate one (see `onThread`), until the condition holds. Only a broken
/// server lets it reach the deadline.
func eventually(_ what: String, _ condition: () throws -> Bool) throws {
  let deadline = Date.now + 60
  while try !condition() {
    try #require(Date.now < deadline, "\(what) in 60 s")
    usleep(1000)
  }
}
