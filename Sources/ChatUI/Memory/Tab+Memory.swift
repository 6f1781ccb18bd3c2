import ChatProtocol

extension Tab {
  /// Whether the tab has a draft or history entries.
  var holdsTypedText: Bool { !editor.text.typed.trimmingSpaces.isEmpty || !history.last(1).isEmpty }

  /// Each parameter is a number of bytes that is left for one kind of text; saved texts are subtracted from it.
  func remembered(drafts: inout Int, history: inout Int, messages bytes: inout Int) -> RememberedTab {
    let draft = editor.text.typed
    // Sequence numbers are only valid together with the epoch of their log.
    let isCounted = epoch != nil && (room == nil || isJoined)
    let keepsDraft = drafts.take(draft)
    var messages: [RememberedMessage] = []
    var isCut = false
    for entry in transcript.entries.reversed() where entry.isSaid {
      guard messages.count < InterfaceMemory.messagesPerTab, var message = RememberedMessage(entry),
        bytes.take(message.text)
      else {
        isCut = true
        break
      }
      if !isCounted { message.sequence = nil }
      messages.append(message)
    }
    var typed: [String] = []
    for text in self.history.last(InterfaceMemory.historyPerTab).reversed().map(\.typed) {
      guard history.take(text) else { continue }
      typed.append(text)
    }
    return RememberedTab(
      target: target.text, epoch: isCounted ? epoch?.text : nil, cursor: isCounted ? transcript.lastSequence : nil,
      mark: isCounted ? readState.savedMark : nil, head: isCounted ? readState.head : nil,
      isWhole: isCounted && older == .none && !isCut, messages: messages.reversed(),
      draft: keepsDraft ? draft : "", history: typed.reversed(), isLeft: room != nil && !isJoined ? true : nil,
      notifies: notifies?.rawValue)
  }

  /// Restores a saved tab; nil if its target is invalid. Other invalid parts are dropped.
  init?(_ remembered: RememberedTab) {
    guard let target = Target(remembered: remembered.target) else { return nil }
    self.init(target)
    if room != nil, remembered.isLeft == true { isJoined = false }
    notifies = remembered.notifies.flatMap(NotificationLevel.init)
    epoch = remembered.epoch.flatMap { Epoch($0) }
    let cursor = epoch == nil ? nil : remembered.cursor.flatMap(\.asSequence)
    for message in remembered.messages.suffix(InterfaceMemory.messagesPerTab) {
      guard let body = message.body else { continue }
      let sequence = epoch == nil ? nil : message.sequence.flatMap(\.asSequence)
      if let sequence, transcript.has(sequence) || sequence > (cursor ?? 0) { continue }
      transcript.append(body, at: Timestamp(milliseconds: message.time), sequence: sequence)
    }
    if let cursor { transcript.note(told: cursor) }
    if epoch != nil {
      readState.restore(head: remembered.head.flatMap(\.asSequence) ?? 0, mark: remembered.mark, told: cursor ?? 0)
      if remembered.isWhole { older = .none }
      settleMarks()
    }
    editor.reset(to: remembered.draft.typed)
    history = InputHistory(remembered.history.suffix(InterfaceMemory.historyPerTab).map(\.typed))
  }
}

extension Int {
  /// Subtracts the size of a text if there is room for it.
  /// - Returns: whether there is room.
  mutating func take(_ text: String) -> Bool {
    // The overhead of names, numbers and the file format.
    let size = text.utf8.count + 100
    guard size <= self else { return false }
    self -= size
    return true
  }
}

extension RememberedMessage {
  /// Nil if the entry is no message, topic or redacted message.
  fileprivate init?(_ entry: TranscriptEntry) {
    let time = entry.time.milliseconds
    switch entry.body {
    case .message(let message):
      self.init(
        author: message.author.text, text: message.text, time: time, sequence: entry.sequence, isTopic: false,
        isOwn: message.isOwn, isMention: message.isMention)
    case .redacted(let author, _):
      self.init(
        author: author.text, text: "", time: time, sequence: entry.sequence, isTopic: false, isOwn: false,
        isMention: false, isRemoved: true)
    case .topic(let author, let text):
      self.init(
        author: author.text, text: text, time: time, sequence: entry.sequence, isTopic: true, isOwn: false,
        isMention: false)
    case .notice, .alert, .presence, .away, .back: return nil
    }
  }

  fileprivate var body: TranscriptEntry.Body? {
    guard let author = Nickname(spaced: author) else { return nil }
    let text = DisplayText.sanitizeLines(String(text.prefix(InterfaceMemory.maximumTextBytes)))
    if isRemoved == true { return .redacted(author, by: nil) }
    if isTopic { return .topic(author, MessageLines.onOneLine(text)) }
    return .message(TranscriptEntry.Message(author: author, text: text, isOwn: isOwn, isMention: isMention))
  }
}

extension String {
  /// The text without control characters except newline and tab: a file may contain others.
  var typed: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.filter { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control }))
  }
}
