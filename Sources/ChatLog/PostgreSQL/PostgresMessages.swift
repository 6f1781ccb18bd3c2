import ChatProtocol
import ChatRecords

/// The table `messages`, on one connection.
struct PostgresMessages {
  let connection: PostgresConnection

  /// In the order in which `message` reads them, of the table `m`.
  static let columns = "m.id, m.conversation, m.sequence, m.author, m.member, m.reader, m.kind, m.text, m.time"
  static let columnCount = 9

  /// - Parameter conversation: the conversation that the row's `conversation` refers to.
  static func message(
    _ row: PostgresRows.Row, in conversation: Conversation
  ) throws(PostgresError) -> StoredMessage {
    do { return try StoredMessage(row, in: conversation) } catch { throw PostgresError(error) }
  }

  /// Rows read at once: at first, and at most.
  private static let firstSlice = 128
  private static let largestSlice = 4096

  func page(_ request: PageRequest) throws(PostgresError) -> Page {
    // Both ends are included.
    var first = Int.min
    var last = request.head
    var isForward = false
    switch request.range {
    case .after(let sequence): (first, isForward) = (sequence == .max ? .max : sequence + 1, true)
    case .before(let sequence): last = min(sequence == .min ? .min : sequence - 1, request.head)
    case .latest: break
    }
    var messages: [StoredMessage] = []
    var bytes = 0
    // One message more than requested shows that there are more.
    var slice = min(max(request.limit, 0), Self.firstSlice - 1) + 1
    while first <= last {
      let rows = try read(request.conversation, first...last, isForward: isForward, limit: slice)
      for row in rows.map({ $0 }) {
        guard messages.count < request.limit, bytes < request.maximumBytes else {
          return Page(messages: isForward ? messages : messages.reversed(), hasMore: true)
        }
        let message = try Self.message(row, in: request.conversation)
        messages.append(message)
        bytes += message.answerBytes
      }
      guard rows.count == slice, let sequence = messages.last?.sequence else { break }
      if isForward { first = sequence + 1 } else { last = sequence - 1 }
      slice = min(slice * 4, Self.largestSlice)
    }
    return Page(messages: isForward ? messages : messages.reversed(), hasMore: false)
  }

  private func read(
    _ conversation: Conversation, _ range: ClosedRange<Int>, isForward: Bool, limit: Int
  ) throws(PostgresError) -> PostgresRows {
    let order = isForward ? "" : "DESC"
    let end = "AND m.sequence BETWEEN $2 AND $3 ORDER BY m.sequence \(order) LIMIT $1"
    let bounds: [PostgresParameter] = [.int(limit), .int(range.lowerBound), .int(range.upperBound)]
    switch conversation {
    case .room(let room):
      return try connection.execute(
        """
        SELECT \(Self.columns) FROM messages m WHERE m.conversation =
          (SELECT id FROM conversations WHERE room_key = $4 AND NOT deleted) \(end)
        """, bounds + [.text(room.folded)])
    case .pair(let pair):
      return try connection.execute(
        """
        SELECT \(Self.columns) FROM messages m WHERE m.conversation =
          (SELECT id FROM conversations WHERE first_member = $4 AND second_member = $5) \(end)
        """, bounds + [.int8(pair.first.number), .int8(pair.second.number)])
    }
  }
}
