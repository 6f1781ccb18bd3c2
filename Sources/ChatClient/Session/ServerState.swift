import ChatModel
import ChatProtocol

/// The state of the user's relation to one server, kept across connections.
struct ServerState: Sendable {
  private static let mostTokenBytes = 512

  /// The token that proves this client's identity.
  private(set) var token: String?
  /// The name under which the server knows this client by the token, in this process: a connection that still holds the
  /// name is this client's own and may be taken over. Nil if the connection may be another terminal's.
  var resumableName: Nickname?
  var outbox = Outbox()
  var rooms = WantedRooms()
  var conversations = Conversations()
  var people = KnownPeople()
  var marks = Marks()
  var away = AwayState()
  /// The pending search.
  var search: Int?

  init(_ interests: ClientInterests) { conversations.fetchesFirst = interests.firstPages }

  /// - Parameter memory: the stored memory. Its size is bounded for any contents of the file.
  init(_ memory: ClientMemory, _ interests: ClientInterests) {
    self.init(interests)
    if let token = memory.token, learn(token: token) { resumableName = memory.resumesAs }
    for cursor in memory.cursors {
      if case .room(let room) = cursor.target, room != .lobby, !rooms.insert(room) { continue }
      conversations.restore(cursor, isResumed: resumableName != nil)
    }
  }

  /// - Returns: whether the token changed.
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

  /// Whether the target is a room that the user wants to be in.
  func isWanted(_ target: Target) -> Bool {
    if case .room(let room) = target { rooms.contains(room) } else { false }
  }

  /// Whether the outcome of a message to this conversation is still unknown.
  func awaitsVerdict(in target: Target) -> Bool { outbox.awaitsVerdict(in: target) }

  /// The conversation that a message written now is meant for; nil if the person behind the name is unknown.
  func epoch(of target: Target) -> Epoch? {
    guard case .person(let name) = target else { return nil }
    if let epoch = conversations.epoch(of: target), epoch.person != nil { return epoch }
    return people[name]
  }

  /// Ends all pending messages and requests; the server is not used any more.
  mutating func end(into actions: inout [ClientSession.Action]) {
    for outgoing in outbox.removeAll() {
      let reason = outgoing.wasTransmitted ? ClientSession.unconfirmed : ClientSession.unsent
      let failure: SendFailure = outgoing.wasTransmitted ? .unconfirmed : .notStored
      actions.append(.tell(.sendFailed(outgoing.id, reason: reason, failure: failure)))
    }
    conversations.settleAll(into: &actions)
    endSearch(into: &actions)
  }

  /// The user has left the room.
  /// - Returns: whether the screen knows that the user was in it.
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
