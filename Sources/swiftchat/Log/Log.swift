import ArgumentParser
import ChatLog
import CommandSupport
import Platform

/// `swiftchat log`
struct Log: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify, export, prune and back up a server's messages.",
    discussion: """
      All of these commands work while the server is running.

      Examples:
        swiftchat log verify                          check for damage
        swiftchat log export --room '#lobby'          one JSON object per message
        swiftchat log export --acts                   the audit log
        swiftchat log prune --keep 90d                remove older messages
        swiftchat log backup chat.sqlite              copy the log to a file
      """,
    subcommands: [LogVerify.self, LogExport.self, LogPrune.self, LogBackup.self]
  )
}

/// The option that selects a log.
struct LogOption: ParsableArguments {
  @OptionGroup var server: LocatorOption

  /// - Throws: `ExitCode` 66 (sysexits.h, EX_NOINPUT) after an error message, if there is no log.
  func directory() throws -> String {
    let directories = try server.directories()
    guard let path = directories.first(where: { SQLiteLog.exists(in: $0) }) else {
      complain("there is no log in \(directories.joined(separator: ", nor in "))")
      throw ExitCode(66)
    }
    return path
  }
}
