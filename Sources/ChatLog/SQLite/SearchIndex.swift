import ChatProtocol
import GRDB

/// The index of words, on one connection. Of each message of kind `text` it holds the words as `SearchText` has them,
/// and before them one for the conversation and one for the author: whatever a search asks for is a word, and the index
/// alone finds what has all of them, the newest first.
///
/// It keeps no texts: to remove a message from it takes the very words that it was put in with.
struct SearchIndex {
  private let database: Database

  init(_ database: Database) { self.database = database }

  // MARK: Words that no text has, because `_` divides words there

  static func word(forConversation id: Int) -> String { "_c\(id)" }

  /// In hexadecimal, because a name may hold what divides words.
  static func word(forAuthor name: Nickname) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var bytes = Array("_a".utf8)
    for byte in name.folded.utf8 {
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func words(conversation: Int, author: Nickname, text: String) -> [UInt8] {
    var bytes = Array(word(forConversation: conversation).utf8)
    bytes.append(UInt8(ascii: " "))
    bytes += word(forAuthor: author).utf8
    bytes += SearchText(text).bytes
    return bytes
  }

  // MARK: Changing

  /// Messages behind this one are not in the index.
  func indexedThrough() throws -> Int {
    try PreparedStatement("SELECT indexed_through FROM log", in: database).first { $0.int(0) } ?? 0
  }

  func isBehind() throws -> Bool {
    try PreparedStatement(
      "SELECT EXISTS (SELECT 1 FROM messages WHERE id > (SELECT indexed_through FROM log))", in: database
    ).first { $0.int(0) == 1 } ?? false
  }

  /// Takes up the next messages, at most so many. Within a transaction.
  /// - Returns: how many there were.
  func catchUp(limit: Int) throws -> Int {
    var through = try indexedThrough()
    let next = try PreparedStatement(
      "SELECT id, conversation, author, text, time, kind FROM messages WHERE id > ? ORDER BY id LIMIT ?", in: database)
    next.bind(through, at: 1)
    next.bind(limit, at: 2)
    let insert = try PreparedStatement("INSERT INTO search (rowid, words) VALUES (?, ?)", in: database)
    var days = Days()
    var count = 0
    try next.forEach { row in
      through = row.int(0)
      count += 1
      guard row.int(5) == MessageKind.text.rawValue else { return true }
      guard let author = Nickname(row.text(2)) else { return true }
      insert.bind(through, at: 1)
      insert.bind(utf8: Self.words(conversation: row.int(1), author: author, text: row.text(3)), at: 2)
      try insert.run()
      days.add(through, at: Timestamp(milliseconds: row.int64(4)))
      return true
    }
    guard count > 0 else { return 0 }
    try days.write(to: database)
    let update = try PreparedStatement("UPDATE log SET indexed_through = ?", in: database)
    update.bind(through, at: 1)
    try update.run()
    return count
  }

  /// Takes out everything, to take all messages up again.
  func reset() throws {
    try database.execute(
      sql: """
        INSERT INTO search (search) VALUES ('delete-all');
        DELETE FROM days;
        UPDATE log SET indexed_through = 0;
        """)
  }

  /// Takes out a message that was taken up.
  func remove(_ id: Int, conversation: Int, author: Nickname, text: String) throws {
    let delete = try PreparedStatement(
      "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", in: database)
    delete.bind(id, at: 1)
    delete.bind(utf8: Self.words(conversation: conversation, author: author, text: text), at: 2)
    try delete.run()
  }
}

/// Between which ids the messages of a day lie: the clock may have gone back, so that days may overlap.
private struct Days {
  private var spans: [Int64: ClosedRange<Int>] = [:]

  /// The ids grow.
  mutating func add(_ id: Int, at time: Timestamp) {
    spans[time.day] = min(spans[time.day]?.lowerBound ?? id, id)...id
  }

  func write(to database: Database) throws {
    let statement = try PreparedStatement(
      """
      INSERT INTO days (day, first_id, last_id) VALUES (?, ?, ?)
      ON CONFLICT (day) DO UPDATE SET
      first_id = min(first_id, excluded.first_id), last_id = max(last_id, excluded.last_id)
      """, in: database)
    for (day, span) in spans {
      statement.bind(day, at: 1)
      statement.bind(span.lowerBound, at: 2)
      statement.bind(span.upperBound, at: 3)
      try statement.run()
    }
  }
}
