import ChatProtocol

/// Read marks: what the user has read, what was sent to the server, and what the server has confirmed.
struct Marks: Sendable {
  /// Minimum time between two marks for one conversation.
  private static let interval = Duration.seconds(1)

  private struct Mark: Sendable {
    /// Confirmed or reported by the server.
    var known = 0
    var sent = 0
    var wanted = 0
    var quietUntil: MonotonicTime?
  }

  private var marks: [Target: Mark] = [:]
  /// Conversations with a mark to send, longest waiting first.
  private var waiting: [Target] = []

  mutating func read(_ target: Target, upTo sequence: Int) {
    guard sequence > marks[target, default: Mark()].wanted else { return }
    marks[target, default: Mark()].wanted = sequence
    enqueue(target)
  }

  /// The server reports a mark.
  /// - Returns: whether the mark is further than all before.
  mutating func learn(_ target: Target, upTo sequence: Int) -> Bool {
    var mark = marks[target] ?? Mark()
    let isNews = sequence > mark.wanted
    mark.known = max(sequence, mark.known)
    mark.wanted = max(sequence, mark.wanted)
    mark.sent = max(sequence, mark.sent)
    marks[target] = mark
    return isNews
  }

  /// Time of the next mark. Call `next` first to take those that are already due.
  var deadline: MonotonicTime { waiting.lazy.compactMap { marks[$0]?.quietUntil }.min() ?? .distantFuture }

  mutating func next(at now: MonotonicTime) -> (Target, Int)? {
    while let index = waiting.firstIndex(where: { (marks[$0]?.quietUntil ?? now) <= now }) {
      let target = waiting.remove(at: index)
      guard let mark = marks[target], mark.wanted > mark.sent else { continue }
      marks[target]?.sent = mark.wanted
      marks[target]?.quietUntil = now + Self.interval
      return (target, mark.wanted)
    }
    return nil
  }

  /// Takes all waiting marks, because the connection is about to end.
  mutating func takeAll() -> [(Target, Int)] {
    let last = waiting.compactMap { target in marks[target].map { (target, $0.wanted) } }
    for (target, sequence) in last { marks[target]?.sent = sequence }
    waiting = []
    return last
  }

  mutating func forget(_ target: Target) {
    marks[target] = nil
    waiting.removeAll { $0 == target }
  }

  /// Marks that were sent but not confirmed may be lost.
  mutating func disconnected() {
    for target in marks.keys.sorted(by: { $0.text < $1.text }) {
      guard var mark = marks[target] else { continue }
      mark.sent = mark.known
      mark.quietUntil = nil
      marks[target] = mark
      if mark.wanted > mark.sent { enqueue(target) }
    }
  }

  private mutating func enqueue(_ target: Target) {
    if !waiting.contains(target) { waiting.append(target) }
  }
}
