import ArgumentParser
import ChatLog
import ChatProtocol
import CommandSupport
import Platform

/// `swiftchat bench log`
struct LogBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Measure how fast messages are stored, read and found.",
    discussion: """
      It fills a log on the disk that $TMPDIR is on, and removes it; or in the directory that is given, and keeps it. \
      Everything is done as a server does it, and by one thread, without network. It checks that what it reads is what \
      it stored.
      """
  )

  @Option(help: "How many messages.")
  var messages = 1_000_000

  @Option(help: "How many rooms they are in.")
  var rooms = 100

  @Option(
    help: ArgumentHelp("An empty directory, or a new one, to leave the log in.", valueName: "directory"),
    transform: pathArgument)
  var data: String?

  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--messages", messages, in: 1000...100_000_000)
    try CrowdLimits.check("--rooms", rooms, in: 1...10_000)
  }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed {
      let directory = try data ?? Leftovers.makeFolder()
      guard !SQLiteLog.exists(in: directory) else {
        throw Failure("there is already a log in \(directory); name an empty directory")
      }
      var report = try measure(in: directory)
      // The log is closed: all messages are in the database file.
      report.diskBytes = try LogFolder(directory).bytes
      try format.show(report)
    }
  }

  private func measure(in directory: String) throws -> LogReport {
    let progress = Progress()
    defer { progress.end() }
    let log = try SQLiteLog(directory: directory)
    var filling = LogFilling(log: log, rooms: rooms)
    let alone = try filling.store(min(messages / 10, 2000), at: 1) { progress.show("one by one", $0) }
    let rest = messages - filling.count
    let grouped = try filling.store(rest, at: LogFilling.group) { progress.show("in groups", $0) }
    let indexing = try filling.index(butFor: LogReading.tail) { progress.show("index", $0) }
    var reading = LogReading(log: log, filling: filling)
    let early = try reading.searchesOfTail(messages - indexing.messages)
    let merging = try filling.finish { progress.show("merge", $0) }
    return LogReport(
      messages: messages, rooms: rooms, storedAlone: alone, stored: grouped, indexing: indexing, merging: merging,
      page: try reading.pages(1000), catchUp: try reading.behind(10_000), searches: try reading.searches() + early,
      peakMemoryBytes: ProcessUsage.peakResidentBytes,
      complaint: reading.complaint)
  }
}

/// A progress display on standard error, updated in place.
private struct Progress {
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// - Parameter share: from 0 to 1.
  func show(_ what: String, _ share: Double) {
    guard isTerminal else { return }
    write("\r\u{1b}[K\(what): \((share * 100).digits()) %", to: STDERR_FILENO)
  }

  func end() {
    if isTerminal { write("\r\u{1b}[K", to: STDERR_FILENO) }
  }
}
