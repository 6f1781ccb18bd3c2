import ChatProtocol
import ChatRecords

// Reading and searching history: the hub asks the log and answers the session when the log has answered.

extension Hub {
  /// At most this many messages, and about this many bytes of text, are sent in one answer. Four such pages fit into a
  /// session's send queue.
  static let maximumPage = 500
  static let maximumPageBytes = 128 * 1024

  /// Whether the request must wait until the log has answered earlier ones.
  func mustWaitForLog(_ wait: RequestHandling.LogWait, _ turn: borrowing Turn) -> Bool {
    guard !wait.isEmpty, turn.caller.dialect.contains(.tags), let session = sessions[at: turn.caller.place] else {
      return false
    }
    return wait.contains(.allReads) && !session.reads.isIdle || wait.contains(.freeRead) && session.reads.isFull
      || wait.contains(.freeErasure) && session.reads.isErasingMuch
      || wait.contains(.pairs) && turn.caller.presence.flatMap { people[$0.member]?.record.isAwaited } == true
  }

  mutating func readHistory(
    _ target: Target, _ range: HistoryRange, limit: Int, _ turn: inout Turn
  ) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    let address = try find(target, presence, turn)
    let head = head(of: address.conversation, for: presence.member)
    guard head != 0 else {
      introduce(address, newest: nil, to: turn.caller.session, presence, &turn)
      let nothing = Page(messages: [], hasMore: false)
      return reply(nothing, of: address, to: turn.caller.address, presence, &turn)
    }
    let page = PageRequest(
      conversation: address.conversation, range: range, head: head ?? .max, limit: min(limit, Self.maximumPage),
      maximumBytes: Self.maximumPageBytes)
    let purpose = Read.Purpose.history(address, range, turn.caller.address)
    ask(Read(request: .page(page), purpose: purpose), for: turn.caller.session, &turn)
  }

  mutating func search(_ target: Target?, limit: Int, _ text: String, _ turn: inout Turn)
    throws(RequestError)
  {
    let presence = try turn.caller.requireLogin()
    guard let query = SearchQuery(text), turn.caller.tags[.before] == nil || turn.caller.tags.before != nil else {
      throw RequestError(.invalidSearch)
    }
    let address: Address?
    var conversations: [Conversation] = []
    if let target {
      let found = try find(target, presence, turn)
      conversations = [found.conversation]
      address = found
    } else {
      address = nil
      conversations = readable(by: turn.caller.session, presence.member)
    }
    let search = SearchRequest(
      conversations: conversations, query: query, before: turn.caller.tags.before, limit: min(limit, Self.maximumPage))
    let purpose = Read.Purpose.search(address, turn.caller.address)
    ask(Read(request: .search(search), purpose: purpose), for: turn.caller.session, &turn)
  }

  private func readable(by id: SessionID, _ member: MemberID) -> [Conversation] {
    guard let session = sessions[id], let record = people[member]?.record else { return [] }
    return [.lobby] + session.rooms.entries.map { .room($0.key) }
      + record.correspondents.map { .pair(Conversation.Pair(member, $0.member)) }
  }

  // MARK: Asking

  mutating func ask(_ read: Read, for id: SessionID, _ turn: inout Turn) {
    guard let place = sessions.place(of: id) else { return }
    sessions[at: place]?.reads.append(read)
    reads.startNext(of: id, &sessions[at: place], &turn)
  }

  mutating func askNext(for id: SessionID, _ turn: inout Turn) {
    guard let place = sessions.place(of: id) else { return }
    reads.startNext(of: id, &sessions[at: place], &turn)
  }

  mutating func answerRead(
    _ question: ReadID, _ outcome: Result<ReadAnswer, HubEvent.StorageFailure>, _ turn: inout Turn
  ) {
    switch reads.finish(question) {
    case .member(let member)?: learn(question, outcome, of: member, &turn)
    case .session(let id, let purpose)?:
      guard let place = sessions.place(of: id) else { return }
      sessions[at: place]?.reads.finish(question)
      if case .acts(let address) = purpose {
        answerActs(outcome, to: address, &turn)
      } else if let presence = sessions[at: place]?.presence {
        var page: Page?
        if case .success(.page(let read)) = outcome { page = read.applying(removals) }
        tell(page, purpose, to: id, presence, &turn)
      }
      askNext(for: id, &turn)
      obeyWaiting(of: id, &turn)
      changeHold(of: id, &turn)
    case nil: break
    }
  }

  // MARK: Answering

  /// - Parameter page: nil if the log could not read it.
  private mutating func tell(
    _ page: Page?, _ purpose: Read.Purpose, to id: SessionID, _ presence: Session.Presence, _ turn: inout Turn
  ) {
    switch purpose {
    case .history(let address, let range, let requester):
      guard isReadable(address.conversation, by: id, presence.member) else {
        return turn.refuse(.notInRoom, to: requester)
      }
      guard !isRenamed(address, for: id, presence) else {
        return turn.refuse(.userNotFound, to: requester)
      }
      guard let page else { return turn.refuse(.historyUnavailable, to: requester) }
      introduce(address, newest: range == .latest ? page.messages.last : nil, to: id, presence, &turn)
      reply(page, of: address, to: requester, presence, &turn)
    case .search(let address, let requester):
      if let address, !isReadable(address.conversation, by: id, presence.member) {
        return turn.refuse(.notInRoom, to: requester)
      }
      guard let page else { return turn.refuse(.historyUnavailable, to: requester) }
      replyFound(page, to: requester, presence, &turn)
    case .acts: break
    case .catchUp(let address, let after, let head, let subscription):
      if case .room(let room) = address.conversation, room != .lobby, sessions[id]?.rooms[room] != subscription {
        return
      }
      guard !isRenamed(address, for: id, presence) else { return }
      if let page { reply(page, of: address, to: ReplyAddress(session: id), presence, &turn) }
      guard page?.hasMore ?? true else { return }
      let last = page?.messages.last?.sequence ?? after
      turn.send(.gap(address.target, from: last + 1, to: head), to: id)
    }
  }

  /// - Parameter newest: supplies the head of a pair that is not among the member's most recent ones.
  private mutating func introduce(
    _ address: Address, newest: StoredMessage?, to id: SessionID, _ presence: Session.Presence, _ turn: inout Turn
  ) {
    guard case .pair(let pair) = address.conversation, case .person(let name) = address.target else { return }
    guard let head = head(of: address.conversation, for: presence.member) ?? newest?.sequence else { return }
    introduce(pair.other(than: presence.member), named: name, head: head, to: id, &turn)
  }

  /// Whether the session has since been sent another identity for the name: it would confuse the two people.
  private func isRenamed(_ address: Address, for id: SessionID, _ presence: Session.Presence) -> Bool {
    guard case .pair(let pair) = address.conversation, case .person(let name) = address.target else { return false }
    return sessions[id]?.knows(name, asOtherThan: pair.other(than: presence.member)) == true
  }

  private func isReadable(_ conversation: Conversation, by id: SessionID, _ member: MemberID) -> Bool {
    switch conversation {
    case .room(let room): sessions[id]?.isIn(room) == true
    case .pair(let pair): pair.contains(member)
    }
  }

  private mutating func reply(
    _ page: Page, of address: Address, to requester: ReplyAddress, _ presence: Session.Presence, _ turn: inout Turn
  ) {
    guard let batch = openBatch(to: requester), let dialect = sessions[requester.session]?.dialect else { return }
    turn.begin(batch, "history", of: address.target) { if page.hasMore { $0.hasMore = true } }
    for message in page.messages where message.kind != .topic || dialect.contains(.rooms) {
      turn.add(message.line, to: batch) {
        message.addPlace(to: &$0)
        if message.member == presence.member { $0.reader = message.reader }
      }
    }
    turn.end(batch)
  }

  /// Omits messages that the session may no longer read, and messages that are stored but not published yet.
  private mutating func replyFound(
    _ page: Page, to requester: ReplyAddress, _ presence: Session.Presence, _ turn: inout Turn
  ) {
    let id = requester.session
    guard let batch = openBatch(to: requester), let dialect = sessions[id]?.dialect else { return }
    var found: [StoredMessage] = []
    var bytes = 0
    var hasMore = page.hasMore
    for message in page.messages {
      guard isReadable(message.conversation, by: id, presence.member),
        message.sequence <= head(of: message.conversation, for: presence.member) ?? .max,
        message.kind != .removed, message.kind != .topic || dialect.contains(.rooms)
      else { continue }
      guard bytes < Self.maximumPageBytes else {
        hasMore = true
        break
      }
      bytes += message.text.utf8.count
      found.append(message)
    }
    turn.begin(batch, "search") {
      if hasMore, !found.isEmpty { $0.hasMore = true }
      if !hasMore, let stopped = page.stoppedBefore { $0.before = stopped }
    }
    for message in found {
      turn.add(message.line, to: batch) {
        message.addPlace(to: &$0)
        $0.reader = message.reader
      }
    }
    turn.end(batch)
  }
}

extension Page {
  /// Removes messages that were deleted while the page was read.
  fileprivate func applying(_ removals: Removals) -> Page {
    guard messages.contains(where: removals.contains) else { return self }
    return Page(messages: messages.map(removals.applied), hasMore: hasMore, stoppedBefore: stoppedBefore)
  }
}
