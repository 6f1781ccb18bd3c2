import ArgumentParser
import ChatLog
import CommandSupport
import Platform

/// `swiftchat log`
struct Log: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify, export, prune, back up and import a server's messages.",
    discussion: """
      All of these commands except import work while the server is running. Only export and import work on a log in a \
      PostgreSQL database: pg_dump makes backups of it, and the server's own keep setting prunes it.

      Examples:
        swiftchat log verify                          check for damage
        swiftchat log export --room '#lobby'          one JSON object per message
        swiftchat log export --acts                   the audit log
        swiftchat log prune --keep 90d                remove older messages
        swiftchat log backup chat.sqlite              copy the log to a file
        swiftchat log import --store postgresql://…   copy the log to a database
      """,
    subcommands: [LogVerify.self, LogExport.self, LogPrune.self, LogBackup.self, LogImportCommand.self]
  )
}

/// The option that selects a log.
struct LogOption: ParsableArguments {
  @OptionGroup var server: LocatorOption

  /// - Parameter ignoresStore: whether to look for files even if the server's settings name a database.
  /// - Throws: `ExitCode` 66 (sysexits.h, EX_NOINPUT) after an error message, if there is no log.
  func directory(ignoresStore: Bool = false) throws -> String {
    if !ignoresStore, let store = try server.store() {
      throw Failure(
        "the server's messages are in \(store), and this command works on files; name a directory with --data")
    }
    let directories = try server.directories(includesClosed: true)
    let found = directories.first { SQLiteLog.exists(in: $0) } ?? directories.first { SQLiteLog.mayExist(in: $0) }
    guard let path = found else {
      complain("there is no log in \(directories.joined(separator: ", nor in "))")
      throw ExitCode(66)
    }
    return path
  }
}
