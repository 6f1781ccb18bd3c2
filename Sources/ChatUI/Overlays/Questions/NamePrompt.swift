import ChatProtocol
import TerminalTypes

/// The server refused the user's name: another one is typed in the input line.
struct NamePrompt: Overlay {
  var editor: LineEditor
  /// Why the name was refused, as a sentence.
  private(set) var reason: String

  init(suggestion: Nickname, reason: String) {
    editor = LineEditor(suggestion.text)
    self.reason = reason
  }

  var lifetime: OverlayLifetime { .untilOnline }

  func input(width: Int) -> OverlayInput? { OverlayInput(prompt: "name", editor: editor) }
  func status(in interface: Interface) -> [StatusPart]? { [(reason, Style(.alert, .bold))] }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    switch context.action(for: key) {
    case .send: return use(editor.text)
    case .quit: return .handled { $0.quit() }
    case .help: return .handled(opening: HelpPage())
    case .clearInput:
      guard !editor.isEmpty else { return .handled(hint: context.interface.quitHint) }
      editor.clear()
    case .newline: break
    // A question of one server does not keep the user from the others.
    case .some(let action) where action.leadsToTab && context.interface.servers.hasSeveral:
      return .handled { $0.perform(action) }
    case .some(let action): _ = editor.perform(action)
    case nil: editor.type(key)
    }
    return .handled
  }

  /// Answers with a name, unless it is invalid.
  mutating func use(_ text: String) -> OverlayResponse {
    guard let name = Nickname(text) else {
      reason = ErrorCode.invalidUsername.explanation
      return .handled
    }
    return .closed { $0.choose(name) }
  }

  mutating func paste(_ text: String, in context: OverlayContext) -> OverlayResponse {
    let name = text.filter { !$0.isWhitespace }
    // Text that cannot be a name was meant for the input.
    guard name.utf8.count <= 2 * Nickname.maximumBytes else { return .handled { $0.pasteIntoInput(text) } }
    editor.insert(name)
    return .handled
  }
}
