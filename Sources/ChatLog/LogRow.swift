import ChatProtocol
import ChatRecords

/// A row of a query's result, of either database. Columns are numbered from 0.
protocol LogRow {
  func isNull(_ column: Int) -> Bool
  /// 0 for NULL and for other types.
  func int64(_ column: Int) -> Int64
  /// Empty for NULL; invalid UTF-8 becomes U+FFFD.
  func text(_ column: Int) -> String
}

extension LogRow {
  func int(_ column: Int) -> Int { Int(int64(column)) }
  func optionalInt64(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }
  func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
}

/// A row that no version of the program can have written.
struct DamagedRow: Error {
  /// For the operator.
  let description: String
}

extension DamagedRow {
  static func lostConversation(_ id: Int) -> DamagedRow {
    DamagedRow(description: "the log has lost a conversation or its name, or a number of it, the one with id \(id)")
  }
}

extension LogError {
  init(_ damage: DamagedRow) { self.init(.corrupt, damage.description) }
}

extension StoredMessage {
  /// Reads the columns id, conversation, sequence, author, member, reader, kind, text, time.
  /// - Parameter conversation: the conversation that the row's `conversation` refers to.
  init(_ row: some LogRow, in conversation: Conversation) throws(DamagedRow) {
    guard let author = Nickname(row.text(3)), let kind = MessageKind(rawValue: row.int(6)) else {
      throw DamagedRow(
        description: "the log holds a message without a valid author and kind, the one with id \(row.int(0))")
    }
    let message = NewMessage(
      conversation: conversation, author: author, member: MemberID(row.int64(4)),
      reader: row.optionalText(5).flatMap { Nickname($0) }, kind: kind,
      text: kind == .redacted ? "" : row.text(7))
    self.init(message, id: row.int(0), sequence: row.int(2), time: Timestamp(milliseconds: row.int64(8)))
  }
}

extension Conversation {
  /// Reads a room's name, or else the two members of a pair.
  /// - Parameter column: the column of the name, before those of the members.
  /// - Returns: nil if the name is invalid.
  init?(_ row: some LogRow, _ column: Int) {
    if let room = row.optionalText(column) {
      guard let name = RoomName(room) else { return nil }
      self = .room(name)
    } else {
      self = .pair(Pair(MemberID(row.int64(column + 1)), MemberID(row.int64(column + 2))))
    }
  }
}

extension ConversationRow {
  /// A larger value was never counted; counting on from it could overflow.
  private static let maximumCount = 1 << 60

  /// Reads the columns id, room, first member, second member, head, last id, first name, second name, the topic's id,
  /// sequence, author, member, text and time, and epoch.
  init(_ row: some LogRow) throws(DamagedRow) {
    let id = row.int(0)
    let damage = DamagedRow.lostConversation(id)
    guard let conversation = Conversation(row, 1) else { throw damage }
    self.init(id: id, conversation: conversation)
    head = row.int(4)
    lastID = row.int(5)
    epoch = row.int(14)
    guard (0...Self.maximumCount).contains(head), (0...Self.maximumCount).contains(lastID) else { throw damage }
    names = (row.optionalText(6).flatMap { Nickname($0) }, row.optionalText(7).flatMap { Nickname($0) })
    guard !row.isNull(8) else { return }
    guard let author = Nickname(row.text(10)) else { throw damage }
    let message = NewMessage(
      conversation: conversation, author: author, member: MemberID(row.int64(11)), kind: .topic, text: row.text(12))
    topic = StoredMessage(
      message, id: row.int(8), sequence: row.int(9), time: Timestamp(milliseconds: row.int64(13)))
  }
}
