import ChatProtocol

extension Transcript {
  /// One message of a page.
  struct PageMessage: Hashable, Sendable {
    var body: TranscriptEntry.Body
    var time: Timestamp
    var sequence: Int?

    var isOwn: Bool {
      if case .message(let message) = body { message.isOwn } else { false }
    }
  }

  /// Adds a page of older messages before the first entry. Messages of the page that belong between loaded ones are
  /// inserted there, and loaded ones are skipped. The view does not move, since existing entries keep their ids.
  /// - Returns: the number of new messages.
  mutating func prepend(_ page: [PageMessage]) -> Int {
    var bound = firstSequence ?? lastSequence.map { $0 + 1 } ?? .max
    var older: [PageMessage] = []
    var between: [(message: PageMessage, sequence: Int)] = []
    for message in page.reversed() {
      if let sequence = message.sequence {
        guard sequence < bound else {
          if firstSequence != nil { between.append((message, sequence)) }
          continue
        }
        bound = sequence
      }
      older.append(message)
    }
    let inserted = between.reversed().count { insert($0.message, at: $0.sequence) }
    insertBeforeAll(older)
    return older.count + inserted
  }

  /// - Parameter older: newest first.
  private mutating func insertBeforeAll(_ older: [PageMessage]) {
    guard !older.isEmpty else { return }
    // After `clear`, the messages were in the transcript before.
    let isFirstPage = firstSequence == nil && lastSequence == nil
    var count = entries.first.map { $0.messageCount - $0.body.messageCount } ?? 0
    var added: [TranscriptEntry] = []
    for message in older {
      bytes += message.body.cost
      firstID -= Self.spacing
      added.append(
        TranscriptEntry(
          id: firstID, time: message.time, body: message.body, sequence: message.sequence, messageCount: count))
      count -= message.body.messageCount
    }
    entries.insert(contentsOf: added.reversed(), at: 0)
    if isFirstPage { journal?.append(.older(added.prefix(LinePrinter.maximumOlder).reversed())) }
    firstSequence = older.last { $0.sequence != nil }?.sequence ?? firstSequence
    lastSequence = lastSequence ?? older.first { $0.sequence != nil }?.sequence
  }

  /// Inserts a message between loaded ones: an own message may be confirmed before earlier messages arrive.
  /// - Returns: false if the message is loaded already.
  private mutating func insert(_ message: PageMessage, at sequence: Int) -> Bool {
    guard let before = entries.lastIndex(where: { $0.sequence.map { $0 <= sequence } ?? false }),
      entries[before].sequence != sequence
    else { return false }
    let next = before + 1
    let id = entries[before].id + 1
    guard next == entries.count || id < entries[next].id else { return false }
    bytes += message.body.cost
    entries.insert(
      TranscriptEntry(
        id: id, time: message.time, body: message.body, sequence: sequence,
        messageCount: entries[before].messageCount + message.body.messageCount), at: next)
    journal?.append(.added(message.body, at: message.time))
    for later in entries.indices.dropFirst(next + 1) { entries[later].messageCount += message.body.messageCount }
    lastSequence = max(lastSequence ?? 0, sequence)
    return true
  }
}
