import ChatProtocol

/// What there is between the person and one server, whatever becomes of the connection.
struct ServerState: Sendable {
  private static let mostTokenBytes = 512

  /// Proves who we are.
  private(set) var token: String?
  /// The name under which the server knows us by the token, in this process: what still holds it is ours, and may be
  /// taken over. Nil where it may be another terminal.
  var resumableName: Nickname?
  var outbox = Outbox()
  var rooms = Rooms()
  var conversations = Conversations()
  var people = KnownPeople()
  var marks = Marks()
  /// The search whose answer is waited for.
  var search: Int?

  init() {}

  /// - Parameter memory: what was kept. Whatever a file says, it stays within bounds.
  init(_ memory: ClientMemory) {
    if let token = memory.token { learn(token: token) }
    for cursor in memory.cursors {
      if case .room(let room) = cursor.target, room != .lobby, !rooms.insert(room) { continue }
      conversations.restore(cursor)
    }
  }

  /// - Returns: whether it is another one than before.
  @discardableResult
  mutating func learn(token: String) -> Bool {
    guard (1...Self.mostTokenBytes).contains(token.utf8.count), token.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else { return false }
    defer { self.token = token }
    return token != self.token
  }

  mutating func forgetToken() {
    token = nil
    resumableName = nil
  }

  /// Whether it is a room that the person wants to be in.
  func isWanted(_ target: Target) -> Bool {
    if case .room(let room) = target { rooms.contains(room) } else { false }
  }

  /// Whether the server is still to say what became of something that was sent there.
  func awaitsVerdict(in target: Target) -> Bool { outbox.awaitsVerdict(in: target) }

  /// The conversation that somebody means who writes there now; nil where it is not known who has the name.
  func epoch(of target: Target) -> Epoch? {
    guard case .person(let name) = target else { return nil }
    if let epoch = conversations.epoch(of: target), epoch.person != nil { return epoch }
    return people[name]
  }

  /// Nothing more will come of it: what waits has an end.
  mutating func end(into actions: inout [ClientSession.Action]) {
    for draft in outbox.removeAll() {
      let reason = draft.wasTransmitted ? ClientSession.unconfirmed : ClientSession.unsent
      actions.append(.tell(.sendFailed(draft.id, reason: reason)))
    }
    conversations.settleAll(into: &actions)
    endSearch(into: &actions)
  }

  /// The person has left the room.
  /// - Returns: whether the screen knows that they were in it.
  @discardableResult
  mutating func forget(_ room: RoomName, into actions: inout [ClientSession.Action]) -> Bool {
    marks.forget(.room(room))
    conversations.remove(room, into: &actions)
    return rooms.remove(room)
  }

  mutating func endSearch(into actions: inout [ClientSession.Action]) {
    guard let number = search else { return }
    search = nil
    actions.append(.tell(.searchFailed(number, reason: "There is no connection.")))
  }

  mutating func disconnected() {
    rooms.disconnected()
    conversations.disconnected()
    marks.disconnected()
  }
}
