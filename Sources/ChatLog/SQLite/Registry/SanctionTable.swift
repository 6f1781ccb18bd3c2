import ChatProtocol
import GRDB

/// The table `sanctions`, on one connection.
struct SanctionTable {
  private let database: Database

  init(_ database: Database) { self.database = database }

  func put(_ sanction: Sanction) throws {
    let statement = try PreparedStatement(
      """
      INSERT OR REPLACE INTO sanctions (kind, subject_key, subject, until, author, reason, blocks)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, in: database)
    statement.bind(sanction.kind.rawValue, at: 1)
    statement.bind(sanction.subject.key, at: 2)
    statement.bind(sanction.subject.text, at: 3)
    statement.bind(sanction.until?.milliseconds, at: 4)
    statement.bind(sanction.by.text, at: 5)
    statement.bind(sanction.reason, at: 6)
    statement.bind(sanction.blocks.map(\.description).sorted().joined(separator: " "), at: 7)
    try statement.run()
  }

  func remove(_ kind: Sanction.Kind, _ subject: Subject) throws {
    let statement = try PreparedStatement(
      "DELETE FROM sanctions WHERE kind = ? AND subject_key = ?", in: database)
    statement.bind(kind.rawValue, at: 1)
    statement.bind(subject.key, at: 2)
    try statement.run()
  }

  func all(_ finding: (String) -> Void) throws -> [Sanction] {
    var sanctions: [Sanction] = []
    let blocks = try Schema.has("blocks", in: "sanctions", database) ? "blocks" : "''"
    let rows = try PreparedStatement(
      "SELECT kind, subject_key, subject, until, author, reason, \(blocks) FROM sanctions ORDER BY kind, subject_key",
      in: database)
    try rows.forEach { row in
      guard let kind = Sanction.Kind(rawValue: row.text(0)), let subject = Subject(row.text(2)),
        subject.key == row.text(1) || subject.key == row.text(1).folded(), let author = Nickname(row.text(4))
      else {
        finding("a sanction cannot be read, the one of \(DisplayText.sanitize(row.text(1)))")
        return true
      }
      sanctions.append(
        Sanction(
          kind: kind, subject: subject, until: row.optionalInt64(3).map(Timestamp.init(milliseconds:)), by: author,
          reason: row.text(5), blocks: Set(row.text(6).split(separator: " ").compactMap { Network($0) })))
      return true
    }
    return sanctions
  }
}
