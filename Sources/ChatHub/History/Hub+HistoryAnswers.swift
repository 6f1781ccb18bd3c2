import ChatProtocol
import ChatRecords

// Answers to reads of history, when the log has answered.

extension Hub {
  mutating func answerRead(
    _ question: ReadID, _ outcome: Result<ReadAnswer, HubEvent.StorageFailure>, _ turn: inout Turn
  ) {
    switch reads.finish(question) {
    case .member(let member)?: learn(question, outcome, of: member, &turn)
    case .session(let id, let purpose)?:
      guard let place = sessions.place(of: id) else { return }
      sessions[at: place].reads.finish(question)
      if case .acts(let address) = purpose {
        answerActs(outcome, to: address, &turn)
      } else if let presence = sessions[at: place].presence {
        var page: Page?
        if case .success(.page(let read)) = outcome { page = read.applying(redactions) }
        tell(page, purpose, to: id, presence, &turn)
      }
      askNext(for: id, &turn)
      goOn(id, &turn)
    case nil: break
    }
  }

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
  mutating func introduce(
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

  mutating func reply(
    _ page: Page, of address: Address, to requester: ReplyAddress, _ presence: Session.Presence, _ turn: inout Turn
  ) {
    guard let batch = sessions.openBatch(to: requester), let capabilities = sessions[requester.session]?.capabilities
    else {
      return
    }
    turn.begin(batch, "history", of: address.target) { if page.hasMore { $0.hasMore = true } }
    for message in page.messages where message.kind != .topic || capabilities.contains(.rooms) {
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
    guard let batch = sessions.openBatch(to: requester), let capabilities = sessions[id]?.capabilities else { return }
    var found: [StoredMessage] = []
    var bytes = 0
    var hasMore = page.hasMore
    for message in page.messages {
      guard isReadable(message.conversation, by: id, presence.member),
        message.sequence <= head(of: message.conversation, for: presence.member) ?? .max,
        message.kind != .redacted, message.kind != .topic || capabilities.contains(.rooms)
      else { continue }
      guard bytes < Self.maximumPageBytes else {
        hasMore = true
        break
      }
      bytes += message.answerBytes
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
  /// Redacts messages that were redacted while the page was read.
  fileprivate func applying(_ redactions: Redactions) -> Page {
    guard messages.contains(where: redactions.contains) else { return self }
    return Page(messages: messages.map(redactions.applied), hasMore: hasMore, stoppedBefore: stoppedBefore)
  }
}
