import ChatProtocol
import GRDB

/// Takes the words of erased messages out of the files, bit by bit, on one connection.
///
/// A row whose text is erased is overwritten at once (`PRAGMA secure_delete`). Two places have its words still: the
/// index, whose old parts keep what was removed until they are merged with the newer ones, and the write-ahead log, until
/// it begins anew. So all parts of the index are merged into one, and then the write-ahead log is emptied.
///
/// What the disk itself, a snapshot of it or a copy of the files keeps is out of reach.
struct Scrubbing {
  private let database: Database

  init(_ database: Database) { self.database = database }

  enum Step: Int {
    case none, begin, merge, empty
  }

  /// So many pages of the index are written at once.
  private static let pages = 200

  /// There is something to take out.
  func ask() throws { try set(.begin) }

  func step() throws -> Step {
    let number = try PreparedStatement("SELECT scrubbing FROM log", in: database).first { $0.int(0) }
    return number.flatMap(Step.init) ?? .none
  }

  /// Within a transaction.
  func merge() throws {
    let step = try step()
    guard step == .begin || step == .merge else { return }
    // Below zero: also parts that are too few to be worth it (https://sqlite.org/fts5.html#the_merge_command).
    let merge = try PreparedStatement("INSERT INTO search (search, rank) VALUES ('merge', ?)", in: database)
    merge.bind(step == .begin ? -Self.pages : Self.pages, at: 1)
    let before = database.totalChangesCount
    try merge.run()
    // One is the statement's own.
    try set(database.totalChangesCount - before < 2 ? .empty : .merge)
  }

  /// Outside of transactions.
  /// - Returns: false where somebody still reads what was there before.
  static func emptyWriteAheadLog(_ database: Database) throws -> Bool {
    let timeout = try PreparedStatement("PRAGMA busy_timeout", in: database).first { $0.int(0) } ?? 0
    // It is worth no waiting.
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
