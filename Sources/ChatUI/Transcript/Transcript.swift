import ChatModel
import ChatProtocol

/// The bounded history of one conversation, oldest first, followed by the unconfirmed messages. Numbered messages are
/// in order and without gaps: older pages are added before them, newer messages behind.
struct Transcript: Hashable, Sendable {
  var entries: [TranscriptEntry] = []
  /// The memory that `entries` take, as the sum of `TranscriptEntry.Body.cost`.
  var bytes = 0
  private(set) var unconfirmed: [OutgoingMessage] = []
  /// The changes since `takeJournal`, for an interface that prints lines; nil if they are not recorded.
  var journal: [TranscriptRecord]?
  /// The sequence numbers of the first and last numbered message. The last one stays when the pane is cleared.
  var firstSequence: Int?
  var lastSequence: Int?
  /// The lowest and highest id ever used.
  var firstID = 0
  private var lastID = 0

  /// The limit for entries while the newest one is in view.
  static let maximumEntries = 5000
  /// The limit while the user reads far above, where entries in view must not be removed.
  static let maximumEntriesAbove = 20_000
  /// The memory limit for one conversation.
  static let maximumBytes = 9 << 20
  /// The memory limit for all conversations together. With more than three servers it is that of one for each.
  static let maximumBytesOfAll = 32 << 20

  /// The memory limit for all conversations of one server: an equal share, so that no server displaces messages of
  /// others.
  /// - Parameter servers: the number of open servers.
  static func maximumBytes(ofServers servers: Int) -> Int { max(maximumBytesOfAll / max(servers, 1), maximumBytes) }

  /// Above this, no older messages are requested. The difference to `maximumBytes` is more than a page, so that a new
  /// page is not removed at once.
  static let maximumBytesAbove = 4 << 20
  /// The number of oldest entries removed at a time, since moving the rest takes a while.
  private static let trimmed = 500
  /// The distance between ids, which leaves space for missed messages before lines that came in the meantime.
  static let spacing = 1 << 20

  private var messageCount: Int { entries.last?.messageCount ?? 0 }

  // MARK: Appending

  /// Appends an entry.
  @discardableResult
  mutating func append(_ body: TranscriptEntry.Body, at time: Timestamp, sequence: Int? = nil) -> Int {
    let body = body.bounded
    bytes += body.cost
    lastID += Self.spacing
    entries.append(
      TranscriptEntry(
        id: lastID, time: time, body: body, sequence: sequence, messageCount: messageCount + body.messageCount))
    note(sequence)
    journal?.append(.added(body, at: time))
    return lastID
  }

  /// Appends a join or leave. Consecutive changes share one entry, so that a mass join takes a line or two instead of
  /// the whole screen.
  mutating func append(_ change: PresenceChange, at time: Timestamp) {
    if mergesPresence(at: time), case .presence(let changes)? = entries.last?.body {
      replaceLast(with: .presence(changes + [change]))
      journal?.append(.added(.presence([change]), at: time))
    } else {
      append(.presence([change]), at: time)
    }
  }

  /// Whether the last entry can take a presence change.
  func mergesPresence(at time: Timestamp) -> Bool {
    guard let last = entries.last, case .presence(let changes) = last.body else { return false }
    return changes.count < PresenceChange.perEntry
      && time.milliseconds &- last.time.milliseconds < PresenceChange.togetherWithin
  }

  /// Replaces the body of the last entry, which keeps its id.
  mutating func replaceLast(with body: TranscriptEntry.Body) {
    guard let last = entries.indices.last else { return }
    let body = body.bounded
    bytes += body.cost - entries[last].body.cost
    entries[last].messageCount += body.messageCount - entries[last].body.messageCount
    entries[last].body = body
  }

  /// Adds a message that was sent while the client was not connected. It goes before local lines that are newer.
  mutating func appendMissed(_ body: TranscriptEntry.Body, at time: Timestamp, sequence: Int?) -> Int {
    var index = entries.count
    while index > 0, !entries[index - 1].isSaid, entries[index - 1].time > time { index -= 1 }
    guard index < entries.count else { return append(body, at: time, sequence: sequence) }
    let id: Int
    if index == 0 {
      firstID -= Self.spacing
      id = firstID
    } else {
      id = entries[index - 1].id + 1
      guard id < entries[index].id else { return append(body, at: time, sequence: sequence) }
    }
    bytes += body.cost
    // The entries behind it are local lines, which do not count as messages.
    let count = entries[index].messageCount + body.messageCount
    entries.insert(
      TranscriptEntry(id: id, time: time, body: body, sequence: sequence, messageCount: count), at: index)
    for later in entries.indices.dropFirst(index + 1) { entries[later].messageCount += body.messageCount }
    note(sequence)
    journal?.append(.added(body, at: time))
    return id
  }

  private mutating func note(_ sequence: Int?) {
    guard let sequence else { return }
    firstSequence = firstSequence ?? sequence
    lastSequence = sequence
  }

  /// Notes that everything up to this sequence number was received, whether kept or not.
  mutating func note(told sequence: Int) { lastSequence = max(lastSequence ?? 0, sequence) }

  /// Whether the message is, or was, in the transcript.
  func has(_ sequence: Int) -> Bool { lastSequence.map { sequence <= $0 } ?? false }

  // MARK: Trimming

  func exceeds(_ maximum: Int, bytes maximumBytes: Int) -> Bool { entries.count > maximum || bytes > maximumBytes }

  /// Removes the oldest entries above the limits.
  /// - Parameter maximumBytes: the memory limit. The last entry stays, whatever it costs.
  /// - Returns: whether entries were removed.
  mutating func trim(to maximum: Int, bytes maximumBytes: Int) -> Bool {
    guard exceeds(maximum, bytes: maximumBytes) else { return false }
    var count = entries.count > maximum ? min(entries.count - maximum + Self.trimmed, entries.count - 1) : 0
    var rest = bytes - entries.prefix(count).reduce(0) { $0 + $1.body.cost }
    // Down to three quarters, so that not every new line removes another.
    while rest > maximumBytes / 4 * 3, count < entries.count - 1 {
      rest -= entries[count].body.cost
      count += 1
    }
    guard count > 0 else { return false }
    entries.removeFirst(count)
    bytes = rest
    firstSequence = entries.first { $0.sequence != nil }?.sequence
    return true
  }

  /// Whether entries can be added before the first one.
  var hasRoomAbove: Bool { entries.count < Self.maximumEntriesAbove && bytes < Self.maximumBytesAbove }

  // MARK: Removing

  /// Empties the pane. `has` still knows the removed messages.
  mutating func clear() {
    entries = []
    bytes = 0
    firstSequence = nil
  }

  /// Removes the messages of the conversation; newer local lines and unconfirmed messages stay.
  mutating func reset() {
    if let last = entries.lastIndex(where: \.isSaid) {
      bytes -= entries[...last].reduce(0) { $0 + $1.body.cost }
      entries.removeFirst(last + 1)
      for index in entries.indices { entries[index].messageCount = 0 }
    }
    (firstSequence, lastSequence) = (nil, nil)
  }

  /// Redacts a message. Its entry stays with its id, so that the view does not move.
  /// - Returns: the entry before the redaction; nil if it is not loaded.
  mutating func redact(_ sequence: Int, by name: Nickname?) -> TranscriptEntry? {
    guard let index = entries.lastIndex(where: { $0.sequence == sequence }),
      let rest = entries[index].body.redacted(by: name)
    else { return nil }
    let entry = entries[index]
    entries[index].body = rest
    bytes += rest.cost - entry.body.cost
    let difference = rest.messageCount - entry.body.messageCount
    if difference != 0 { for later in entries.indices[index...] { entries[later].messageCount += difference } }
    if case .redacted(let author, let by) = rest, rest != entry.body {
      journal?.append(.redacted(author, at: entry.time, by: by))
    }
    return entry
  }

  // MARK: Unconfirmed messages

  mutating func appendUnconfirmed(_ message: OutgoingMessage) { unconfirmed.append(message) }

  /// - Returns: false if the message does not belong to this conversation.
  mutating func changeUnconfirmed(_ id: SendID, _ change: (inout OutgoingMessage) -> Void) -> Bool {
    guard let index = unconfirmed.firstIndex(where: { $0.id == id }) else { return false }
    change(&unconfirmed[index])
    return true
  }

  /// - Returns: nil if the message does not belong to this conversation.
  mutating func takeUnconfirmed(_ id: SendID) -> OutgoingMessage? {
    guard let index = unconfirmed.firstIndex(where: { $0.id == id }) else { return nil }
    return unconfirmed.remove(at: index)
  }

  // MARK: Lookup

  /// The authors of visible entries whose names have more than so many bytes, oldest first. Runs for every frame.
  func authors(in range: Range<Int>, withNamesAbove bytes: Int, _ filter: EntryFilter) -> [Nickname] {
    var found: [Nickname] = []
    for index in range where entries[index].body.authorBytes > bytes && !filter.hides(entries[index]) {
      if let author = entries[index].author { found.append(author) }
    }
    return found
  }

  /// The index of an entry: a binary search, since ids ascend.
  func index(of id: Int) -> Int? {
    let index = place(of: id)
    return index < entries.count && entries[index].id == id ? index : nil
  }

  /// The index of the entry, or of the next one if it was removed.
  func place(of id: Int) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The first message after a sequence number.
  func first(after sequence: Int) -> TranscriptEntry? {
    guard let lastSequence, lastSequence > sequence else { return nil }
    var found: TranscriptEntry?
    for entry in entries.reversed() {
      guard let number = entry.sequence else { continue }
      if number <= sequence { break }
      found = entry
    }
    return found
  }

  func entry(withSequence sequence: Int) -> TranscriptEntry? {
    first(after: sequence - 1).flatMap { $0.sequence == sequence ? $0 : nil }
  }
}
