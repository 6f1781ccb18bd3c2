import ArgumentParser
import ChatLog
import ChatProtocol

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `swiftchat log export`
struct LogExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print the messages, one JSON object a line.",
    discussion: """
      In the order in which they were stored. "room" names a message's room; where --direct adds what people wrote to \
      each other, "between" names the two, its author first.
      """
  )

  @Option(help: ArgumentHelp("Only this room.", valueName: "#name"))
  var room: RoomName?

  @Option(help: ArgumentHelp("Nothing older: 2026-11-22 (UTC), or 2026-11-22T10:00:00Z.", valueName: "date"))
  var since: SinceDate?

  @Flag(help: "Direct messages, too.")
  var direct = false

  @OptionGroup var log: LogOption

  func validate() throws {
    if direct, room != nil { throw ValidationError("--room and --direct exclude each other.") }
  }

  func run() throws {
    ignoreBrokenPipes()
    let selection = LogArchive.Selection(room: room, since: since?.time, includesPairs: direct)
    var lines = OutputLines(STDOUT_FILENO)
    try LogArchive(directory: try log.directory()).export(selection) { message in
      try lines.append(ExportedMessage(message).json)
    }
    try lines.flush()
  }
}

extension RoomName: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// A day, or a moment of one.
struct SinceDate: ExpressibleByArgument, Equatable {
  let time: Timestamp

  init?(argument: String) {
    guard let time = Timestamp(argument) ?? Timestamp("\(argument)T00:00:00Z") else { return nil }
    self.time = time
  }
}
