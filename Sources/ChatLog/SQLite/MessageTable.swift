import ChatProtocol
import ChatRecords
import GRDB

/// The table `messages`, on one connection.
struct MessageTable {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// In the order in which `message` reads them.
  static let columns = "id, conversation, sequence, author, member, reader, kind, text, time"

  /// - Parameter conversation: the conversation that the row's `conversation` refers to.
  static func message(_ row: PreparedStatement.Row, in conversation: Conversation) throws -> StoredMessage {
    do { return try StoredMessage(row, in: conversation) } catch { throw LogError(error) }
  }

  /// The time of the newest message.
  func lastTime() throws -> Timestamp? {
    try PreparedStatement("SELECT time FROM messages ORDER BY id DESC LIMIT 1", in: database).first {
      Timestamp(milliseconds: $0.int64(0))
    }
  }

  func page(_ request: PageRequest) throws -> Page {
    guard let conversation = try ConversationTable(database).id(of: request.conversation) else {
      return Page(messages: [], hasMore: false)
    }
    // Both ends are included.
    let first: Int
    let last: Int
    let isForward: Bool
    switch request.range {
    case .after(let sequence): (first, last, isForward) = (sequence == .max ? .max : sequence + 1, request.head, true)
    case .before(let sequence):
      (first, last, isForward) = (.min, min(sequence == .min ? .min : sequence - 1, request.head), false)
    case .latest: (first, last, isForward) = (.min, request.head, false)
    }
    let statement = try PreparedStatement(isForward ? Self.forward : Self.backward, in: database)
    statement.bind(conversation, at: 1)
    statement.bind(first, at: 2)
    statement.bind(last, at: 3)
    var messages: [StoredMessage] = []
    var bytes = 0
    var hasMore = false
    try statement.forEach { row in
      guard messages.count < request.limit, bytes < request.maximumBytes else {
        hasMore = true
        return false
      }
      let message = try Self.message(row, in: request.conversation)
      messages.append(message)
      bytes += message.answerBytes
      return true
    }
    return Page(messages: isForward ? messages : messages.reversed(), hasMore: hasMore)
  }

  private static let range = "SELECT \(columns) FROM messages WHERE conversation = ? AND sequence BETWEEN ? AND ?"
  private static let forward = "\(range) ORDER BY sequence"
  private static let backward = "\(range) ORDER BY sequence DESC"
}
