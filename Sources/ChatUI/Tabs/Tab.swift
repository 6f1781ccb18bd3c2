import ChatProtocol

/// An open conversation: transcript, input and read marker.
struct Tab: Hashable, Sendable {
  /// The target of messages that are typed here.
  let target: Target
  var transcript = Transcript()
  var editor = LineEditor()
  var history = InputHistory()
  var scroll = Scroll.bottom
  var readState = ReadState()
  /// The epoch of the sequence numbers; nil if the server does not number messages.
  var epoch: Epoch?
  var older = OlderMessages.unknown
  /// Consecutive pages without new messages.
  var fruitlessPages = 0
  /// The number of unread mentions of the user.
  var mentions = 0
  /// The entry below the "new" line: the first unread one; stays until the tab is left.
  var firstUnread: Int?
  /// The number of unread messages when they were read.
  private var readAtOnce = 0
  /// The "new" line belongs after this message, but the message that follows is not loaded yet.
  var newAfter: Int?
  /// Whether to hide the sign for unread messages above the view, for instance because they were in view.
  var hidesUnreadSign = false
  /// The entry that the last jump led to, which is marked.
  var found: Int?
  /// The last mention that the user jumped to.
  var foundMention: Int?
  /// Text that was returned to the input because it could not be sent; nil once the input has changed.
  var returned: String?
  /// Whether the user has edited the input, or recalled another text, since a text was returned to it: from then on,
  /// typing continues the text in the input.
  var continuesReturned = false
  /// The notification level that the user chose in the chat; nil if there is none. `NotificationPreferences.level`
  /// decides.
  var notifies: NotificationLevel?
  /// The names that changed their owner while the input was being written.
  var formerRecipients = FormerRecipients()
  /// The last line about messages that could not be sent.
  var failure: SendFailureLine?
  /// Whether the user is a member, if the target is a room.
  var isJoined = true
  /// The redacted messages.
  var redactions = RedactedMessages()
  /// Whether the content is from before the connection: some of it may have been redacted since.
  var isStale = false

  init(_ target: Target) { self.target = target }

  /// The position of the pane's last row.
  enum Scroll: Hashable, Sendable {
    /// Follows the newest message.
    case bottom
    /// A row of an entry, so that new messages do not move the view. Row 0 is the first of the entry itself; the rules
    /// before it have negative numbers, since they come and go.
    case row(Int, ofEntry: Int)
  }

  /// The state of the messages before the first entry.
  enum OlderMessages: Hashable, Sendable {
    /// The server may have older messages.
    case unknown
    /// Messages before this one were requested; nil for the newest.
    case loading(before: Int?)
    /// The first entry is the beginning of the conversation.
    case none
    /// The server has more, but the transcript is full.
    case tooMuch
  }

  /// The reason for attention, weakest first.
  enum Activity: Comparable {
    case none, message, direct, mention
  }

  var unread: Int { readState.unread }

  /// The number of messages that the "new" line announces.
  var newMessages: Int { unread > 0 ? unread : readAtOnce }

  func activity(_ preferences: NotificationPreferences) -> Activity {
    guard unread > 0, preferences.level(of: self) != .none else { return .none }
    if mentions > 0 { return .mention }
    if case .person = target { return .direct }
    return .message
  }

  var isLoading: Bool {
    if case .loading = older { true } else { false }
  }

  var isPerson: Bool {
    if case .person = target { true } else { false }
  }

  var room: RoomName? {
    if case .room(let room) = target { room } else { nil }
  }

  // MARK: Receiving

  /// Adds a message.
  /// - Parameters:
  ///   - isMissed: whether the message is older than lines that are already shown.
  ///   - isLive: whether the message was sent just now.
  ///   - isRead: whether the message is visible to the user at once.
  /// - Returns: false if the tab has the message already.
  mutating func hear(
    _ body: TranscriptEntry.Body, at time: Timestamp, sequence: Int?, isMissed: Bool, isLive: Bool, isOwn: Bool,
    isRead: Bool
  ) -> Bool {
    if let sequence, transcript.has(sequence) {
      if case .redacted = body { redactEntry(sequence, by: nil) }
      return false
    }
    let body = redactions.applied(to: body, sequence)
    let wasRead = unread == 0
    let entry =
      isMissed
      ? transcript.appendMissed(body, at: time, sequence: sequence)
      : transcript.append(body, at: time, sequence: sequence)
    readState.hear(sequence, isLive: isLive, isOwn: isOwn)
    if isOwn {
      if !wasRead { settleMarks() }
      hidesUnreadSign = true
    } else if isRead {
      // A visible message needs no "new" line, but a missed one may be the message that the pending line belongs above.
      readState.readAll()
      mentions = 0
      settleNewLine()
    } else if isUnread(sequence) {
      // The line stands above the first message that is new since the tab was last read.
      if wasRead || isNextUnread(sequence) { (firstUnread, hidesUnreadSign) = (entry, false) }
      if case .message(let message) = body, message.isMention { mentions += 1 }
    }
    return true
  }

  private func isUnread(_ sequence: Int?) -> Bool {
    guard let sequence, let mark = readState.mark else { return true }
    return sequence > mark
  }

  private func isNextUnread(_ sequence: Int?) -> Bool {
    guard let sequence, let mark = readState.mark else { return false }
    return sequence == mark + 1
  }

  /// Adds a page of older messages, or of the newest ones after too much was missed.
  /// - Parameter hasMore: whether there are messages before the page.
  /// - Returns: the number of new messages.
  mutating func prepend(_ page: [Transcript.PageMessage], hasMore: Bool) -> Int {
    let isAnswer = older == .loading(before: olderBound)
    if isLoading { older = .unknown }
    let numbers = page.compactMap(\.sequence)
    if let first = numbers.first, let last = transcript.lastSequence, first > last + 1 {
      // The messages between are not loaded: the old ones are dropped, so that the transcript has no gap.
      reset()
    } else if !isAnswer, let last = numbers.last, let first = transcript.firstSequence, last < first - 1 {
      // The page was requested before the old messages were dropped.
      return 0
    }
    guard transcript.hasRoomAbove else {
      older = .tooMuch
      return 0
    }
    // Messages may have been redacted while the client was not connected.
    for message in page {
      if case .redacted = message.body, let sequence = message.sequence { redactEntry(sequence, by: nil) }
    }
    let added = transcript.prepend(page.map(redactions.applied))
    if let last = transcript.lastSequence { readState.note(head: last) }
    // The server asks its log for the mark before it reads a page.
    if !numbers.isEmpty || !hasMore { readState.acceptMark() }
    // Sending a message marks everything before it as read.
    if let own = page.last(where: \.isOwn)?.sequence { readState.read(upTo: own) }
    // Only the page with the first message shows whether there are older ones.
    if numbers.first == transcript.firstSequence || numbers.isEmpty { older = hasMore ? .unknown : .none }
    if transcript.firstSequence == 1 { older = .none }
    if unread > 0 { settleMarks() } else { settleNewLine() }
    return added
  }

  /// Applies the redaction of a message, which stays unread if it was.
  mutating func redact(_ sequence: Int, by name: Nickname) {
    redactions.note(sequence, by: name)
    redactEntry(sequence, by: name)
  }

  private mutating func redactEntry(_ sequence: Int, by name: Nickname?) {
    guard let entry = transcript.redact(sequence, by: name) else { return }
    if entry.message?.isMention == true, isUnread(sequence) { mentions = max(mentions - 1, 0) }
  }

  // MARK: Read marker

  /// Called when another tab is selected. Unread messages stay unread.
  mutating func leave() {
    if unread == 0 { (firstUnread, newAfter) = (nil, nil) }
    (found, foundMention) = (nil, nil)
    hidesUnreadSign = false
  }

  /// Marks everything as read. The "new" line stays.
  mutating func markRead() {
    if unread > 0, firstUnread == nil, readState.uncounted == 0 {
      (newAfter, hidesUnreadSign) = (readState.mark, false)
    }
    if unread > 0 { readAtOnce = unread }
    readState.readAll()
    mentions = 0
  }

  /// Marks everything as read without a "new" line, because it is hidden.
  mutating func skipUnread() {
    readState.readAll()
    settleMarks()
  }

  /// Applies a mark that the user set on another terminal.
  mutating func markRead(upTo sequence: Int) {
    if readState.learn(mark: sequence) { settleMarks() }
  }

  /// Recomputes the "new" line and the mentions from the mark.
  mutating func settleMarks() {
    guard let mark = readState.mark, readState.uncounted == 0 else { return }
    newAfter = nil
    guard readState.unread > 0 else {
      (firstUnread, mentions) = (nil, 0)
      return
    }
    firstUnread = firstKnown(after: mark)
    mentions = 0
    for entry in transcript.entries.reversed() {
      if let sequence = entry.sequence, sequence <= mark { break }
      if entry.sequence != nil, entry.message?.isMention == true { mentions += 1 }
    }
  }

  /// Empties the pane; its messages can be requested again.
  mutating func clear() {
    transcript.clear()
    (firstUnread, newAfter, found, foundMention) = (nil, nil, nil, nil)
    // The mentions are not loaded any more; those that are loaded again are counted anew.
    mentions = 0
    if older != .unknown, epoch != nil { older = .unknown }
  }

  /// Places the "new" line once the message below it is loaded.
  private mutating func settleNewLine() {
    guard let newAfter, let entry = firstKnown(after: newAfter) else { return }
    (firstUnread, self.newAfter) = (entry, nil)
  }

  /// The first message after a sequence number; nil if messages between may not be loaded.
  private func firstKnown(after sequence: Int) -> Int? {
    guard let first = transcript.first(after: sequence) else { return nil }
    let isFirst = first.sequence == sequence + 1 || (first.sequence == transcript.firstSequence && older == .none)
    return isFirst ? first.id : nil
  }

  /// Drops the messages of the conversation.
  mutating func reset() {
    transcript.reset()
    // The row in view was dropped.
    if case .row(_, let entry) = scroll, transcript.index(of: entry) == nil { scroll = .bottom }
    older = .unknown
    (firstUnread, found) = (nil, nil)
    foundMention = nil
    mentions = 0
    redactions = RedactedMessages()
  }
}
