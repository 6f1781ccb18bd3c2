import ChatModel
import ChatProtocol
import TerminalTypes

typealias StatusPart = (text: String, style: Style)

extension Interface {
  /// Draws the parts of the status line, the most important one first, because parts that do not fit are dropped.
  /// - Parameter layout: of the screen; laying out a long input takes time.
  func drawStatus(on screen: inout Screen, in layout: Layout, _ page: TranscriptWalk.PaneContent) {
    let area = layout.status
    var column = area.column
    for (index, part) in statusParts(page, in: layout).enumerated() {
      let separator = index > 0 ? " · " : " "
      let room = area.columns - column - separator.cellWidth
      // A long part is not cut to a few letters.
      guard index == 0 || part.text.cellWidth <= room || room >= Self.leastPart else { break }
      column = screen.put(separator, row: area.row, column: column, style: .dim)
      column = screen.put(part.text.truncated(to: room), row: area.row, column: column, style: part.style)
    }
    let help = helpHint
    guard layout.heading == nil, hint == nil, column + help.count + 2 < area.columns else { return }
    screen.put(help, row: area.row, column: area.columns - help.count - 1, style: .dim)
  }

  private static let leastPart = 8

  private func statusParts(_ page: TranscriptWalk.PaneContent, in layout: Layout) -> [StatusPart] {
    if let hint { return [(hint, .plain)] }
    if let parts = overlays.top?.status(in: self) { return parts }
    let reading = readingParts(page)
    let parts =
      troubleParts + [lengthPart].compactMap { $0 } + reading + [resultPart, placePart, secrecyPart].compactMap { $0 }
    // While older messages are in view, the position in the conversation replaces the identity.
    return reading.isEmpty ? parts + identityParts(in: layout) : parts
  }

  /// Reasons why messages cannot be sent or saved.
  private var troubleParts: [StatusPart] {
    let style = Style(.alert, .bold)
    let waiting = overlays.waiting == nil ? [] : [("a question waits until you stop typing", style)]
    let unsaved = waiting + [unsavedText.map { ($0, style) }].compactMap { $0 }
    return unsaved + [connection.trouble(at: now)].compactMap { $0 }
  }

  /// The servers whose typed text cannot be saved.
  private var unsavedText: String? {
    let unsaved = servers.servers.indices.filter { servers[$0].saveTrouble != nil && servers[$0].tabs.holdsTypedText }
    guard !unsaved.isEmpty else { return nil }
    return servers.hasSeveral ? "not saved: \(unsaved.map { serverLabel($0) }.joined(separator: ", "))" : "not saved"
  }

  /// The number of unread messages above the view, and of messages below it.
  private func readingParts(_ page: TranscriptWalk.PaneContent) -> [StatusPart] {
    var parts: [StatusPart] = []
    let attention = Style(.highlight, .bold)
    if let count = tabs.current.unreadAbove(page) {
      let key = keyMap.shortcut(.firstUnread).map { ", \($0)" } ?? ""
      parts.append(("▲ \(count) new above\(key)", attention))
    }
    guard let below = page.messagesBelow else { return parts }
    let place = below > 0 ? "▼ \(below) below" : "▼ scrolled up"
    switch tabs.current.unreadMentions(below: page, filter) {
    case 0: parts.append((place, .plain))
    case 1: parts.append((place + ", 1 names you", attention))
    case let count: parts.append((place + ", \(count) name you", attention))
    }
    return parts
  }

  /// Whether messages from this tab reach their target: the user is online, or the room is joined.
  private var placePart: StatusPart? {
    guard connection.isOnline else { return nil }
    let isWrong = Style(.highlight, .bold)
    switch tabs.current.target {
    case .room(let room): return tabs.current.isJoined ? nil : ("not in \(room), /join tries to go back", isWrong)
    case .person(let person):
      guard rosters.isLobbyKnown else { return nil }
      guard let found = rosters.lobby[person] else { return ("\(rosters.guests.shown(person)) is not here", isWrong) }
      return found.away == nil ? nil : (found.awayText, .plain)
    }
  }

  private var secrecyPart: StatusPart? {
    connection.isOnline && !connection.standing.isEncrypted ? ("not encrypted", Style(.alert, .bold)) : nil
  }

  /// The user's own name, and the connection.
  private func identityParts(in layout: Layout) -> [StatusPart] {
    let marks = [connection.isOnline && connection.standing.isOperator ? "op" : nil, away == nil ? nil : "away"]
      .compactMap { $0 }
    let own = rosters.guests.shown(name)
    let identity = marks.isEmpty ? own : "\(own) (\(marks.joined(separator: ", ")))"
    let parts = [(identity, .dim)] + connection.statusParts(invitation: invitation, at: now)
    let width = parts.reduce(0) { $0 + $1.text.cellWidth + " · ".count }
    let help = layout.heading == nil ? helpHint.count + 1 : 0
    guard let invitation, width + help > layout.status.columns else { return parts }
    // A part of the command is of no use.
    return parts.map { $0.text == invitation ? ("/share shows the command for others", $0.style) : $0 }
  }

  // MARK: Length

  /// The number of bytes that are left in the input, when there are few: in the longest line if each line is a message
  /// of its own.
  private var lengthPart: StatusPart? {
    let input = tabs.current.editor
    if connection.takesLines, input.hasSeveralLines {
      let text = MessageLines.normalized(input.text)
      let (lines, left) = (MessageLines.count(of: text), mostBytes - text.escapedBytes)
      if lines <= MessageLines.maximum, left >= 0 {
        return left < Self.fewBytes ? ("\(left) bytes left", .plain) : nil
      }
      // A longer text is sent line by line.
      let excess = left < 0 ? "\(-left) bytes" : (lines - MessageLines.maximum).counted("line")
      if bytesLeft >= 0 { return ("\(excess) too long for one message: each line becomes one", .plain) }
    }
    let left = bytesLeft
    if left < 0 { return ("\(-left) bytes too long for one message", Style(.alert, .bold)) }
    return left < Self.fewBytes ? ("\(left) bytes left", .plain) : nil
  }

  private static let fewBytes = 400

  private var bytesLeft: Int {
    var (line, longest) = (0, 0)
    for character in tabs.current.editor.characters {
      line = character == "\n" ? 0 : line + character.utf8.count
      longest = max(longest, line)
    }
    return mostBytes - longest
  }
}
