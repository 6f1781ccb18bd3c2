import ArgumentParser
import ChatLog
import CommandSupport

/// `swiftchat log backup`
struct LogBackup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the log to a file.",
    discussion: """
      The copy holds messages, accounts, sanctions and the audit log as of the start of the command; the server may keep \
      running. It is as secret as the log, and only you can read it. It does not contain the server's key: copy \
      server.key, too.

      To restore it, stop the server, and swiftchat.socket if it is in use, remove log.sqlite, log.sqlite-wal and \
      log.sqlite-shm from its directory, copy the file there as log.sqlite, and start the server again. If the server \
      runs as another user, such as that of the system service, the copies must belong to this user before the start; \
      in the directory, `chown --reference=. log.sqlite` gives a file to the owner of the directory. Clients notice the \
      change and load the restored messages.
      """
  )

  @Argument(help: ArgumentHelp("The file to create; it must not exist.", valueName: "file"))
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
