import ChatProtocol
import TerminalTypes

extension Interface {
  mutating func press(_ key: Key) -> [InterfaceCommand] {
    hint = nil
    guard composition == nil else {
      pressBeforeEditor(key)
      return []
    }
    var key = key
    if overlays.isEmpty {
      let meant = escapePrefix.apply(to: key, at: now, keyMap)
      if meant != key { dismissed?.restore(in: &self) }
      (key, dismissed) = (meant, nil)
      // An Esc that closes the list of completions has done its work.
      if key == Key(.escape), shownCompletion == nil {
        escapePrefix.begin(at: now)
        dismissed = DismissedView(of: self)
      }
    }
    // Keys that work everywhere.
    switch overlays.isEmpty ? keyMap.action(for: key) : keyMap.actionInOverlay(for: key) {
    case .redraw: return [.redraw]
    case .suspend: return suspend()
    default: break
    }
    return overlays.isEmpty ? pressWhileChatting(key) : changeTop { $0.press(key, in: $1) }
  }

  mutating func paste(_ text: String) -> [InterfaceCommand] {
    hint = nil
    completion = nil
    let text = Self.sanitized(text)
    return overlays.isEmpty ? pasteIntoInput(text) : changeTop { $0.paste(text, in: $1) }
  }

  // MARK: Main view

  mutating func pressWhileChatting(_ key: Key) -> [InterfaceCommand] {
    let action = keyMap.action(for: key)
    // The user has seen the text of the editor.
    if action != .send { composedAt = nil }
    guard let action else {
      if case .character(let character) = key.symbol, key.modifiers.isEmpty {
        completion = nil
        if !insertIntoInput(String(character)) { hint = "the input is full" }
      }
      return []
    }
    switch action {
    case .completeForward, .completeBackward: break
    case .historyUp where shownCompletion != nil: return stepCompletion(backward: true)
    case .historyDown where shownCompletion != nil: return stepCompletion(backward: false)
    case .dismiss where shownCompletion != nil:
      completion = nil
      return []
    default: completion = nil
    }
    if edit(action) { return [] }
    return perform(action)
  }

  mutating func perform(_ action: KeyAction) -> [InterfaceCommand] {
    switch action {
    case .selectTab(let index): select { if let tab = $0.tab(withNumber: index + 1) { $0.show(tab) } }
    case .nextTab: select { $0.showNext(by: 1) }
    case .previousTab: select { $0.showNext(by: -1) }
    case .activeTab: select { [preferences] in $0.showActive(preferences.notifications) }
    case .lastTab: select { $0.showPrevious() }
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
      search.results = nil
      tabs.current.hidesUnreadSign = true
    case .firstUnread: return scrollToFirstUnread()
    case .previousMention: scrollToMention(backward: true)
    case .nextMention: scrollToMention(backward: false)
    case .searchPane: return beginSearch()
    case .searchResults: return reopenResults()
    case .nextResult: return stepResult(by: 1)
    case .previousResult: return stepResult(by: -1)
    case .searchHistory: return open(HistorySearch())
    case .switchTab: return beginSwitching()
    case .tabNumber: return open(TabNumberPrompt())
    case .pickLink: return pickLink()
    case .bareView: return showBareView()
    case .send:
      guard !overlays.takesEnter(at: now) else {
        hint = "connected meanwhile: Enter again sends"
        return []
      }
      guard !takesEnterAfterComposing() else {
        hint = "the text is from your editor: Enter again sends it"
        return []
      }
      return submit()
    case .compose: return beginComposing()
    case .completeForward: complete(backward: false)
    case .completeBackward: complete(backward: true)
    case .historyUp:
      tabs.current.continuesReturned = true
      if !tabs.current.editor.moveUp() { recall { $0.previous(current: $1) } }
    case .historyDown:
      tabs.current.continuesReturned = true
      if !tabs.current.editor.moveDown() { recall { $0.next(current: $1) } }
    case .clearInput:
      if tabs.current.editor.isEmpty { hint = quitHint } else { clearInput() }
    case .help: return open(HelpPage())
    case .toggleSidebar: return toggleSidebar()
    case .focusSidebar: focusSidebar()
    case .togglePresence:
      view.hidesPresence.toggle()
      hint = view.hidesPresence ? "comings and goings are hidden" : "comings and goings are shown"
      return [.rememberView(view)]
    case .toggleMouse: return toggleMouse()
    case .quit: return quit()
    default: break
    }
    return []
  }

  /// Inserts typed or pasted text into the input.
  /// - Returns: false if the input is full and took only a part.
  mutating func insertIntoInput(_ text: String) -> Bool {
    if !text.isEmpty { tabs.current.putReturnedAside(at: now) }
    return tabs.current.editor.insert(text)
  }

  /// Edits the input.
  /// - Returns: whether the action is an editing action.
  mutating func edit(_ action: KeyAction) -> Bool {
    if action == .yank { tabs.current.putReturnedAside(at: now) }
    guard tabs.current.editor.perform(action) else { return false }
    tabs.current.continuesReturned = true
    return true
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

  /// The hint that names the key for quitting.
  var quitHint: String { "\(keyMap.shortcut(.quit) ?? "/quit") quits" }

  // MARK: Sidebar

  /// Shows or hides the list beside the transcript. Without space for it, the list is laid over the transcript.
  private mutating func toggleSidebar() -> [InterfaceCommand] {
    guard Layout.isWide(size) else {
      focusSidebar()
      return []
    }
    view.showsSidebar.toggle()
    return [.rememberView(view)]
  }

  private mutating func focusSidebar() {
    if Layout.isWide(size) { view.showsSidebar = true }
    if let first = roster.listed(0..<1).first {
      overlays.open(SidebarChoice(first.name))
    } else {
      hint = "nobody is here"
    }
  }
}
extension Key {
  /// Whether the key types a character.
  var isCharacter: Bool { if case .character = symbol { modifiers.isEmpty } else { false } }
}
