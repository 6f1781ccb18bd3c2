import ChatProtocol

// Modal questions.

extension Interface {
  mutating func pressWhileNaming(_ key: Key, _ prompt: Mode.NamePrompt) -> [InterfaceCommand] {
    var prompt = prompt
    switch keyMap.action(for: key) {
    case .send:
      guard let name = Nickname(prompt.editor.text) else {
        prompt.reason = ErrorCode.invalidUsername.explanation
        mode = .naming(prompt)
        return []
      }
      mode = .chatting
      return [.useName(name, isRemembered: false)]
    case .quit: return quit()
    case .help: mode = .help(scroll: 0, over: mode)
    case .clearInput:
      if prompt.editor.isEmpty { hint = "Ctrl+Q quits" }
      prompt.editor.clear()
      mode = .naming(prompt)
    case .newline: break
    case .some(let action):
      if prompt.editor.perform(action) { mode = .naming(prompt) }
    case nil:
      guard case .character(let character) = key.symbol, key.modifiers.isEmpty else { return [] }
      prompt.editor.insert(String(character))
      mode = .naming(prompt)
    }
    return []
  }

  mutating func pressInHelp(_ key: Key, scroll: Int, over: Mode) -> [InterfaceCommand] {
    let last = max(helpRows(width: size.columns).count - layout.pane.rows, 0)
    let page = max(layout.pane.rows - 1, 1)
    let target: Int
    switch key.symbol {
    case .up: target = scroll - 1
    case .down: target = scroll + 1
    case .pageUp: target = scroll - page
    case .pageDown, .character(" "): target = scroll + page
    case .home: target = 0
    case .end: target = last
    default:
      mode = over
      return keyMap.action(for: key) == .quit ? quit() : []
    }
    mode = .help(scroll: min(max(target, 0), last), over: over)
    return []
  }

  mutating func pressInHostOffer(_ key: Key) -> [InterfaceCommand] {
    // A character goes to the text being typed.
    if key.isCharacter, !tabs.current.editor.isEmpty { return pressBehindQuestion(key) }
    switch key {
    case Key(.enter), .character("y"), .character("Y"):
      mode = .chatting
      return [.host]
    case Key(.escape), .character("n"), .character("N"):
      mode = .chatting
      tell(.notice("waiting for \(connection.place); /connect HOST goes elsewhere"))
    case .control("c"): return quit()
    default: return pressBehindQuestion(key)
    }
    return []
  }

  mutating func pressInQuitQuestion(_ key: Key, over: Mode) -> [InterfaceCommand] {
    switch key {
    case .character("y"), .character("Y"):
      mode = over
      return leave()
    case Key(.escape), Key(.enter), .control("c"), .character("n"), .character("N"): mode = over
    default: break
    }
    return []
  }

  mutating func pressInSendQuestion(_ key: Key) -> [InterfaceCommand] {
    switch key {
    case Key(.enter), .character("y"), .character("Y"):
      mode = .chatting
      return submit(isConfirmed: true)
    case Key(.escape), .control("c"), .character("n"), .character("N"): mode = .chatting
    default: break
    }
    return []
  }
}
