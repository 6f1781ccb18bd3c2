import CAllocations
import ChatProtocol
import Testing

@testable import ChatServer

/// The number of allocations does not depend on how fast the machine is.
@Suite(.enabled(if: callocations_count() >= 0, "allocations are counted with Glibc only"))
struct AllocationTests {
  /// - Parameters:
  ///   - capabilities: lines that each reader sends before the login.
  ///   - request: one line of the writer.
  /// - Returns: the number of allocations for lines that the server reads and answers in one iteration.
  private func allocations(
    for lines: Int, readers: Int, _ capabilities: String = "", request: (Int) -> String = { "MSG message \($0)" }
  ) throws -> Int {
    let harness = ServerHarness()
    let readers = try (0..<readers).map { try harness.logIn("reader\($0)", capabilities) }
    let requests = (0..<lines).map { request($0) + "\n" }.joined()
    // The log in memory holds 1,000 messages; then it does not grow any more.
    for _ in 0..<(1000 / lines + 2) {
      try readers[0].send(requests)
      harness.endIteration()
    }
    // The last one receives everything, directly or in the room.
    #expect(readers.last?.takeLines().count ?? 0 >= 1000)
    let start = callocations_count()
    try readers[0].send(requests)
    harness.endIteration()
    let count = callocations_count() - start
    try harness.close()
    return count
  }

  /// The allocations for each of a hundred further lines in an iteration.
  private func allocationsPerLine(
    readers: Int, _ capabilities: String = "", request: (Int) -> String = { "MSG message \($0)" }
  ) throws -> Double {
    let few = try allocations(for: 100, readers: readers, capabilities, request: request)
    let many = try allocations(for: 200, readers: readers, capabilities, request: request)
    return Double(many - few) / 100
  }

  @Test(arguments: ["", "CAP REQ tags\n", "CAP REQ tags presence rooms history resume marks lines\n"])
  func `a further line costs nothing per reader`(capabilities: String) throws {
    let few = try allocationsPerLine(readers: 10, capabilities)
    let many = try allocationsPerLine(readers: 30, capabilities)
    // The buffer of a reader may grow once more or less; a cost per reader would be at least twenty.
    #expect(abs(many - few) < 2, "\(few) allocations per line with 10 readers, \(many) with 30")
  }

  /// An optimized build needs five.
  @Test func `a message does not cost more allocations than it did`() throws {
    let message = try allocationsPerLine(readers: 3)
    let direct = try allocationsPerLine(readers: 3) { "DM reader2 message \($0)" }
    let tagged = try allocationsPerLine(readers: 3, "CAP REQ tags\n")
    #expect(message <= 120 && direct <= 165 && tagged <= 165, "\(message), \(direct), \(tagged)")
  }
}
