import ChatProtocol

/// The work of one iteration of the event loop, limited in total and per client before the sockets are polled again.
/// The measure is the output in bytes and not the number of lines, because one line may reach every member, or be
/// answered with thousands of lines.
///
/// Lists have a smaller limit of their own: when many clients ask for long lists at once, these wait, and not the short
/// requests of others.
struct IterationBudget {
  /// Bytes for all readers in this iteration.
  private(set) var work = 0
  private var ends = 0
  private var listBytes = 0
  private var listTime = Duration.zero

  /// The cost of a line to one reader, besides its bytes.
  private static let line = 64
  /// One client's share: some milliseconds.
  private static let mostOfOne = 4 << 20
  private static let mostOfAll = 16 << 20
  private static let mostEnds = 128
  private static let mostOfLists = 4 << 20
  private static let longestForLists = Duration.milliseconds(5)

  mutating func addPublished(_ bytes: Int) { work &+= bytes }
  mutating func addLine(_ bytes: Int) { work &+= bytes &+ Self.line }

  /// Counts an answer with a list, whose bytes are counted already.
  mutating func addList(_ bytes: Int, took time: Duration) {
    listBytes &+= bytes
    listTime += time
  }

  mutating func addEnd() { ends += 1 }

  /// Whether the iteration's total is used up: the rest waits for the next iteration.
  var isOver: Bool { work >= Self.mostOfAll }

  /// Whether further connections are ended in the next iteration. Everyone is told of each, and closing a socket takes
  /// time, too: thousands at once must not delay the requests of the others.
  var areEndsOver: Bool { ends >= Self.mostEnds || isOver }

  /// Whether further requests for lists wait for the next iteration. The first one never does.
  var areListsOver: Bool { listBytes >= Self.mostOfLists || listTime >= Self.longestForLists }

  /// - Parameter start: the value of `work` when the client's share began.
  /// - Returns: whether the client's share is used up.
  func isOver(since start: Int) -> Bool { isOver || work &- start >= Self.mostOfOne }
}
