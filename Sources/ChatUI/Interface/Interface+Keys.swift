import ChatProtocol

extension Interface {
  mutating func press(_ key: Key) -> [InterfaceCommand] {
    hint = nil
    // What works whatever is open.
    switch keyMap.action(for: key) {
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    default: break
    }
    switch mode {
    case .chatting: return pressWhileChatting(key)
    case .choosing(let index): return pressWhileChoosing(key, index: index)
    case .naming(let prompt): return pressWhileNaming(key, prompt)
    case .help(let scroll): return pressInHelp(key, scroll: scroll)
    case .offeringHost: return pressInHostOffer(key)
    case .confirmingQuit: return pressInQuitQuestion(key)
    case .confirmingSend: return pressInSendQuestion(key)
    }
  }

  mutating func paste(_ text: String) -> [InterfaceCommand] {
    hint = nil
    completion = nil
    // A clipboard holds what a keyboard cannot type.
    let clean = String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control }))
    switch mode {
    case .naming(var prompt):
      prompt.editor.insert(clean.replacing("\n", with: ""))
      mode = .naming(prompt)
    case .chatting, .choosing:
      mode = .chatting
      if !tabs.current.editor.insert(clean) { tell(.alert("the paste was too long: its end is missing")) }
    case .help, .offeringHost, .confirmingQuit, .confirmingSend: break
    }
    return []
  }

  // MARK: The main view

  private mutating func pressWhileChatting(_ key: Key) -> [InterfaceCommand] {
    guard let action = keyMap.action(for: key) else {
      if case .character(let character) = key.symbol, key.modifiers.isEmpty {
        completion = nil
        tabs.current.editor.insert(String(character))
      }
      return []
    }
    if action != .completeForward, action != .completeBackward { completion = nil }
    if edit(&tabs.current.editor, action) { return [] }
    return perform(action)
  }

  private mutating func perform(_ action: KeyAction) -> [InterfaceCommand] {
    switch action {
    case .selectTab(let index): select { $0.select(index) }
    case .nextTab: select { $0.selectNext(by: 1) }
    case .previousTab: select { $0.selectNext(by: -1) }
    case .activeTab: select { $0.selectActive() }
    case .lastTab: select { $0.selectPrevious() }
    case .pageUp: scroll(by: -max(layout.pane.rows - 1, 1))
    case .pageDown: scroll(by: max(layout.pane.rows - 1, 1))
    case .top: scroll(by: -Int.max)
    case .bottom: tabs.current.scroll = .bottom
    case .firstUnread: scrollToFirstUnread()
    case .previousMention: scrollToMention(backward: true)
    case .nextMention: scrollToMention(backward: false)
    case .send: return submit()
    case .completeForward: complete(backward: false)
    case .completeBackward: complete(backward: true)
    case .historyUp:
      if !tabs.current.editor.moveUp() { recall { $0.previous(current: $1) } }
    case .historyDown:
      if !tabs.current.editor.moveDown() { recall { history, _ in history.next() } }
    case .clearInput:
      if tabs.current.editor.isEmpty { hint = "Ctrl+Q quits" } else { tabs.current.editor.clear() }
    case .help: mode = .help(scroll: 0)
    case .toggleSidebar: toggleSidebar()
    case .focusSidebar: focusSidebar()
    case .togglePresence:
      hidesPresence.toggle()
      hint = hidesPresence ? "comings and goings are hidden" : "comings and goings are shown"
    case .quit: return quit()
    case .dismiss: tabs.current.scroll = .bottom
    default: break
    }
    return []
  }

  /// - Returns: whether the action is about the text that is being typed.
  private func edit(_ editor: inout LineEditor, _ action: KeyAction) -> Bool {
    switch action {
    case .newline: editor.insert("\n")
    case .left: editor.moveLeft()
    case .right: editor.moveRight()
    case .wordLeft: editor.moveWordLeft()
    case .wordRight: editor.moveWordRight()
    case .lineStart: editor.moveToStart()
    case .lineEnd: editor.moveToEnd()
    case .deleteBackward: editor.deleteBackward()
    case .deleteForward: editor.deleteForward()
    case .killWord: editor.killWordBackward()
    case .killShortWord: editor.killShortWordBackward()
    case .killWordForward: editor.killWordForward()
    case .killToStart: editor.killToStart()
    case .killToEnd: editor.killToEnd()
    case .yank: editor.yank()
    case .transpose: editor.transpose()
    case .undo: editor.undo()
    case .redo: editor.redo()
    default: return false
    }
    return true
  }

  private mutating func recall(_ step: (inout InputHistory, String) -> String?) {
    guard let text = step(&tabs.current.history, tabs.current.editor.text) else { return }
    tabs.current.editor = LineEditor(text)
  }

  mutating func quit() -> [InterfaceCommand] {
    let others = roster.people.count { $0.name != name }
    guard invitation != nil, others > 0 else { return [.quit] }
    mode = .confirmingQuit(others: others)
    return []
  }

  // MARK: The sidebar

  private mutating func toggleSidebar() {
    showsSidebar.toggle()
    if showsSidebar, layout.sidebar == nil { hint = "the list needs \(Layout.sidebarFrom) columns" }
  }

  private mutating func focusSidebar() {
    showsSidebar = true
    guard layout.sidebar != nil else {
      hint = "the list needs \(Layout.sidebarFrom) columns; /who lists everybody"
      return
    }
    if roster.count > 0 { mode = .choosing(index: 0) } else { hint = "nobody is here" }
  }

  private mutating func pressWhileChoosing(_ key: Key, index: Int) -> [InterfaceCommand] {
    let last = max(roster.count - 1, 0)
    let page = max(layout.pane.rows - 2, 1)
    switch key.symbol {
    case .up: mode = .choosing(index: max(index - 1, 0))
    case .down: mode = .choosing(index: min(index + 1, last))
    case .pageUp: mode = .choosing(index: max(index - page, 0))
    case .pageDown: mode = .choosing(index: min(index + page, last))
    case .home: mode = .choosing(index: 0)
    case .end: mode = .choosing(index: last)
    case .enter where roster.people.indices.contains(index):
      mode = .chatting
      _ = openTab(.person(roster.people[index].name))
    case .escape, .function(6): mode = .chatting
    default:
      mode = .chatting
      return pressWhileChatting(key)
    }
    return []
  }

  // MARK: Questions

  private mutating func pressWhileNaming(_ key: Key, _ prompt: Mode.NamePrompt) -> [InterfaceCommand] {
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
    case .help: mode = .help(scroll: 0)
    case .clearInput:
      if prompt.editor.isEmpty { hint = "Ctrl+Q quits" }
      prompt.editor.clear()
      mode = .naming(prompt)
    case .newline: break
    case .some(let action):
      if edit(&prompt.editor, action) { mode = .naming(prompt) }
    case nil:
      guard case .character(let character) = key.symbol, key.modifiers.isEmpty else { return [] }
      prompt.editor.insert(String(character))
      mode = .naming(prompt)
    }
    return []
  }

  private mutating func pressInHelp(_ key: Key, scroll: Int) -> [InterfaceCommand] {
    let last = max(helpRows(width: size.columns).count - layout.pane.rows, 0)
    let page = max(layout.pane.rows - 1, 1)
    switch key.symbol {
    case .up: mode = .help(scroll: max(scroll - 1, 0))
    case .down: mode = .help(scroll: min(scroll + 1, last))
    case .pageUp: mode = .help(scroll: max(scroll - page, 0))
    case .pageDown, .character(" "): mode = .help(scroll: min(scroll + page, last))
    case .home: mode = .help(scroll: 0)
    case .end: mode = .help(scroll: last)
    default:
      mode = .chatting
      if keyMap.action(for: key) == .quit { return quit() }
    }
    return []
  }

  private mutating func pressInHostOffer(_ key: Key) -> [InterfaceCommand] {
    switch key.symbol {
    case .enter, .character("y"):
      mode = .chatting
      return [.host]
    case .escape, .character("n"): mode = .chatting
    default:
      if keyMap.action(for: key) == .quit || key == .control("c") { return [.quit] }
    }
    return []
  }

  private mutating func pressInQuitQuestion(_ key: Key) -> [InterfaceCommand] {
    switch key.symbol {
    case .character("y") where key.modifiers.isEmpty: return [.quit]
    case .escape, .enter, .character("n"): mode = .chatting
    default: break
    }
    return []
  }

  private mutating func pressInSendQuestion(_ key: Key) -> [InterfaceCommand] {
    switch key.symbol {
    case .enter, .character("y"):
      mode = .chatting
      return sendText(tabs.current.editor.text)
    case .escape, .character("n"): mode = .chatting
    default: if key == .control("c") { mode = .chatting }
    }
    return []
  }
}
