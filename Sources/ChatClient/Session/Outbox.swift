import ChatProtocol
import DequeModule

/// An outgoing message.
struct Draft: Hashable, Sendable {
  var id: SendID
  var recipient: Target
  var text: String
  /// For a direct message: the conversation at the time of writing. If the name belongs to another person when the
  /// message is sent, that person must not receive it.
  var epoch: Epoch?
  /// The message was on the wire, and its outcome is unknown.
  var wasTransmitted = false

  var request: ClientMessage {
    switch recipient {
    case .room(.lobby): .message(text)
    case .room: .say(recipient, text: text)
    case .person(let name): .direct(to: name, text: text)
    }
  }

  /// The key by which the server recognises a repeated message.
  var key: IdempotencyKey? { IdempotencyKey(String(id.rawValue, radix: 16)) }
}

extension Draft {
  init(_ kept: ClientMemory.Unconfirmed) {
    self.init(
      id: kept.id, recipient: kept.target, text: kept.text, epoch: kept.epoch, wasTransmitted: kept.wasTransmitted)
  }
}

/// Messages to be sent, in the order of writing, including those sent on a lost connection.
struct Outbox: Sendable {
  static let limit = 200

  private var drafts: Deque<Draft> = []
  private var transmitted = 0

  var isEmpty: Bool { drafts.isEmpty }
  var count: Int { drafts.count }

  /// - Returns: false if there is no room left.
  mutating func append(_ draft: Draft) -> Bool {
    guard drafts.count < Self.limit else { return false }
    drafts.append(draft)
    if draft.wasTransmitted { transmitted += 1 }
    return true
  }

  /// Puts messages back in front of all others, in their order.
  mutating func putBack(_ unanswered: [Draft]) {
    for draft in unanswered.reversed() {
      drafts.prepend(draft)
      drafts[0].wasTransmitted = true
    }
    transmitted += unanswered.count
  }

  mutating func next() -> Draft? {
    guard let draft = drafts.popFirst() else { return nil }
    if draft.wasTransmitted { transmitted -= 1 }
    return draft
  }

  /// Whether a message to this conversation was sent on a lost connection, so that only the server knows its outcome.
  func awaitsVerdict(in target: Target) -> Bool {
    transmitted > 0 && drafts.contains { $0.wasTransmitted && $0.recipient == target }
  }

  mutating func removeTransmitted() -> [Draft] {
    guard transmitted > 0 else { return [] }
    transmitted = 0
    defer { drafts.removeAll(where: \.wasTransmitted) }
    return drafts.filter(\.wasTransmitted)
  }

  mutating func removeAll() -> Deque<Draft> {
    defer { self = Outbox() }
    return drafts
  }
}
