import ChatModel
import ChatProtocol
import DequeModule

// Events for the screen.

extension ConversationTrack {
  /// - Parameter bound: the page contains messages after this one. Own sends may meanwhile have been reported beyond
  ///   the page.
  mutating func begin(
    telling page: HistoryPage, after bound: Int, reaching: Int?, isUnsettled: Bool,
    into actions: inout [ClientSession.Action]
  ) {
    let isProgress = (page.messages.last?.sequence ?? 0) > bound
    fetched += page.messages.count
    failures = 0
    if page.hasMore, isProgress, fetched > Self.missedLimit {
      return beginAnew(at: nil, into: &actions)
    }
    for message in page.messages { lastID = max(lastID, message.id ?? 0) }
    self.page = Deque(page.messages)
    stage = .telling(hasMore: page.hasMore && isProgress, reaching: reaching)
    tellWaiting(isUnsettled: isUnsettled, into: &actions)
  }

  /// Reports all messages that are next in order.
  mutating func tellWaiting(isUnsettled: Bool, into actions: inout [ClientSession.Action]) {
    guard !needsFirst else { return }
    repeat {
      while let sequence = nextSequence {
        // The server's OK, which arrives soon, will say which of our sends this message is, if any.
        if isUnsettled, claims[sequence] == nil, isOwnText(sequence) { return }
        tell(sequence, into: &actions)
      }
    } while finishPage(into: &actions)
    guard case .idle = stage, let cursor else { return }
    if let first = held.first?.sequence {
      guard first - cursor - 1 > Self.missedLimit else {
        stage = .wanted
        return
      }
      beginAnew(at: first - 1, into: &actions)
    } else if hasLost {
      stage = .wanted
    } else {
      fetched = 0
    }
  }

  /// The next message in order, if present. A page has no gaps up to its last message.
  private var nextSequence: Int? {
    let first = min(page.first?.sequence ?? .max, held.first?.sequence ?? .max)
    guard first < .max, let cursor else { return nil }
    return page.isEmpty && first > cursor + 1 ? nil : first
  }

  private func isOwnText(_ sequence: Int) -> Bool {
    let message = page.first?.sequence == sequence ? page.first : held.first?.message
    return message?.isOwn == true && message?.kind == .text
  }

  private mutating func tell(_ sequence: Int, into actions: inout [ClientSession.Action]) {
    var message: ChatMessage?
    if page.first?.sequence == sequence { message = page.popFirst() }
    if held.first?.sequence == sequence {
      let item = held.popFirst()
      message = message ?? item?.message
    }
    guard let cursor, sequence > cursor else { return }
    let claim = claims.removeValue(forKey: sequence)
    settleClaims(upTo: sequence, into: &actions)
    self.cursor = sequence
    isShown = true
    guard var message else {
      if let claim { actions.append(.tell(.sendConfirmed(claim.id, sequence: sequence, time: claim.time))) }
      return
    }
    if let claim, claim.isRefuted(by: message) {
      actions.append(.tell(.sendFailed(claim.id, reason: Self.lost, failure: .notStored)))
    } else {
      message.answersSend = claim?.id
    }
    actions.append(.tell(.message(message)))
    if message.kind == .topic, case .room(let room) = target { actions.append(.tell(.topic(room, message.text))) }
  }

  private static let lost = "The server has lost it since: its messages were restored from a copy."

  /// - Returns: whether there may be more to report now.
  private mutating func finishPage(into actions: inout [ClientSession.Action]) -> Bool {
    guard case .telling(let hasMore, let reaching) = stage, page.isEmpty, let cursor else { return false }
    stage = hasMore ? .wanted : .idle
    guard !hasMore, let reaching, let first = held.first?.sequence, first > cursor + 1, first <= reaching else {
      return false
    }
    // The server has the held messages and nothing between the cursor and them.
    settleClaims(upTo: first - 1, into: &actions)
    self.cursor = first - 1
    return true
  }

  mutating func tellFirst(_ page: HistoryPage, into actions: inout [ClientSession.Action]) {
    let head = cursor ?? page.messages.last?.sequence ?? max((held.first?.sequence ?? 1) - 1, 0)
    cursor = head
    while let first = held.first, first.sequence <= head { held.popFirst() }
    oldest = head + 1
    if !isSynced {
      isSynced = true
      actions.append(.tell(.synced(target, epoch, head: head, mark: nil)))
    }
    tellOlder(page, into: &actions)
  }

  mutating func tellOlder(_ page: HistoryPage, into actions: inout [ClientSession.Action]) {
    let isFirst = needsFirst
    if isFirst {
      needsFirst = false
      stage = pushUntil == nil ? .idle : afterFirst
    }
    older = .none
    let messages = page.messages.filter { ($0.sequence ?? .max) < oldest }
    for message in messages { lastID = max(lastID, message.id ?? 0) }
    oldest = messages.first?.sequence ?? oldest
    hasOlder = page.hasMore && !messages.isEmpty && oldest > 1
    isShown = true
    actions.append(.tell(.older(target, messages, hasMore: hasOlder)))
    if isFirst { settleClaims(upTo: cursor ?? 0, into: &actions) }
  }

  /// The screen shows more, or less, than was reported, so it may request messages that are already known.
  mutating func tellAgain(_ page: HistoryPage, into actions: inout [ClientSession.Action]) {
    older = .none
    let messages = page.messages.filter { ($0.sequence ?? .max) < olderBound }
    let hasMore = page.hasMore && (messages.first?.sequence ?? 1) > 1
    actions.append(.tell(.older(target, messages, hasMore: hasMore)))
  }

  /// The server does not provide the missing messages: continues without them.
  mutating func giveUp(into actions: inout [ClientSession.Action]) {
    needsFirst = false
    stage = .idle
    older = .none
    hasOlder = true
    failures = 0
    // Without the newest page, messages may follow an own one that was stored by an earlier attempt.
    if cursor == nil, !claims.isEmpty { hasLost = true }
    if let first = held.first?.sequence { cursor = max(cursor ?? 0, first - 1) }
    if let cursor { oldest = cursor + 1 }
    actions.append(.tell(.older(target, [], hasMore: true)))
    settleClaims(upTo: cursor ?? 0, areUntold: true, into: &actions)
  }

  /// No message is known to be missing, and no request can find out. The messages shown remain.
  mutating func rest(into actions: inout [ClientSession.Action]) {
    stage = .idle
    failures = 0
    hasLost = false
    settleAllClaims(into: &actions)
  }

  mutating func startBefore(_ sequence: Int) {
    cursor = sequence - 1
    oldest = sequence
  }

  /// Ends the sends whose sequence was reported as part of a page or skipped.
  /// - Parameter areUntold: the messages before them were not reported, so that the sends have no place on the screen.
  mutating func settleClaims(
    upTo last: Int, areUntold: Bool = false, into actions: inout [ClientSession.Action]
  ) {
    guard !claims.isEmpty else { return }
    for (sequence, claim) in claims.sorted(by: { $0.key < $1.key }) where sequence <= last {
      claims[sequence] = nil
      isShown = true
      actions.append(
        .tell(.sendConfirmed(claim.id, sequence: areUntold || claim.isUncertain ? nil : sequence, time: claim.time)))
    }
  }

  /// Fails the sends that the server confirmed before it was restored from a copy without them.
  /// - Parameter head: the last message in the copy.
  mutating func failClaims(after head: Int, into actions: inout [ClientSession.Action]) {
    for (sequence, claim) in claims.sorted(by: { $0.key < $1.key }) where sequence > head {
      claims[sequence] = nil
      actions.append(.tell(.sendFailed(claim.id, reason: Self.lost, failure: .notStored)))
    }
  }

  /// Ends the sends whose turn will no longer come.
  mutating func settleAllClaims(into actions: inout [ClientSession.Action]) {
    guard !claims.isEmpty else { return }
    isShown = true
    for (_, claim) in claims.sorted(by: { $0.key < $1.key }) {
      actions.append(.tell(.sendConfirmed(claim.id, sequence: nil, time: claim.time)))
    }
    claims = [:]
  }
}
