import ChatModel
import ChatProtocol
import TerminalTypes

/// Text in whole lines from the first column on, without names, times and lists, so that the terminal's own selection
/// copies nothing else.
struct BareView: Overlay {
  /// Oldest first.
  let lines: [String]
  /// The rows that are scrolled off the bottom.
  private(set) var scroll = 0

  /// The limit for messages.
  static let mostMessages = 500

  init(_ lines: [String]) { self.lines = lines }

  var lifetime: OverlayLifetime { .untilTabChanges }
  var coversPane: Bool { true }
  var coversTabs: Bool { true }
  var wheel: WheelEffect { .movesChoice }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    let (height, width) = (context.layout.status.row, context.interface.size.columns)
    let page = max(height - 1, 1)
    // On a larger screen the view may be above the first row.
    let here = highest(upTo: scroll, height: height, width: width)
    let target: Int
    switch key.symbol {
    case .up: target = here + 1
    case .down: target = here - 1
    case .pageUp: target = here + page
    case .pageDown: target = here - page
    case .home: target = .max / 2
    case .end: target = 0
    default: return context.action(for: key) == .quit ? .closed { $0.quit() } : .closed
    }
    scroll = highest(upTo: max(target, 0), height: height, width: width)
    return .handled
  }

  /// The position, or the one that shows the first row if that is less.
  private func highest(upTo scroll: Int, height: Int, width: Int) -> Int {
    min(scroll, max(rows(atLeast: scroll + height, width: width).count - height, 0))
  }

  /// At least the last `count` rows, from the beginning of a line on; all rows if there are fewer. Earlier lines are not
  /// cut into rows, since there may be many.
  func rows(atLeast count: Int, width: Int) -> [String] {
    var rows: [String] = []
    for line in lines.reversed() {
      guard rows.count < count else { break }
      rows += line.cut(to: width).reversed()
    }
    return rows.reversed()
  }

  func draw(on frame: inout Frame, in layout: Layout, of interface: Interface) {
    let area = Layout.Area(row: 0, column: 0, rows: layout.status.row, columns: frame.screen.size.columns)
    frame.screen.fill(area)
    let rows = rows(atLeast: scroll + area.rows, width: area.columns)
    let hidden = min(scroll, max(rows.count - area.rows, 0))
    let shown = rows.dropLast(hidden).suffix(area.rows)
    // A few lines are at the bottom, next to the input, like a short conversation.
    let first = area.rows - shown.count
    for (index, row) in shown.enumerated() { frame.screen.put(row, row: first + index, column: 0) }
    frame.screen.cursor = Screen.Position(row: min(first, max(area.rows - 1, 0)), column: 0)
    frame.screen.putStatus(
      ["text only, to copy · PgUp: older · any other key: back", "any other key: back"], in: layout)
  }
}

extension Interface {
  /// Shows the text of the conversation up to the last row in view.
  mutating func showBareView() -> [InterfaceCommand] {
    let entries = tabs.current.transcript.entries
    let page = walk(in: layout.pane).page(at: tabs.current.scroll)
    let end = min((page.last ?? entries.count - 1) + 1, entries.count)
    let filter = filter
    let shown = Array(entries[..<end].reversed().lazy.filter { !filter.hides($0) }.prefix(BareView.mostMessages))
    let lines = shown.reversed().flatMap { entry -> [String] in
      switch entry.body {
      case .message(let message): message.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      case .notice(let text): text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      case .topic(_, let text): [text]
      case .redacted, .alert, .presence, .away, .back: []
      }
    }
    return open(BareView(lines))
  }

  /// Shows and copies the command that others connect with.
  mutating func share() -> [InterfaceCommand] {
    let line = invitation ?? ShareLink(endpoint: connection.endpoint, pin: connection.standing.pin).command
    let isLocal = invitation == nil && connection.endpoint.isLoopback
    let note = "\(connection.endpoint.host) leads only to this machine: others need its address instead"
    _ = open(BareView(isLocal ? [line, note] : [line]))
    hint = nil
    return [.copy(line)]
  }
}
