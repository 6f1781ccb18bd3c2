import ChatModel
import ChatProtocol

/// The state of an interface that prints lines instead of drawing a screen: the lines that are due, and what was printed
/// last.
struct LinePrinter: Hashable, Sendable {
  let style: LineStyle
  /// The lines that `Interface.takeLines` returns next.
  var due: [String] = []
  /// The target of typed lines, as last printed.
  var target: TabPlace
  /// The day of the last line, as `LocalTime.isoDay`.
  private var day: String?
  /// The open overlay as it was printed last.
  var overlay: PrintedOverlay?
  /// The other servers that have a question.
  var askingServers: Set<Endpoint> = []

  /// The number of messages of an earlier conversation that are printed.
  static let maximumOlder = 20

  /// - Parameter server: the first server.
  init(_ style: LineStyle, at server: Endpoint) {
    self.style = style
    target = TabPlace(server: server, target: .lobby)
  }

  /// Prints a line of the transcript. Further lines of its text are indented, so that no text can look like another
  /// line.
  mutating func print(_ text: String, in place: String, at time: Timestamp, in zone: LineZone) {
    let clock: String
    switch style {
    case .log: clock = time.description.prefix(19) + "Z"
    case .terminal:
      let local = LocalTime(time, offset: zone.offset(time))
      if local.isoDay != day ?? zone.today.isoDay { due.append(local.day) }
      day = local.isoDay
      clock = local.clock(as: zone.format)
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let line = DisplayText.sanitize(String(line))
      due.append(index == 0 ? "\(clock) \(place) \(line)" : "  \(line)")
    }
  }
}

/// The time zone and the format of printed times.
struct LineZone {
  let offset: LocalOffset
  let format: TimeFormat
  /// The present day.
  let today: LocalTime
}

/// A change of a transcript that is printed.
enum TranscriptRecord: Hashable, Sendable {
  case added(TranscriptEntry.Body, at: Timestamp)
  /// Older messages that were loaded into an empty transcript.
  case older([TranscriptEntry])
  /// A message was redacted.
  /// - Parameter time: of the message.
  case redacted(Nickname, at: Timestamp, by: Nickname?)
}

/// An overlay as lines.
struct PrintedOverlay: Hashable, Sendable {
  var lines: [String] = []
  /// Whether the next typed line may answer it. Otherwise it is closed once it is printed.
  var awaitsAnswer = false
}
