import ChatModel
import ChatProtocol
import TerminalTypes

/// A list in a server's answer, as aligned lines. Sanitized for display, because the content comes from other users.
public struct AdminListing: Hashable, Sendable {
  public let title: String
  /// One line per item.
  public let lines: [String]

  /// The maximum number of lines of one list that are shown.
  private static let maximumLines = 200
  /// A single long item does not make a column wider than this.
  private static let maximumColumn = 24

  /// - Parameters:
  ///   - isWhole: whether keys and networks are shown in full, whatever their length.
  ///   - offset: the time zone for times.
  /// - Returns: nil if the answer is not a list.
  public init?(
    _ answer: AdminAnswer, isWhole: Bool, now: Timestamp, timeFormat: TimeFormat, offset: @escaping LocalOffset
  ) {
    let clock = ListedTimes(now: now, format: timeFormat, offset: offset)
    let rows: [[String]]
    switch answer {
    case .done, .refused: return nil
    case .keys(let keys):
      title = keys.isEmpty ? "the name belongs to no key" : "the name belongs to"
      rows = keys.prefix(Self.maximumLines).map { key in
        [isWhole ? key.key.text : key.key.shortened, "since \(clock.day(key.added))", key.label]
      }
      lines = Self.aligned(rows, isWhole: isWhole) + Self.rest(keys.count)
    case .sanctions(let sanctions):
      title = sanctions.isEmpty ? "nobody is banned or muted" : "banned and muted"
      rows = sanctions.prefix(Self.maximumLines).map { sanction in
        let length = sanction.until.map { "until \(clock.minute($0))" } ?? "for ever"
        let reason = sanction.reason.isEmpty ? "" : ": \(sanction.reason)"
        return [
          isWhole ? sanction.subject.text : sanction.subject.shortened, sanction.kind.participle,
          "\(length) by \(sanction.by)\(reason)",
        ]
      }
      lines = Self.aligned(rows, isWhole: isWhole) + Self.rest(sanctions.count)
    case .operators(let names):
      title = names.isEmpty ? "nobody is an operator" : "operators"
      lines = names.prefix(Self.maximumLines).map(\.text) + Self.rest(names.count)
    case .acts(let acts):
      title = acts.isEmpty ? "no operator has acted yet" : "acts of operators, the newest last"
      rows = acts.prefix(Self.maximumLines).reversed().map { act in
        [clock.minuteColumn(act.time), act.by.text, act.verb.rawValue.lowercased(), act.subject, act.text]
      }
      lines = Self.rest(acts.count) + Self.aligned(rows, isWhole: isWhole)
    }
  }

  /// The title followed by the lines.
  var text: String {
    lines.isEmpty ? title : ("\(title):" + lines.map { "\n\($0)" }.joined())
  }

  private static func rest(_ count: Int) -> [String] {
    count > maximumLines ? ["and \(count - maximumLines) more"] : []
  }

  private static func aligned(_ rows: [[String]], isWhole: Bool) -> [String] {
    let rows = rows.map { $0.map(DisplayText.sanitize) }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      let widest = rows.map { $0[column].cellWidth }.max() ?? 0
      return isWhole ? widest : min(widest, maximumColumn)
    }
    return rows.map { row in
      var line = ""
      for (column, text) in row.enumerated() {
        line += text
        if column < columns - 1 { line += String(repeating: " ", count: max(widths[column] - text.cellWidth, 0) + 2) }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Formats times for display in one time zone.
  private struct ListedTimes {
    let now: Timestamp
    let format: TimeFormat
    let offset: LocalOffset

    private func local(_ time: Timestamp) -> LocalTime { LocalTime(time, offset: offset(time)) }

    func day(_ time: Timestamp) -> String { local(time).day(seenFrom: local(now)) }

    func minute(_ time: Timestamp) -> String { "\(day(time)) \(local(time).clock(as: format))" }

    /// As `minute`, but the days and the times of rows are below each other.
    func minuteColumn(_ time: Timestamp) -> String {
      "\(local(time).dayColumn(seenFrom: local(now))) \(local(time).clockColumn(as: format))"
    }
  }
}

extension Sanction.Kind {
  fileprivate var participle: String {
    switch self {
    case .ban: "banned"
    case .mute: "muted"
    }
  }
}
