import Foundation
import Testing

/// Waits, on a thread of its own, until the condition holds; only a broken server makes it wait for the deadline.
func eventually(_ what: String, _ condition: () throws -> Bool) throws {
  let deadline = Date.now + 60
  while try !condition() {
    try #require(Date.now < deadline, "\(what) in 60 s")
    usleep(1000)
  }
}
