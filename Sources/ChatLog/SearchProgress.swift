import ChatProtocol
import ChatRecords

/// The progress of one search, which examines messages one by one, newest first.
struct SearchProgress {
  let terms: SearchTerms
  /// Only messages with smaller ids are searched.
  let before: Int
  /// The searched conversations by row id.
  let conversations: [Int: Conversation]
  private let limit: Int
  private var found: [StoredMessage] = []
  /// All messages from this id up to the start of the search have been examined.
  private(set) var reached: Int
  private(set) var isStopped = false

  init(_ request: SearchRequest, _ terms: SearchTerms, in conversations: [Int: Conversation]) {
    self.terms = terms
    self.conversations = conversations
    before = request.before ?? .max
    reached = before
    limit = max(request.limit, 0)
  }

  /// Whether a message was examined. A search is not stopped before, so that a series of searches always ends.
  var hasBegun: Bool { reached < before }
  /// Whether there is one result more than requested, which shows that there are more.
  private var isFull: Bool { found.count > limit }
  var isOver: Bool { isStopped || isFull }

  mutating func stop() { isStopped = true }

  /// All messages from this id on were examined.
  mutating func reach(_ id: Int) { reached = min(reached, id) }

  /// All messages behind this id were examined.
  mutating func reach(behind id: Int) { reach(id == .max ? .max : id + 1) }

  /// Examines a message, by its row with the columns of `StoredMessage.init(_:in:)`.
  /// - Returns: whether to continue.
  mutating func take(_ row: some LogRow, until mustStop: () -> Bool) throws(DamagedRow) -> Bool {
    guard !hasBegun || !mustStop() else {
      isStopped = true
      return false
    }
    defer { reached = row.int(0) }
    // The cheapest checks come first and reject most rows.
    guard let conversation = conversations[row.int(1)], row.int(6) == MessageKind.text.rawValue,
      terms.allow(time: Timestamp(milliseconds: row.int64(8))), terms.allow(text: row.text(7))
    else { return true }
    let message = try StoredMessage(row, in: conversation)
    guard terms.allow(author: message.author) else { return true }
    found.append(message)
    return !isFull
  }

  /// The last id that the search may find, of those up to `id`.
  func last(through id: Int) -> Int { min(id, before == .min ? .min : before - 1) }

  var page: Page {
    Page(messages: Array(found.prefix(limit)), hasMore: isFull, stoppedBefore: isStopped && !isFull ? reached : nil)
  }
}
