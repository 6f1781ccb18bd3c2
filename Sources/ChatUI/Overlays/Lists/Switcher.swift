import ChatProtocol
import TerminalTypes

/// The tabs, rooms and users that the user can switch to, filtered by typed letters.
struct Switcher: ListOverlay {
  var editor = LineEditor()
  /// All targets, the ones that want attention first.
  let targets: [Target]
  /// The search keys of `targets`: folded names with their `#` or `@`.
  private let keys: [[Unicode.Scalar]]
  private(set) var matches: [Target]
  var choice = Choice()

  /// The limit for `targets`.
  static let maximumTargets = 20_000

  init(_ targets: [Target]) {
    self.targets = targets
    keys = targets.map { Array($0.text.foldedForSearch().unicodeScalars) }
    matches = targets
  }

  mutating func narrow() {
    let letters = editor.text.foldedForSearch().unicodeScalars.filter { !$0.properties.isWhitespace }
    let ranked = keys.enumerated().compactMap { offset, key in
      Self.rank(Array(letters), in: key).map { (rank: $0, offset: offset) }
    }
    matches = ranked.sorted { ($0.rank, $0.offset) < ($1.rank, $1.offset) }.map { targets[$0.offset] }
    choice = Choice()
  }

  private var chosen: Target? { matches.indices.contains(choice.index) ? matches[choice.index] : nil }

  /// The quality of a match: letters at the beginning of the name, together inside it, or in order with gaps.
  /// - Returns: nil if the name does not contain all letters in this order.
  private static func rank(_ letters: [Unicode.Scalar], in name: [Unicode.Scalar]) -> Int? {
    guard let first = letters.first else { return 0 }
    let bare = first == "#" || first == "@" ? name : Array(name.dropFirst())
    if bare.starts(with: letters) { return 0 }
    var gaps = 0
    var last: Int?
    var rest = letters[...]
    for (index, letter) in bare.enumerated() where letter == rest.first {
      if let last, index > last + 1 { gaps += 1 }
      last = index
      rest.removeFirst()
    }
    return rest.isEmpty ? 1 + gaps : nil
  }

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
    let items = matches.dropFirst(first).prefix(height).map { target in
      let tab = interface.tabs.index(of: target).map { interface.tabs[$0] }
      let unread = tab.map { $0.unread > 0 ? " •\($0.unread)" : "" } ?? ""
      let style: Style = tab == nil ? .dim : unread.isEmpty ? .plain : .bold
      return [[ListContent.Piece(column: 1, text: interface.rosters.guests.shown(target) + unread, style: style)]]
    }
    return ListContent(
      title: "Go to", state: matches.isEmpty ? "nothing is called so" : "\(matches.count)",
      keys: matches.isEmpty ? "Esc: back" : "↑ ↓ choose · Enter: go there · Esc", items: items, skipped: first)
  }
}

extension Interface {
  /// Opens the switcher: tabs that want attention first, then the other tabs, rooms and users.
  mutating func beginSwitching() -> [InterfaceCommand] {
    let others = tabs.tabs.enumerated().filter { $0.offset != tabs.currentIndex }.map(\.element)
    let activity = { [preferences] (tab: Tab) in tab.activity(preferences.notifications) }
    let urgent = others.filter { activity($0) > .none }.sorted { activity($0) > activity($1) }
    let calm = others.filter { activity($0) == .none }
    var seen: Set<Target> = [tabs.current.target]
    let candidates =
      (urgent + calm).map(\.target) + rooms.listed.map { .room($0.name) }
      + rosters.lobby.people.compactMap { [name] in $0.name == name ? nil : .person($0.name) }
    let targets = candidates.filter { seen.insert($0).inserted }
    return open(Switcher(Array(targets.prefix(Switcher.maximumTargets))))
  }

  fileprivate mutating func go(to target: Target) -> [InterfaceCommand] {
    if case .room(let room) = target { return join(room) }
    _ = openTab(target)
    return []
  }
}
