import ChatProtocol

/// One conversation as it is open on the screen: what was said, what is being typed, and how far it was read.
struct Tab: Hashable, Sendable {
  /// Where what is typed here goes.
  let target: Target
  var transcript = Transcript()
  var editor = LineEditor()
  var history = InputHistory()
  var scroll = Scroll.bottom
  var reading = Reading()
  /// Which log the numbers belong to; nil where the server does not count.
  var epoch: Epoch?
  var older = Older.unknown
  /// Pages in a row that held nothing new.
  var fruitlessPages = 0
  /// How many of what is unread hold the reader's name.
  var mentions = 0
  /// The first entry that is unread; stays until the tab is left, for the line that says "new".
  var firstUnread: Int?
  /// The line stands behind this message, and what follows it is not loaded yet.
  var newAfter: Int?
  /// What is unread above what is shown was in view, or is not to be pointed at for another reason.
  var hidesUnreadSign = false
  /// The entry that was searched for, and is pointed at.
  var found: Int?
  /// The mention that was looked up last.
  var foundMention: Int?
  /// What came back because it could not be sent, while nothing was typed since.
  var returned: String?
  /// Since when what stands in the input was begun, this name has become another person's: they are not sent it by an
  /// Enter that was on its way.
  var formerRecipient: Nickname?
  /// The last line that tells of messages that were not sent, and of how many.
  var failure: SendFailure?
  /// Whether we are in it, as far as it is a room.
  var isJoined = true
  /// What was taken away.
  var removals = Removals()
  /// What stands here was shown before the connection: some of it may have been taken away since.
  var isStale = false

  init(_ target: Target) { self.target = target }

  /// Which row is the pane's last.
  enum Scroll: Hashable, Sendable {
    /// The newest, whatever comes.
    case bottom
    /// A row of an entry: what comes below does not move what is read. Counted from the first that is its own; the
    /// lines across the pane that come before it have negative numbers, since they come and go.
    case row(Int, ofEntry: Int)
  }

  /// What there is before the first entry.
  enum Older: Hashable, Sendable {
    /// The server may have something.
    case unknown
    /// The server was asked for what comes before this message; nil: for the newest.
    case loading(before: Int?)
    /// This is where it begins.
    case none
    /// There is more than is kept.
    case tooMuch
  }

  /// What makes a tab want attention, the strongest last.
  enum Activity: Comparable {
    case none, message, direct, mention
  }

  var unread: Int { reading.unread }

  var activity: Activity {
    guard unread > 0 else { return .none }
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

  // MARK: What comes

  /// A message came.
  /// - Parameters:
  ///   - isMissed: it was said before what the screen has told since.
  ///   - isLive: it was said just now.
  ///   - isRead: somebody looks.
  /// - Returns: false where it stands here already.
  mutating func hear(
    _ body: TranscriptEntry.Body, at time: Timestamp, sequence: Int?, isMissed: Bool, isLive: Bool, isOwn: Bool,
    isRead: Bool
  ) -> Bool {
    if let sequence, transcript.has(sequence) {
      if case .removed = body { takeAway(sequence, by: nil) }
      return false
    }
    let body = removals.applied(to: body, sequence)
    let wasRead = unread == 0
    let entry =
      isMissed
      ? transcript.appendMissed(body, at: time, sequence: sequence)
      : transcript.append(body, at: time, sequence: sequence)
    reading.hear(sequence, isLive: isLive, isOwn: isOwn)
    if isOwn {
      if !wasRead { settleMarks() }
      hidesUnreadSign = true
    } else if isRead {
      // Who looks needs no line; but what was missed may be what it was to stand above.
      reading.readAll()
      mentions = 0
      settleNewLine()
    } else if isUnread(sequence) {
      // The line stands above what is new since the reader looked the last time.
      if wasRead || isNextUnread(sequence) { (firstUnread, hidesUnreadSign) = (entry, false) }
      if case .message(let message) = body, message.isMention { mentions += 1 }
    }
    return true
  }

  private func isUnread(_ sequence: Int?) -> Bool {
    guard let sequence, let mark = reading.mark else { return true }
    return sequence > mark
  }

  private func isNextUnread(_ sequence: Int?) -> Bool {
    guard let sequence, let mark = reading.mark else { return false }
    return sequence == mark + 1
  }

  /// A page of what came before, or of the newest where too much was missed.
  /// - Parameter hasMore: whether there is anything before it.
  /// - Returns: how many were new.
  mutating func prepend(_ page: [Transcript.Missed], hasMore: Bool) -> Int {
    let isAnswer = older == .loading(before: olderBound)
    if isLoading { older = .unknown }
    let numbers = page.compactMap(\.sequence)
    if let first = numbers.first, let last = transcript.lastSequence, first > last + 1 {
      // What lies between is shown nowhere: the old ones make room.
      reset()
    } else if !isAnswer, let last = numbers.last, let first = transcript.firstSequence, last < first - 1 {
      // Asked for before the old ones made room.
      return 0
    }
    guard transcript.hasRoomAbove else {
      older = .tooMuch
      return 0
    }
    // What stands here may have been taken away while nobody listened.
    for message in page {
      if case .removed = message.body, let sequence = message.sequence { takeAway(sequence, by: nil) }
    }
    let added = transcript.prepend(page.map(removals.applied))
    if let last = transcript.lastSequence { reading.note(head: last) }
    // Who has written there has read what stands above.
    if let own = page.last(where: \.isOwn)?.sequence { reading.read(upTo: own) }
    // Only who brings what is first knows what is before it.
    if numbers.first == transcript.firstSequence || numbers.isEmpty { older = hasMore ? .unknown : .none }
    if transcript.firstSequence == 1 { older = .none }
    if unread > 0 { settleMarks() } else { settleNewLine() }
    return added
  }

  /// A message was taken away. It stays unread where it was.
  mutating func remove(_ sequence: Int, by name: Nickname) {
    removals.note(sequence, by: name)
    takeAway(sequence, by: name)
  }

  private mutating func takeAway(_ sequence: Int, by name: Nickname?) {
    guard let entry = transcript.remove(sequence, by: name) else { return }
    if entry.message?.isMention == true, isUnread(sequence) { mentions = max(mentions - 1, 0) }
  }

  // MARK: What was read

  /// Another tab is looked at. What is unread stays so.
  mutating func leave() {
    if unread == 0 { (firstUnread, newAfter) = (nil, nil) }
    (found, foundMention) = (nil, nil)
    hidesUnreadSign = false
  }

  /// Somebody looks: nothing is unread. The "new" line stays.
  mutating func markRead() {
    if unread > 0, firstUnread == nil, reading.uncounted == 0 { (newAfter, hidesUnreadSign) = (reading.mark, false) }
    reading.readAll()
    mentions = 0
  }

  /// The person has read so far on another terminal.
  mutating func markRead(upTo sequence: Int) {
    reading.note(told: sequence)
    if reading.read(upTo: sequence) { settleMarks() }
  }

  /// Finds the "new" line and the mentions anew, by the mark.
  mutating func settleMarks() {
    guard let mark = reading.mark, reading.uncounted == 0 else { return }
    newAfter = nil
    guard reading.unread > 0 else {
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

  /// Empties the pane; what was there can be asked for again.
  mutating func clear() {
    transcript.clear()
    (firstUnread, newAfter, found, foundMention) = (nil, nil, nil, nil)
    // None of them is there. Those that come again are counted anew.
    mentions = 0
    if older != .unknown, epoch != nil { older = .unknown }
  }

  /// Draws the "new" line where what follows it has come.
  private mutating func settleNewLine() {
    guard let newAfter, let entry = firstKnown(after: newAfter) else { return }
    (firstUnread, self.newAfter) = (entry, nil)
  }

  /// The first message behind a place; nil where its neighbour is not loaded, and nobody knows whether it is the first.
  private func firstKnown(after sequence: Int) -> Int? {
    guard let first = transcript.first(after: sequence) else { return nil }
    let isFirst = first.sequence == sequence + 1 || (first.sequence == transcript.firstSequence && older == .none)
    return isFirst ? first.id : nil
  }

  /// Forgets what was said.
  mutating func reset() {
    transcript.reset()
    // What was read there is gone.
    if case .row(_, let entry) = scroll, transcript.index(of: entry) == nil { scroll = .bottom }
    older = .unknown
    (firstUnread, found) = (nil, nil)
    foundMention = nil
    mentions = 0
    removals = Removals()
  }
}
