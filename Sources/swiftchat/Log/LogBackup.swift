import ArgumentParser
import ChatLog
import CommandSupport

/// `swiftchat log backup`
struct LogBackup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy all of it to a file.",
    discussion: """
      The copy has the messages, the names and who owns them, and what operators decided and did, as all of it was when \
      the command began; the server may go on meanwhile. It is as secret as the log, and readable by you alone. \
      The server's key is not in it: copy server.key, too.

      To restore it, end the server, remove log.sqlite, log.sqlite-wal and log.sqlite-shm from its directory, copy the \
      file there as log.sqlite, and start the server again. Clients notice, and show what is there then.
      """
  )

  @Argument(help: ArgumentHelp("Where to copy it to; a file that is not there.", valueName: "file"))
  var file: String

  @OptionGroup var log: LogOption

  func validate() throws {
    if file.isEmpty { throw ValidationError("The file must have a name.") }
  }

  func run() throws {
    ignoreBrokenPipes()
    let summary = try LogArchive(directory: try log.directory()).backUp(to: file)
    try announce("\(file): \(summary.messages.counted("message")) in \(summary.conversations.counted("conversation"))")
  }
}
