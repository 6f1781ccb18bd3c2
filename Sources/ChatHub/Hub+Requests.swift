import ChatProtocol

// Each request is handled at once, or after the answers to the session's earlier requests.

extension Hub {
  mutating func receive(
    _ result: Result<Line, LineFault>, from id: SessionID, at now: MonotonicTime, into actions: inout [HubAction]
  ) {
    guard let place = sessions.place(of: id) else { return }
    sessions[at: place]?.hear(at: now)
    guard mustNotBeBrowser(result, id, at: place, into: &actions),
      mayIntroduceThemselves(id, at: place, into: &actions),
      let dialect = sessions[at: place]?.dialect
    else {
      return
    }
    let read = Request(result, in: dialect)
    let isInTime = rateLimiter(result, read, id, at: place, now, into: &actions)
    guard let request = read else { return changeHold(of: id, at: place, into: &actions) }
    let isFirst = sessions[at: place]?.backlog.waiting.isEmpty == true
    if isInTime, isFirst, obey(request, context(id, at: place), at: now, into: &actions) { return }
    var late = request
    late.trim()
    sessions[id]?.backlog.putOff(late)
    changeHold(of: id, into: &actions)
  }

  /// Handles waiting requests until one must keep waiting.
  mutating func obeyWaiting(of id: SessionID, at now: MonotonicTime, into actions: inout [HubAction]) {
    while let place = sessions.place(of: id), sessions[at: place]?.backlog.isPaced == false,
      let next = sessions[at: place]?.backlog.waiting.first
    {
      switch next {
      case .request(let request):
        guard obey(request, context(id, at: place), at: now, into: &actions) else { return }
        sessions[id]?.backlog.removeFirst()
      case .end:
        guard let session = sessions[id], session.backlog.unstored == 0, !session.backlog.isProposing,
          session.reads.isIdle
        else { return }
        end(id, leaving: .closed, closing: .closed, into: &actions)
      }
    }
  }

  mutating func changeHold(of id: SessionID, into actions: inout [HubAction]) {
    guard let place = sessions.place(of: id) else { return }
    changeHold(of: id, at: place, into: &actions)
  }

  mutating func changeHold(of id: SessionID, at place: Int, into actions: inout [HubAction]) {
    guard let isHeld = sessions[at: place]?.backlog.changeHold() else { return }
    actions.append(isHeld ? .hold(id) : .release(id))
  }

  func context(_ id: SessionID, at place: Int) -> RequestContext {
    RequestContext(
      session: id, place: place, dialect: sessions[at: place]?.dialect ?? [], presence: sessions[at: place]?.presence,
      isBehind: (sessions[at: place]?.backlog.unstored ?? 0) > 0,
      isProposing: sessions[at: place]?.backlog.isProposing == true,
      isControl: sessions[at: place]?.peer.isControl == true)
  }

  /// - Returns: false if the request must wait; in that case it had no effect.
  private mutating func obey(
    _ request: Request, _ context: RequestContext, at now: MonotonicTime, into actions: inout [HubAction]
  ) -> Bool {
    guard !context.isProposing else { return false }
    do {
      let message = try request.content.get()
      if let new = try newMessage(message, request, context, at: now) {
        noteWritten(new, context, at: now)
        store(new, request, context, into: &actions)
        return true
      }
      guard !context.isBehind, !mustWaitForLog(message, context),
        !mustWaitForRegistry(message, request, context)
      else { return false }
      try obey(message, request, context, at: now, into: &actions)
    } catch {
      // Answers to earlier requests come first.
      guard !context.isBehind else { return false }
      if error.code == .recipientChanged { introduceRecipient(of: request, context, into: &actions) }
      refuse(excuse(error, context), request, context.session, into: &actions)
      if error.code == .invalidProof, context.presence == nil { noteFailedProof(of: context.session, into: &actions) }
      if error.code == sessions[context.session]?.returnsOnly {
        end(context.session, leaving: .lost, closing: .tooMany, into: &actions)
      }
    }
    return true
  }

  /// Replaces an error by `not-logged-in` or `already-logged-in` if the sender may not send such a line at all, or not
  /// again.
  private func excuse(_ error: RequestError, _ context: RequestContext) -> RequestError {
    let isPresent = context.presence != nil || context.isControl
    switch (error.code, error.verb) {
    case (.lineTooLong, _), (.invalidUTF8, _), (.malformedTags, _), (_, .capabilities): return error
    case (_, .login), (_, .resume): return isPresent ? RequestError(.alreadyLoggedIn, error.verb) : error
    case (.controlCharacter, _): return error
    default: return isPresent ? error : RequestError(.notLoggedIn, error.verb)
    }
  }

  private mutating func obey(
    _ message: ClientMessage, _ request: Request, _ context: RequestContext, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    let id = context.session
    switch message {
    case .login(let name): return try logIn(name, request, context, at: now, into: &actions)
    case .resume(let token, let cursors):
      return try resume(token, cursors, request, context, at: now, into: &actions)
    case .listCapabilities:
      let offered = offersKeys(to: id) ? Capabilities.all : Capabilities.all.subtracting(.keys)
      return answer(.capabilities(.list, offered.names), request, id, into: &actions)
    case .requestCapabilities(let names): return agree(names, request, context, into: &actions)
    case .ping where context.isControl: return answer(.pong, request, id, into: &actions)
    case .quit where context.isControl: return end(id, leaving: .quit, closing: .quit, into: &actions)
    case .admin(let admin) where context.isControl || context.presence != nil:
      return try administer(admin, request, context, at: now, into: &actions)
    default: break
    }
    guard let presence = context.presence else { throw RequestError(.notLoggedIn, request.verb) }
    switch message {
    case .who(let room): try listPeople(in: room, request, context, into: &actions)
    case .ping: answer(.pong, request, id, into: &actions)
    case .quit: end(id, leaving: .quit, closing: .quit, into: &actions)
    case .away(let text): try setAway(text, request, context, presence, into: &actions)
    case .join(let room, let cursor): try join(room, cursor, request, context, presence, at: now, into: &actions)
    case .part(let room): try part(room, request, context, presence, at: now, into: &actions)
    case .rooms: listRooms(request, context, into: &actions)
    case .history(let target, let range, let limit):
      try readHistory(target, range, limit: limit, request, context, presence, into: &actions)
    case .search(let target, let limit, let text):
      try search(target, limit: limit, text, request, context, presence, into: &actions)
    case .mark(let target, let sequence):
      try mark(target, sequence, request, context, presence, into: &actions)
    case .login, .resume, .listCapabilities, .requestCapabilities, .message, .direct, .say, .topic, .admin: break
    }
  }
}

// MARK: - Answers

extension Hub {
  func answer(
    _ message: ServerMessage, _ request: Request, _ id: SessionID, into actions: inout [HubAction]
  ) {
    var tags = Tags()
    tags.label = request.tags.label
    actions.append(.send(id, message, tags))
  }

  private func refuse(
    _ error: RequestError, _ request: Request, _ id: SessionID, into actions: inout [HubAction]
  ) {
    let error = RequestError(error.code, error.verb ?? request.verb, text: error.text)
    answer(.error(ErrorReply(error)), request, id, into: &actions)
  }
}
