import ChatProtocol

// Reading and searching history: the hub asks the log and answers the session when the log has answered.

extension Hub {
  /// At most this many messages, and about this many bytes of text, are sent in one answer. Four such pages fit into a
  /// session's send queue.
  static let maximumPage = 500
  static let maximumPageBytes = 128 * 1024

  /// Whether the request must wait until the log has answered earlier reads.
  func mustWaitForLog(_ message: ClientMessage, _ context: RequestContext) -> Bool {
    guard context.dialect.contains(.tags) else { return false }
    var isFull: Bool { sessions[at: context.place]?.reads.isFull == true }
    if case .quit = message { return sessions[at: context.place]?.reads.isIdle == false }
    if case .admin(.listActs) = message { return isFull }
    if case .admin(.remove) = message, sessions[at: context.place]?.reads.isErasingMuch == true { return true }
    guard let member = context.presence?.member else { return false }
    switch message {
    case .admin(.remove(let target, _, _)): return isAwaited(target, by: member)
    case .join(_, .some): return isFull
    case .history(let target, _, _): return isFull || isAwaited(target, by: member)
    case .search(let target, _, _): return isFull || isAwaited(target, by: member)
    case .mark(let target, _): return isAwaited(target, by: member)
    default: return false
    }
  }

  /// A member's pairs must be known before their messages can be sent.
  private func isAwaited(_ target: Target?, by member: MemberID) -> Bool {
    if case .room? = target { return false }
    return members[member]?.record.isAwaited == true
  }

  mutating func readHistory(
    _ target: Target, _ range: HistoryRange, limit: Int, _ request: Request, _ context: RequestContext,
    _ presence: Session.Presence, into actions: inout [HubAction]
  ) throws(RequestError) {
    let address = try find(target, request, context, presence)
    let head = head(of: address.conversation, for: presence.member)
    guard head != 0 else {
      introduce(address, newest: nil, to: context.session, presence, into: &actions)
      let nothing = Page(messages: [], hasMore: false)
      return tell(nothing, of: address, label: request.tags.label, to: context.session, presence, into: &actions)
    }
    let page = PageRequest(
      conversation: address.conversation, range: range, head: head ?? .max, limit: min(limit, Self.maximumPage),
      maximumBytes: Self.maximumPageBytes)
    let purpose = Read.Purpose.history(address, range, label: request.tags.label)
    ask(Read(request: .page(page), purpose: purpose), for: context.session, into: &actions)
  }

  mutating func search(
    _ target: Target?, limit: Int, _ text: String, _ request: Request, _ context: RequestContext,
    _ presence: Session.Presence, into actions: inout [HubAction]
  ) throws(RequestError) {
    guard let query = SearchQuery(text), request.tags["before"] == nil || request.tags.before != nil else {
      throw RequestError(.invalidSearch, .search)
    }
    let address: Address?
    var conversations: [Conversation] = []
    if let target {
      let found = try find(target, request, context, presence)
      conversations = [found.conversation]
      address = found
    } else {
      address = nil
      conversations = readable(by: context.session, presence.member)
    }
    let search = SearchRequest(
      conversations: conversations, query: query, before: request.tags.before, limit: min(limit, Self.maximumPage))
    let purpose = Read.Purpose.search(address, label: request.tags.label)
    ask(Read(request: .search(search), purpose: purpose), for: context.session, into: &actions)
  }

  private func readable(by id: SessionID, _ member: MemberID) -> [Conversation] {
    guard let session = sessions[id], let record = members[member]?.record else { return [] }
    return [.lobby] + session.rooms.entries.map { .room($0.key) }
      + record.correspondents.map { .pair(Conversation.Pair(member, $0.member)) }
  }

  // MARK: Asking

  mutating func ask(_ read: Read, for id: SessionID, into actions: inout [HubAction]) {
    sessions[id]?.reads.append(read)
    askNext(for: id, into: &actions)
  }

  /// Starts the session's next reads. A slow reader gets no more history until its send queue has room.
  mutating func askNext(for id: SessionID, into actions: inout [HubAction]) {
    guard let place = sessions.place(of: id), sessions[at: place]?.lag == nil else { return }
    while let read = sessions[at: place]?.reads.next() {
      let question = nextQuestion(.read(id, read.purpose))
      sessions[at: place]?.reads.begin(question)
      actions.append(.read(question, read.request, for: sessions[at: place]?.presence?.member))
    }
  }

  mutating func cancelReads(at place: Int, into actions: inout [HubAction]) {
    for question in sessions[at: place]?.reads.cancelAll() ?? [] {
      questions[question] = nil
      actions.append(.cancelRead(question, for: sessions[at: place]?.presence?.member))
    }
  }

  mutating func answerRead(
    _ question: ReadID, _ outcome: Result<ReadAnswer, HubEvent.StorageFailure>, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) {
    switch questions.removeValue(forKey: question) {
    case .state(let member)?: learn(question, outcome, of: member, at: now, into: &actions)
    case .read(let id, let purpose)?:
      guard let place = sessions.place(of: id) else { return }
      sessions[at: place]?.reads.finish(question)
      if case .acts(let label) = purpose {
        tell(outcome, label: label, to: id, into: &actions)
      } else if let presence = sessions[at: place]?.presence {
        var page: Page?
        if case .success(.page(let read)) = outcome { page = read.applying(removals) }
        tell(page, purpose, to: id, presence, into: &actions)
      }
      askNext(for: id, into: &actions)
      obeyWaiting(of: id, at: now, into: &actions)
      changeHold(of: id, into: &actions)
    case nil: break
    }
  }

  // MARK: Answering

  /// - Parameter page: nil if the log could not read it.
  private mutating func tell(
    _ page: Page?, _ purpose: Read.Purpose, to id: SessionID, _ presence: Session.Presence,
    into actions: inout [HubAction]
  ) {
    switch purpose {
    case .history(let address, let range, let label):
      guard isReadable(address.conversation, by: id, presence.member) else {
        return refuse(.notInRoom, .history, label, id, into: &actions)
      }
      guard !isRenamed(address, for: id, presence) else {
        return refuse(.userNotFound, .history, label, id, into: &actions)
      }
      guard let page else { return refuse(.historyUnavailable, .history, label, id, into: &actions) }
      introduce(address, newest: range == .latest ? page.messages.last : nil, to: id, presence, into: &actions)
      tell(page, of: address, label: label, to: id, presence, into: &actions)
    case .search(let address, let label):
      if let address, !isReadable(address.conversation, by: id, presence.member) {
        return refuse(.notInRoom, .search, label, id, into: &actions)
      }
      guard let page else { return refuse(.historyUnavailable, .search, label, id, into: &actions) }
      tellFound(page, label: label, to: id, presence, into: &actions)
    case .acts: break
    case .catchUp(let address, let after, let head, let subscription):
      if case .room(let room) = address.conversation, room != .lobby, sessions[id]?.rooms[room] != subscription {
        return
      }
      guard !isRenamed(address, for: id, presence) else { return }
      if let page { tell(page, of: address, label: nil, to: id, presence, into: &actions) }
      guard page?.hasMore ?? true else { return }
      let last = page?.messages.last?.sequence ?? after
      actions.append(.send(id, .gap(address.target, from: last + 1, to: head), Tags()))
    }
  }

  /// - Parameter newest: supplies the head of a pair that is not among the member's most recent ones.
  private mutating func introduce(
    _ address: Address, newest: StoredMessage?, to id: SessionID, _ presence: Session.Presence,
    into actions: inout [HubAction]
  ) {
    guard case .pair(let pair) = address.conversation, case .person(let name) = address.target else { return }
    guard let head = head(of: address.conversation, for: presence.member) ?? newest?.sequence else { return }
    introduce(pair.other(than: presence.member), named: name, head: head, to: id, into: &actions)
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

  private mutating func tell(
    _ page: Page, of address: Address, label: String?, to id: SessionID, _ presence: Session.Presence,
    into actions: inout [HubAction]
  ) {
    guard let batch = sessions[id]?.nextBatch(), let dialect = sessions[id]?.dialect else { return }
    var tags = Tags()
    tags.label = label
    if page.hasMore { tags.hasMore = true }
    actions.append(.send(id, .batchStart(reference: batch, kind: "history", target: address.target), tags))
    for message in page.messages where message.kind != .topic || dialect.contains(.rooms) {
      var tags = Self.tags(of: message, in: batch)
      if message.member == presence.member { tags.reader = message.reader }
      actions.append(.send(id, message.line, tags))
    }
    actions.append(.send(id, .batchEnd(reference: batch), Tags()))
  }

  /// Omits messages that the session may no longer read, and messages that are stored but not published yet.
  private mutating func tellFound(
    _ page: Page, label: String?, to id: SessionID, _ presence: Session.Presence, into actions: inout [HubAction]
  ) {
    guard let batch = sessions[id]?.nextBatch(), let dialect = sessions[id]?.dialect else { return }
    var lines: [(ServerMessage, Tags)] = []
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
      var tags = Self.tags(of: message, in: batch)
      tags.reader = message.reader
      lines.append((message.line, tags))
    }
    var tags = Tags()
    tags.label = label
    if hasMore, !lines.isEmpty { tags.hasMore = true }
    if !hasMore, let stopped = page.stoppedBefore { tags.before = stopped }
    actions.append(.send(id, .batchStart(reference: batch, kind: "search"), tags))
    for (line, tags) in lines { actions.append(.send(id, line, tags)) }
    actions.append(.send(id, .batchEnd(reference: batch), Tags()))
  }

  private static func tags(of message: StoredMessage, in batch: String) -> Tags {
    var tags = Tags()
    tags.batch = batch
    message.addPlace(to: &tags)
    return tags
  }

  private func refuse(
    _ code: ErrorCode, _ verb: Verb, _ label: String?, _ id: SessionID, into actions: inout [HubAction]
  ) {
    var tags = Tags()
    tags.label = label
    actions.append(.send(id, .error(ErrorReply(RequestError(code, verb))), tags))
  }
}

extension Page {
  /// Removes messages that were deleted while the page was read.
  fileprivate func applying(_ removals: Removals) -> Page {
    guard messages.contains(where: removals.contains) else { return self }
    return Page(messages: messages.map(removals.applied), hasMore: hasMore, stoppedBefore: stoppedBefore)
  }
}
