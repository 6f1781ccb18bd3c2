import ChatProtocol

// State of the conversation as reported by the server.

extension ConversationTrack {
  /// The server reports the head, after which live messages begin.
  /// - Parameters:
  ///   - since: the epoch of the cursor sent to the server, if sequence numbers mean the same in both epochs.
  ///   - isPushed: the server pushes the messages after our cursor.
  /// - Returns: whether this is now a different conversation.
  mutating func sync(
    epoch: Epoch, since: Epoch?, head: Int, mark: Int?, isPushed: Bool, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) -> Bool {
    if epoch != self.epoch, since == self.epoch, !isForeign {
      self.epoch = epoch
      failClaims(after: head, into: &actions)
      for sequence in claims.keys { claims[sequence]?.isUncertain = true }
      if isShown { actions.append(.tell(.continued(target, epoch))) }
    }
    let isAnother = isForeign || epoch != self.epoch || head < (cursor ?? 0)
    let missed = cursor.map { head - $0 } ?? 0
    let isTooMuch = missed > Self.missedLimit && !isPushed && !needsFirst && !isAnother
    if isAnother {
      forget(for: epoch, into: &actions)
    } else if isTooMuch {
      actions.append(.tell(.reset(target)))
    }
    isSynced = true
    actions.append(.tell(.synced(target, epoch, head: head, mark: mark)))
    pushUntil = isPushed && missed > 0 && !isAnother ? now + Self.patience : nil
    if isAnother || isTooMuch || (needsFirst && (cursor == nil || !isPushed)) {
      begin(at: head)
    } else if needsFirst || missed > 0 {
      stage = needsFirst ? .wanted : afterFirst
    } else if case .pushAwaited = stage {
      stage = .idle
    }
    if needsFirst, head == 0 || !fetchesFirst { tellOlder(HistoryPage([], hasMore: head > 0), into: &actions) }
    return isAnother
  }

  /// Messages up to `sequence` were shown in an earlier run.
  mutating func restore(_ sequence: Int) {
    // The stored value may be anything; no server's sequence reaches this bound.
    guard (1..<1_000_000_000_000_000_000).contains(sequence) else { return }
    cursor = sequence
    oldest = sequence + 1
    needsFirst = false
    isShown = true
    stage = .idle
  }

  /// Next stage for messages missing after the newest page.
  var afterFirst: Stage { pushUntil.map { .pushAwaited(until: $0) } ?? .wanted }

  /// The server's log has been replaced.
  /// - Returns: whether the epoch differs from the known one.
  mutating func reset(to epoch: Epoch, into actions: inout [ClientSession.Action]) -> Bool {
    guard epoch != self.epoch else { return false }
    forget(for: epoch, into: &actions)
    begin(at: nil)
    return true
  }

  /// The server has left out some live messages.
  mutating func gap(to last: Int, into actions: inout [ClientSession.Action]) {
    // The first sign of another conversation: its newest page shows how far it reaches.
    guard !isForeign else { return beginAnotherPair(before: nil, into: &actions) }
    guard last > (cursor ?? 0) else { return }
    pushUntil = nil
    switch stage {
    case .idle where !needsFirst, .pushAwaited where !needsFirst:
      guard let cursor, last - cursor <= Self.missedLimit else { return beginAnew(at: nil, into: &actions) }
      stage = .wanted
    default: hasLost = true
    }
  }

  /// The server was sent our cursor and will answer with SYNC or an error.
  mutating func awaitSync(at now: MonotonicTime) {
    if case .idle = stage, !isForeign { stage = .pushAwaited(until: now + Self.patience) }
  }

  /// Requests new messages, because the server does not report their number.
  mutating func catchUp() {
    if case .idle = stage, !isForeign { stage = .wanted }
  }

  /// The server now regards this client as a different person.
  mutating func identityChanged(into actions: inout [ClientSession.Action]) {
    guard case .person = target else { return }
    settleAllClaims(into: &actions)
    isForeign = true
    // Messages that arrive now belong to another conversation.
    stage = .idle
    if older != .none {
      older = .none
      actions.append(.tell(.older(target, [], hasMore: false)))
    }
  }

  /// Drops the state of the connection.
  mutating func disconnect() {
    held.removeAll()
    page = []
    hasLost = false
    fetched = 0
    failures = 0
    pushUntil = nil
    stage = .idle
    if older != .none { older = .wanted }
  }

  /// Too many messages are missing to show each of them: starts again with the newest page.
  /// - Parameter head: the last message of that page; nil if the page decides it.
  mutating func beginAnew(at head: Int?, into actions: inout [ClientSession.Action]) {
    actions.append(.tell(.reset(target)))
    isShown = false
    begin(at: head)
  }

  /// From now on, sequence numbers refer to other messages.
  mutating func forget(for epoch: Epoch, into actions: inout [ClientSession.Action]) {
    if epoch != self.epoch { lastID = 0 }
    isForeign = false
    self.epoch = epoch
    settleAllClaims(into: &actions)
    if isShown { actions.append(.tell(.reset(target))) }
    isShown = false
    held.removeAll()
    needsFirst = true
  }

  mutating func begin(at head: Int?) {
    page = []
    while let first = held.first, first.sequence <= head ?? 0 { held.popFirst() }
    // A page that decides the head contains everything that there was no room to hold.
    if head == nil { hasLost = false }
    fetched = 0
    failures = 0
    older = .none
    hasOlder = head != 0
    cursor = head
    oldest = (head ?? 0) + 1
    needsFirst = true
    stage = .wanted
  }
}
