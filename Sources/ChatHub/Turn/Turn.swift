import ChatProtocol

/// The handling of one event: its time, the request that is being handled, and the actions so far.
///
/// Not copyable, so that the array of actions is never copied.
struct Turn: ~Copyable {
  let now: MonotonicTime
  /// Wall-clock time.
  let wall: Timestamp
  /// The session whose request is being handled. Nobody, while the hub handles another event.
  var caller = Caller.nobody
  /// The request that is being handled, unless it is a message.
  var request: Request?
  private var actions: [HubAction] = []

  /// - Parameter actions: the turn appends to them; they are empty until `finish` gives them back.
  init(at now: MonotonicTime, wall: Timestamp, appendingTo actions: inout [HubAction]) {
    self.now = now
    self.wall = wall
    swap(&self.actions, &actions)
  }

  consuming func finish(into actions: inout [HubAction]) { actions = self.actions }

  mutating func endRequest() {
    caller = .nobody
    request = nil
  }

  mutating func emit(_ action: HubAction) { actions.append(action) }

  /// Sends one line to one session.
  mutating func send(_ line: ServerMessage, _ tags: Tags = Tags(), to id: SessionID) {
    actions.append(.send(id, line, tags))
  }

  /// Sends one line to all sessions in the room.
  mutating func publish(_ line: ServerMessage, _ tags: Tags = Tags(), in room: RoomName) {
    actions.append(.publish(line, in: room, tags))
  }

  // MARK: Answers

  /// Answers the request that is being handled.
  /// - Parameter addTags: adds tags after the label.
  mutating func reply(_ line: ServerMessage, _ addTags: (inout Tags) -> Void = { _ in }) {
    reply(line, to: caller.address, addTags)
  }

  mutating func reply(_ line: ServerMessage, to address: ReplyAddress, _ addTags: (inout Tags) -> Void = { _ in }) {
    var tags = address.tags
    addTags(&tags)
    actions.append(.send(address.session, line, tags))
  }

  /// Answers with `OK`, which names the request's verb.
  mutating func replyOK(_ addTags: (inout Tags) -> Void = { _ in }) { replyOK(to: caller.address, addTags) }

  mutating func replyOK(to address: ReplyAddress, _ addTags: (inout Tags) -> Void = { _ in }) {
    reply(.ok(address.verb), to: address, addTags)
  }

  /// Answers a request with an error, which names the request's verb.
  mutating func refuse(_ code: ErrorCode, text: String? = nil, to address: ReplyAddress) {
    reply(.error(ErrorReply(RequestError(code, address.verb, text: text))), to: address)
  }
}
