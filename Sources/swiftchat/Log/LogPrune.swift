import ArgumentParser
import ChatLog
import ChatProtocol
import CommandSupport
import Platform

/// `swiftchat log prune`
struct LogPrune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Remove what is to be kept no longer.",
    discussion: """
      The numbers of what is left do not change. The file does not shrink: the room in it is used again.
      """
  )

  @Option(
    help: ArgumentHelp(
      "90d, 12h or 52w: nothing older. A number: so many messages of each conversation. 90d,100000: both.",
      valueName: "what"))
  var keep: KeepOption

  @OptionGroup var log: LogOption

  func run() throws {
    ignoreBrokenPipes()
    let directory = try log.directory()
    let log = try SQLiteLog(directory: directory, for: .helper, busyTimeout: .seconds(30))
    let now = Timestamp.now()
    // A pause after each slice lets the server write: SQLite's lock is polled, not queued.
    while try log.prune(keep.retention, at: now) { usleep(5000) }
    try announce("\(directory): removed \(log.prunedMessages.counted("message"))")
  }
}
