import ChatProtocol
import GRDB

/// Where the conversations stand, as the last append left them, so that the next one need not ask.
///
/// Of a transaction that failed nothing may stay here: `forget`, and it is read again.
struct Heads: Sendable {
  private var rows: [ConversationRow] = []
  private var places: [Conversation: Int] = [:]
  /// The last message of all.
  private(set) var lastID = 0
  /// The largest id that was ever committed; no other program takes a message's row away but by pruning, which leaves
  /// the conversation's count of them.
  private var greatestID = 0
  /// Changes when another connection has written; nil where nothing is known.
  private var dataVersion: Int?

  /// More are forgotten, to be read again when they are needed.
  private static let capacity = 10_000

  mutating func forget() {
    let greatestID = greatestID
    self = Heads()
    self.greatestID = greatestID
  }

  /// What was counted is on the disk.
  mutating func commit() { greatestID = max(greatestID, lastID) }

  /// Makes sure that all of it is true. Within the transaction that stores.
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

  /// - Returns: where `self[place]` is the conversation's row, which is made where there was none.
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
