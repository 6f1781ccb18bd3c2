import ChatProtocol

/// What happened in one conversation, the oldest first, within bounds; and what was sent and not confirmed yet, which
/// stands below it. What the server counts stands in its order and without holes: pages of what is older go before it,
/// what is newer behind.
struct Transcript: Hashable, Sendable {
  var entries: [TranscriptEntry] = []
  /// What `entries` cost to keep, by `TranscriptEntry.Body.cost`.
  var bytes = 0
  private(set) var unconfirmed: [Unconfirmed] = []
  /// Of the first and the last message that the server counted. The last stays when the pane is cleared.
  var firstSequence: Int?
  var lastSequence: Int?
  /// The lowest and the highest id there ever was.
  var firstID = 0
  private var lastID = 0

  /// What was sent, waiting for the server's word.
  struct Unconfirmed: Hashable, Sendable {
    let id: SendID
    /// As it was typed.
    let original: String
    let time: Timestamp
    /// It is on the wire, or was; it waits for a connection otherwise.
    var isTransmitted = false
    /// Of a message to a person: the conversation that was meant when it was written, where that is known.
    var epoch: Epoch?

    /// As it is shown.
    var text: String { DisplayText.sanitize(original) }
  }

  /// So many are kept while the newest is in view.
  static let maximumEntries = 5000
  /// While somebody reads far above, nothing goes that they may still want; but this is the end of it.
  static let maximumEntriesAbove = 20_000
  /// What the entries of one conversation may cost, and those of all together.
  static let maximumBytes = 9 << 20
  static let maximumBytesOfAll = 32 << 20
  /// With more, nothing older is asked for. Below `maximumBytes` by more than a page has, which would go at once.
  static let maximumBytesAbove = 4 << 20
  /// The oldest go this many at a time, since moving the rest takes a while.
  private static let trimmed = 500
  /// Ids are so far apart, so that what was missed finds room before lines that were told meanwhile.
  static let spacing = 1 << 20

  private var messageCount: Int { entries.last?.messageCount ?? 0 }

  // MARK: At the end

  /// Puts a line behind all others.
  @discardableResult
  mutating func append(_ body: TranscriptEntry.Body, at time: Timestamp, sequence: Int? = nil) -> Int {
    let body = body.bounded
    bytes += body.cost
    lastID += Self.spacing
    entries.append(
      TranscriptEntry(
        id: lastID, time: time, body: body, sequence: sequence, messageCount: messageCount + body.messageCount))
    note(sequence)
    return lastID
  }

  /// Somebody came or went: told with those before, while nothing is said in between, so that a crowd takes a line or
  /// two and not the screen.
  mutating func append(_ change: PresenceChange, at time: Timestamp) {
    if merges(change, at: time), case .presence(let changes)? = entries.last?.body {
      replaceLast(with: .presence(changes + [change]))
    } else {
      append(.presence([change]), at: time)
    }
  }

  /// Whether the change is told in the last entry, and needs none of its own.
  func merges(_ change: PresenceChange, at time: Timestamp) -> Bool {
    guard let last = entries.last, case .presence(let changes) = last.body else { return false }
    return changes.count < PresenceChange.perEntry
      && time.milliseconds &- last.time.milliseconds < PresenceChange.togetherWithin
  }

  /// Puts something else in the place of the last entry, which keeps its id.
  mutating func replaceLast(with body: TranscriptEntry.Body) {
    guard let last = entries.indices.last else { return }
    let body = body.bounded
    bytes += body.cost - entries[last].body.cost
    entries[last].messageCount += body.messageCount - entries[last].body.messageCount
    entries[last].body = body
  }

  /// What was said while nobody listened: it stands before the lines of one's own that were told since.
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
    // What stands behind it are lines of one's own, which are no messages.
    let count = entries[index].messageCount + body.messageCount
    entries.insert(
      TranscriptEntry(id: id, time: time, body: body, sequence: sequence, messageCount: count), at: index)
    for later in entries.indices.dropFirst(index + 1) { entries[later].messageCount += body.messageCount }
    note(sequence)
    return id
  }

  private mutating func note(_ sequence: Int?) {
    guard let sequence else { return }
    firstSequence = firstSequence ?? sequence
    lastSequence = sequence
  }

  /// Everything up to there was told, be it kept or not.
  mutating func note(told sequence: Int) { lastSequence = max(lastSequence ?? 0, sequence) }

  /// Whether the message stands here, or stood here.
  func has(_ sequence: Int) -> Bool { lastSequence.map { sequence <= $0 } ?? false }

  // MARK: At the beginning

  func exceeds(_ maximum: Int, bytes maximumBytes: Int) -> Bool { entries.count > maximum || bytes > maximumBytes }

  /// Lets the oldest go where there are too many.
  /// - Parameter maximumBytes: of what they may cost. The last one stays, whatever it costs.
  /// - Returns: whether any went.
  mutating func trim(to maximum: Int, bytes maximumBytes: Int) -> Bool {
    guard exceeds(maximum, bytes: maximumBytes) else { return false }
    var count = entries.count > maximum ? min(entries.count - maximum + Self.trimmed, entries.count - 1) : 0
    var rest = bytes - entries.prefix(count).reduce(0) { $0 + $1.body.cost }
    // Some more, so that not every new line makes the next one go.
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

  /// Whether more may be put before the first entry.
  var hasRoomAbove: Bool { entries.count < Self.maximumEntriesAbove && bytes < Self.maximumBytesAbove }

  // MARK: Forgetting

  /// Empties the pane. What was there is still known to have been.
  mutating func clear() {
    entries = []
    bytes = 0
    firstSequence = nil
  }

  /// Forgets what was said; what was told on this screen since then stays, and what was sent.
  mutating func reset() {
    if let last = entries.lastIndex(where: \.isSaid) {
      bytes -= entries[...last].reduce(0) { $0 + $1.body.cost }
      entries.removeFirst(last + 1)
      for index in entries.indices { entries[index].messageCount = 0 }
    }
    (firstSequence, lastSequence) = (nil, nil)
  }

  /// Takes the text of a message away. It keeps its place and its id, so that nothing that is read moves.
  /// - Returns: what stood there; nil where it is not here.
  mutating func remove(_ sequence: Int, by name: Nickname?) -> TranscriptEntry? {
    guard let index = entries.lastIndex(where: { $0.sequence == sequence }),
      let rest = entries[index].body.removed(by: name)
    else { return nil }
    let entry = entries[index]
    entries[index].body = rest
    bytes += rest.cost - entry.body.cost
    let difference = rest.messageCount - entry.body.messageCount
    if difference != 0 { for later in entries.indices[index...] { entries[later].messageCount += difference } }
    return entry
  }

  // MARK: What was sent

  mutating func appendUnconfirmed(_ sent: Unconfirmed) { unconfirmed.append(sent) }

  /// - Returns: false where it is none of this conversation's.
  mutating func changeUnconfirmed(_ id: SendID, _ change: (inout Unconfirmed) -> Void) -> Bool {
    guard let index = unconfirmed.firstIndex(where: { $0.id == id }) else { return false }
    change(&unconfirmed[index])
    return true
  }

  /// - Returns: nil where it was none of this conversation's.
  mutating func takeUnconfirmed(_ id: SendID) -> Unconfirmed? {
    guard let index = unconfirmed.firstIndex(where: { $0.id == id }) else { return nil }
    return unconfirmed.remove(at: index)
  }

  // MARK: Finding

  /// How many messages come after an entry.
  func messages(after index: Int) -> Int { messageCount - entries[index].messageCount }

  /// Where an entry stands: binary search, since ids grow.
  func index(of id: Int) -> Int? {
    let index = place(of: id)
    return index < entries.count && entries[index].id == id ? index : nil
  }

  /// Where the entry stands, or what comes next where it is gone.
  func place(of id: Int) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The first message behind a sequence.
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
