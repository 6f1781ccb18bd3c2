import ChatProtocol
import ChatRecords
import GRDB

/// A row of the table `messages`, as it is in both logs.
struct ImportedMessage: Equatable {
  let id: Int
  let conversation: Int
  let sequence: Int
  let member: Int64
  let time: Int64
  let kind: Int
  let author: String
  let reader: String?
  let text: [UInt8]
  /// The key; the log makes one where the client sent none.
  let cid: [UInt8]

  private static let columns = "id, conversation, sequence, member, time, kind, author, reader, text, cid"

  // MARK: On a disk

  static func read(after id: Int, limit: Int, from log: LogConnections) throws(LogError) -> [ImportedMessage] {
    try log.read { database in
      let rows = try PreparedStatement(
        "SELECT \(columns) FROM messages WHERE id > ? ORDER BY id LIMIT ?", in: database)
      rows.bind(id, at: 1)
      rows.bind(limit, at: 2)
      var messages: [ImportedMessage] = []
      try rows.forEach { row in
        var text: [UInt8] = []
        row.withBytes(8) { text = Array($0) }
        messages.append(
          ImportedMessage(
            id: row.int(0), conversation: row.int(1), sequence: row.int(2), member: row.int64(3), time: row.int64(4),
            kind: row.int(5), author: row.text(6), reader: row.optionalText(7), text: text,
            cid: row.optionalText(9).map { Array($0.utf8) } ?? MessageKeys.imported(row.int(0))))
        return true
      }
      return messages
    }
  }

  // MARK: In a database

  static func read(
    after id: Int, limit: Int, from connection: PostgresConnection
  ) throws(PostgresError) -> [ImportedMessage] {
    try connection.execute(
      "SELECT \(columns) FROM messages WHERE id > $1 ORDER BY id LIMIT $2", [.int(id), .int(limit)]
    ).map { row in
      ImportedMessage(
        id: row.int(0), conversation: row.int(1), sequence: row.int(2), member: row.int64(3), time: row.int64(4),
        kind: row.int(5), author: row.text(6), reader: row.optionalText(7), text: row.bytes(8), cid: row.bytes(9))
    }
  }

  static func write(_ messages: [ImportedMessage], to connection: PostgresConnection) throws(PostgresError) {
    var (texts, cids) = (PostgresArray(.bytes), PostgresArray(.bytes))
    for message in messages {
      texts.append(message.text)
      cids.append(message.cid)
    }
    try connection.execute(
      """
      INSERT INTO messages (\(columns)) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[],
        $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::bytea[], $10::bytea[])
      """,
      [
        .ints(messages.map(\.id)), .ints(messages.map(\.conversation)), .ints(messages.map(\.sequence)),
        .int8s(messages.map(\.member)), .int8s(messages.map(\.time)), .ints(messages.map(\.kind)),
        .texts(messages.map(\.author)), .texts(messages.map(\.reader)), texts.parameter, cids.parameter,
      ])
  }

  func add(to checksum: inout Checksum) {
    for number in [Int64(id), Int64(conversation), Int64(sequence), member, time, Int64(kind)] { checksum.add(number) }
    for bytes in [Array(author.utf8), Array((reader ?? "").utf8), text, cid] { checksum.add(bytes) }
  }
}
