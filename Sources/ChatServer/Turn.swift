/// How much one turn of the event loop may do before the sockets are looked at again, and how much of it one client may
/// cause. Lines are no measure: one may be for everybody, or be answered with thousands. Measured is what they make the
/// server send, in bytes.
struct Turn {
  /// Bytes for all readers, so far.
  private(set) var work = 0

  /// What a line to one reader costs beside its bytes.
  private static let line = 64
  /// One client's part: some milliseconds.
  private static let mostOfOne = 4 << 20
  private static let mostOfAll = 16 << 20

  mutating func addPublished(_ bytes: Int) { work &+= bytes }
  mutating func addLine(_ bytes: Int) { work &+= bytes &+ Self.line }

  /// Enough was done for all: the rest is for the next turn.
  var isOver: Bool { work >= Self.mostOfAll }

  /// - Parameter start: `work` when the client's turn began.
  /// - Returns: whether the client has had its part.
  func isOver(since start: Int) -> Bool { isOver || work &- start >= Self.mostOfOne }
}
