import ChatProtocol

// Searching in the pane, on the server and in the input history.

extension Interface {
  // MARK: In the pane

  mutating func beginSearch() {
    mode = .searching(PaneSearch(origin: tabs.current.scroll))
    completion = nil
  }

  mutating func pressWhileSearching(_ key: Key, _ search: PaneSearch) -> [InterfaceCommand] {
    var search = search
    switch keyMap.action(for: key) {
    case .searchPane, .historyUp: return step(search, older: true)
    case .searchHistory, .historyDown: return step(search, older: false)
    case .send:
      mode = .chatting
      let text = search.editor.text.trimmingSpaces
      return text.isEmpty ? [] : ask(text, in: tabs.current.target)
    case .dismiss: mode = .chatting
    case .clearInput:
      if search.editor.isEmpty {
        mode = .chatting
        tabs.current.found = nil
        tabs.current.scroll = search.origin
      } else {
        search.editor.clear()
        look(search)
      }
    case .pageUp:
      scroll(byPages: -1)
      return reachForOlder()
    case .pageDown: scroll(byPages: 1)
    case .help: mode = .help(scroll: 0, over: mode)
    case .quit: return quit()
    case .newline: break
    case .some(let action):
      if search.editor.perform(action) { look(search) } else { return leaveSearch(with: key) }
    case nil:
      guard case .character(let character) = key.symbol, key.modifiers.isEmpty else { return [] }
      search.editor.insert(String(character))
      look(search)
    }
    return []
  }

  /// Ends the search and handles the key as in the main view.
  private mutating func leaveSearch(with key: Key) -> [InterfaceCommand] {
    mode = .chatting
    return pressWhileChatting(key)
  }

  mutating func look(_ search: PaneSearch) {
    var search = search
    search.look(through: tabs.current.transcript)
    mode = .searching(search)
    if let found = search.found { scroll(to: found) }
  }

  private mutating func step(_ search: PaneSearch, older: Bool) -> [InterfaceCommand] {
    var search = search
    // Entries that were added meanwhile are searched too.
    search.look(through: tabs.current.transcript)
    if search.step(older: older), let found = search.found {
      mode = .searching(search)
      scroll(to: found)
      return older ? reachForOlder() : []
    }
    mode = .searching(search)
    hint = older ? "none before it is loaded; Enter asks the server" : "none after it"
    return older ? reachForOlder() : []
  }

  // MARK: On the server

  /// Handles `/search words`, with `in:#room` for a single target.
  mutating func search(_ arguments: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    var target: Target?
    var words: [Substring] = []
    for word in arguments.rest.split(separator: " ", omittingEmptySubsequences: false) {
      guard String(word).folded().hasPrefix("in:") else {
        words.append(word)
        continue
      }
      let place = word.dropFirst(3)
      guard let named = String(place).folded() == "here" ? tabs.current.target : Target(place) else {
        throw UsageError("in: takes #room, @name or here")
      }
      target = named
    }
    let text = words.joined(separator: " ").trimmingSpaces
    guard !text.isEmpty else { throw arguments.usageError }
    return ask(text, in: target)
  }

  private mutating func ask(_ text: String, in target: Target?) -> [InterfaceCommand] {
    guard SearchQuery(text) != nil else {
      tell(.alert(ErrorCode.invalidSearch.explanation))
      return []
    }
    guard connection.isOnline else {
      tell(.alert("not connected: only what is loaded can be searched, with Ctrl+S"))
      return []
    }
    lastSearch += 1
    mode = .results(SearchResults(number: lastSearch, text: text, target: target))
    return [.search(lastSearch, in: target, text: text, before: nil)]
  }

  mutating func showFound(_ number: Int, _ page: [Said], hasMore: Bool, stoppedBefore stop: Int?) {
    guard case .results(var results) = mode, results.number == number else { return }
    results.append(page.map(settled), hasMore: hasMore, stoppedBefore: stop)
    mode = .results(results)
  }

  /// Applies a removal to a result that was found before it.
  private func settled(_ said: Said) -> Said {
    guard let sequence = said.sequence, let index = tabs.index(of: said.target),
      tabs[index].removals.contains(sequence)
    else { return said }
    var said = said
    said.removeText()
    return said
  }

  mutating func failSearch(_ number: Int, reason: String) {
    guard case .results(var results) = mode, results.number == number else { return }
    results.fail(reason)
    mode = .results(results)
  }

  mutating func pressInResults(_ key: Key, _ results: SearchResults) -> [InterfaceCommand] {
    var results = results
    let page = listPage(itemRows: resultRows)
    if results.choice.move(key, count: results.found.count, page: page) {
      let isAtEnd = results.choice.index + page >= results.found.count
      guard key.symbol == .down || key.symbol == .pageDown || key.symbol == .end, isAtEnd,
        let before = results.takeNextPage()
      else {
        mode = .results(results)
        return []
      }
      mode = .results(results)
      return [.search(results.number, in: results.target, text: results.text, before: before)]
    }
    switch keyMap.action(for: key) {
    case .send:
      guard let said = results.chosen else { return [] }
      return go(to: said, needles: results.phrases)
    case .quit: return quit()
    case .dismiss, .clearInput: mode = .chatting
    case .searchPane:
      mode = .chatting
      beginSearch()
    default: break
    }
    return []
  }

  private mutating func go(to said: Said, needles: [SearchPhrase]) -> [InterfaceCommand] {
    mode = .chatting
    guard openTab(said.target) else { return [] }
    self.needles = needles
    guard let sequence = said.sequence.flatMap(\.asSequence) else {
      hint = "its place is not known"
      return []
    }
    return pursue(sequence, in: said.target)
  }

  // MARK: In the input history

  mutating func beginHistorySearch() {
    mode = .recalling(HistorySearch())
    completion = nil
  }

  mutating func pressWhileRecalling(_ key: Key, _ search: HistorySearch) -> [InterfaceCommand] {
    var search = search
    switch keyMap.action(for: key) {
    case .searchHistory, .historyUp:
      if !search.step(through: tabs.current.history, older: true), !search.needle.isEmpty { hint = "none before it" }
    case .searchPane, .historyDown:
      if !search.step(through: tabs.current.history, older: false), !search.needle.isEmpty { hint = "none after it" }
    case .deleteBackward:
      search.needle = String(search.needle.dropLast())
      search.look(through: tabs.current.history)
    case .dismiss, .clearInput:
      mode = .chatting
      return []
    case .help:
      mode = .help(scroll: 0, over: mode)
      return []
    case .send:
      accept(search)
      return []
    case .some:
      accept(search)
      return pressWhileChatting(key)
    case nil:
      guard case .character(let character) = key.symbol, key.modifiers.isEmpty else { return [] }
      guard search.needle.count < HistorySearch.maximumCharacters else { return [] }
      search.needle.append(character)
      search.look(through: tabs.current.history)
    }
    mode = .recalling(search)
    return []
  }

  /// Puts the match into the input; another Enter sends it.
  private mutating func accept(_ search: HistorySearch) {
    mode = .chatting
    guard let found = search.found else { return }
    let typed = tabs.current.editor.text
    if typed != found, !typed.trimmingSpaces.isEmpty { tabs.current.history.append(typed) }
    tabs.current.editor.reset(to: found)
  }
}
