import ChatProtocol

/// Turns entries into rows for a pane of one width.
struct TranscriptLayout {
  let width: Int
  let offset: LocalOffset
  var hidesPresence = false
  /// The first entry that was not read when the tab was opened.
  var firstUnread: Int?

  /// One row of the pane, as pieces of text in their styles.
  struct Row: Hashable {
    var pieces: [Piece]

    struct Piece: Hashable {
      var column: Int
      var text: String
      var style: Style
    }
  }

  /// How wide the columns before the text are: less room, fewer columns.
  private enum Columns {
    case timeAndName(Int)
    case name

    init(width: Int) {
      self = width >= 60 ? .timeAndName(12) : width >= 36 ? .timeAndName(8) : .name
    }

    var nameWidth: Int {
      switch self {
      case .timeAndName(let width): width
      case .name: 0
      }
    }

    /// `12:01 ` and the name and `│` with a space on either side.
    var textColumn: Int {
      switch self {
      case .timeAndName(let width): 6 + width + 3
      case .name: 0
      }
    }
  }

  private var columns: Columns { Columns(width: width) }

  /// The rows of one entry, with the day's line before the first of a day.
  func rows(of entry: TranscriptEntry, after previous: TranscriptEntry?) -> [Row] {
    if hidesPresence, entry.isPresence { return [] }
    let local = LocalTime(entry.time, offset: offset(entry.time))
    var rows: [Row] = []
    let previousDate = previous.map { LocalTime($0.time, offset: offset($0.time)).date }
    if previousDate != local.date { rows.append(rule(local.day, style: .dim)) }
    if entry.id == firstUnread { rows.append(rule("new", style: Style(.highlight))) }
    rows += self.rows(of: entry.body, clock: local.clock)
    return rows
  }

  func rows(of unconfirmed: Transcript.Unconfirmed, author: Nickname) -> [Row] {
    let message = TranscriptEntry.Message(author: author, text: unconfirmed.text, isOwn: true, isMention: false)
    return rows(of: message, clock: "  ···", textStyle: .dim)
  }

  private func rows(of body: TranscriptEntry.Body, clock: String) -> [Row] {
    switch body {
    case .message(let message):
      return rows(of: message, clock: clock, textStyle: message.isMention ? Style(.highlight) : .plain)
    case .notice(let text): return notice("--", text, clock: clock, style: .dim)
    case .alert(let text): return notice("!!", text, clock: clock, style: Style(.alert))
    case .presence(let changes):
      return notice(PresenceChange.label(changes), PresenceChange.describe(changes), clock: clock, style: .dim)
    case .away(let name, let text): return notice("--", "\(name) is away: \(text)", clock: clock, style: .dim)
    case .back(let name): return notice("--", "\(name) is back", clock: clock, style: .dim)
    }
  }

  private func rows(of message: TranscriptEntry.Message, clock: String, textStyle: Style) -> [Row] {
    let nameStyle = message.isOwn ? Style(.own, .bold) : message.author.style
    if let action = message.action {
      return rows(
        label: "*", labelStyle: nameStyle, lead: "\(message.author) ", leadStyle: nameStyle, text: action, clock: clock,
        textStyle: textStyle)
    }
    switch columns {
    case .timeAndName:
      return rows(
        label: message.author.text, labelStyle: nameStyle, text: message.text, clock: clock, textStyle: textStyle)
    case .name:
      return rows(
        label: "", labelStyle: .plain, lead: "\(message.author): ", leadStyle: nameStyle, text: message.text,
        clock: clock, textStyle: textStyle)
    }
  }

  private func notice(_ label: String, _ text: String, clock: String, style: Style) -> [Row] {
    rows(
      label: label, labelStyle: style, lead: columns.textColumn == 0 ? label + " " : "", leadStyle: style, text: text,
      clock: clock, textStyle: style)
  }

  /// - Parameter lead: what stands in front of the text's first row, in a style of its own.
  private func rows(
    label: String, labelStyle: Style, lead: String = "", leadStyle: Style = .plain, text: String, clock: String,
    textStyle: Style
  ) -> [Row] {
    let column = columns.textColumn
    // The lead may be as long as a name, and a row as short as 20 columns.
    let lead = lead.truncated(to: max(width - column - 2, 1))
    var rows: [Row] = []
    for (index, line) in (lead + text).wrapped(to: width - column).enumerated() {
      var pieces: [Row.Piece] = []
      if column > 0 {
        if index == 0 {
          let name = label.truncated(to: columns.nameWidth)
          pieces.append(Row.Piece(column: 0, text: clock, style: .dim))
          pieces.append(
            Row.Piece(column: 6 + columns.nameWidth - name.cellWidth, text: name, style: labelStyle))
        }
        pieces.append(Row.Piece(column: column - 2, text: "│", style: .dim))
      }
      if index == 0, !lead.isEmpty, line.hasPrefix(lead) {
        pieces.append(Row.Piece(column: column, text: lead, style: leadStyle))
        pieces.append(
          Row.Piece(column: column + lead.cellWidth, text: String(line.dropFirst(lead.count)), style: textStyle))
      } else {
        pieces.append(Row.Piece(column: column, text: line, style: textStyle))
      }
      rows.append(Row(pieces: pieces))
    }
    return rows
  }

  /// A line across the pane with a word in it.
  private func rule(_ text: String, style: Style) -> Row {
    let title = " \(text) ".truncated(to: max(width - 2, 1))
    let left = max((width - title.cellWidth) / 2, 0)
    let right = max(width - title.cellWidth - left, 0)
    let line = String(repeating: "─", count: left) + title + String(repeating: "─", count: right)
    return Row(pieces: [Row.Piece(column: 0, text: line, style: style)])
  }
}

extension Nickname {
  /// The same name has the same colour on every screen and in every letter case: FNV-1a of its folded form.
  var style: Style {
    var hash: UInt32 = 2_166_136_261
    for byte in text.lowercased().utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Style(.name(Int((hash ^ (hash >> 16)) % UInt32(Style.nameColors))))
  }
}
