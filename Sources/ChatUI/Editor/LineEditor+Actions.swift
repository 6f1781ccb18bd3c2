import TerminalTypes

extension LineEditor {
  /// Inserts the character of a key.
  /// - Returns: false if the key types no character.
  @discardableResult
  mutating func type(_ key: Key) -> Bool {
    guard case .character(let character) = key.symbol, key.modifiers.isEmpty else { return false }
    insert(String(character))
    return true
  }

  /// - Returns: whether the action is an editing action.
  mutating func perform(_ action: KeyAction) -> Bool {
    switch action {
    case .newline: insert("\n")
    case .left: moveLeft()
    case .right: moveRight()
    case .wordLeft: moveWordLeft()
    case .wordRight: moveWordRight()
    case .lineStart: moveToStart()
    case .lineEnd: moveToEnd()
    case .deleteBackward: deleteBackward()
    case .deleteForward: deleteForward()
    case .killWord: killWordBackward()
    case .killShortWord: killShortWordBackward()
    case .killWordForward: killWordForward()
    case .killToStart: killToStart()
    case .killToEnd: killToEnd()
    case .yank: yank()
    case .yankPop: yankPop()
    case .transpose: transpose()
    case .undo: undo()
    case .redo: redo()
    default: return false
    }
    return true
  }
}
