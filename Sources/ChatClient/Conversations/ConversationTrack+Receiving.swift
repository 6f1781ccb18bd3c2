import ChatModel
import ChatProtocol

// Messages and answers from the server.

extension ConversationTrack {
  /// Handles a live message, or one that the server pushed.
  /// - Parameter isUnsettled: an own send to this conversation is unconfirmed and may be this message.
  mutating func receive(
    _ message: ChatMessage, at sequence: Int, isUnsettled: Bool, into actions: inout [ClientSession.Action]
  ) {
    if cursor == nil, !needsFirst { startBefore(sequence) }
    if isForeign {
      beginAnotherPair(before: sequence, into: &actions)
    } else if let cursor, sequence <= cursor {
      guard isAnotherPair(id: message.id, isBacklog: message.isBacklog) else { return }
      beginAnotherPair(before: sequence, into: &actions)
    }
    lastID = max(lastID, message.id ?? 0)
    if !held.insert(message, at: sequence) { hasLost = true }
    tellWaiting(isUnsettled: isUnsettled, into: &actions)
  }

  /// A message was redacted.
  mutating func redact(_ sequence: Int) {
    held.redact(sequence)
    guard let place = page.firstIndex(where: { $0.sequence == sequence }) else { return }
    page[place].kind = .redacted
    page[place].text = ""
  }

  /// The server has stored one of the client's own messages.
  /// - Parameter isDuplicate: an earlier attempt had stored it, so that other messages may follow it by now.
  mutating func settle(
    _ id: SendID, at sequence: Int, messageID: Int?, time: Timestamp, isDuplicate: Bool, isUnsettled: Bool,
    into actions: inout [ClientSession.Action]
  ) {
    if cursor == nil, !needsFirst {
      startBefore(sequence)
      hasLost = isDuplicate
    }
    let isPast = sequence <= cursor ?? 0
    if isForeign || (isPast && isAnotherPair(id: messageID, isBacklog: isDuplicate)) {
      beginAnotherPair(before: isDuplicate ? nil : sequence, into: &actions)
    }
    lastID = max(lastID, messageID ?? 0)
    let isTold = sequence <= cursor ?? 0
    // Two own sends with one sequence number: a server error, but each send must still end.
    if claims[sequence] != nil || (isTold && !needsFirst) {
      actions.append(.tell(.sendConfirmed(id, sequence: sequence, time: time)))
    } else {
      claims[sequence] = Claim(id: id, messageID: messageID, time: time)
      if !isTold, !held.insert(nil, at: sequence) { hasLost = true }
    }
    tellWaiting(isUnsettled: isUnsettled, into: &actions)
  }

  /// The server has pushed the missed messages.
  mutating func pushed(_ page: HistoryPage, isUnsettled: Bool, into actions: inout [ClientSession.Action]) {
    pushUntil = nil
    if case .pushAwaited = stage, !needsFirst {
      begin(telling: page, after: cursor ?? 0, reaching: nil, isUnsettled: isUnsettled, into: &actions)
    } else {
      for message in page.messages {
        guard let sequence = message.sequence else { continue }
        receive(message, at: sequence, isUnsettled: isUnsettled, into: &actions)
      }
    }
  }

  /// The pushed messages are unusable.
  mutating func pushFailed() {
    if pushUntil != nil { hasLost = true }
    pushUntil = nil
    if case .pushAwaited = stage { stage = .wanted }
  }

  mutating func answered(
    _ request: HistoryRequest, _ page: HistoryPage, isUnsettled: Bool, into actions: inout [ClientSession.Action]
  ) {
    switch (request.purpose, stage) {
    case (.first, .asked(request.serial, _)) where needsFirst:
      tellFirst(page, into: &actions)
      tellWaiting(isUnsettled: isUnsettled, into: &actions)
    case (.missing, .asked(request.serial, let reaching)) where !needsFirst:
      var bound = 0
      if case .after(let sequence) = request.range { bound = sequence }
      begin(telling: page, after: bound, reaching: reaching, isUnsettled: isUnsettled, into: &actions)
    case (.older, _) where older == .asked(request.serial) && olderBound == oldest:
      tellOlder(page, into: &actions)
    case (.older, _) where older == .asked(request.serial): tellAgain(page, into: &actions)
    default: break
    }
  }

  /// The server refused the request or did not answer it.
  mutating func failed(
    _ request: HistoryRequest, at now: MonotonicTime, isUnsettled: Bool, into actions: inout [ClientSession.Action]
  ) {
    switch (request.purpose, stage) {
    case (.first, .asked(request.serial, _)) where needsFirst:
      giveUp(into: &actions)
      tellWaiting(isUnsettled: isUnsettled, into: &actions)
    case (.missing, .asked(request.serial, _)) where !needsFirst:
      failures += 1
      guard failures >= Self.attempts else {
        stage = .paused(until: now + Self.retryInterval)
        return
      }
      guard !held.isEmpty else { return rest(into: &actions) }
      actions.append(.tell(.reset(target)))
      giveUp(into: &actions)
      tellWaiting(isUnsettled: isUnsettled, into: &actions)
    case (.older, _) where older == .asked(request.serial):
      older = .none
      actions.append(.tell(.older(target, [], hasMore: true)))
    default: break
    }
  }

  /// Drops all held messages; they are fetched again later.
  /// - Returns: number of bytes freed.
  mutating func dropHeld() -> Int {
    let bytes = waitingBytes
    held.removeAll()
    page = []
    hasLost = true
    switch stage {
    case .idle, .telling: stage = .wanted
    case .wanted, .pushAwaited, .asked, .paused: break
    }
    return bytes
  }

  mutating func timer(at now: MonotonicTime) {
    guard let deadline, deadline <= now else { return }
    // The push did not arrive, so messages beyond the newest page are missing too.
    if needsFirst { hasLost = true }
    pushUntil = nil
    stage = .wanted
  }

  /// A direct conversation belongs to a pair of people. A name may pass to another person: the sequence then starts
  /// again, while the message ids of the server's log continue.
  private func isAnotherPair(id: Int?, isBacklog: Bool) -> Bool {
    guard case .person = target, !isBacklog, !needsFirst, lastID > 0, let id else { return false }
    return id > lastID
  }

  /// - Parameter sequence: the first message that arrives live; nil if the newest page decides the head.
  mutating func beginAnotherPair(before sequence: Int?, into actions: inout [ClientSession.Action]) {
    forget(for: epoch, into: &actions)
    guard let sequence else {
      isSynced = false
      return begin(at: nil)
    }
    actions.append(.tell(.synced(target, epoch, head: sequence - 1, mark: nil)))
    begin(at: sequence - 1)
    if sequence == 1 { tellOlder(HistoryPage([], hasMore: false), into: &actions) }
  }
}
