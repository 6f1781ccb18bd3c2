import ChatProtocol
import ChatRecords
import GRDB

/// The table `marks`, on one connection.
struct MarkTable {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Maximum number of marks read per member.
  private static let limit = 10_000
  private static let lifetimeInDays: Int64 = 366

  func keep(_ marks: [ReadMark], day: Int64) throws {
    let conversations = ConversationTable(database)
    let statement = try PreparedStatement(
      """
      INSERT INTO marks (member, conversation, sequence, updated) VALUES (?, ?, ?, ?)
      ON CONFLICT (member, conversation) DO UPDATE SET
      sequence = excluded.sequence, updated = max(updated, excluded.updated)
      WHERE excluded.sequence > sequence
      """, in: database)
    for mark in marks where mark.sequence > 0 {
      guard let conversation = try conversations.id(of: mark.conversation) else { continue }
      statement.bind(mark.member.number, at: 1)
      statement.bind(conversation, at: 2)
      statement.bind(mark.sequence, at: 3)
      statement.bind(day, at: 4)
      try statement.run()
    }
  }

  func marks(of member: MemberID) throws -> [Conversation: Int] {
    let statement = try PreparedStatement(
      """
      SELECT conversations.room, conversations.first_member, conversations.second_member, marks.sequence
      FROM marks JOIN conversations ON conversations.id = marks.conversation
      WHERE marks.member = ? ORDER BY marks.updated DESC LIMIT \(Self.limit)
      """, in: database)
    statement.bind(member.number, at: 1)
    var marks: [Conversation: Int] = [:]
    try statement.forEach { row in
      if let room = row.optionalText(0) {
        if let name = RoomName(room) { marks[.room(name)] = row.int(3) }
      } else {
        marks[.pair(Conversation.Pair(MemberID(row.int64(1)), MemberID(row.int64(2))))] = row.int(3)
      }
      return true
    }
    return marks
  }

  /// Removes at most `limit` marks that have not moved for a year.
  /// - Returns: the number removed.
  func prune(day: Int64, limit: Int) throws -> Int {
    let statement = try PreparedStatement(
      """
      DELETE FROM marks WHERE (member, conversation) IN
      (SELECT member, conversation FROM marks WHERE updated < ? LIMIT ?)
      """, in: database)
    statement.bind(day.subtractingReportingOverflow(Self.lifetimeInDays).partialValue, at: 1)
    statement.bind(limit, at: 2)
    try statement.run()
    return database.changesCount
  }
}

extension Timestamp {
  /// - Parameter span: milliseconds.
  func isWithin(_ span: Int64, of earlier: Timestamp) -> Bool {
    let (passed, overflows) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
    return !overflows && passed < span
  }

  /// Days since 1970 in UTC.
  var day: Int64 {
    let (day, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    return rest < 0 ? day - 1 : day
  }
}
