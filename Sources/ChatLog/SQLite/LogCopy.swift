import ChatProtocol
import GRDB
import Platform

/// Makes a copy of a log in one file, which can replace the log.
struct LogCopy {
  private let path: String

  init(_ path: String) { self.path = path }

  /// Writes the copy under a temporary name, and gives it its final name when it is completely on disk.
  func make(of database: DatabaseQueue) throws(LogError) -> LogArchive.Summary {
    try mustBeFree()
    let draft = "\(path).\(UInt64.random(in: .min ... .max)).part"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw LogError(errno, "cannot create \(draft)") }
    close(descriptor)
    defer { for end in ["", "-journal", "-wal", "-shm"] { unlink(draft + end) } }
    let summary = try fill(draft, from: database)
    try synchronize(draft)
    // A hard link never replaces an existing file; a rename would.
    if link(draft, path) != 0 {
      let reason = errno
      guard reason != EEXIST else { throw exists }
      try mustBeFree()
      guard rename(draft, path) == 0 else { throw LogError(errno, "cannot create \(path)") }
    }
    synchronizeDirectory()
    return summary
  }

  private func fill(_ draft: String, from database: DatabaseQueue) throws(LogError) -> LogArchive.Summary {
    do {
      try database.writeWithoutTransaction { database in
        try database.numberingErrors { try database.execute(sql: "VACUUM INTO ?", arguments: [draft]) }
      }
      return try DatabaseQueue(path: draft).writeWithoutTransaction { copy in
        try copy.numberingErrors { try Self.finish(copy) }
      }
    } catch {
      let failure = LogError(error, "cannot copy the log to", path)
      // Only the log can be damaged: the copy is new.
      throw failure.cause == .corrupt ? LogError(error, "cannot copy", database.path) : failure
    }
  }

  /// Checks the copy, and gives it an epoch of its own.
  private static func finish(_ copy: Database) throws -> LogArchive.Summary {
    try copy.execute(sql: "PRAGMA synchronous = FULL")
    let findings = try String.fetchAll(copy, sql: "PRAGMA quick_check(1)")
    guard findings == ["ok"] else {
      throw LogError(.corrupt, "the log is damaged, and was not copied: \(findings.first ?? "")")
    }
    // The copy begins a new epoch, so that messages stored in it later are not confused with later ones of the original.
    if try Schema.hasEpochs(copy) {
      try copy.inTransaction {
        let epochs = EpochTable(copy)
        try epochs.insert(epochs.list(begins: true))
        return .commit
      }
    }
    var summary = LogArchive.Summary()
    summary.messages = try Int.fetchOne(copy, sql: "SELECT count(*) FROM messages") ?? 0
    summary.conversations = try Int.fetchOne(copy, sql: "SELECT count(*) FROM conversations") ?? 0
    return summary
  }

  private func mustBeFree() throws(LogError) {
    var status = stat()
    guard lstat(path, &status) != 0 else { throw exists }
    guard errno == ENOENT else { throw LogError(errno, "cannot create \(path)") }
  }

  private var exists: LogError {
    LogError(.other, "\(path) is there already, and was left as it is; name a file that is not there")
  }

  private func synchronize(_ draft: String) throws(LogError) {
    let descriptor = open(draft, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LogError(errno, "cannot open \(draft)") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw LogError(errno, "cannot write \(path)") }
  }

  private func synchronizeDirectory() {
    let directory = path.lastIndex(of: "/").map { path[...$0] } ?? "."
    let descriptor = open(String(directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
