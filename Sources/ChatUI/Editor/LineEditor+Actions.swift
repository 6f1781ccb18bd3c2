extension LineEditor {
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
    case .transpose: transpose()
    case .undo: undo()
    case .redo: redo()
    default: return false
    }
    return true
  }
}
