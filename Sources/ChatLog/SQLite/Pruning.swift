import ChatProtocol
import GRDB

/// Removes expired messages one slice at a time: conversation by conversation, each from its start up to the first
/// message that stays, so that the remaining sequences are dense. Also removes all messages of deleted rooms. `AgeCut`
/// decides which messages are too old.
struct Pruning: Sendable {
  /// The retention of the round under way.
  private var retention: Retention?
  /// Conversations up to this row id are done.
  private var done = 0
  private var age = Age.unknown
  /// Total number of removed messages.
  private(set) var removed = 0

  /// Which messages are too old.
  private enum Age: Sendable {
    case unknown
    /// Messages up to an id were looked at.
    case searching(AgeCut, through: Int)
    /// Messages up to this id are too old.
    case known(Int)
  }

  /// Limits of one slice: conversations visited, messages removed, and messages whose age is looked at.
  private static let conversationsAtOnce = 1000
  private static let messagesAtOnce = 500
  private static let agesAtOnce = 20_000

  /// Call before each slice. A round with another retention starts over: it may keep what the earlier one would remove.
  mutating func begin(_ retention: Retention, at now: Timestamp) {
    if retention != self.retention { (self.retention, done, age) = (retention, 0, .unknown) }
    guard case .unknown = age else { return }
    age = retention.age == nil ? .known(0) : .searching(AgeCut(retention, at: now), through: 0)
  }

  /// Whether `search` comes before the next slice.
  var isSearching: Bool { if case .searching = age { true } else { false } }

  /// Looks at the age of further messages. A read suffices: the result stays valid, because ids only grow.
  mutating func search(in database: Database) throws {
    guard case .searching(var cut, var through) = age else { return }
    let rows = try PreparedStatement("SELECT id, time FROM messages WHERE id > ? ORDER BY id LIMIT ?", in: database)
    rows.bind(through, at: 1)
    rows.bind(Self.agesAtOnce, at: 2)
    var (count, goesOn) = (0, true)
    try rows.forEach { row in
      through = row.int(0)
      count += 1
      goesOn = cut.add(through, at: row.int64(1))
      return goesOn
    }
    age = goesOn && count == Self.agesAtOnce ? .searching(cut, through: through) : .known(cut.last ?? 0)
  }

  /// Call within a transaction.
  /// - Returns: whether there is more to remove.
  mutating func removeSlice(_ retention: Retention, at now: Timestamp, in database: Database) throws -> Bool {
    guard case .known(let cut) = age else { return true }
    let limit = removed + Self.messagesAtOnce
    let slice = try conversations(in: database, onlyDeleted: retention.isUnlimited)
    for conversation in slice {
      removed += try Self.remove(
        from: conversation, retention, through: cut, limit: limit - removed, in: database)
      // The conversation may have more to remove.
      guard removed < limit else { return true }
      done = conversation.id
    }
    if slice.count == Self.conversationsAtOnce { return true }
    let marks = try MarkTable(database).prune(day: now.day, limit: Self.messagesAtOnce)
    guard marks < Self.messagesAtOnce else { return true }
    done = 0
    age = .unknown
    return false
  }

  private typealias Pruned = (id: Int, head: Int, isDeleted: Bool)

  private func conversations(in database: Database, onlyDeleted: Bool) throws -> [Pruned] {
    let isDeleted = ConversationTable.isDeleted
    let statement = try PreparedStatement(
      """
      SELECT id, head, \(isDeleted) FROM conversations WHERE id > ?\(onlyDeleted ? " AND \(isDeleted)" : "")
      ORDER BY id LIMIT \(Self.conversationsAtOnce)
      """, in: database)
    statement.bind(done, at: 1)
    var slice: [Pruned] = []
    try statement.forEach { row in
      slice.append((row.int(0), row.int(1), row.int(2) != 0))
      return true
    }
    return slice
  }

  private static func remove(
    from conversation: Pruned, _ retention: Retention, through cut: Int, limit: Int,
    in database: Database
  ) throws -> Int {
    // With head 10 and count 3, the messages after 7 are kept.
    let last = retention.count.map { conversation.head.subtractingReportingOverflow(max($0, 0)).partialValue } ?? .min
    let oldest = try PreparedStatement(
      "SELECT id, sequence, author, kind, text FROM messages WHERE conversation = ? ORDER BY sequence LIMIT ?",
      in: database)
    oldest.bind(conversation.id, at: 1)
    oldest.bind(limit, at: 2)
    let index = SearchIndex(database)
    let indexedThrough = try index.indexedThrough()
    var removed = 0
    var lastRemoved = 0
    try oldest.forEach { row in
      guard conversation.isDeleted || row.int(1) <= last || row.int(0) <= cut else { return false }
      lastRemoved = row.int(1)
      removed += 1
      if row.int(0) <= indexedThrough, row.int(3) == MessageKind.text.rawValue, let author = Nickname(row.text(2)) {
        try index.remove(row.int(0), conversation: conversation.id, author: author, text: row.text(4))
      }
      return true
    }
    guard removed > 0 else { return 0 }
    let delete = try PreparedStatement("DELETE FROM messages WHERE conversation = ? AND sequence <= ?", in: database)
    delete.bind(conversation.id, at: 1)
    delete.bind(lastRemoved, at: 2)
    try delete.run()
    return removed
  }
}
