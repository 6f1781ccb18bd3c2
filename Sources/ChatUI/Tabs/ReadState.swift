import ChatProtocol

/// The read marker of a conversation. If the server numbers messages, those between `mark` and `head` are unread.
struct ReadState: Hashable, Sendable {
  /// The sequence number of the newest message.
  private(set) var head = 0
  /// The sequence number of the last message read; nil before the first numbered message.
  private(set) var mark: Int?
  /// Whether `mark` is the head that a conversation without a known mark starts with. The server may still report an
  /// earlier mark, so this one is neither sent to it nor saved.
  private(set) var isAssumed = false
  /// The last mark that was sent to or received from the server.
  private(set) var toldMark = 0
  /// Unread messages without sequence numbers.
  private(set) var uncounted = 0

  var unread: Int {
    guard let mark else { return uncounted }
    return max(head - mark, 0) + uncounted
  }

  /// - Parameters:
  ///   - mark: the server's mark; nil if it has none.
  ///   - startsRead: whether a conversation without any mark counts as read.
  mutating func synchronize(head: Int, mark serverMark: Int?, startsRead: Bool) {
    self.head = max(self.head, head)
    toldMark = serverMark ?? 0
    if let serverMark {
      mark = isAssumed ? serverMark : max(mark ?? serverMark, serverMark)
      isAssumed = false
    } else if mark == nil {
      (mark, isAssumed) = (startsRead ? self.head : 0, startsRead)
    }
    mark = mark.map { min($0, self.head) }
  }

  /// Restores saved values.
  mutating func restore(head: Int, mark: Int?, told: Int) {
    self.head = max(head, told)
    self.mark = mark.map { min(max($0, 0), self.head) }
  }

  /// The mark to save; nil if it is only assumed, and nothing is unread behind it.
  var savedMark: Int? { isAssumed && unread == 0 ? nil : mark }

  /// Starts over for another conversation.
  mutating func reset() { self = ReadState() }

  /// Counts a new message.
  /// - Parameters:
  ///   - isLive: whether the message was sent just now.
  ///   - isOwn: whether the user sent it: sending marks everything before as read.
  mutating func hear(_ sequence: Int?, isLive: Bool, isOwn: Bool) {
    guard let sequence else {
      if !isOwn { uncounted += 1 }
      return
    }
    // The name belongs to another user now: the numbers are those of a new conversation.
    if isLive, let mark, sequence <= mark { reset() }
    // Without a known mark, reading starts at this message.
    mark = mark ?? sequence - 1
    head = max(head, sequence)
    // The user may have read the message on another terminal already.
    read(upTo: isOwn ? max(sequence, toldMark) : toldMark)
  }

  /// Notes that this message exists.
  mutating func note(head sequence: Int) { head = max(head, sequence) }

  /// - Returns: whether the mark moved.
  @discardableResult
  mutating func read(upTo sequence: Int) -> Bool {
    guard let mark, min(sequence, head) > mark else { return false }
    self.mark = min(sequence, head)
    isAssumed = false
    return true
  }

  /// The server has had time to report a mark: an assumed one counts from now on.
  mutating func acceptMark() { isAssumed = false }

  mutating func readAll() {
    uncounted = 0
    read(upTo: head)
  }

  /// Applies a mark that the server sent. It replaces an assumed mark, and otherwise only advances the mark.
  /// - Returns: whether the mark moved.
  mutating func learn(mark sequence: Int) -> Bool {
    toldMark = max(toldMark, sequence)
    guard isAssumed else { return read(upTo: sequence) }
    isAssumed = false
    let former = mark
    mark = min(sequence, head)
    return mark != former
  }

  /// - Returns: the mark to send to the server; nil if the server has it or may have another one.
  mutating func takeNews() -> Int? {
    guard !isAssumed, let mark, mark > toldMark else { return nil }
    toldMark = mark
    return mark
  }
}
