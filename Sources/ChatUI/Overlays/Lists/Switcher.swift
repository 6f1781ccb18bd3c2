import ChatProtocol
import TerminalTypes

/// The tabs, servers, rooms and users that the user can switch to, filtered by typed letters.
struct Switcher: ChoiceList {
  var editor = LineEditor()
  /// All destinations, the ones that want attention first.
  let destinations: [Destination]
  /// The search keys of `destinations`: folded names, those of conversations with their `#` or `@`.
  private let keys: [[Unicode.Scalar]]
  private(set) var matches: [Destination]
  var choice = Choice()

  /// The limit for `destinations`.
  static let maximum = 20_000

  init(_ destinations: [Destination]) {
    self.destinations = destinations
    keys = destinations.map { Array($0.name.foldedForSearch().unicodeScalars) }
    matches = destinations
  }

  mutating func narrow() {
    let letters = Array(editor.text.foldedForSearch().unicodeScalars.filter { !$0.properties.isWhitespace })
    let ranked = keys.enumerated().compactMap { offset, key in
      destinations[offset].rank(letters, in: key).map { (rank: $0, offset: offset) }
    }
    matches = ranked.sorted { ($0.rank, $0.offset) < ($1.rank, $1.offset) }.map { destinations[$0.offset] }
    choice = Choice()
  }

  private var chosen: Destination? { matches.indices.contains(choice.index) ? matches[choice.index] : nil }

  // MARK: Overlay

  var holdsText: Bool { !editor.isEmpty }
  func input(width: Int) -> OverlayInput? { OverlayInput(prompt: "go to", editor: editor) }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    if key.symbol != .home, key.symbol != .end,
      choice.move(key, count: matches.count, page: context.layout.listPage())
    {
      return .handled
    }
    switch context.action(for: key) {
    case .send:
      guard let chosen else { return .closed }
      return .closed { $0.go(to: chosen) }
    case .switchTab, .nextTab, .completeForward: choice.step(1, count: matches.count)
    case .previousTab, .completeBackward: choice.step(-1, count: matches.count)
    case .quit: return .handled { $0.quit() }
    case .dismiss: return .closed
    case .clearInput:
      guard !editor.isEmpty else { return .closed }
      editor.clear()
      narrow()
    case .newline: break
    case .some(let action): if editor.perform(action) { narrow() }
    case nil: if editor.type(key) { narrow() }
    }
    return .handled
  }

  mutating func paste(_ text: String, in context: OverlayContext) -> OverlayResponse {
    editor.insert(text.replacing("\n", with: " "))
    narrow()
    return .handled
  }

  func content(in interface: Interface) -> ListContent {
    let height = interface.layout.pane.rows
    // There can be far more names than rows.
    let first = choice.first(count: matches.count, page: height - 1)
    let items = matches.dropFirst(first).prefix(height).map { interface.row(of: $0) }
    return ListContent(
      title: "Go to", state: matches.isEmpty ? "nothing is called so" : "\(matches.count)",
      keys: matches.isEmpty ? "Esc: back" : "↑ ↓ choose · Enter: go there · Esc", items: items, choice: choice,
      skipped: first)
  }
}

extension Interface {
  mutating func beginSwitching() -> [InterfaceCommand] {
    open(Switcher(Array(destinations.prefix(Switcher.maximum))))
  }

  fileprivate func row(of destination: Destination) -> [[ListContent.Piece]] {
    switch destination.place {
    case .server(let link):
      let isOpen = servers.index(of: link.endpoint) != nil
      let state = isOpen ? "server" : "connect to \(link.endpoint.summary)"
      return [
        [
          ListContent.Piece(column: 1, text: destination.name, style: isOpen ? .plain : .dim),
          ListContent.Piece(column: 1 + destination.name.cellWidth + 2, text: state, style: .dim),
        ]
      ]
    case .conversation(let place):
      let server = servers.index(of: place.server).map { servers[$0] }
      let tab = server.flatMap { server in server.tabs.index(of: place.target).map { server.tabs[$0] } }
      let unread = tab.map { $0.unread > 0 ? " •\($0.unread)" : "" } ?? ""
      let style: Style = tab == nil ? .dim : unread.isEmpty ? .plain : .bold
      let name = server?.rosters.guests.shown(place.target) ?? destination.name
      let prefix = destination.server.map { "\($0)/" } ?? ""
      return [[ListContent.Piece(column: 1, text: prefix + name + unread, style: style)]]
    }
  }
}
