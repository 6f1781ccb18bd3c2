import ChatProtocol

/// The read marker of a conversation. If the server numbers messages, those between `mark` and `head` are unread.
struct ReadState: Hashable, Sendable {
  /// The sequence number of the newest message.
  private(set) var head = 0
  /// The sequence number of the last message read; nil before the first numbered message.
  private(set) var mark: Int?
  /// The last mark that the server sent or was sent.
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
    let known = [mark, serverMark].compactMap { $0 }.max()
    mark = min(known ?? (startsRead ? self.head : 0), self.head)
  }

  /// Restores saved values.
  mutating func restore(head: Int, mark: Int, told: Int) {
    self.head = max(head, told)
    self.mark = min(max(mark, 0), self.head)
  }

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
    return true
  }

  mutating func readAll() {
    uncounted = 0
    read(upTo: head)
  }

  /// Notes a mark that the server sent or was sent.
  mutating func note(told sequence: Int) { toldMark = max(toldMark, sequence) }

  /// - Returns: the mark to send to the server; nil if the server has it.
  mutating func takeNews() -> Int? {
    guard let mark, mark > toldMark else { return nil }
    toldMark = mark
    return mark
  }
}
