import ChatProtocol

extension Tab {
  /// Whether something was typed here, be it to be called back.
  var holdsTypedText: Bool { !editor.text.typed.trimmingSpaces.isEmpty || !history.last(1).isEmpty }

  /// The parameters are how many bytes texts may still take; those that are taken are subtracted.
  func remembered(drafts: inout Int, history: inout Int, messages bytes: inout Int) -> RememberedTab {
    let draft = editor.text.typed
    // Without the log that they belong to, numbers mean nothing.
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
      mark: isCounted ? reading.mark ?? 0 : nil, head: isCounted ? reading.head : nil,
      isWhole: isCounted && older == .none && !isCut, messages: messages.reversed(),
      draft: keepsDraft ? draft : "", history: typed.reversed(), isLeft: room != nil && !isJoined ? true : nil)
  }

  /// The tab as it was left; nil where it is none. Whatever is wrong with the rest is left out.
  init?(_ remembered: RememberedTab) {
    guard let target = Target(remembered: remembered.target) else { return nil }
    self.init(target)
    if room != nil, remembered.isLeft == true { isJoined = false }
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
      reading.restore(head: remembered.head.flatMap(\.asSequence) ?? 0, mark: remembered.mark ?? 0, told: cursor ?? 0)
      if remembered.isWhole { older = .none }
      settleMarks()
    }
    editor.reset(to: remembered.draft.typed)
    history = InputHistory(remembered.history.suffix(InterfaceMemory.historyPerTab).map(\.typed))
  }
}

extension Int {
  /// - Returns: whether there is room for the text, which is then taken.
  mutating func take(_ text: String) -> Bool {
    // Names, numbers and the form of the file need some as well.
    let size = text.utf8.count + 100
    guard size <= self else { return false }
    self -= size
    return true
  }
}

extension RememberedMessage {
  /// Nil for what nobody said.
  fileprivate init?(_ entry: TranscriptEntry) {
    let time = entry.time.milliseconds
    switch entry.body {
    case .message(let message):
      self.init(
        author: message.author.text, text: message.text, time: time, sequence: entry.sequence, isTopic: false,
        isOwn: message.isOwn, isMention: message.isMention)
    case .removed(let author, _):
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
    let text = DisplayText.sanitize(String(text.prefix(InterfaceMemory.maximumTextBytes)))
    if isRemoved == true { return .removed(author, by: nil) }
    if isTopic { return .topic(author, text) }
    return .message(TranscriptEntry.Message(author: author, text: text, isOwn: isOwn, isMention: isMention))
  }
}

extension String {
  /// The text as it can have been typed: a file may hold what a keyboard cannot write.
  var typed: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.filter { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control }))
  }
}
