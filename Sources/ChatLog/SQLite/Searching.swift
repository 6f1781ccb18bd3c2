import ChatProtocol
import GRDB

/// One search, within a transaction that reads: first through the messages that are not in the index yet, one by one,
/// then through the index.
struct Searching {
  private let database: Database
  private let terms: SearchTerms
  private let before: Int
  private let limit: Int
  /// What the rows call the conversations that may be looked into.
  private var conversations: [Int: Conversation] = [:]
  private var found: [StoredMessage] = []

  /// So many phrases are left to the index; the others are looked for in what it finds.
  private static let indexedPhrases = 16
  /// Of more conversations the index is asked for all, and what lies elsewhere is left out: it takes as long to put
  /// together what so many words find.
  private static let indexedConversations = 64

  /// - Returns: nil where nothing can be found.
  init?(_ request: SearchRequest, in database: Database) throws {
    guard let terms = SearchTerms(request.query) else { return nil }
    self.terms = terms
    self.database = database
    before = request.before ?? .max
    limit = max(request.limit, 0)
    let table = ConversationTable(database)
    for conversation in request.conversations {
      if let id = try table.id(of: conversation) { conversations[id] = conversation }
    }
    guard !conversations.isEmpty else { return nil }
  }

  mutating func run() throws -> Page {
    let indexedThrough = try SearchIndex(database).indexedThrough()
    if try searchTail(behind: indexedThrough) { try searchIndex(through: indexedThrough) }
    let hasMore = found.count > limit
    return Page(messages: Array(found.prefix(limit)), hasMore: hasMore)
  }

  /// - Returns: whether to look for more: one more than is asked for tells that there is more.
  private mutating func take(_ row: PreparedStatement.Row) throws -> Bool {
    guard let conversation = conversations[row.int(1)] else { return true }
    let message = try MessageTable.message(row, in: conversation)
    guard terms.allow(message) else { return true }
    found.append(message)
    return found.count <= limit
  }

  private mutating func searchTail(behind indexedThrough: Int) throws -> Bool {
    let statement = try PreparedStatement(
      "SELECT \(MessageTable.columns) FROM messages WHERE id > ? AND id < ? ORDER BY id DESC", in: database)
    statement.bind(indexedThrough, at: 1)
    statement.bind(before, at: 2)
    var goesOn = true
    try statement.forEach { row in
      goesOn = try take(row)
      return goesOn
    }
    return goesOn
  }

  private mutating func searchIndex(through indexedThrough: Int) throws {
    guard let span = try span(through: indexedThrough) else { return }
    let statement = try PreparedStatement(
      "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC", in: database)
    statement.bind(expression, at: 1)
    statement.bind(span.lowerBound, at: 2)
    statement.bind(span.upperBound, at: 3)
    // Not a join: that would be free to choose another order.
    let message = try PreparedStatement("SELECT \(MessageTable.columns) FROM messages WHERE id = ?", in: database)
    try statement.forEach { place in
      message.bind(place.int(0), at: 1)
      return try message.first { try take($0) } ?? true
    }
  }

  /// The ids among which there may be something.
  private func span(through indexedThrough: Int) throws -> ClosedRange<Int>? {
    let last = min(indexedThrough, before == .min ? .min : before - 1)
    guard terms.from != nil || terms.until != nil else { return last > 0 ? 0...last : nil }
    let statement = try PreparedStatement(
      "SELECT min(first_id), max(last_id) FROM days WHERE day BETWEEN ? AND ?", in: database)
    statement.bind(terms.from?.day ?? .min, at: 1)
    statement.bind(terms.until?.day ?? .max, at: 2)
    return try statement.first { row in
      guard !row.isNull(0), row.int(0) <= min(row.int(1), last) else { return nil }
      return row.int(0)...min(row.int(1), last)
    } ?? nil
  }

  /// In FTS5's language. Every word is one of letters, digits, and what is beyond ASCII: nothing in it can be an
  /// operator or end the quotes.
  private var expression: String {
    var parts = terms.phrases.prefix(Self.indexedPhrases).map { "\"\(String(decoding: $0.bytes, as: UTF8.self))\"" }
    if let author = terms.author { parts.append("\"\(SearchIndex.word(forAuthor: author))\"") }
    if conversations.count <= Self.indexedConversations || parts.isEmpty {
      let places = conversations.keys.sorted().map { "\"\(SearchIndex.word(forConversation: $0))\"" }
      parts.append("(\(places.joined(separator: " OR ")))")
    }
    return parts.joined(separator: " AND ")
  }
}
