import ChatProtocol
import TerminalTypes

// Composing a message in an editor.

extension Interface {
  /// Whether the input can hold the whole text.
  public static func canHold(_ text: String) -> Bool { LineEditor.canHold(text) }

  mutating func beginComposing() -> [InterfaceCommand] {
    composition = Composition(place: servers.shownPlace, text: "")
    return [.compose]
  }

  /// The text for the editor, as of `InterfaceEvent.composing`.
  public var textToCompose: String { composition?.text ?? "" }

  /// Takes the text for the editor from the input: the user may have typed since `InterfaceCommand.compose`.
  @discardableResult
  mutating func takeTextToCompose() -> String {
    let tab = composition.flatMap { servers.find($0.place) }
    let text = tab.map { servers[$0.server].tabs[$0.tab].editor.text } ?? ""
    composition?.text = text
    return text
  }

  /// Handles a key that was pressed before the editor could read it. Such a key types text and has no other effect.
  mutating func pressBeforeEditor(_ key: Key) {
    if case .character(let character) = key.symbol, key.modifiers.isEmpty {
      _ = insertIntoInput(String(character))
    }
  }

  /// Moves the text of the editor into the input. Sending it takes another Enter.
  mutating func endComposing(_ result: CompositionResult) {
    guard let composition else { return }
    self.composition = nil
    completion = nil
    attention.noteKey(at: now)
    composedAt = now
    switch result {
    case .unchanged(let problem): if let problem { tell(.alert(problem)) }
    case .text(let text, let problem):
      if let problem { tell(.alert(problem)) }
      take(Self.sanitized(text), of: composition)
    }
  }

  private mutating func take(_ text: String, of composition: Composition) {
    var text = text
    while text.last == "\n" { text.removeLast() }
    // The server may not be on the screen any more.
    guard let (server, index) = servers.find(composition.place) else {
      guard !text.isEmpty else { return }
      tabs.current.history.append(text)
      tell(.alert("your text for \(rosters.guests.shown(composition.place.target)) can be called back here with ↑"))
      return
    }
    servers[server].tabs[index].takeOver(text, composedFrom: composition.text)
  }

  /// Whether an Enter may have been pressed for the editor, which has just ended.
  mutating func takesEnterAfterComposing() -> Bool {
    guard let composedAt else { return false }
    self.composedAt = nil
    return (0..<Attention.betweenKeys).contains(now.milliseconds &- composedAt.milliseconds)
  }

  /// A text from outside, such as a paste, without characters that a keyboard cannot type.
  static func sanitized(_ text: String) -> String {
    text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").typed
  }
}

extension Tab {
  /// Replaces the input by the text of an editor.
  /// - Parameter former: the text that the editor began with.
  fileprivate mutating func takeOver(_ text: String, composedFrom former: String) {
    // A message that could not be sent may have come back to the input meanwhile.
    let typed = editor.text
    if typed != former, !typed.trimmingSpaces.isEmpty { history.append(typed) }
    editor.replaceAll(with: text)
    returned = nil
  }
}
