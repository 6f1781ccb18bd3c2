/// The work of one iteration of the event loop, limited in total and per client before the sockets are polled again.
/// The measure is the output in bytes and not the number of lines, because one line may reach every member, or be
/// answered with thousands of lines.
struct IterationBudget {
  /// Bytes for all readers in this iteration.
  private(set) var work = 0

  /// The cost of a line to one reader, besides its bytes.
  private static let line = 64
  /// One client's share: some milliseconds.
  private static let mostOfOne = 4 << 20
  private static let mostOfAll = 16 << 20

  mutating func addPublished(_ bytes: Int) { work &+= bytes }
  mutating func addLine(_ bytes: Int) { work &+= bytes &+ Self.line }

  /// Whether the iteration's total is used up: the rest waits for the next iteration.
  var isOver: Bool { work >= Self.mostOfAll }

  /// - Parameter start: the value of `work` when the client's share began.
  /// - Returns: whether the client's share is used up.
  func isOver(since start: Int) -> Bool { isOver || work &- start >= Self.mostOfOne }
}
