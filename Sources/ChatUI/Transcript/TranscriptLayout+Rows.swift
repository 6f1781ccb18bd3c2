import ChatModel
import ChatProtocol
import TerminalTypes

// The rows of one entry.

extension TranscriptLayout {
  /// The content of an entry before wrapping.
  struct Content {
    var label: Label
    /// The beginning of the first row of the text, in its own style: a name where names have no column.
    var lead = ""
    var leadStyle = Style.plain
    var text: String
    var textStyle: Style
    var isSearched = false
    var isMention = false
    /// Whether the text was written by a user, and has the format of a message.
    var isMessage = false

    /// The text with its blocks of code.
    var parts: [MessagePart] { isMessage ? MessagePart.parts(of: text) : [.text(text)] }
  }

  /// The text in the column of names.
  struct Label {
    var text: String
    var style: Style
    /// Whether it is a name, which `omitsNames` may leave out. The program's own signs are never left out: no message
    /// may look like a line of the program.
    var isName = false
    /// The author of the message, also if the label is a sign.
    var author: Nickname?
  }

  func rows(of entry: TranscriptEntry, time: String?, showsName: Bool) -> [Row] {
    rows(content(of: entry.body), time: time, showsName: showsName, isFound: entry.id == found)
  }

  /// The text in the column of names of an entry.
  func label(of body: TranscriptEntry.Body) -> Label {
    switch body {
    case .message(let message):
      let style = message.isOwn ? Style(.own) : message.author.style
      guard !message.isAction else { return Label(text: "*", style: style, author: message.author) }
      return Label(text: authorText(message.author), style: style, isName: true, author: message.author)
    case .redacted(let author, _):
      return Label(text: authorText(author), style: .dim, isName: true, author: author)
    case .topic, .notice: return Label(text: "--", style: .dim)
    case .alert: return Label(text: "!!", style: Style(.alert))
    case .presence(let changes):
      return Label(text: columns.style == .classic ? PresenceChange.label(changes) : "·", style: .dim)
    case .away, .back: return Label(text: columns.style == .classic ? "--" : "·", style: .dim)
    }
  }

  /// The author's name for display, with the sign of a guest.
  func authorText(_ author: Nickname) -> String { guests.author(author) }

  func content(of body: TranscriptEntry.Body) -> Content {
    var content = Content(label: label(of: body), text: body.words(guests), textStyle: .dim)
    switch body {
    case .message(let message):
      (content.isMention, content.isSearched, content.isMessage) = (message.isMention, true, true)
      content.textStyle = message.isMention ? Style(.highlight) : .plain
      if message.isAction {
        content.lead = "\(authorText(message.author)) "
        content.leadStyle = content.label.style
      }
    case .topic: content.isSearched = true
    case .alert: content.textStyle = content.label.style
    case .redacted, .notice, .presence, .away, .back: break
    }
    guard !columns.hasNameColumn else { return content }
    if content.label.isName {
      (content.lead, content.leadStyle) = ("\(content.label.text): ", content.label.style)
    } else {
      content.lead = "\(content.label.text) " + content.lead
      content.leadStyle = content.label.style
    }
    return content
  }

  /// - Parameter time: nil if it is left out.
  func rows(_ content: Content, time: String?, showsName: Bool, isFound: Bool = false) -> [Row] {
    var rows: [Row] = []
    // A name may be longer than a row.
    var lead = content.lead.truncated(to: max(width - columns.text - 2, 1))
    let phrases = content.isSearched ? needles : []
    for part in content.parts {
      switch part {
      case .code(let lines):
        if !lead.isEmpty {
          var row = newRow(
            of: content, isFirst: rows.isEmpty, isCode: false, time: time, showsName: showsName, isFound: isFound)
          row.pieces.append(Row.Piece(column: columns.text, text: lead, style: content.leadStyle))
          rows.append(row)
          lead = ""
        }
        let column = columns.text + columns.hanging
        for line in lines.flatMap({ $0.cut(to: width - column) }) {
          let piece = Row.Piece(column: column, text: line, style: content.textStyle)
          var row = newRow(
            of: content, isFirst: rows.isEmpty, isCode: true, time: time, showsName: showsName, isFound: isFound)
          row.pieces += phrases.isEmpty ? [piece] : piece.highlighting(phrases)
          rows.append(row)
        }
      case .text(let text):
        let styled = FormattedText(
          text, lead: lead, isMessage: content.isMessage, highlighting: phrases)
        var place = FormattedText.Place()
        let isFirstPart = rows.isEmpty
        for (index, line) in styled.text.wrapped(
          to: width - columns.text, hanging: columns.hanging, indentsFirst: !isFirstPart
        ).enumerated() {
          let indent = index == 0 && isFirstPart ? 0 : columns.hanging
          var row = newRow(
            of: content, isFirst: rows.isEmpty, isCode: false, time: time, showsName: showsName, isFound: isFound)
          styled.append(line, to: &row, column: columns.text + indent, at: &place, content)
          rows.append(row)
        }
        lead = ""
      }
    }
    return rows
  }

  /// A row without its text: on the first one the time and the name, on each one the marker.
  private func newRow(
    of content: Content, isFirst: Bool, isCode: Bool, time: String?, showsName: Bool, isFound: Bool
  ) -> Row {
    var row = Row(pieces: [])
    if isFirst {
      if let time, columns.form != .bare {
        let style = isFound ? Style(.faint, .reversed) : .dim
        row.pieces.append(Row.Piece(column: columns.time, text: time, style: style))
      }
      if columns.hasNameColumn, showsName || !content.label.isName {
        row.pieces.append(namePiece(content.label))
        row.addAnchor(to: row.pieces[row.pieces.count - 1], of: content.label)
      }
    }
    if let marker = marker(of: content, isFirst: isFirst, isFound: isFound, isCode: isCode) {
      row.pieces.append(marker)
    }
    // Without a column of names, and in actions, the name is at the beginning of the text.
    if isFirst, let author = content.label.author, !content.lead.isEmpty {
      let width = min(content.lead.cellWidth, max(width - columns.text, 0))
      row.anchors.append(Row.Anchor(columns: columns.text..<columns.text + width, subject: .author(author)))
    }
    return row
  }

  func namePiece(_ label: Label) -> Row.Piece {
    let name = shortened(label.text, to: columns.nameWidth)
    return Row.Piece(column: columns.place(ofName: name.cellWidth), text: name, style: label.style)
  }

  /// The sign before the text: an arrow at the target of a jump, a bar along a message that mentions the user.
  private func marker(of content: Content, isFirst: Bool, isFound: Bool, isCode: Bool) -> Row.Piece? {
    let attention = Style(.highlight, .bold)
    if isFound, isFirst { return Row.Piece(column: columns.marker, text: "▶", style: attention) }
    if isCode { return Row.Piece(column: columns.marker, text: "│", style: .dim) }
    if content.isMention { return Row.Piece(column: columns.marker, text: "▌", style: attention) }
    return columns.hasRule ? Row.Piece(column: columns.marker, text: "│", style: .dim) : nil
  }

  /// The label as it fits into the column of names. The signs of a guest stay.
  private func shortened(_ label: String, to width: Int) -> String {
    // A character never takes more columns than bytes.
    if label.utf8.count <= width { return label }
    let sign = label.prefix { $0 == "~" }
    return (sign + abbreviations.form(of: String(label.dropFirst(sign.count)), width: width)).truncated(to: width)
  }
}

extension TranscriptLayout.Row {
  /// Marks the piece as the name of the author, if it is one.
  mutating func addAnchor(to piece: Piece, of label: TranscriptLayout.Label) {
    guard label.isName, let author = label.author else { return }
    anchors.append(Anchor(columns: piece.column..<piece.column + piece.text.cellWidth, subject: .author(author)))
  }
}
