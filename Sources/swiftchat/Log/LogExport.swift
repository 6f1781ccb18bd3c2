import ArgumentParser
import ChatLog
import ChatProtocol
import CommandSupport
import Platform

/// `swiftchat log export`
struct LogExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print the messages or the audit log, one JSON object per line.",
    discussion: """
      Messages are printed in the order in which they were stored. "room" is the room of a message; with --direct, \
      "between" holds the two people of a direct message, the author first. A message of the kind "removed" has no \
      text.
      """
  )

  @Option(help: ArgumentHelp("Only this room.", valueName: "#name"))
  var room: RoomName?

  @Option(
    help: ArgumentHelp("Only messages since this time: 2026-11-22 (UTC) or 2026-11-22T10:00:00Z.", valueName: "date"))
  var since: SinceDate?

  @Flag(help: "Include direct messages.")
  var direct = false

  @Flag(help: "Print the audit log instead: the actions of operators.")
  var acts = false

  @OptionGroup var store: StoreOption

  @OptionGroup var log: LogOption

  func validate() throws {
    if direct, room != nil { throw ValidationError("--room and --direct exclude each other.") }
    if acts, direct || room != nil {
      throw ValidationError("--acts prints no messages: leave out --room and --direct.")
    }
  }

  func run() throws {
    ignoreBrokenPipes()
    let archive: any LogExporting
    if let url = try store.url ?? log.server.store() {
      archive = try PostgresArchive(url)
    } else {
      archive = try LogArchive(directory: log.directory())
    }
    var lines = OutputLines(STDOUT_FILENO)
    if acts {
      try archive.exportActs(since: since?.time) { try lines.append(ExportedAct($0).jsonLine) }
    } else {
      if let room, try !archive.holds(room) {
        throw Failure("there is no room \(room) in the log; without --room all rooms are exported")
      }
      let selection = LogArchive.Selection(room: room, since: since?.time, includesPairs: direct)
      try archive.export(selection) { try lines.append(ExportedMessage($0).jsonLine) }
    }
    try lines.flush()
  }
}

extension RoomName: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// A date, or a date with a time.
struct SinceDate: ExpressibleByArgument, Equatable {
  let time: Timestamp

  init?(argument: String) {
    guard let time = Timestamp(argument) ?? Timestamp("\(argument)T00:00:00Z") else { return nil }
    self.time = time
  }
}
