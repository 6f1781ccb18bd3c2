import ChatModel
import ChatProtocol
import TerminalTypes

/// Lays out entries as rows of a pane with a given width.
struct TranscriptLayout {
  let width: Int
  let offset: LocalOffset
  let columns: TranscriptColumns
  var filter = EntryFilter()
  /// The entry below the "new" line.
  var firstUnread: Int?
  /// The number of messages that were unread when the "new" line was drawn; 0 if it is not known.
  var newMessages = 0
  /// The target of the last jump.
  var found: Int?
  /// The line above the first entry: the beginning of the conversation, or that more is loading.
  var heading: String?
  /// The search phrases to highlight.
  var needles: [SearchPhrase] = []
  /// The short forms of names that are too wide for the column of names.
  var abbreviations = Abbreviations()
  /// Whether the client is connected, which decides the mark of unconfirmed messages.
  var isOnline = true
  var guests = Guests()

  /// - Parameters:
  ///   - names: the width of the longest name in view.
  ///   - isWide: whether the screen has columns to spare.
  init(
    width: Int, offset: @escaping LocalOffset, names: Int = 0, style: LayoutStyle = .modern,
    timeFormat: TimeFormat = .twentyFourHours, isWide: Bool = false
  ) {
    self.width = width
    self.offset = offset
    columns = TranscriptColumns(width: width, names: names, style: style, timeFormat: timeFormat, isWide: isWide)
  }

  /// One row of the pane, as pieces of text in their styles.
  struct Row: Hashable {
    var pieces: [Piece]
    /// The links that begin in the row.
    var links: [Link] = []
    /// The parts of the row that stand for something.
    var anchors: [Anchor] = []

    struct Anchor: Hashable {
      let columns: Range<Int>
      let subject: Subject

      enum Subject: Hashable {
        /// A link, or its part in this row.
        case link(String)
        /// The name of an author.
        case author(Nickname)
      }
    }

    struct Link: Hashable {
      let address: String
      /// The index of the piece with its number, one column wide.
      let piece: Int
    }

    struct Piece: Hashable {
      var column: Int
      var text: String
      var style: Style
    }
  }

  /// The rows of one entry.
  struct Block {
    var rows: [Row]
    /// The number of rows that are rules: the heading, the date of a new day, and "new".
    var rules: Int
  }

  // MARK: Entries

  /// The rules before an entry, followed by its rows.
  /// - Parameters:
  ///   - previous: the nearest entry above it that is not hidden; nil if there is none. Not used if the entry is hidden.
  ///   - isFirst: whether the transcript begins with it.
  func block(of entry: TranscriptEntry, after previous: TranscriptEntry?, isFirst: Bool) -> Block {
    var rules = isFirst ? headingRows : []
    if filter.hides(entry) { return Block(rows: rules, rules: rules.count) }
    let time = localTime(of: entry)
    let before = previous.map(localTime)
    if before?.date != time.date { rules.append(rule(width < 30 ? time.shortDay : time.day, style: .dim)) }
    if entry.id == firstUnread { rules.append(rule(newTitle, style: Style(.highlight))) }
    // Below a rule, and at the target of a jump, the time and the name are repeated.
    let isContinued = rules.isEmpty && entry.id != found
    let showsTime = !columns.omitsTimes || !isContinued || before.map { !$0.isSameMinute(as: time) } ?? true
    let showsName = !columns.omitsNames || !isContinued || !(previous?.isFollowed(by: entry) ?? false)
    let rows = rows(of: entry, time: showsTime ? time.clockColumn(as: columns.timeFormat) : nil, showsName: showsName)
    return Block(rows: rules + rows, rules: rules.count)
  }

  /// `14 new`
  private var newTitle: String { newMessages > 0 ? "\(newMessages) new" : "new" }

  private func localTime(of entry: TranscriptEntry) -> LocalTime { LocalTime(entry.time, offset: offset(entry.time)) }

  var headingRows: [Row] { heading.map { [rule($0, style: .dim)] } ?? [] }

  /// The row with the time and the name, added if it lacks them; for the first row in view.
  /// - Parameter isFirst: whether it is the first row of the entry.
  func labelled(_ row: Row, of entry: TranscriptEntry, isFirst: Bool) -> Row {
    guard columns.style == .modern, columns.form == .table || (columns.form == .inline && isFirst) else { return row }
    var row = row
    if !row.pieces.contains(where: { $0.column < columns.time + columns.timeFormat.columns }) {
      let time = localTime(of: entry).clockColumn(as: columns.timeFormat)
      row.insert(Row.Piece(column: columns.time, text: time, style: .dim), at: 0)
    }
    if columns.form == .table, !row.pieces.contains(where: { (columns.name..<columns.marker).contains($0.column) }) {
      let label = label(of: entry.body)
      row.insert(namePiece(label), at: 1)
      row.addAnchor(to: row.pieces[1], of: label)
    }
    return row
  }

  // MARK: Unconfirmed messages

  /// The rows of an unconfirmed message. In place of the time they show `--:--` while the client is not connected, and
  /// `···` while the answer is pending.
  /// - Parameter showsName: true for the first unconfirmed message.
  func rows(of unconfirmed: OutgoingMessage, author: Nickname, showsName: Bool = true) -> [Row] {
    let message = TranscriptEntry.Message(author: author, text: unconfirmed.shownText, isOwn: true, isMention: false)
    let sign = isOnline ? "···" : "--:--"
    var content = content(of: .message(message))
    content.textStyle = .dim
    guard columns.form != .bare else {
      content.lead = "\(sign) \(content.lead)"
      content.leadStyle = .dim
      return rows(content, time: nil, showsName: true)
    }
    let time = String(repeating: " ", count: columns.timeFormat.columns - sign.cellWidth) + sign
    return rows(content, time: time, showsName: showsName || !columns.omitsNames)
  }

  // MARK: Rules

  /// A rule: a line across the pane with a title.
  private func rule(_ text: String, style: Style) -> Row {
    let title = " \(text) ".truncated(to: max(width - 2, 1))
    let left = max((width - title.cellWidth) / 2, 0)
    let right = max(width - title.cellWidth - left, 0)
    let line = String(repeating: "─", count: left) + title + String(repeating: "─", count: right)
    return Row(pieces: [Row.Piece(column: 0, text: line, style: style)])
  }
}

extension TranscriptLayout.Row {
  fileprivate mutating func insert(_ piece: Piece, at index: Int) {
    pieces.insert(piece, at: index)
    links = links.map { Link(address: $0.address, piece: $0.piece + 1) }
  }
}

extension TranscriptEntry {
  /// Whether both are messages of one author, whose name need not be repeated.
  fileprivate func isFollowed(by next: TranscriptEntry) -> Bool {
    guard let author, author == next.author else { return false }
    return message?.isAction != true && next.message?.isAction != true
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
