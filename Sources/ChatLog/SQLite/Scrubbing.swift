import ChatProtocol
import GRDB

/// Removes the words of redacted messages from the files in small steps, on one connection.
///
/// The row of a redacted text is overwritten at once (`PRAGMA secure_delete`). Its words remain in two places: in the
/// index, whose old segments keep removed entries until they are merged with newer ones, and in the write-ahead log
/// until it restarts. Therefore all segments of the index are merged into one, and then the write-ahead log is emptied.
///
/// Copies kept by the disk itself, by snapshots or by backups of the files are out of reach. So are copies that SQLite
/// itself leaves behind: when rows were deleted from the middle of pages, it moves the remaining cells, and does not
/// always clear their former places in the unallocated part of a page (`rebuildPage` in btree.c). A later redaction
/// overwrites only the cell in use. Such a copy stays until the place is used again; `LogCopy` makes a file without it.
struct Scrubbing {
  private let database: Database
  private let pages: Int
  private let mostLevels: Int

  /// - Parameters:
  ///   - pages: number of index pages written per step.
  ///   - mostLevels: if the index has more levels, it is made anew. Before SQLite 3.41, each merge of all segments adds
  ///     levels, and none is ever removed.
  init(_ database: Database, pages: Int = 200, mostLevels: Int = 1000) {
    self.database = database
    self.pages = pages
    self.mostLevels = mostLevels
  }

  enum Step: Int {
    case none, begin, merge, empty
  }

  /// Requests a scrub.
  func ask() throws { try set(.begin) }

  func step() throws -> Step {
    let number = try PreparedStatement("SELECT scrubbing FROM log", in: database).first { $0.int(0) }
    return number.flatMap(Step.init) ?? .none
  }

  /// Call within a transaction.
  func merge() throws {
    let step = try step()
    let index = SearchIndex(database)
    switch step {
    case .none, .empty: return
    case .begin:
      guard try index.levels() <= mostLevels else {
        try index.reset()
        return try set(.empty)
      }
      // A level with new segments, too few to be merged, would hide the levels below it.
      try index.set(.usermerge, 2)
    case .merge: break
    }
    let hasMerged = try index.merge(pages: step == .begin ? -pages : pages)
    if !hasMerged { try index.set(.usermerge, SearchIndex.segmentsMergedWhenIdle) }
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
