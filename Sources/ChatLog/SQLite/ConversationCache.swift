import ChatProtocol
import ChatRecords
import GRDB

/// Cache of the conversations' state after the last append, so that the next append need not query it.
///
/// After a failed transaction the cache is invalid: call `forget`, and it is read again.
struct ConversationCache: Sendable {
  private var rows: [ConversationRow] = []
  private var places: [Conversation: Int] = [:]
  /// Id of the last message in the log.
  private(set) var lastID = 0
  /// The largest id ever committed. Other programs remove message rows only by pruning, which keeps the conversation's
  /// last id.
  private var greatestID = 0
  /// SQLite's data version, which changes when another connection has written; nil if unknown.
  private var dataVersion: Int?

  /// Maximum number of rows; beyond it the cache is cleared and filled again on demand.
  private static let capacity = 10_000

  mutating func forget() {
    let greatestID = greatestID
    self = ConversationCache()
    self.greatestID = greatestID
  }

  /// The transaction was committed.
  mutating func commit() { greatestID = max(greatestID, lastID) }

  /// Validates the cache, or discards it. Call within the transaction that stores.
  mutating func refresh(_ database: Database) throws {
    let version = try PreparedStatement("PRAGMA data_version", in: database).first { $0.int(0) }
    guard version == nil || version != dataVersion || rows.count > Self.capacity else { return }
    let known = greatestID
    forget()
    lastID = try ConversationTable(database).lastID()
    guard lastID >= known else {
      throw LogError(
        .vanished,
        "the log has lost messages while it was open: an older copy was put in its place, and nothing is stored any "
          + "more; start the server again")
    }
    dataVersion = version
  }

  /// - Returns: the index of the conversation's row, which is created if missing.
  mutating func place(of conversation: Conversation, in database: Database) throws -> Int {
    if let place = places[conversation] { return place }
    let table = ConversationTable(database)
    rows.append(try table.find(conversation) ?? table.insert(conversation))
    places[conversation] = rows.count - 1
    return rows.count - 1
  }

  subscript(place: Int) -> ConversationRow {
    get { rows[place] }
    _modify { yield &rows[place] }
  }

  mutating func nextID() -> Int {
    lastID += 1
    return lastID
  }
}
