import ChatProtocol

extension Interface {
  mutating func press(_ key: Key) -> [InterfaceCommand] {
    hint = nil
    guard case .chatting = mode else { return pressPlain(key) }
    let key = escapePrefix.apply(to: key, at: now, keyMap)
    if key == Key(.escape) { escapePrefix.begin(at: now) }
    return pressPlain(key)
  }

  private mutating func pressPlain(_ key: Key) -> [InterfaceCommand] {
    // Keys that work in every mode.
    switch keyMap.action(for: key) {
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    default: break
    }
    switch mode {
    case .chatting: return pressWhileChatting(key)
    case .choosing(let person): return pressWhileChoosing(key, person)
    case .naming(let prompt): return pressWhileNaming(key, prompt)
    case .help(let scroll, let mode): return pressInHelp(key, scroll: scroll, over: mode)
    case .offeringHost: return pressInHostOffer(key)
    case .confirmingQuit(_, let mode): return pressInQuitQuestion(key, over: mode)
    case .confirmingLoss(_, let mode): return pressInLossQuestion(key, over: mode)
    case .confirmingSend: return pressInSendQuestion(key)
    case .searching(let search): return pressWhileSearching(key, search)
    case .results(let results): return pressInResults(key, results)
    case .rooms(let list): return pressInRooms(key, list)
    case .recalling(let search): return pressWhileRecalling(key, search)
    case .switching(let switcher): return pressInSwitcher(key, switcher)
    case .removing(let list): return pressInRemovals(key, list)
    case .warning: return pressInWarning(key)
    }
  }

  mutating func paste(_ text: String) -> [InterfaceCommand] {
    hint = nil
    completion = nil
    // A clipboard can contain characters that a keyboard cannot type.
    let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    let clean = lines.typed
    let line = clean.replacing("\n", with: " ")
    switch mode {
    case .naming(var prompt):
      let name = clean.filter { !$0.isWhitespace }
      // Text that cannot be a name was meant for the input.
      guard name.utf8.count <= 2 * Nickname.maximumBytes else {
        pasteIntoInput(clean)
        break
      }
      prompt.editor.insert(name)
      mode = .naming(prompt)
    case .chatting, .choosing:
      mode = .chatting
      pasteIntoInput(clean)
    case .searching(var search):
      search.editor.insert(line)
      look(search)
    case .switching(var switcher):
      switcher.editor.insert(line)
      narrow(switcher)
    case .recalling(var search):
      search.needle = String((search.needle + line).prefix(HistorySearch.maximumCharacters))
      search.look(through: tabs.current.history)
      mode = .recalling(search)
    case .help, .results, .rooms, .removing:
      mode = .chatting
      pasteIntoInput(clean)
    // The question stays: a paste never answers it.
    case .offeringHost, .confirmingQuit, .confirmingLoss, .confirmingSend, .warning: pasteIntoInput(clean)
    }
    return []
  }

  private mutating func pasteIntoInput(_ text: String) {
    if !tabs.current.editor.insert(text) { tell(.alert("the paste was too long: its end is missing")) }
  }

  // MARK: Main view

  mutating func pressWhileChatting(_ key: Key) -> [InterfaceCommand] {
    guard let action = keyMap.action(for: key) else {
      if case .character(let character) = key.symbol, key.modifiers.isEmpty {
        completion = nil
        if !tabs.current.editor.insert(String(character)) { hint = "the input is full" }
      }
      return []
    }
    if action != .completeForward, action != .completeBackward { completion = nil }
    if tabs.current.editor.perform(action) { return [] }
    return perform(action)
  }

  private mutating func perform(_ action: KeyAction) -> [InterfaceCommand] {
    switch action {
    case .selectTab(let index): select { $0.select(index) }
    case .nextTab: select { $0.selectNext(by: 1) }
    case .previousTab: select { $0.selectNext(by: -1) }
    case .activeTab: select { $0.selectActive() }
    case .lastTab: select { $0.selectPrevious() }
    case .pageUp:
      scroll(byPages: -1)
      return reachForOlder()
    case .pageDown: scroll(byPages: 1)
    case .top:
      scrollToTop()
      return reachForOlder()
    case .bottom: scrollToBottom()
    case .dismiss:
      scrollToBottom()
      tabs.current.hidesUnreadSign = true
    case .firstUnread: return scrollToFirstUnread()
    case .previousMention: scrollToMention(backward: true)
    case .nextMention: scrollToMention(backward: false)
    case .searchPane: beginSearch()
    case .searchHistory: beginHistorySearch()
    case .switchTab: beginSwitching()
    case .send: return answersGoneQuestion() ? [] : submit()
    case .completeForward: complete(backward: false)
    case .completeBackward: complete(backward: true)
    case .historyUp:
      if !tabs.current.editor.moveUp() { recall { $0.previous(current: $1) } }
    case .historyDown:
      if !tabs.current.editor.moveDown() { recall { $0.next(current: $1) } }
    case .clearInput:
      if tabs.current.editor.isEmpty { hint = "Ctrl+Q quits" } else { clearInput() }
    case .help: mode = .help(scroll: 0, over: mode)
    case .toggleSidebar:
      toggleSidebar()
      return [.rememberView(view)]
    case .focusSidebar: focusSidebar()
    case .togglePresence:
      view.hidesPresence.toggle()
      hint = view.hidesPresence ? "comings and goings are hidden" : "comings and goings are shown"
      return [.rememberView(view)]
    case .quit: return quit()
    default: break
    }
    return []
  }

  private mutating func recall(_ step: (inout InputHistory, String) -> String?) {
    let typed = tabs.current.editor.text
    if let text = step(&tabs.current.history, typed) { tabs.current.editor.reset(to: text) }
  }

  /// Clears the input. Up brings the text back.
  private mutating func clearInput() {
    let text = tabs.current.editor.text
    if !text.trimmingSpaces.isEmpty { tabs.current.history.append(text) }
    tabs.current.editor.clear()
  }

  // MARK: Sidebar

  private mutating func toggleSidebar() {
    view.showsSidebar.toggle()
    if view.showsSidebar, layout.sidebar == nil { hint = "the list needs \(Layout.sidebarFrom) columns" }
  }

  private mutating func focusSidebar() {
    view.showsSidebar = true
    guard layout.sidebar != nil else {
      hint = "the list needs \(Layout.sidebarFrom) columns; /who lists everybody"
      return
    }
    if let first = roster.people.first { mode = .choosing(first.name) } else { hint = "nobody is here" }
  }

  private mutating func pressWhileChoosing(_ key: Key, _ person: Nickname) -> [InterfaceCommand] {
    let people = roster.people
    let index = roster.place(of: person)
    let page = max(layout.pane.rows - 2, 1)
    let target: Int
    switch key.symbol {
    case .up: target = index - 1
    case .down: target = index + 1
    case .pageUp: target = index - page
    case .pageDown: target = index + page
    case .home: target = 0
    case .end: target = people.count
    case .enter:
      mode = .chatting
      // A user who has just left is still the intended one.
      _ = openTab(.person(roster[person]?.name ?? person))
      return []
    case .escape, .function(6):
      mode = .chatting
      return []
    default:
      mode = .chatting
      return pressWhileChatting(key)
    }
    mode = people.isEmpty ? .chatting : .choosing(people[min(max(target, 0), people.count - 1)].name)
    return []
  }
}
