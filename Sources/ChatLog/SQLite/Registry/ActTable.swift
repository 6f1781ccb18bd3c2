import ChatProtocol
import GRDB

/// The table `acts`, on one connection.
struct ActTable {
  private let database: Database

  init(_ database: Database) { self.database = database }

  private static let columns = "id, time, author, verb, subject, text"

  /// Ignores an act that is already present.
  func add(_ act: Act) throws {
    let insert = try PreparedStatement(
      """
      INSERT INTO acts (time, author, verb, subject, text) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS
      (SELECT 1 FROM acts WHERE time = ?1 AND author = ?2 AND verb = ?3 AND subject = ?4 AND text = ?5)
      """, in: database)
    insert.bind(act.time.milliseconds, at: 1)
    insert.bind(act.by.text, at: 2)
    insert.bind(act.verb.rawValue, at: 3)
    insert.bind(act.subject, at: 4)
    insert.bind(act.text, at: 5)
    try insert.run()
    let prune = try PreparedStatement(
      "DELETE FROM acts WHERE id <= (SELECT max(id) FROM acts) - \(AuditTrail.capacity)", in: database)
    try prune.run()
  }

  /// Newest first.
  func newest(_ limit: Int) throws -> [Act] {
    let rows = try PreparedStatement("SELECT \(Self.columns) FROM acts ORDER BY id DESC LIMIT ?", in: database)
    rows.bind(min(max(limit, 0), AuditTrail.capacity), at: 1)
    return try Self.acts(rows).acts
  }

  /// Acts in the order of recording, one slice at a time.
  /// - Parameter id: the `last` of the previous slice; 0 for the first slice.
  /// - Returns: the acts, and the id to continue from; nil after the last ones.
  func after(_ id: Int, limit: Int) throws -> (acts: [Act], last: Int?) {
    let rows = try PreparedStatement("SELECT \(Self.columns) FROM acts WHERE id > ? ORDER BY id LIMIT ?", in: database)
    rows.bind(id, at: 1)
    rows.bind(limit, at: 2)
    return try Self.acts(rows)
  }

  /// Checks for damage.
  func verify(_ finding: (String) -> Void) throws {
    let rows = try PreparedStatement("SELECT \(Self.columns) FROM acts ORDER BY id", in: database)
    _ = try Self.acts(rows, finding)
    let count = try PreparedStatement("SELECT count(*) FROM acts", in: database).first { $0.int(0) } ?? 0
    if count > AuditTrail.capacity { finding("the audit log has \(count.counted("act")), more than it should") }
  }

  private static func acts(
    _ rows: PreparedStatement, _ finding: (String) -> Void = { _ in }
  ) throws -> (acts: [Act], last: Int?) {
    var acts: [Act] = []
    var last: Int?
    try rows.forEach { row in
      last = row.int(0)
      if let author = Nickname(row.text(2)), let verb = Verb(rawValue: row.text(3)) {
        let time = Timestamp(milliseconds: row.int64(1))
        acts.append(Act(time: time, by: author, verb: verb, subject: row.text(4), text: row.text(5)))
      } else {
        finding("an act cannot be read, the one with id \(row.int(0))")
      }
      return true
    }
    return (acts, last)
  }
}
