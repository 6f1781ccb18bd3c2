import ChatModel
import ChatProtocol
import TerminalTypes

extension ListContent {
  /// The rows per message: target and text side by side, or one below the other.
  static func messageRows(width: Int) -> Int { width >= 60 ? 1 : 2 }

  /// Messages as items of a list.
  /// - Parameter phrases: the phrases to highlight.
  static func items(
    _ messages: [ChatMessage], highlighting phrases: [SearchPhrase] = [], in interface: Interface
  ) -> [[[Piece]]] {
    let guests = interface.rosters.guests
    let places = Abbreviations(messages.lazy.map { guests.shown($0.target) }, width: placeWidth)
    let authors = Abbreviations(messages.lazy.map { guests.shown($0.author) }, width: placeWidth)
    let offset = interface.settings.localOffset
    let today = LocalTime(interface.now, offset: offset(interface.now))
    let format = interface.preferences.timeFormat
    let isNarrow = messageRows(width: interface.size.columns) > 1
    return messages.map { message in
      let local = LocalTime(message.time, offset: offset(message.time))
      let (place, author) = (guests.shown(message.target), guests.shown(message.author))
      guard isNarrow else {
        let when = "\(local.dayColumn(seenFrom: today)) \(local.clockColumn(as: format))"
        let column = 1 + when.cellWidth + 1
        return [
          [
            Piece(column: 1, text: when, style: .dim),
            Piece(column: column, text: places.form(of: place, width: placeWidth), style: .plain),
            Piece(column: column + 13, text: authors.form(of: author, width: placeWidth), style: message.author.style),
          ] + Piece(column: column + 26, text: message.listText, style: .plain).highlighting(phrases)
        ]
      }
      let label = Piece(column: 3, text: "\(author): ", style: .plain)
      let words = Piece(column: 3 + label.text.cellWidth, text: message.listText, style: .plain)
      let when = "\(local.day(seenFrom: today)) \(local.clock(as: format))"
      return [[Piece(column: 1, text: "\(when) \(place)", style: .dim)], [label] + words.highlighting(phrases)]
    }
  }

  /// The columns for the target, and for the author.
  private static let placeWidth = 12
}

extension ChatMessage {
  fileprivate var listText: String {
    switch kind {
    case .text:
      // The author is beside the text.
      DisplayText.sanitize(
        MessageLines.onOneLine(
          TranscriptEntry.Message(author: author, text: text, isOwn: isOwn, isMention: false).action.map { "* \($0)" }
            ?? text))
    case .topic: "topic: " + DisplayText.sanitize(text)
    case .redacted: "(removed)"
    }
  }
}
