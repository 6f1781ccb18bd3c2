import ChatProtocol
import GRDB

/// Removes the words of redacted messages from the files in small steps, on one connection.
///
/// The row of a redacted text is overwritten at once (`PRAGMA secure_delete`). Its words remain in two places: in the
/// index, whose old segments keep removed entries until they are merged with newer ones, and in the write-ahead log
/// until it restarts. Therefore all segments of the index are merged into one, and then the write-ahead log is emptied.
///
/// Copies kept by the disk itself, by snapshots or by backups of the files are out of reach.
struct Scrubbing {
  private let database: Database

  init(_ database: Database) { self.database = database }

  enum Step: Int {
    case none, begin, merge, empty
  }

  /// Number of index pages written per step.
  private static let pages = 200

  /// Requests a scrub.
  func ask() throws { try set(.begin) }

  func step() throws -> Step {
    let number = try PreparedStatement("SELECT scrubbing FROM log", in: database).first { $0.int(0) }
    return number.flatMap(Step.init) ?? .none
  }

  /// Call within a transaction.
  func merge() throws {
    let step = try step()
    guard step == .begin || step == .merge else { return }
    let hasMerged = try SearchIndex(database).merge(pages: step == .begin ? -Self.pages : Self.pages)
    try set(hasMerged ? .merge : .empty)
  }

  /// Call outside transactions.
  /// - Returns: false if a reader still uses an older state.
  static func emptyWriteAheadLog(_ database: Database) throws -> Bool {
    let timeout = try PreparedStatement("PRAGMA busy_timeout", in: database).first { $0.int(0) } ?? 0
    // Not worth waiting for.
    try database.execute(sql: "PRAGMA busy_timeout = 0")
    defer { try? database.execute(sql: "PRAGMA busy_timeout = \(timeout)") }
    return try PreparedStatement("PRAGMA wal_checkpoint (TRUNCATE)", in: database).first { $0.int(0) == 0 } ?? false
  }

  func finish() throws { try set(.none) }

  private func set(_ step: Step) throws {
    let update = try PreparedStatement("UPDATE log SET scrubbing = ?", in: database)
    update.bind(step.rawValue, at: 1)
    try update.run()
  }
}
