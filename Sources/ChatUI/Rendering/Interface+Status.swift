import ChatModel
import ChatProtocol
import TerminalTypes

typealias StatusPart = (text: String, style: Style)

extension Interface {
  /// The connection and the user's name on the left, most important part first, since parts that do not fit are
  /// dropped; hints on the right.
  func drawStatus(on screen: inout Screen, in area: Layout.Area, _ page: TranscriptWalk.PaneContent) {
    screen.fill(area, style: .reversed)
    var column = area.column
    for (index, part) in statusParts(page).enumerated() {
      let separator = index > 0 ? " · " : " "
      let room = area.columns - column - separator.cellWidth
      // A long part is not cut to a few letters.
      guard index == 0 || part.text.cellWidth <= room || room >= Self.leastPart else { break }
      column = screen.put(separator, row: area.row, column: column, style: .reversed)
      column = screen.put(part.text.truncated(to: room), row: area.row, column: column, style: part.style)
    }
    let hints = [" Tab completes · F1 help · Ctrl+Q quit ", " F1 help · Ctrl+Q quit ", " F1 help "]
    if let text = hints.first(where: { column + $0.cellWidth + 1 <= area.columns }), hint == nil {
      screen.put(text, row: area.row, column: area.columns - text.cellWidth, style: .reversed)
    }
  }

  private static let leastPart = 8

  private func statusParts(_ page: TranscriptWalk.PaneContent) -> [StatusPart] {
    if let hint { return [(hint, Style(.standard, [.reversed, .bold]))] }
    if let parts = overlays.top?.status(in: self) { return parts }
    var parts = troubleParts
    if let count = tabs.current.unreadAbove(page) {
      parts.append(("▲ \(count) new above: Alt+U", Style(.highlight, [.reversed, .bold])))
    }
    if let messagesBelow = page.messagesBelow {
      let text = messagesBelow > 0 ? "▼ \(messagesBelow) below" : "▼ scrolled up"
      parts.append((text, Style(.highlight, [.reversed, .bold])))
    }
    if let placePart { parts.append(placePart) }
    if connection.isOnline, !connection.standing.isEncrypted {
      parts.append(("not encrypted", Style(.alert, [.reversed, .bold])))
    }
    let marks = [connection.isOnline && connection.standing.isOperator ? "op" : nil, away == nil ? nil : "away"]
      .compactMap { $0 }
    let own = rosters.guests.shown(name)
    let whoPart = marks.isEmpty ? own : "\(own) (\(marks.joined(separator: ", ")))"
    parts.append((whoPart, Style(.standard, [.reversed, .bold])))
    return parts + connection.statusParts(invitation: invitation, at: now)
  }

  /// Reasons why messages cannot be sent or saved.
  private var troubleParts: [StatusPart] {
    let style = Style(.alert, [.reversed, .bold])
    let waiting = overlays.waiting == nil ? [] : [("a question waits until you stop typing", style)]
    let unsaved = waiting + (saveTrouble != nil && holdsTypedText ? [("not saved", style)] : [])
    return unsaved + [connection.trouble(at: now)].compactMap { $0 }
  }

  /// Whether messages from this tab reach their target: the user is online, or the room is joined.
  private var placePart: StatusPart? {
    guard connection.isOnline else { return nil }
    let isWrong = Style(.highlight, [.reversed, .bold])
    switch tabs.current.target {
    case .room(let room): return tabs.current.isJoined ? nil : ("not in \(room), /join goes back", isWrong)
    case .person(let person):
      guard rosters.isLobbyKnown else { return nil }
      guard let found = rosters.lobby[person] else { return ("\(rosters.guests.shown(person)) is not here", isWrong) }
      return found.away == nil ? nil : (found.awayText, .reversed)
    }
  }
}
