import ArgumentParser
import ChatLog
import ChatProtocol
import CommandSupport

/// `swiftchat log import`
struct LogImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Copy the log from files to a PostgreSQL database.",
    discussion: """
      The database must have no log yet. Copies messages with their numbers and times, accounts, rooms, sanctions, read \
      marks and the audit log, and then compares all messages. Stop the server first, and start it with --store \
      afterwards: clients go on where they were. An import that was interrupted goes on when it is started again. The \
      files are left as they are. The server's key stays in its directory.
      """
  )

  @OptionGroup var store: StoreOption

  @OptionGroup var log: LogOption

  /// Time between two lines about the progress.
  private static let interval = Duration.seconds(2)

  func run() throws {
    ignoreBrokenPipes()
    guard let url = try store.url ?? log.server.locator.storeForFiles() else {
      throw ValidationError("Name the database with --store.")
    }
    let directory = try log.directory(ignoresStore: true)
    var next = MonotonicTime.now() + Self.interval
    let summary = try LogImport(from: directory, to: url).run { copied, all in
      guard MonotonicTime.now() >= next else { return }
      next = .now() + Self.interval
      // A closed standard output does not stop the import.
      try? announce("\(copied.grouped) of \(all.counted("message"))")
    }
    let checksum = String(summary.checksum, radix: 16)
    try announce(
      "\(url): \(summary.messages.counted("message")) in \(summary.conversations.counted("conversation")), compared "
        + "(checksum \(checksum))")
  }
}
