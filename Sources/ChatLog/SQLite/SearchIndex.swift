import ChatProtocol
import GRDB

/// The word index, on one connection. For each message of kind `text` it contains the words of `SearchText`, preceded
/// by one word for the conversation and one for the author. Every search condition is thus a word, and the index alone
/// finds the messages with all of them, newest first.
///
/// The index stores no texts: removing a message requires exactly the words it was added with.
struct SearchIndex {
  private let database: Database

  init(_ database: Database) { self.database = database }

  // MARK: Conversation and author words (no text contains them, because `_` divides words there)

  static func word(forConversation id: Int) -> String { "_c\(id)" }

  /// In hexadecimal, because a name may contain characters that divide words.
  static func word(forAuthor name: Nickname) -> String {
    var bytes = Array("_a".utf8)
    for byte in name.folded.utf8 {
      for digit in [byte >> 4, byte & 15] {
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func words(conversation: Int, author: Nickname, text: String) -> [UInt8] {
    var bytes = [UInt8]("\(word(forConversation: conversation)) \(word(forAuthor: author))".utf8)
    bytes += SearchText(text).bytes
    return bytes
  }

  // MARK: Vocabulary

  /// Gives this connection access to the words of the index.
  static func openVocabulary(_ database: Database) throws {
    // The table itself holds no data; in memory, no temporary file is ever needed for it.
    try database.execute(
      sql: """
        PRAGMA temp_store = MEMORY;
        CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, search, instance);
        """)
  }

  /// The words of the index that begin with a prefix, in byte order.
  /// - Returns: nil if there are more than `limit`.
  func words(beginningWith prefix: String, atMost limit: Int) throws -> [String]? {
    // One row of this table is one occurrence of a word, so each word is found by a search of its own.
    let next = try PreparedStatement("SELECT term FROM vocabulary WHERE term >= ? LIMIT 1", in: database)
    var words: [String] = []
    var lower = prefix
    while true {
      next.bind(lower, at: 1)
      guard let word = try next.first({ $0.text(0) }), word.utf8.starts(with: prefix.utf8) else { return words }
      guard words.count < limit else { return nil }
      words.append(word)
      // No word contains a control character.
      lower = word + "\u{1}"
    }
  }

  // MARK: Segments

  /// The numbers of segments of one level that are merged, under SQLite's names (https://sqlite.org/fts5.html).
  enum Merging: String {
    /// Merged little by little while messages are added.
    case automerge
    /// Merged at once, within the transaction that adds messages.
    case crisismerge
    /// Merged by `merge`.
    case usermerge
  }

  /// Sets how segments are merged while messages are added. With SQLite's defaults, 4 and 16, an entry is rewritten twice
  /// as often. With equal numbers, whole levels would be merged at once, for seconds in a long log.
  func setMerging() throws {
    try set(.automerge, 16)
    try set(.crisismerge, 64)
  }

  /// Changes a setting that has another value. It is stored in the index.
  func set(_ setting: Merging, _ segments: Int) throws {
    let find = try PreparedStatement("SELECT v FROM search_config WHERE k = ?", in: database)
    find.bind(setting.rawValue, at: 1)
    guard try find.first({ $0.int(0) }) != segments else { return }
    let set = try PreparedStatement("INSERT INTO search (search, rank) VALUES (?, ?)", in: database)
    set.bind(setting.rawValue, at: 1)
    set.bind(segments, at: 2)
    try set.run()
  }

  /// SQLite's default of `usermerge`.
  static let segmentsMergedWhenIdle = 4

  /// Number of levels of segments. SQLite takes an index with more than 2,000 for a damaged one.
  func levels() throws -> Int {
    // The structure record (fts5_index.c): a cookie of 4 bytes, in newer versions a mark, and a variable-length number.
    let record = try PreparedStatement("SELECT block FROM search_data WHERE id = 10", in: database).first { $0.blob(0) }
    var rest = (record ?? []).dropFirst(4)
    if rest.starts(with: [0xff, 0, 0, 1]) { rest = rest.dropFirst(4) }
    var levels = 0
    for byte in rest.prefix(3) {
      levels = levels << 7 | Int(byte & 0x7f)
      if byte < 0x80 { break }
    }
    return levels
  }

  /// Merges the segments of one level if there are at least as many as `usermerge` says: searches read all of them. Call
  /// within a transaction.
  /// - Parameter pages: number of pages to write before stopping, which is possible only between two words; negative to
  ///   begin a merge of all segments into one (https://sqlite.org/fts5.html#the_merge_command).
  /// - Returns: whether anything was merged.
  func merge(pages: Int) throws -> Bool {
    let merge = try PreparedStatement("INSERT INTO search (search, rank) VALUES ('merge', ?)", in: database)
    merge.bind(pages, at: 1)
    let before = database.totalChangesCount
    try merge.run()
    // One change is the statement's own.
    return database.totalChangesCount - before > 1
  }

  // MARK: Changing

  /// Id of the last message in the index.
  func indexedThrough() throws -> Int {
    try PreparedStatement("SELECT indexed_through FROM log", in: database).first { $0.int(0) } ?? 0
  }

  func isBehind() throws -> Bool {
    try PreparedStatement(
      "SELECT EXISTS (SELECT 1 FROM messages WHERE id > (SELECT indexed_through FROM log))", in: database
    ).first { $0.int(0) == 1 } ?? false
  }

  /// Adds the next messages to the index, at most `limit`. Call within a transaction.
  /// - Returns: the number of messages read.
  func catchUp(limit: Int) throws -> Int {
    var through = try indexedThrough()
    let next = try PreparedStatement(
      "SELECT id, conversation, author, text, time, kind FROM messages WHERE id > ? ORDER BY id LIMIT ?", in: database)
    next.bind(through, at: 1)
    next.bind(limit, at: 2)
    let insert = try PreparedStatement("INSERT INTO search (rowid, words) VALUES (?, ?)", in: database)
    var names = IndexedNames()
    var days = Days()
    var words: [UInt8] = []
    var count = 0
    try next.forEach { row in
      through = row.int(0)
      count += 1
      guard row.int(5) == MessageKind.text.rawValue else { return true }
      guard let name = names.words(conversation: row.int(1), author: row.text(2)) else { return true }
      words.removeAll(keepingCapacity: true)
      words += name
      row.withBytes(3) { SearchText.append($0, to: &words) }
      insert.bind(through, at: 1)
      insert.bind(utf8: words, at: 2)
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

  /// Empties the index, so that all messages are indexed again.
  func reset() throws {
    try database.execute(
      sql: """
        INSERT INTO search (search) VALUES ('delete-all');
        DELETE FROM days;
        UPDATE log SET indexed_through = 0;
        """)
  }

  /// Removes an indexed message.
  func remove(_ id: Int, conversation: Int, author: Nickname, text: String) throws {
    let delete = try PreparedStatement(
      "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", in: database)
    delete.bind(id, at: 1)
    delete.bind(utf8: Self.words(conversation: conversation, author: author, text: text), at: 2)
    try delete.run()
  }
}

/// Cache of the words for conversations and authors, so that they are made once for all messages of a slice.
private struct IndexedNames {
  private struct Names: Hashable {
    let conversation: Int
    let author: String
  }

  private var known: [Names: [UInt8]] = [:]

  /// - Returns: nil if the author's name is invalid.
  mutating func words(conversation: Int, author: String) -> [UInt8]? {
    let names = Names(conversation: conversation, author: author)
    if let words = known[names] { return words }
    guard let author = Nickname(author) else { return nil }
    let words = SearchIndex.words(conversation: conversation, author: author, text: "")
    known[names] = words
    return words
  }
}

/// Range of ids for each day. Days may overlap, because the clock may have gone back.
private struct Days {
  private var spans: [Int64: ClosedRange<Int>] = [:]

  /// Ids must increase from call to call.
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
