import ChatProtocol
import DequeModule

/// A message on its way out.
struct Draft: Hashable, Sendable {
  var id: SendID
  var recipient: Target
  var text: String
  /// Of a message to a person: the conversation that was meant when it was written. Whoever has the name by the time it
  /// is sent may be somebody else, and is not to read it.
  var epoch: Epoch?
  /// It was on the wire, and nobody knows what became of it.
  var wasTransmitted = false

  var request: ClientMessage {
    switch recipient {
    case .room(.lobby): .message(text)
    case .room: .say(recipient, text: text)
    case .person(let name): .direct(to: name, text: text)
    }
  }

  /// By it the server knows the message again.
  var key: IdempotencyKey? { IdempotencyKey(String(id.rawValue, radix: 16)) }
}

extension Draft {
  init(_ kept: ClientMemory.Unconfirmed) {
    self.init(
      id: kept.id, recipient: kept.target, text: kept.text, epoch: kept.epoch, wasTransmitted: kept.wasTransmitted)
  }
}

/// What is to be sent, in the order in which it was said; what was sent on a lost connection, too.
struct Outbox: Sendable {
  static let limit = 200

  private var drafts: Deque<Draft> = []
  private var transmitted = 0

  var isEmpty: Bool { drafts.isEmpty }
  var count: Int { drafts.count }

  /// - Returns: false where there is no room left.
  mutating func append(_ draft: Draft) -> Bool {
    guard drafts.count < Self.limit else { return false }
    drafts.append(draft)
    if draft.wasTransmitted { transmitted += 1 }
    return true
  }

  /// Again before all others, in their order.
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

  /// Whether there is something whose fate only the server knows.
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
