import ArgumentParser
import ChatLog
import ChatProtocol
import CommandSupport
import Platform

/// `swiftchat log prune`
struct LogPrune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Remove old messages.",
    discussion: """
      The remaining messages keep their numbers. The file does not shrink; its free space is reused.
      """
  )

  @Option(
    help: ArgumentHelp(
      "The part of each conversation to keep: an age (90d, 12h or 52w), a number of messages, or both (90d,100000).",
      valueName: "limit"))
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
