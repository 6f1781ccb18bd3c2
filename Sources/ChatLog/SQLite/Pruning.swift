import ChatProtocol
import GRDB

/// Removes what is to be kept no longer, a slice at a time: conversation by conversation, each from its beginning up to
/// the first message that stays, so that the numbers of what is left are dense.
struct Pruning: Sendable {
  /// Conversations up to this one are done.
  private var done = 0
  /// How many messages went, in all.
  private(set) var removed = 0

  /// As many conversations are looked into for one slice, and as many messages removed.
  private static let conversationsAtOnce = 1000
  private static let messagesAtOnce = 500

  /// Within a transaction.
  /// - Returns: whether there is more to remove.
  mutating func removeSlice(_ retention: Retention, at now: Timestamp, in database: Database) throws -> Bool {
    let limit = removed + Self.messagesAtOnce
    let slice = try conversations(in: database)
    for conversation in slice {
      removed += try Self.remove(
        from: conversation, retention, at: now, limit: limit - removed, in: database)
      // There may be more of it.
      guard removed < limit else { return true }
      done = conversation.id
    }
    if slice.count == Self.conversationsAtOnce { return true }
    let marks = try MarkTable(database).prune(day: now.day, limit: Self.messagesAtOnce)
    guard marks < Self.messagesAtOnce else { return true }
    done = 0
    return false
  }

  private func conversations(in database: Database) throws -> [(id: Int, head: Int)] {
    let statement = try PreparedStatement(
      "SELECT id, head FROM conversations WHERE id > ? ORDER BY id LIMIT \(Self.conversationsAtOnce)", in: database)
    statement.bind(done, at: 1)
    var slice: [(id: Int, head: Int)] = []
    try statement.forEach { row in
      slice.append((row.int(0), row.int(1)))
      return true
    }
    return slice
  }

  private static func remove(
    from conversation: (id: Int, head: Int), _ retention: Retention, at now: Timestamp, limit: Int,
    in database: Database
  ) throws -> Int {
    let earliest = retention.earliest(at: now)
    // Of a head of 10 and a count of 3 those are kept that follow 7.
    let last = retention.count.map { conversation.head.subtractingReportingOverflow(max($0, 0)).partialValue } ?? .min
    let oldest = try PreparedStatement(
      "SELECT id, sequence, author, kind, text, time FROM messages WHERE conversation = ? ORDER BY sequence LIMIT ?",
      in: database)
    oldest.bind(conversation.id, at: 1)
    oldest.bind(limit, at: 2)
    let index = SearchIndex(database)
    let indexedThrough = try index.indexedThrough()
    var removed = 0
    var lastRemoved = 0
    try oldest.forEach { row in
      guard row.int(1) <= last || row.int64(5) < earliest else { return false }
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

extension Retention {
  /// In milliseconds since 1970: what is older goes.
  func earliest(at now: Timestamp) -> Int64 {
    // Not in nanoseconds: of those a number holds three centuries.
    guard let (seconds, attoseconds) = age.map({ max($0, .zero).components }) else { return .min }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return .min }
    let (earliest, carried) = now.milliseconds.subtractingReportingOverflow(whole)
    return carried ? .min : earliest.subtractingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
  }
}
