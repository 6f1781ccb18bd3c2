import ChatProtocol
import ChatRecords

// Reading and searching history: requests, and the reads that they start in the log.

extension Hub {
  /// At most this many messages, and about this many bytes of text, are sent in one answer. Four such pages fit into a
  /// session's send queue.
  static let maximumPage = 500
  static let maximumPageBytes = 128 * 1024

  /// Whether the request must wait until the log has answered earlier ones.
  func mustWaitForLog(_ wait: RequestHandling.LogWait, _ turn: borrowing Turn) -> Bool {
    guard !wait.isEmpty, turn.caller.capabilities.contains(.tags) else { return false }
    let reads = sessions[at: turn.caller.place].reads
    return wait.contains(.allReads) && !reads.isIdle || wait.contains(.freeRead) && reads.isFull
      || wait.contains(.freeRedaction) && reads.hasMaximumRedactions
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

  // MARK: Reads

  mutating func ask(_ read: Read, for id: SessionID, _ turn: inout Turn) {
    guard let place = sessions.place(of: id) else { return }
    sessions[at: place].reads.append(read)
    reads.startNext(of: id, &sessions[at: place], &turn)
  }

  mutating func askNext(for id: SessionID, _ turn: inout Turn) {
    guard let place = sessions.place(of: id) else { return }
    reads.startNext(of: id, &sessions[at: place], &turn)
  }
}
