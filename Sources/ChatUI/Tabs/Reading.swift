import ChatProtocol

/// How far a conversation was read. Where the server counts, what is unread is what lies between the mark and the head.
struct Reading: Hashable, Sendable {
  /// The newest message there is.
  private(set) var head = 0
  /// Everything up to there was read; nil where nothing was numbered yet.
  private(set) var mark: Int?
  /// The mark that the server was told, or told us.
  private(set) var toldMark = 0
  /// Messages that came while nobody looked, where the server does not count.
  private(set) var uncounted = 0

  var unread: Int {
    guard let mark else { return uncounted }
    return max(head - mark, 0) + uncounted
  }

  /// - Parameters:
  ///   - mark: the server's; nil where it knows none.
  ///   - startsRead: whether the conversation is taken for read where nobody knows of a mark.
  mutating func synchronize(head: Int, mark serverMark: Int?, startsRead: Bool) {
    self.head = max(self.head, head)
    toldMark = serverMark ?? 0
    let known = [mark, serverMark].compactMap { $0 }.max()
    mark = min(known ?? (startsRead ? self.head : 0), self.head)
  }

  /// As it was remembered.
  mutating func restore(head: Int, mark: Int, told: Int) {
    self.head = max(head, told)
    self.mark = min(max(mark, 0), self.head)
  }

  /// The conversation is another one now.
  mutating func reset() { self = Reading() }

  /// A message came.
  /// - Parameters:
  ///   - isLive: it was said just now.
  ///   - isOwn: who writes has read what stands above.
  mutating func hear(_ sequence: Int?, isLive: Bool, isOwn: Bool) {
    guard let sequence else {
      if !isOwn { uncounted += 1 }
      return
    }
    // A name that means somebody else now begins another conversation, with numbers of its own.
    if isLive, let mark, sequence <= mark { reset() }
    // Without a word of how far it was read, it begins here.
    mark = mark ?? sequence - 1
    head = max(head, sequence)
    // The person may have read it on another terminal before it came here.
    read(upTo: isOwn ? max(sequence, toldMark) : toldMark)
  }

  /// There is this message.
  mutating func note(head sequence: Int) { head = max(head, sequence) }

  /// - Returns: whether that was news.
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

  /// The server has, or is told, this mark.
  mutating func note(told sequence: Int) { toldMark = max(toldMark, sequence) }

  /// - Returns: what to tell the server; nil where it knows.
  mutating func takeNews() -> Int? {
    guard let mark, mark > toldMark else { return nil }
    toldMark = mark
    return mark
  }
}
