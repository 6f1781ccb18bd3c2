import ChatProtocol

/// The state of one server that a client must remember to continue in a later run.
///
/// The memory follows a session: `note` takes each command given to the session and each event that the session
/// reports, in order. Store it together with the messages that the user was shown: the next session then resumes after
/// the last one, and sends unconfirmed messages again under the same ids.
public struct ClientMemory: Hashable, Sendable {
  /// The token that proves the client's identity to the server. A secret.
  public var token: String?
  /// The name under which an earlier run of this same client got the token. A connection of that run that still exists
  /// is then resumed. Nil if the token may be in use by another client of the user.
  public var resumesAs: Nickname?
  /// The server's pin; nil before the first TLS connection.
  public var pin: Pin?
  /// Whether the server of `pin` was connected to before; otherwise the pin comes from a link.
  public var wasMet: Bool
  /// Invitation code for a server that requires one.
  public var invitation: String?
  /// Unconfirmed messages, oldest first.
  public private(set) var unconfirmed: [OutgoingMessage]
  /// In the order of synchronization.
  private var positions: [ConversationPosition] = []
  private var indices: [Target: Int] = [:]

  /// The limit for conversations whose position is remembered.
  private static let maximumConversations = 10_000

  /// The position up to which a conversation was reported.
  private struct ConversationPosition: Hashable {
    let target: Target
    /// Nil until the conversation is synchronized.
    var epoch: Epoch?
    /// The last message reported; 0 before the first.
    var sequence = 0
  }

  public init(
    token: String? = nil, pin: Pin? = nil, wasMet: Bool = true, invitation: String? = nil, cursors: [Cursor] = [],
    unconfirmed: [OutgoingMessage] = []
  ) {
    self.token = token
    self.pin = pin
    self.wasMet = wasMet
    self.invitation = invitation
    self.unconfirmed = unconfirmed
    for cursor in cursors {
      follow(cursor.target) { ($0.epoch, $0.sequence) = (cursor.epoch, cursor.sequence) }
    }
  }

  /// The last message reported of each conversation; the next session joins the rooms among them again.
  public var cursors: [Cursor] {
    positions.compactMap { position in
      position.epoch.map { Cursor(target: position.target, epoch: $0, sequence: position.sequence) }
    }
  }

  // MARK: Following a session

  /// A command is given to the session.
  /// - Parameter time: the wall-clock time.
  public mutating func note(_ command: ClientCommand, at time: Timestamp) {
    switch command {
    case .say(let id, let target, let text):
      unconfirmed.append(OutgoingMessage(id: id, target: target, text: text, time: time))
    case .takeOver(let messages):
      let known = Set(unconfirmed.map(\.id))
      unconfirmed += messages.filter { !known.contains($0.id) }
    case .trust(let pin): (self.pin, wasMet) = (pin, pin != nil)
    default: break
    }
  }

  /// The session has reported an event.
  public mutating func note(_ event: ClientEvent) {
    switch event {
    case .token(let token): self.token = token
    case .pinned(let pin): self.pin = pin
    case .online(_, _, let standing): if standing.isEncrypted { wasMet = true }
    case .sending(let id): change(id) { $0.wasTransmitted = true }
    case .addressed(let id, let epoch): change(id) { $0.epoch = epoch }
    case .sendConfirmed(let id, let sequence, _):
      if let target = end(id) { reported(sequence, in: target) }
    case .sendFailed(let id, _, _): _ = end(id)
    case .message(let message):
      if let id = message.answersSend { _ = end(id) }
      reported(message.sequence, in: message.target)
    case .older(let target, let messages, _):
      // Messages before all those reported, unless they are the first ones.
      if let last = messages.last?.sequence { change(target) { if $0.sequence == 0 { $0.sequence = last } } }
    case .synced(let target, let epoch, _, _): follow(target) { $0.epoch = epoch }
    case .continued(let target, let epoch): change(target) { $0.epoch = epoch }
    case .reset(let target): change(target) { ($0.epoch, $0.sequence) = (nil, 0) }
    case .roomLeft(let room, _): forget(.room(room))
    default: break
    }
  }

  private mutating func change(_ id: SendID, _ body: (inout OutgoingMessage) -> Void) {
    if let index = unconfirmed.firstIndex(where: { $0.id == id }) { body(&unconfirmed[index]) }
  }

  /// - Returns: the target of the message; nil if it ended before.
  private mutating func end(_ id: SendID) -> Target? {
    unconfirmed.firstIndex { $0.id == id }.map { unconfirmed.remove(at: $0).target }
  }

  private mutating func reported(_ sequence: Int?, in target: Target) {
    guard let sequence else { return }
    change(target) { $0.sequence = max($0.sequence, sequence) }
  }

  /// Changes the position of a conversation that is followed.
  private mutating func change(_ target: Target, _ body: (inout ConversationPosition) -> Void) {
    if let index = indices[target] { body(&positions[index]) }
  }

  private mutating func follow(_ target: Target, _ body: (inout ConversationPosition) -> Void) {
    if indices[target] == nil, positions.count < Self.maximumConversations {
      indices[target] = positions.count
      positions.append(ConversationPosition(target: target))
    }
    change(target, body)
  }

  private mutating func forget(_ target: Target) {
    guard let index = indices[target] else { return }
    positions.remove(at: index)
    indices = Dictionary(uniqueKeysWithValues: positions.enumerated().map { ($1.target, $0) })
  }
}
