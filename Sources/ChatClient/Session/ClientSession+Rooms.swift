import ChatProtocol

// Commands about rooms and their history.

extension ClientSession {
  private var hasNoRooms: Bool {
    if case .online(let online) = state { !online.hasRooms } else { false }
  }

  mutating func join(_ room: RoomName) {
    if hasNoRooms { return tell(.notice(Self.onlyOneRoom)) }
    if serverState.rooms.isJoined(room) {
      tell(.roomJoined(room))
    } else if !serverState.rooms.insert(room) {
      tell(.serverError(ErrorCode.tooManyRooms.explanation))
    }
  }

  mutating func part(_ room: RoomName, at moment: Moment) {
    if hasNoRooms { return tell(.notice(Self.onlyOneRoom)) }
    guard room != .lobby else { return tell(.serverError("Nobody leaves the lobby.")) }
    guard serverState.rooms.contains(room) else { return tell(.serverError(ErrorCode.notInRoom.explanation)) }
    guard var online = takeOnline() else {
      serverState.forget(room, into: &actions)
      return tell(.roomLeft(room, reason: nil))
    }
    // The server handles requests in order: what it sends before the answer is ignored, and a later JOIN is valid.
    if serverState.rooms.isAsked(room) { online.part(room, at: moment.now, into: &actions) }
    online.forget(room, &serverState, into: &actions)
    tell(.roomLeft(room, reason: nil))
    state = .online(online)
  }

  mutating func setTopic(_ text: String?, in room: RoomName, at moment: Moment) {
    let text = text.flatMap { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) ? nil : $0 }
    let topic = PendingTopic(room: room, text: text)
    if let text, let reason = objection(to: topic.message, text: text) { return tell(.serverError(reason)) }
    request(topic, at: moment)
  }

  mutating func listRooms(at moment: Moment) {
    if hasNoRooms { return tell(.roomsFailed(reason: Self.onlyOneRoom)) }
    guard var online = takeOnline() else {
      return tell(.roomsUnanswered(reason: "There is no connection.", isOnline: false))
    }
    if online.requests.isFull {
      tell(.roomsFailed(reason: "Too many questions wait to be answered."))
    } else {
      online.request(PendingRoomList(), at: moment.now, into: &actions)
    }
    state = .online(online)
  }

  private mutating func request(_ request: some PendingRequest, at moment: Moment) {
    if hasNoRooms { return tell(.notice(Self.onlyOneRoom)) }
    guard var online = takeOnline() else { return tell(.notice("There is no connection.")) }
    if online.requests.isFull {
      tell(.serverError("Too many questions wait to be answered."))
    } else {
      online.request(request, at: moment.now, into: &actions)
    }
    state = .online(online)
  }

  // MARK: History

  mutating func showOlder(_ target: Target, before bound: Int?, at moment: Moment) {
    if case .online(let online) = state {
      let isOurs = online.isOurs(target, serverState)
      guard isOurs, online.hasHistory,
        serverState.conversations.adopt(target, head: nil, at: moment.now, into: &actions)
      else {
        // A room that is about to be joined gets its first page automatically.
        let isAboutToBe = online.hasHistory && (isOurs || serverState.isWanted(target))
        return tell(.older(target, [], hasMore: isAboutToBe))
      }
    }
    serverState.conversations.change(target) { $0.showOlder(before: bound, into: &actions) }
  }

  mutating func search(_ number: Int, in target: Target?, _ text: String, before: Int?, at moment: Moment) {
    serverState.search = nil
    guard var online = takeOnline() else {
      return tell(.searchFailed(number, reason: "There is no connection."))
    }
    defer { state = .online(online) }
    guard online.hasHistory else { return tell(.searchFailed(number, reason: "This server cannot search.")) }
    let search = PendingSearch(number: number, target: target, text: text, before: before)
    if let reason = objection(to: search.message, text: text) { return tell(.searchFailed(number, reason: reason)) }
    guard !online.requests.isFull else {
      return tell(.searchFailed(number, reason: "Too many questions wait to be answered."))
    }
    serverState.search = number
    online.request(search, at: moment.now, into: &actions)
  }

  mutating func readHistory(
    _ number: Int, _ target: Target, _ range: HistoryRange, limit: Int, at moment: Moment
  ) {
    guard var online = takeOnline() else {
      return tell(.historyFailed(number, reason: "There is no connection."))
    }
    defer { state = .online(online) }
    guard online.hasHistory else { return tell(.historyFailed(number, reason: "This server has no history.")) }
    guard !online.requests.isFull else {
      return tell(.historyFailed(number, reason: "Too many questions wait to be answered."))
    }
    let request = PendingHistory(number: number, target: target, range: range, limit: limit)
    online.request(request, at: moment.now, into: &actions)
  }

  mutating func markRead(_ target: Target, _ sequence: Int) {
    guard let cursor = serverState.conversations.cursor(of: target) else { return }
    serverState.marks.read(target, upTo: min(sequence, cursor.sequence))
  }
}
