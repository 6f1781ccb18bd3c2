/// The work of one iteration of the event loop, limited in total and per client before the sockets are polled again.
/// The measure is the output in bytes and not the number of lines, because one line may reach every member, or be
/// answered with thousands of lines.
///
/// Lists and the ends of connections have smaller limits, so that many clients that ask for lists, or leave, at once do
/// not delay the short requests of others.
struct IterationBudget {
  /// Bytes for all readers in this iteration.
  private(set) var work = 0
  /// The part of `work` that belongs to answers with lists.
  private var listWork = 0
  /// The ends of connections that were handled.
  private var ends = 0

  /// The cost of a line to one reader, besides its bytes.
  private static let line = 64
  /// One client's share: some milliseconds.
  private static let mostOfOne = 4 << 20
  private static let mostOfAll = 16 << 20
  private static let mostOfLists = 256 << 10
  static let mostEnds = 128

  mutating func addPublished(_ bytes: Int) { work &+= bytes }
  mutating func addLine(_ bytes: Int) { work &+= bytes &+ Self.line }

  /// - Parameter start: the value of `work` before the answer with a list.
  mutating func addList(since start: Int) { listWork &+= work &- start }
  mutating func addEnd() { ends += 1 }

  /// Whether the iteration's total is used up: the rest waits for the next iteration.
  var isOver: Bool { work >= Self.mostOfAll }

  /// Whether further requests for lists wait for the next iteration. The first one never waits.
  var areListsOver: Bool { listWork >= Self.mostOfLists }

  /// Whether further ends of connections wait for the next iteration: each departure is published to all members, and
  /// closing a socket takes time.
  var areEndsOver: Bool { ends >= Self.mostEnds || isOver }

  /// - Parameter start: the value of `work` when the client's share began.
  /// - Returns: whether the client's share is used up.
  func isOver(since start: Int) -> Bool { isOver || work &- start >= Self.mostOfOne }
}
