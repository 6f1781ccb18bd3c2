import ChatModel
import ChatProtocol
import TerminalTypes

/// Lays out entries as rows of a pane with a given width.
struct TranscriptLayout {
  let width: Int
  let offset: LocalOffset
  var hidesPresence = false
  /// The entry below the "new" line.
  var firstUnread: Int?
  /// The highlighted search result.
  var found: Int?
  /// The line above the first entry: the beginning of the conversation, or that more is loading.
  var heading: String?
  /// The search phrases to highlight.
  var needles: [SearchPhrase] = []
  /// The short forms of names that are too wide for the column of names.
  var abbreviations = Abbreviations()
  /// Whether the client is connected: it decides how unconfirmed messages are marked.
  var isOnline = true
  var guests = Guests()

  /// One row of the pane, as pieces of text in their styles.
  struct Row: Hashable {
    var pieces: [Piece]

    struct Piece: Hashable {
      var column: Int
      var text: String
      var style: Style
    }
  }

  /// The rows of one entry.
  struct Block {
    var rows: [Row]
    /// How many of the rows are rules: the date of a new day, and "new".
    var rules: Int
  }

  /// The columns before the text: the narrower the pane, the fewer.
  private enum Columns {
    /// `12:01         neha │ text`, with the width of the column of names.
    case table(Int)
    /// `12:01 neha: text`, continued below the name.
    case inline
    /// `neha: text`, continued with a small indent.
    case bare

    init(width: Int) {
      self = width >= 80 ? .table(12) : width >= 56 ? .table(10) : width >= 32 ? .inline : .bare
    }

    static let clock = 6

    var textColumn: Int {
      switch self {
      case .table(let nameWidth): Self.clock + nameWidth + 3
      case .inline: Self.clock
      case .bare: 0
      }
    }

    var hanging: Int { if case .bare = self { 2 } else { 0 } }
  }

  private var columns: Columns { Columns(width: width) }

  /// The width of the column of names; nil if there is none.
  var nameWidth: Int? { if case .table(let width) = columns { width } else { nil } }

  /// The rules before an entry, followed by its rows.
  func block(of entry: TranscriptEntry, after previous: TranscriptEntry?) -> Block {
    var rules = previous == nil ? headingRows : []
    if hidesPresence, entry.isPresence { return Block(rows: rules, rules: rules.count) }
    let local = LocalTime(entry.time, offset: offset(entry.time))
    let previousDate = previous.map { LocalTime($0.time, offset: offset($0.time)).date }
    if previousDate != local.date { rules.append(rule(width < 30 ? local.shortDay : local.day, style: .dim)) }
    if entry.id == firstUnread { rules.append(rule("new", style: Style(.highlight))) }
    var rows = rows(of: entry.body, clock: local.clock)
    if entry.id == found { point(at: &rows) }
    return Block(rows: rules + rows, rules: rules.count)
  }

  /// Marks the search result: an arrow in place of the line before the text, and the time reversed. All but the
  /// narrowest panes have at least one of the two.
  private func point(at rows: inout [Row]) {
    guard var first = rows.first?.pieces else { return }
    for index in first.indices {
      if first[index].text == "│", first[index].column == columns.textColumn - 2 {
        first[index] = Row.Piece(column: first[index].column, text: "▶", style: Style(.highlight, .bold))
      } else if first[index].column == 0 {
        first[index].style.attributes.insert(.reversed)
      }
    }
    rows[0].pieces = first
  }

  var headingRows: [Row] { heading.map { [rule($0, style: .dim)] } ?? [] }

  /// In place of the time: `--:--` while not connected, `···` while the answer is pending.
  func rows(of unconfirmed: OutgoingMessage, author: Nickname) -> [Row] {
    let message = TranscriptEntry.Message(author: author, text: unconfirmed.shownText, isOwn: true, isMention: false)
    let sign = isOnline ? "  ···" : "--:--"
    if case .bare = columns {
      let lead = "\(sign.trimmingSpaces) \(authorText(author)): "
      return rows(
        label: "", labelStyle: .plain, lead: lead, leadStyle: .dim, text: message.text, clock: "", textStyle: .dim)
    }
    return rows(of: message, clock: sign, textStyle: .dim)
  }

  private func rows(of body: TranscriptEntry.Body, clock: String) -> [Row] {
    switch body {
    case .message(let message):
      return rows(of: message, clock: clock, textStyle: message.isMention ? Style(.highlight) : .plain)
    case .redacted(let author, let name):
      return rows(ofRemoved: author, by: name, clock: clock)
    case .topic(let author, let text):
      let name = guests.shown(author)
      let change = text.isEmpty ? "\(name) took the topic away" : "\(name) set the topic: \(text)"
      return rows(label: "--", labelStyle: .dim, text: change, clock: clock, textStyle: .dim, needles: needles)
    case .notice(let text): return notice("--", text, clock: clock, style: .dim)
    case .alert(let text): return notice("!!", text, clock: clock, style: Style(.alert))
    case .presence(let changes):
      return notice(PresenceChange.label(changes), PresenceChange.describe(changes, guests), clock: clock, style: .dim)
    case .away(let name, let text):
      let person = Person(name, away: text, isGuest: guests.contains(name))
      return notice("--", person.awayText, clock: clock, style: .dim)
    case .back(let name): return notice("--", "\(guests.shown(name)) is back", clock: clock, style: .dim)
    }
  }

  private func authorText(_ author: Nickname) -> String { (guests.contains(author) ? "~" : "") + author.asAuthor }

  private func rows(of message: TranscriptEntry.Message, clock: String, textStyle: Style) -> [Row] {
    let nameStyle = message.isOwn ? Style(.own, .bold) : message.author.style
    if let action = message.action {
      return rows(
        label: "*", labelStyle: nameStyle, lead: "\(authorText(message.author)) ", leadStyle: nameStyle, text: action,
        clock: clock,
        textStyle: textStyle, needles: needles)
    }
    switch columns {
    case .table:
      return rows(
        label: authorText(message.author), labelStyle: nameStyle, text: message.text, clock: clock,
        textStyle: textStyle,
        needles: needles)
    case .inline, .bare:
      return rows(
        label: "", labelStyle: .plain, lead: "\(authorText(message.author)): ", leadStyle: nameStyle,
        text: message.text,
        clock: clock, textStyle: textStyle, needles: needles)
    }
  }

  /// The author's name stays, because others may have answered.
  private func rows(ofRemoved author: Nickname, by name: Nickname?, clock: String) -> [Row] {
    let remark = name.map { $0 == author ? "(removed)" : "(removed by \(guests.shown($0)))" } ?? "(removed)"
    if case .table = columns {
      return rows(label: authorText(author), labelStyle: .dim, text: remark, clock: clock, textStyle: .dim)
    }
    return rows(
      label: "", labelStyle: .dim, lead: "\(authorText(author)): ", leadStyle: .dim, text: remark, clock: clock,
      textStyle: .dim)
  }

  private func notice(_ label: String, _ text: String, clock: String, style: Style) -> [Row] {
    rows(label: label, labelStyle: style, text: text, clock: clock, textStyle: style)
  }

  /// - Parameters:
  ///   - label: replaces the name.
  ///   - lead: the beginning of the text's first row, in its own style.
  private func rows(
    label: String, labelStyle: Style, lead: String = "", leadStyle: Style = .plain, text: String, clock: String,
    textStyle: Style, needles: [SearchPhrase] = []
  ) -> [Row] {
    let (columns, column) = (columns, columns.textColumn)
    var lead = lead
    if case .table = columns {} else if !label.isEmpty { lead = label + " " + lead }
    // A name may be longer than a row.
    lead = lead.truncated(to: max(width - column - 2, 1))
    var rows: [Row] = []
    for (index, line) in (lead + text).wrapped(to: width - column, hanging: columns.hanging).enumerated() {
      var pieces: [Row.Piece] = []
      switch columns {
      case .table(let nameWidth):
        if index == 0 {
          let name = shortened(label, to: nameWidth)
          pieces.append(Row.Piece(column: 0, text: clock, style: .dim))
          pieces.append(
            Row.Piece(column: Columns.clock + nameWidth - name.cellWidth, text: name, style: labelStyle))
        }
        pieces.append(Row.Piece(column: column - 2, text: "│", style: .dim))
      case .inline: if index == 0 { pieces.append(Row.Piece(column: 0, text: clock, style: .dim)) }
      case .bare: break
      }
      if index == 0, !lead.isEmpty, line.hasPrefix(lead) {
        pieces.append(Row.Piece(column: column, text: lead, style: leadStyle))
        pieces.append(
          Row.Piece(column: column + lead.cellWidth, text: String(line.dropFirst(lead.count)), style: textStyle))
      } else {
        let indent = index == 0 ? 0 : columns.hanging
        pieces.append(Row.Piece(column: column + indent, text: line, style: textStyle))
      }
      if !needles.isEmpty, let text = pieces.popLast() { pieces += text.highlighting(needles) }
      rows.append(Row(pieces: pieces))
    }
    return rows
  }

  /// The label as it fits into the column of names. The signs of a guest stay.
  private func shortened(_ label: String, to width: Int) -> String {
    // A character never takes more columns than bytes.
    if label.utf8.count <= width { return label }
    let sign = label.prefix { $0 == "~" }
    return (sign + abbreviations.form(of: String(label.dropFirst(sign.count)), width: width)).truncated(to: width)
  }

  /// A rule: a line across the pane with a title.
  private func rule(_ text: String, style: Style) -> Row {
    let title = " \(text) ".truncated(to: max(width - 2, 1))
    let left = max((width - title.cellWidth) / 2, 0)
    let right = max(width - title.cellWidth - left, 0)
    let line = String(repeating: "─", count: left) + title + String(repeating: "─", count: right)
    return Row(pieces: [Row.Piece(column: 0, text: line, style: style)])
  }
}

extension Nickname {
  /// The colour of a name, from the FNV-1a hash of its folded form: the same on every screen and in every spelling.
  var style: Style {
    var hash: UInt32 = 2_166_136_261
    for byte in folded.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Style(.name(Int((hash ^ (hash >> 16)) % UInt32(Style.nameColors))))
  }
}
