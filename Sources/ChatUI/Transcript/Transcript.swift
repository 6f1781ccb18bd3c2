import ChatProtocol

/// What happened in one conversation, the oldest first, within bounds; and what was sent and not confirmed yet, which
/// stands below it.
struct Transcript: Hashable, Sendable {
  private(set) var entries: [TranscriptEntry] = []
  private(set) var unconfirmed: [Unconfirmed] = []
  private var lastID = 0
  private var messageCount = 0

  /// What was sent, waiting for the server's word.
  struct Unconfirmed: Hashable, Sendable {
    let id: SendID
    /// As it was typed.
    let original: String
    let time: Timestamp

    /// As it is shown.
    var text: String { DisplayText.sanitize(original) }
  }

  static let maximumEntries = 5000
  /// The oldest go this many at a time, since moving the rest takes a while.
  private static let trimmed = 500

  @discardableResult
  mutating func append(_ body: TranscriptEntry.Body, at time: Timestamp) -> Int {
    lastID += 1
    if case .message = body { messageCount += 1 }
    entries.append(TranscriptEntry(id: lastID, time: time, body: body, messageCount: messageCount))
    if entries.count > Self.maximumEntries { entries.removeFirst(Self.trimmed) }
    return lastID
  }

  /// Somebody came or went: told with those before, while nothing is said in between, so that a crowd takes a line or
  /// two and not the screen.
  mutating func append(_ change: PresenceChange, at time: Timestamp) {
    if let last = entries.last, case .presence(let changes) = last.body, changes.count < PresenceChange.perEntry,
      time.milliseconds &- last.time.milliseconds < PresenceChange.togetherWithin
    {
      entries[entries.count - 1].body = .presence(changes + [change])
    } else {
      append(.presence([change]), at: time)
    }
  }

  mutating func clear() { entries = [] }

  mutating func appendUnconfirmed(_ id: SendID, text: String, at time: Timestamp) {
    unconfirmed.append(Unconfirmed(id: id, original: text, time: time))
  }

  /// - Returns: nil where it was none of this conversation's.
  mutating func takeUnconfirmed(_ id: SendID) -> Unconfirmed? {
    guard let index = unconfirmed.firstIndex(where: { $0.id == id }) else { return nil }
    return unconfirmed.remove(at: index)
  }

  /// How many messages come after an entry.
  func messages(after index: Int) -> Int { messageCount - entries[index].messageCount }

  /// Where an entry stands: binary search, since ids grow.
  func index(of id: Int) -> Int? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].id == id ? low : nil
  }
}
