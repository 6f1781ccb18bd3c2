import ChatModel
import ChatProtocol

// Read markers, loading of older messages, and redaction.

extension Interface {
  /// Whether the tab of the subject is the one on the screen.
  func isOnScreen(_ index: Int) -> Bool { servers.isSubjectShown && index == tabs.currentIndex }

  /// Whether new messages in the tab are visible to the user.
  func isRead(_ index: Int) -> Bool {
    // All tabs are printed, whichever is current.
    if printsLines { return isFocused }
    // Esc may be the beginning of an Alt key, and the user not stay at the newest messages.
    guard !escapePrefix.isPending(at: now) || tabs.current.unread == 0 else { return false }
    return isOnScreen(index) && isFocused && tabs.current.scroll == .bottom && overlays.showsPane
  }

  /// Marks what is in view of the subject as read, and returns the commands that report it to the server.
  mutating func settleReading() -> [ServerCommand] {
    if tabs.current.unread > 0, isRead(tabs.currentIndex) { tabs.current.markRead() }
    if printsLines, isFocused { for index in tabs.tabs.indices where tabs[index].unread > 0 { tabs[index].markRead() } }
    return tabs.tabs.indices.compactMap { index in
      guard tabs[index].epoch != nil, let sequence = tabs[index].readState.takeNews() else { return nil }
      return ServerCommand(server: servers.subject.endpoint, command: .client(.markRead(tabs[index].target, sequence)))
    }
  }

  /// The user looks away: an Esc just before was meant by itself, and what it has shown is read.
  mutating func settleEscape() {
    escapePrefix = EscapePrefix()
    if tabs.current.unread > 0, isRead(tabs.currentIndex) { tabs.current.markRead() }
  }

  // MARK: Cursors

  mutating func reset(_ target: Target) {
    guard let index = tabs.index(of: target) else { return }
    tabs[index].reset()
    search.end(in: target)
  }

  /// Requests the newest messages of the current tab once after a reconnect, if it shows messages from before.
  /// Redactions made while the client was not connected are only reported that way.
  mutating func refresh() -> [InterfaceCommand] {
    let tab = tabs.current
    guard servers.isSubjectShown, connection.isOnline, tab.isStale, tab.epoch != nil, !tab.isLoading else { return [] }
    tabs.current.isStale = false
    guard let last = tab.transcript.lastSequence else { return [] }
    return [.client(.showOlder(tab.target, before: last + 1))]
  }

  // MARK: Older messages

  /// Adds a page of older messages to its tab.
  mutating func prepend(_ page: [ChatMessage], hasMore: Bool, to target: Target) -> [InterfaceCommand] {
    guard let index = tabs.index(of: target) else { return [] }
    let isAnswer = tabs[index].isLoading
    let added = tabs[index].prepend(page.map(pageMessage), hasMore: hasMore)
    if added > 0 { tabs[index].fruitlessPages = 0 } else if isAnswer { tabs[index].fruitlessPages += 1 }
    if let jump = search.jump, jump.target == target { return goOn(jump) }
    return isOnScreen(index) ? fillPane() : []
  }

  private func pageMessage(_ message: ChatMessage) -> Transcript.PageMessage {
    Transcript.PageMessage(
      body: body(of: message), time: message.time, sequence: message.sequence.flatMap(\.asSequence))
  }

  func body(of message: ChatMessage) -> TranscriptEntry.Body {
    switch message.kind {
    case .topic: return .topic(message.author, message.text)
    case .redacted: return .redacted(message.author, by: nil)
    case .text: break
    }
    return .message(
      TranscriptEntry.Message(
        author: message.author, text: message.text, isOwn: message.isOwn,
        isMention: isMention(message)))
  }

  /// Requests older messages if the server may have some.
  mutating func askForOlder(_ index: Int) -> [InterfaceCommand] {
    guard connection.isOnline, tabs[index].epoch != nil, tabs[index].older == .unknown else { return [] }
    // Five pages without new messages end the requests: the server repeats itself.
    guard tabs[index].fruitlessPages < 5 else { return [] }
    guard tabs[index].transcript.hasRoomAbove else {
      tabs[index].older = .tooMuch
      return []
    }
    let bound = tabs[index].olderBound
    tabs[index].older = .loading(before: bound)
    return [.client(.showOlder(tabs[index].target, before: bound))]
  }

  /// Requests older messages when the view comes near the oldest one loaded.
  mutating func reachForOlder() -> [InterfaceCommand] {
    guard tabs.current.older == .unknown, tabs.current.epoch != nil, connection.isOnline else { return [] }
    let walk = walk(in: layout.pane)
    let above = walk.rowsAbove(tabs.current.scroll)
    guard above < walk.height else { return [] }
    tabs.current.fruitlessPages = 0
    let commands = askForOlder(tabs.currentIndex)
    // A reader at the top sees the heading that announces more.
    if above == 0 { scrollToTop() }
    return commands
  }

  /// Requests another page if the last one did not fill the pane, or if the user scrolls on.
  mutating func fillPane() -> [InterfaceCommand] {
    guard !printsLines, tabs.current.older == .unknown else { return [] }
    let walk = walk(in: layout.pane)
    let above = walk.rowsAbove(tabs.current.scroll)
    let isEnough = tabs.current.scroll == .bottom ? walk.isFull : above >= walk.height
    return isEnough ? [] : askForOlder(tabs.currentIndex)
  }

  /// Requests the newest messages of a tab that shows none yet, and the messages before the one that opened the tab of
  /// a direct conversation.
  mutating func fillEmptyTab() -> [InterfaceCommand] {
    let tab = tabs.current
    guard tab.readState.head > 0 else { return [] }
    guard let first = tab.transcript.firstSequence else { return askForOlder(tabs.currentIndex) }
    // Laying out a long transcript takes time.
    guard tab.isPerson, first > 1, tab.scroll == .bottom, tab.transcript.entries.count < size.rows else { return [] }
    return fillPane()
  }

  /// Drops all requests that were not answered before the connection was lost.
  mutating func forgetRequests() {
    for index in tabs.tabs.indices {
      if tabs[index].isLoading { tabs[index].older = .unknown }
      tabs[index].fruitlessPages = 0
    }
    search.jump = nil
  }

  // MARK: Redaction

  /// Applies the redaction of a message by its author or an operator.
  mutating func redact(_ sequence: Int, from target: Target, by name: Nickname) {
    guard let sequence = sequence.asSequence else { return }
    if let index = tabs.index(of: target) { tabs[index].redact(sequence, by: name) }
  }

  // MARK: Jumping

  /// Goes to a message of a tab, loading older pages until it is there.
  mutating func pursue(_ sequence: Int, in target: Target) -> [InterfaceCommand] {
    goOn(JumpToMessage(target: target, sequence: sequence))
  }

  private mutating func goOn(_ jump: JumpToMessage) -> [InterfaceCommand] {
    search.jump = nil
    guard let index = tabs.index(of: jump.target), index == tabs.currentIndex else { return [] }
    let first = tabs.current.transcript.firstSequence
    if let first, first <= jump.sequence || tabs.current.older == .none {
      guard let entry = tabs.current.transcript.first(after: jump.sequence - 1) else {
        hint = "it is not here any more"
        return []
      }
      hint = nil
      scroll(to: entry.id)
      return []
    }
    guard jump.pagesLeft > 0, connection.isOnline, tabs.current.epoch != nil else {
      hint = connection.isOnline ? "it is too far back" : "not connected: it is too far back to be shown"
      return []
    }
    let commands = askForOlder(index)
    if tabs.current.isLoading {
      search.jump = JumpToMessage(target: jump.target, sequence: jump.sequence, pagesLeft: jump.pagesLeft - 1)
      hint = "on the way back to it… Esc stops"
      return commands
    }
    hint = tabs.current.older == .none ? "it is not here any more" : "it is too far back"
    return []
  }
}
