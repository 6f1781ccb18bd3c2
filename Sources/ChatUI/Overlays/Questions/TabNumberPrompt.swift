import TerminalTypes

/// Asks for the number of a tab: Alt and a digit reach only ten of them. Every number takes Enter: after an automatic
/// jump, that Enter would send the draft of the tab.
struct TabNumberPrompt: Overlay {
  private(set) var editor = LineEditor()

  var lifetime: OverlayLifetime { .untilTabChanges }
  func input(width: Int) -> OverlayInput? { OverlayInput(prompt: "tab", editor: editor) }
  func status(in interface: Interface) -> [StatusPart]? {
    [("1 to \(interface.servers.tabCount)", .plain), ("Enter: go there · Esc", .dim)]
  }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    let count = context.interface.servers.tabCount
    if case .character(let character) = key.symbol, key.modifiers.isEmpty, character.isASCII, character.isNumber {
      editor.insert(String(character))
      guard let number = Int(editor.text), number <= count else { return .handled(hint: "there are \(count) tabs") }
      return .handled
    }
    switch context.action(for: key) {
    case .send: return Int(editor.text).map(go) ?? .closed
    case .quit: return .handled { $0.quit() }
    case .dismiss: return .closed
    case .clearInput:
      guard !editor.isEmpty else { return .closed }
      editor.clear()
      return .handled
    case .some(let action):
      _ = editor.perform(action)
      return .handled
    case nil: return .handled
    }
  }

  private func go(to number: Int) -> OverlayResponse {
    .closed {
      guard let tab = $0.servers.tab(withNumber: number) else {
        $0.hint = "there is no tab \(number)"
        return []
      }
      $0.select { $0.show(tab) }
      return []
    }
  }
}
