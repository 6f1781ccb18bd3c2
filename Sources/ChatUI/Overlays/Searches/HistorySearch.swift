import ChatProtocol
import TerminalTypes

/// Incremental search in the input history of a tab, newest first, as in a shell.
struct HistorySearch: Overlay {
  var needle = ""
  private(set) var found: String?
  private var position: Int?

  static let maximumCharacters = 200

  mutating func look(through history: InputHistory) {
    (position, found) = (nil, nil)
    guard !needle.isEmpty else { return }
    _ = step(through: history, older: true)
  }

  /// - Returns: false if there is no further match.
  mutating func step(through history: InputHistory, older: Bool) -> Bool {
    guard let needle = Needle(needle), let next = history.search(needle, from: position, older: older) else {
      return false
    }
    (position, found) = (next.position, next.text)
    return true
  }

  // MARK: Overlay

  var lifetime: OverlayLifetime { .untilTabChanges }
  var holdsText: Bool { !needle.isEmpty }

  func input(width: Int) -> OverlayInput? {
    let needle = DisplayText.sanitize(needle).truncated(to: max(width / 2 - 12, 1))
    return OverlayInput(prompt: "history “\(needle)”", editor: LineEditor(found ?? ""))
  }

  func status(in interface: Interface) -> [StatusPart]? {
    let state = needle.isEmpty ? "type what to look for" : found == nil ? "never sent here" : "found"
    let key = interface.keyMap.shortcut(.searchHistory) ?? "↑"
    return [
      (state, .plain), ("\(key) before · Enter takes it · Esc", .dim),
    ]
  }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    let history = context.interface.tabs.current.history
    switch context.action(for: key) {
    case .searchHistory, .historyUp:
      if !step(through: history, older: true), !needle.isEmpty { return .handled(hint: "none before it") }
    case .searchPane, .historyDown:
      if !step(through: history, older: false), !needle.isEmpty { return .handled(hint: "none after it") }
    case .deleteBackward:
      needle = String(needle.dropLast())
      look(through: history)
    case .dismiss, .clearInput: return .closed
    case .help: return .handled(opening: HelpPage())
    case .send: return accept { _ in [] }
    case .some: return accept { $0.pressWhileChatting(key) }
    case nil:
      guard case .character(let character) = key.symbol, key.modifiers.isEmpty else { return .handled }
      guard needle.count < Self.maximumCharacters else { return .handled }
      needle.append(character)
      look(through: history)
    }
    return .handled
  }

  /// Puts the match into the input; another Enter sends it.
  private func accept(then: @escaping OverlayResponse.Effect) -> OverlayResponse {
    .closed { [found] in
      if let found { $0.replaceInput(with: found) }
      return then(&$0)
    }
  }

  mutating func paste(_ text: String, in context: OverlayContext) -> OverlayResponse {
    needle = String((needle + text.replacing("\n", with: " ")).prefix(Self.maximumCharacters))
    look(through: context.interface.tabs.current.history)
    return .handled
  }
}

extension Interface {
  /// The text that is replaced goes to the history.
  fileprivate mutating func replaceInput(with text: String) {
    let typed = tabs.current.editor.text
    if typed != text, !typed.trimmingSpaces.isEmpty { tabs.current.history.append(typed) }
    tabs.current.editor.reset(to: text)
    tabs.current.continuesReturned = true
  }
}
