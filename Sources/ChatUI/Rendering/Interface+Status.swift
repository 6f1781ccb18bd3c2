import ChatProtocol

extension Interface {
  /// Who we are and how we stand with the server on the left, hints on the right as far as there is room.
  func drawStatus(on screen: inout Screen, in area: Layout.Area, messagesBelow: Int) {
    screen.fill(area, style: .reversed)
    var column = screen.put(" ", row: area.row, column: area.column, style: .reversed)
    for (index, part) in statusParts(messagesBelow: messagesBelow).enumerated() {
      if index > 0 { column = screen.put(" · ", row: area.row, column: column, style: .reversed) }
      let room = area.columns - column
      guard room > 1 else { break }
      column = screen.put(part.text.truncated(to: room), row: area.row, column: column, style: part.style)
    }
    let hints = [" Tab completes · F1 help · Ctrl+Q quit ", " F1 help · Ctrl+Q quit ", " F1 help "]
    if let text = hints.first(where: { column + $0.cellWidth + 1 <= area.columns }), hint == nil {
      screen.put(text, row: area.row, column: area.columns - text.cellWidth, style: .reversed)
    }
  }

  private func statusParts(messagesBelow: Int) -> [(text: String, style: Style)] {
    var parts: [(String, Style)] = []
    if let hint { return [(hint, Style(.standard, [.reversed, .bold]))] }
    if case .naming(let prompt) = mode {
      return [("\(prompt.refused): \(prompt.reason)", Style(.alert, [.reversed, .bold]))]
    }
    if case .choosing = mode { return [("↑ ↓ choose · Enter writes to them · Esc", .reversed)] }
    if tabs.current.scroll != .bottom {
      let text = messagesBelow > 0 ? "▼ \(messagesBelow) below" : "▼ scrolled up"
      parts.append((text, Style(.highlight, [.reversed, .bold])))
    }
    parts.append((away == nil ? name.text : "\(name) (away)", Style(.standard, [.reversed, .bold])))
    parts.append(contentsOf: connectionParts)
    if let invitation { parts.append((invitation, .reversed)) }
    return parts
  }

  private var connectionParts: [(text: String, style: Style)] {
    switch connection {
    case .connecting(let place): return [("connecting to \(place)…", .reversed)]
    case .online(let place, let isPlain):
      var parts: [(String, Style)] = []
      if invitation == nil { parts.append((place, .reversed)) } else { parts.append(("hosting", .reversed)) }
      if let lag { parts.append((Self.describe(lag), Style(Self.isSlow(lag) ? .alert : .standard, .reversed))) }
      if isPlain { parts.append(("plain", .reversed)) }
      return parts
    case .offline(_, let reason, let retryAt):
      let offline = Style(.alert, [.reversed, .bold])
      guard let retryAt else { return [(reason, offline)] }
      let seconds = max((retryAt.milliseconds - now.milliseconds + 999) / 1000, 0)
      return [("offline, again in \(seconds) s", offline), (reason, .reversed)]
    }
  }

  private static func isSlow(_ lag: Duration) -> Bool { lag > .seconds(1) }

  static func describe(_ lag: Duration) -> String {
    let milliseconds = lag.nanoseconds / 1_000_000
    if milliseconds < 1 { return "<1 ms" }
    return milliseconds < 10_000 ? "\(milliseconds) ms" : "\(milliseconds / 1000) s"
  }
}
