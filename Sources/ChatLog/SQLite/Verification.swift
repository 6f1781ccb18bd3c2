import ChatProtocol
import GRDB

/// Checks for damage, within one read transaction.
struct Verification {
  private let database: Database
  private var summary = LogArchive.Summary()

  init(_ database: Database) { self.database = database }

  /// Maximum number of problems that SQLite reports.
  private static let findings = 20

  mutating func run(_ finding: (String) -> Void) throws -> LogArchive.Summary {
    try checkFile(finding)
    try checkLog(finding)
    try checkConversations(finding)
    try checkRows(finding)
    // The index of an earlier rule is rebuilt when a server opens the log.
    if try TextKeys(database).areCurrent { try checkIndex(finding) }
    if try Schema.hasEpochs(database) { try checkEpochs(finding) }
    if try Schema.hasRegistry(database) { try checkRegistry(finding) }
    return summary
  }

  private func checkFile(_ finding: (String) -> Void) throws {
    let check = try PreparedStatement("PRAGMA integrity_check(\(Self.findings))", in: database)
    try check.forEach { row in
      if row.text(0) != "ok" { finding("SQLite: \(row.text(0))") }
      return true
    }
    let keys = try PreparedStatement("PRAGMA foreign_key_check", in: database)
    try keys.forEach { row in
      let parents = ["conversations": "a conversation", "accounts": "an account", "room_rules": "a room with rules"]
      finding(
        (row.isNull(1) ? "a row" : "row \(row.int(1))")
          + " of \(row.text(0)) belongs to \(parents[row.text(2)] ?? row.text(2)) that is not there")
      return true
    }
  }

  /// Checks the log's epoch and secret, without which no server opens it.
  private func checkLog(_ finding: (String) -> Void) throws {
    let rows = try PreparedStatement("SELECT epoch, secret FROM log", in: database)
    var count = 0
    try rows.forEach { row in
      count += 1
      if Epoch(row.text(0)) == nil { finding("the log has lost its epoch") }
      let bytes = row.blob(1).count
      if bytes != 32 { finding("the log has lost its secret: it has \(bytes) bytes, and should have 32") }
      return true
    }
    if count == 0 { finding("the log has lost its epoch and its secret") }
  }

  /// Checks that the sequences of each conversation are dense, apart from a pruned start, and end at its head.
  private mutating func checkConversations(_ finding: (String) -> Void) throws {
    let statement = try PreparedStatement(
      """
      SELECT c.id, coalesce(c.room, 'the pair ' || c.id), c.head, c.last_id, count(m.id),
      min(m.sequence), max(m.sequence), max(m.id)
      FROM conversations AS c LEFT JOIN messages AS m ON m.conversation = c.id GROUP BY c.id ORDER BY c.id
      """, in: database)
    try statement.forEach { row in
      summary.conversations += 1
      let (name, head, count) = (row.text(1), row.int(2), row.int(4))
      summary.messages += count
      if head < 1 { finding("\(name) has nothing, and is there") }
      guard count > 0 else { return true }
      let (first, last) = (row.int(5), row.int(6))
      if first < 1 { finding("\(name) begins with the sequence \(first)") }
      if last != head { finding("\(name) ends with the sequence \(last), and should with \(head)") }
      let (span, overflow) = last.subtractingReportingOverflow(first)
      if overflow || span != count - 1 {
        finding("\(name) has \(count.counted("message")), and sequences from \(first) to \(last)")
      }
      if row.int(3) != row.int(7) { finding("\(name) ends with the id \(row.int(7)), and should with \(row.int(3))") }
      return true
    }
    let order = try PreparedStatement(
      """
      SELECT id FROM (SELECT id, lag(id) OVER (PARTITION BY conversation ORDER BY sequence) AS earlier FROM messages)
      WHERE earlier >= id LIMIT \(Self.findings)
      """, in: database)
    try order.forEach { row in
      finding("the message with id \(row.int(0)) follows one with a larger id in its conversation")
      return true
    }
  }

  /// Checks that each row can be read.
  private func checkRows(_ finding: (String) -> Void) throws {
    let rows = try PreparedStatement("SELECT \(MessageTable.columns) FROM messages ORDER BY id", in: database)
    try rows.forEach { row in
      do {
        let message = try MessageTable.message(row, in: .lobby)
        if message.kind == .redacted, !row.text(7).isEmpty {
          finding("the message with id \(message.id) was removed, and has its text still")
        }
      } catch {
        finding("\(error)")
      }
      return true
    }
    guard try Schema.hasEpochs(database) else { return }
    do {
      _ = try ConversationTable(database).rooms()
    } catch {
      finding("\(error)")
    }
  }

  /// Checks that cursors from earlier runs of the server can be compared with the log.
  private func checkEpochs(_ finding: (String) -> Void) throws {
    let epochs = try EpochTable(database).list(begins: false)
    let rows = try PreparedStatement(
      """
      SELECT h.conversation, h.epoch, h.head, c.head, c.epoch,
      lag(h.head) OVER (PARTITION BY h.conversation ORDER BY h.epoch)
      FROM epoch_heads AS h JOIN conversations AS c ON c.id = h.conversation
      """, in: database)
    try rows.forEach { row in
      let earlier = row.isNull(5) ? -1 : row.int(5)
      if row.int(1) > epochs.number || row.int(1) > row.int(4) || row.int(2) >= row.int(3) || row.int(2) <= earlier {
        finding("the conversation with id \(row.int(0)) has a wrong beginning of epoch \(row.int(1))")
      }
      return true
    }
  }

  /// Checks that the registry can be read completely.
  private func checkRegistry(_ finding: (String) -> Void) throws {
    _ = try RegistryTables(database).state(finding)
    try ActTable(database).verify(finding)
  }

  /// Checks that the index contains exactly the words of the messages up to its last id. Compares sums of hashes of the
  /// words, so that the words need not be held in memory. SQLite's own check would block the server's writes.
  private mutating func checkIndex(_ finding: (String) -> Void) throws {
    let through = try SearchIndex(database).indexedThrough()
    var expected = WordSum()
    let rows = try PreparedStatement(
      "SELECT id, conversation, author, text FROM messages WHERE id <= ? AND kind = ? ORDER BY id", in: database)
    rows.bind(through, at: 1)
    rows.bind(MessageKind.text.rawValue, at: 2)
    try rows.forEach { row in
      guard let author = Nickname(row.text(2)) else { return true }
      summary.indexed += 1
      let words = SearchIndex.words(conversation: row.int(1), author: author, text: row.text(3))
      for (place, word) in words.split(separator: UInt8(ascii: " ")).enumerated() {
        expected.add(word, of: row.int(0), at: place)
      }
      return true
    }
    var found = WordSum()
    try database.execute(sql: "CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, search, instance)")
    defer { try? database.execute(sql: "DROP TABLE temp.words") }
    let instances = try PreparedStatement("SELECT term, doc, offset FROM temp.words", in: database)
    try instances.forEach { row in
      row.withBytes(0) { found.add($0, of: row.int(1), at: row.int(2)) }
      return true
    }
    if expected != found {
      finding(
        "the index of words is not that of the messages: it has \(found.count.counted("word")), and they \(expected.count.grouped)"
      )
    }
  }
}

/// Order-independent sum over words and their places.
private struct WordSum: Equatable {
  private(set) var count = 0
  private var sum: UInt64 = 0

  /// FNV-1a of the word, mixed with its place (last step of SplitMix64), so that two changes cancel out only by chance.
  mutating func add(_ word: some Collection<UInt8>, of message: Int, at place: Int) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash ^= UInt64(bitPattern: Int64(message)) &* 0x9e37_79b9_7f4a_7c15
    hash ^= UInt64(bitPattern: Int64(place)) &* 0xd6e8_feb8_6659_fd93
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    sum &+= hash ^ (hash >> 31)
    count += 1
  }
}
