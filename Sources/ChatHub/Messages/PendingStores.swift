import ChatProtocol
import ChatRecords
import DequeModule

/// The messages that the log has been asked to store, in the order of the requests. Each is answered once the log has
/// reported its outcome and the feed has brought the message, so that the answer never precedes the message itself.
struct PendingStores: Sendable {
  typealias Outcome = Result<StoreOutcome, HubEvent.StorageFailure>

  private var waiting: Deque<PendingStore> = []
  /// The outcomes of the first of these.
  private var outcomes: Deque<Outcome> = []
  /// The id of the last message that the feed has brought.
  private var reached: Int
  /// The number of requests that were answered so far.
  private var answered = 0
  /// Proposals that are decided when this many requests are answered, in their order.
  private var followers: Deque<(proposal: ProposalID, after: Int)> = []

  struct PendingStore: Sendable {
    var address: ReplyAddress
    var message: NewMessage
    /// The message's room was deleted since.
    var hasLostRoom = false

    /// Bytes of the message's text.
    var bytes: Int { message.text.utf8.count }
  }

  /// - Parameter reached: the id of the last message before the feed begins.
  init(after reached: Int) { self.reached = reached }

  /// Asks the log to store the caller's message.
  mutating func begin(_ message: NewMessage, _ turn: inout Turn) {
    waiting.append(PendingStore(address: turn.caller.address, message: message))
    turn.emit(.store(message))
  }

  /// The log has reported the outcome of the oldest message without one.
  mutating func settle(_ outcome: Outcome) {
    if outcomes.count < waiting.count { outcomes.append(outcome) }
  }

  /// The session that sent a message of the feed; nil if that is not known here.
  func sender(of id: Int) -> SessionID? {
    guard case .success(.stored(let message))? = outcomes.first, message.id == id else { return nil }
    return waiting.first?.address.session
  }

  /// The feed has brought a message.
  mutating func reach(_ id: Int) { reached = max(reached, id) }

  /// - Returns: the oldest request, if it can be answered now.
  mutating func next() -> (request: PendingStore, outcome: Outcome)? {
    guard let outcome = outcomes.first else { return nil }
    if case .success(let stored) = outcome, let id = stored.message?.id, id > reached { return nil }
    guard let request = waiting.popFirst() else { return nil }
    outcomes.removeFirst()
    answered += 1
    return (request, outcome)
  }

  // MARK: Rooms

  /// The rooms with unanswered messages, except the lobby.
  var rooms: Set<RoomName> {
    var rooms: Set<RoomName> = []
    for request in waiting {
      if case .room(let room) = request.message.conversation, room != .lobby { rooms.insert(room) }
    }
    return rooms
  }

  /// Whether a message of the room is not answered yet.
  func contains(_ room: RoomName) -> Bool { last(in: room) != nil }

  private func last(in room: RoomName) -> Int? { waiting.lastIndex { $0.message.conversation == .room(room) } }

  /// The room was deleted: messages that were accepted for it are stored afterwards.
  mutating func outlive(_ room: RoomName) {
    for index in waiting.indices where waiting[index].message.conversation == .room(room) {
      waiting[index].hasLostRoom = true
    }
  }

  /// Lets the proposal be decided after the room's messages are answered.
  mutating func follow(_ room: RoomName, with proposal: ProposalID) {
    let count = last(in: room).map { $0 + 1 } ?? 0
    followers.append((proposal: proposal, after: answered + count))
  }

  /// - Returns: the next proposal to be decided.
  mutating func nextFollower() -> ProposalID? {
    guard let first = followers.first, first.after <= answered else { return nil }
    followers.removeFirst()
    return first.proposal
  }
}
